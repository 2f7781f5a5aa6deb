from flask import Flask

app = Flask(__name__)


@app.get("/reports")
def answer():
    return "Hats ordered so far: many"


app.run("0.0.0.0", 8001)
