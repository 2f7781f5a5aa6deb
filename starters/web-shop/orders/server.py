"""Orders: stores one per request and says so."""
import os

import pymongo
from flask import Flask

store = pymongo.MongoClient(os.environ.get("STORE", "mongodb://store:27017"), serverSelectionTimeoutMS=2000)
app = Flask(__name__)


@app.get("/")
def order():
    try:
        made = store.shop.orders.insert_one({"what": "a hat"})
    except pymongo.errors.PyMongoError:
        return "Closed today"
    return f"Your hat is on its way, order {made.inserted_id}"


app.run(os.environ.get("LISTEN", "0.0.0.0"), 8000)
