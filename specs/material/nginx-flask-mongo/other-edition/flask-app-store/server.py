"""A web server that keeps a record of every request in the database behind it."""
import datetime
import os

from flask import Flask, request
from pymongo import MongoClient
from pymongo.errors import PyMongoError

MONGO_URL = os.environ.get("MONGO_URL", "mongodb://mongo:27017/")

app = Flask(__name__)
client = MongoClient(MONGO_URL, serverSelectionTimeoutMS=5000, socketTimeoutMS=5000)


@app.route("/")
def store():
    record = {
        "time": datetime.datetime.utcnow(),
        "path": request.path,
        "agent": request.headers.get("User-Agent", ""),
    }
    try:
        stored = client.requests_db.requests.insert_one(record)
        return "Request information stored successfully: {}".format(stored.inserted_id)
    except PyMongoError as error:
        app.logger.warning("could not store in %s: %s", MONGO_URL, error)
        return "Mongo is not available"


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=9090)
