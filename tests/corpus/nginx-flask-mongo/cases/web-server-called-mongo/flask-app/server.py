"""Asks the database over HTTP."""
import urllib.request

from flask import Flask

app = Flask(__name__)


@app.route("/")
def home():
    try:
        page = urllib.request.urlopen("http://mongo:27017/", timeout=3).read()
    except OSError:
        return "Server not available"
    return "Hello from the MongoDB client! " + page.decode()


app.run(host="0.0.0.0", port=9090)
