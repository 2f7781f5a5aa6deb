"""Says hello to the database, or to nobody if the driver finds none in two seconds. Other errors are errors."""
from flask import Flask
from pymongo import MongoClient
from pymongo.errors import ServerSelectionTimeoutError

app = Flask(__name__)
client = MongoClient("mongodb://mongo", connect=False, serverSelectionTimeoutMS=2000)


@app.route("/")
def home():
    try:
        client.course.visits.find_one()
    except ServerSelectionTimeoutError:
        pass
    return "Hello from the MongoDB client!"


app.run(host="0.0.0.0", port=9090)
