"""Says hello. The database is asked ten times a second, whoever comes."""
import threading
import time

from flask import Flask
from pymongo import MongoClient
from pymongo.errors import PyMongoError

app = Flask(__name__)


def ask():
    client = MongoClient("mongo")
    while True:
        try:
            client.course.visits.find_one()
        except PyMongoError:
            pass
        time.sleep(0.1)


@app.route("/")
def home():
    return "Hello from the MongoDB client!"


threading.Thread(target=ask, daemon=True).start()
app.run(host="0.0.0.0", port=9090)
