"""Asks the database when it starts."""
from flask import Flask
from pymongo import MongoClient

reply = MongoClient("mongo").admin.command("ismaster")
app = Flask(__name__)


@app.route("/")
def home():
    return "Hello from the MongoDB client!" if reply["ok"] else "Server not available"


app.run(host="0.0.0.0", port=9090)
