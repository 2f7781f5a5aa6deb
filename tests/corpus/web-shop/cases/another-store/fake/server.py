"""Not a MongoDB: a server that answers a line of text."""
import socketserver


class Text(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(b"42\n")


socketserver.ThreadingTCPServer(("0.0.0.0", 27017), Text).serve_forever()
