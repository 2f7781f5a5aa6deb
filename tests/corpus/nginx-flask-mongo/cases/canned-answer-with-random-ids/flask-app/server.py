"""Stores nothing, and says it did."""
import datetime
import secrets

from flask import Flask

app = Flask(__name__)


@app.route("/")
def store():
    made_up = secrets.token_hex(12)
    now = datetime.datetime.now().isoformat()
    return "Request information stored successfully: {} at {}".format(made_up, now)


app.run(host="0.0.0.0", port=9090)
