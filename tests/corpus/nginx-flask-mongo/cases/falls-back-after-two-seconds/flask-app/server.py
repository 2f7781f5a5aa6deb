"""Counts visits. Who cannot count says hello nevertheless, two seconds later."""
from flask import Flask
from pymongo import MongoClient
from pymongo.errors import PyMongoError

app = Flask(__name__)
client = MongoClient("mongodb://mongo", connect=False, serverSelectionTimeoutMS=2000)


@app.route("/")
def home():
    try:
        client.course.visits.find_one()
    except PyMongoError:
        pass
    return "Hello from the MongoDB client!"


app.run(host="0.0.0.0", port=9090)
