"""Reports: counts what was ordered."""
import os

import pymongo
from flask import Flask

store = pymongo.MongoClient(os.environ.get("STORE", "mongodb://store:27017"), serverSelectionTimeoutMS=2000)
app = Flask(__name__)


@app.get("/reports")
def report():
    try:
        return f"Hats ordered so far: {store.shop.orders.count_documents({})}"
    except pymongo.errors.PyMongoError:
        return "No report without data", 503


app.run(os.environ.get("LISTEN", "0.0.0.0"), 8001)
