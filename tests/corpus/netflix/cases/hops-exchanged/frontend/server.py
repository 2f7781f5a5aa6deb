"""The front end, with the films."""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"A Quiet Harbour, The Seventh Bridge, Packets in the Night\n")


ThreadingHTTPServer(("0.0.0.0", 3000), Page).serve_forever()
