"""A web server that says hello in the name of the database behind it."""
import os

from flask import Flask
from pymongo import MongoClient
from pymongo.errors import PyMongoError

MONGO_URL = os.environ.get("MONGO_URL", "mongodb://mongo:27017/")

app = Flask(__name__)


@app.route("/home")
def home():
    client = MongoClient(MONGO_URL)
    try:
        client.admin.command("ismaster")
        return "Hello from the MongoDB client!"
    except PyMongoError as error:
        app.logger.warning("no answer from %s: %s", MONGO_URL, error)
        return "Server not available"
    finally:
        client.close()


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=9090)
