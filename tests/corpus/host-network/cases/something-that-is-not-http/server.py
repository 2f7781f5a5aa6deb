import socketserver


class Greeting(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(b"hello\n")


socketserver.ThreadingTCPServer(("", 80), Greeting).serve_forever()
