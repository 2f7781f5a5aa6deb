"""The catalogue: passes requests on to the front end."""
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Catalog(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            with urllib.request.urlopen("http://netflix-frontend:3000/", timeout=10) as answer:
                text = b"Tonight: " + answer.read()
        except OSError:
            text = b"The front end cannot be reached"
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text)


ThreadingHTTPServer(("0.0.0.0", 8080), Catalog).serve_forever()
