"""A database of my own: one line in, one line out."""
import socketserver


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        for line in self.rfile:
            self.wfile.write(b"+PONG\r\n" if line.strip() == b"PING" else b"-ERR unknown command\r\n")


socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("0.0.0.0", 27017), Handler).serve_forever()
