"""Says hello from MongoDB, or fails."""
from flask import Flask
from pymongo import MongoClient

app = Flask(__name__)
client = MongoClient("mongodb://mongo", connect=False, serverSelectionTimeoutMS=1000, socketTimeoutMS=1000)


@app.route("/")
def hello():
    reply = client.admin.command("ping")
    return "Hello, MongoDB said {}\n".format(reply["ok"])


app.run(host="0.0.0.0", port=9090)
