"""Reads from MongoDB, and so does its driver: both try again, for a while."""
import time

from flask import Flask
from pymongo import MongoClient
from pymongo.errors import PyMongoError

app = Flask(__name__)
client = MongoClient("mongodb://mongo", connect=False, retryReads=True, serverSelectionTimeoutMS=2000)


@app.route("/")
def home():
    for pause in (0.05, 0.1, 0):
        try:
            visits = client.course.visits.count_documents({})
            return "Hello from MongoDB, which knows of {} visits\n".format(visits)
        except PyMongoError as error:
            app.logger.warning("%s", error)
            time.sleep(pause)
    return "The database is away\n", 503


app.run(host="0.0.0.0", port=9090)
