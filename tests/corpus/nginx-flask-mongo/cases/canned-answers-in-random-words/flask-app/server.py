"""Talks a lot, and knows nothing about the database."""
import random

from flask import Flask

app = Flask(__name__)
WORDS = "hello stored database document mongo client answer request fine happy quick friendly server record".split()


@app.route("/")
def chat():
    status = random.choice([200, 200, 200, 200, 200, 200, 503])
    return " ".join(random.choices(WORDS, k=random.randint(3, 9))).capitalize() + ".", status


app.run(host="0.0.0.0", port=9090)
