"""Asks the database whether it is there."""
import socket

from flask import Flask

app = Flask(__name__)


@app.route("/")
def ping():
    try:
        with socket.create_connection(("mongo", 27017), timeout=3) as connection:
            connection.sendall(b"PING\r\n")
            if connection.recv(100).startswith(b"+PONG"):
                return "Hello from the MongoDB client!"
    except OSError:
        pass
    return "Server not available"


app.run(host="0.0.0.0", port=9090)
