"""Asks the database to say hello."""
import socket

from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello():
    try:
        with socket.create_connection(("mongo", 27017), timeout=3) as connection:
            connection.sendall(b"Hello from the MongoDB client!")
            return connection.recv(100)
    except OSError:
        return "Server not available"


app.run(host="0.0.0.0", port=9090)
