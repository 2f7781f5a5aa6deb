"""The front end: a page with the films that the catalogue knows, or that it knew once."""
import json
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

FILMS = ["A Quiet Harbour", "The Seventh Bridge", "Packets in the Night"]


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with urllib.request.urlopen("http://netflix-catalog:8080/films", timeout=2) as answer:
                films = json.load(answer)
        except OSError:
            films = FILMS
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"Tonight: {', '.join(films)}\n".encode())


ThreadingHTTPServer(("0.0.0.0", 3000), Page).serve_forever()
