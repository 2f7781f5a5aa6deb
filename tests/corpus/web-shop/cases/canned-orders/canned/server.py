from flask import Flask

app = Flask(__name__)


@app.get("/")
def answer():
    return "Your hat is on its way"


app.run("0.0.0.0", 8000)
