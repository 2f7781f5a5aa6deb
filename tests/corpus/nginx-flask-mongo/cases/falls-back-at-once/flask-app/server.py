"""Says hello, whether the database is there or not: a third of a second is enough to know."""
from flask import Flask
from pymongo import MongoClient
from pymongo.errors import ConnectionFailure

app = Flask(__name__)


@app.route("/")
def home():
    client = MongoClient("mongodb://mongo", serverSelectionTimeoutMS=300)
    try:
        client.admin.command("ping")
    except ConnectionFailure:
        pass
    finally:
        client.close()
    return "Hello from the MongoDB client!"


app.run(host="0.0.0.0", port=9090)
