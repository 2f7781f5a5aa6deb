"""The front end: asks the catalogue for its films, but not more often than every five seconds."""
import json
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

lock = threading.Lock()
known = {"films": [], "until": 0.0}


def films():
    with lock:
        if time.monotonic() >= known["until"]:
            with urllib.request.urlopen("http://netflix-catalog:8080/films", timeout=10) as answer:
                known["films"] = json.load(answer)
            known["until"] = time.monotonic() + 5
        return known["films"]


class Page(BaseHTTPRequestHandler):
    def do_GET(self):
        try:
            status, text = 200, "Tonight: " + ", ".join(films())
        except OSError:
            status, text = 502, "The catalogue cannot be reached"
        self.send_response(status)
        self.end_headers()
        self.wfile.write((text + "\n").encode())


ThreadingHTTPServer(("0.0.0.0", 3000), Page).serve_forever()
