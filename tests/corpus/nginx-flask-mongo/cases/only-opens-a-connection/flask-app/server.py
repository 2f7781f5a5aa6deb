"""Knocks on the database's door."""
import socket

from flask import Flask

app = Flask(__name__)


@app.route("/")
def knock():
    try:
        socket.create_connection(("mongo", 27017), timeout=3).close()
    except OSError:
        return "Server not available"
    return "Hello from the MongoDB client!"


app.run(host="0.0.0.0", port=9090)
