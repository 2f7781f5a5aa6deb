"""The front end: a page with the films that the catalogue knows."""
import json
import os
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CATALOG = os.environ.get("CATALOG", "http://netflix-catalog:8080")


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with urllib.request.urlopen(CATALOG + "/films", timeout=10) as answer:
                films = json.load(answer)
            status, text = 200, "Tonight: " + ", ".join(films)
        except OSError:
            status, text = 200, "The catalogue cannot be reached"
        self.send_response(status)
        self.end_headers()
        self.wfile.write((text + "\n").encode())


ThreadingHTTPServer((os.environ.get("LISTEN", "0.0.0.0"), 3000), Page).serve_forever()
