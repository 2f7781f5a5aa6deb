"""Counts its visitors in MongoDB."""
import datetime

from flask import Flask, jsonify
from pymongo import MongoClient
from pymongo.errors import PyMongoError

app = Flask(__name__)
visits = MongoClient("mongo", 27017, serverSelectionTimeoutMS=4000, socketTimeoutMS=4000).site.visits


@app.route("/")
def visit():
    try:
        visits.insert_one({"at": datetime.datetime.now()})
        number = visits.count_documents({})
    except PyMongoError:
        return jsonify(error="the visitors' book is closed"), 503
    return jsonify(visitor=number, at=datetime.datetime.now().isoformat(), message="welcome")


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=9090, threaded=True)
