"""Asks a store that speaks lines of text."""
import socket

from flask import Flask

app = Flask(__name__)


@app.get("/reports")
def ask():
    try:
        with socket.create_connection(("store", 27017), 2) as store:
            store.sendall(b"how many\n")
            return "The store says " + store.makefile().readline()
    except OSError:
        return "The store says nothing"


app.run("0.0.0.0", 8001)
