"""The catalogue: a list of films, as JSON."""
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILMS = ["A Quiet Harbour", "The Seventh Bridge", "Packets in the Night"]


class Catalog(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(FILMS).encode())


ThreadingHTTPServer((os.environ.get("LISTEN", "0.0.0.0"), 8080), Catalog).serve_forever()
