# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The floors ours is held against: a Flask answer of one word, a bare Jinja page of 41 kB, a stored vote.

The vote needs a SQLite file as second argument: one connection per thread, WAL and synchronous=FULL as ours.
"""

import sqlite3
import sys
import threading

from flask import Flask, Response, redirect, request
from jinja2 import Environment
from waitress import serve

_PAGE = """<!doctype html><html lang="de"><title>{{ title }}</title><main><h1>{{ title }}</h1>
{% for row in rows %}<article id="r{{ row.id }}"><h2><a href="/rows/{{ row.id }}">{{ row.title }}</a></h2>
<p class="meta">{{ row.author }} · {{ row.day }}</p>{% if row.open %}<b>offen</b>{% endif %}
<p>{{ row.text }}</p></article>
{% endfor %}</main></html>"""


def create_app(database: str = "") -> Flask:
    """Return the application with the floors."""
    app = Flask(__name__)
    template = Environment(autoescape=True).from_string(_PAGE)
    text = "Die Kammern verbinden <Werkstätten> & Schulen in Südwestsachsen bis 2030. " * 2
    rows = [
        {
            "id": n,
            "title": f"Vorschlag {n}",
            "author": "Dörte Böhme",
            "day": "10.03.2026",
            "open": n % 2,
            "text": text,
        }
        for n in range(133)
    ]

    @app.get("/hello")
    def hello() -> str:
        return "hello"

    @app.get("/page")
    def page() -> str:
        return template.render(title="Vorschläge", rows=rows)

    if database:
        _add_vote(app, database)
    return app


def _add_vote(app: Flask, database: str) -> None:
    with sqlite3.connect(database) as made:
        made.execute("PRAGMA journal_mode = WAL")
        made.execute("CREATE TABLE person (key TEXT PRIMARY KEY, id INTEGER)")
        made.execute(
            "CREATE TABLE vote (ballot INTEGER, person INTEGER, choice TEXT, PRIMARY KEY (ballot, person))"
        )
        made.executemany("INSERT INTO person VALUES (?, ?)", [(f"voter-{n}", n) for n in range(2_000)])
    kept = threading.local()

    @app.post("/vote")
    def vote() -> Response:
        connection = getattr(kept, "connection", None)
        if connection is None:
            connection = kept.connection = sqlite3.connect(database, isolation_level=None, timeout=5)
            connection.execute("PRAGMA synchronous = FULL")
        key = request.cookies["charta"]
        person = connection.execute("SELECT id FROM person WHERE key = ?", (key,)).fetchone()[0]
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(
            "INSERT INTO vote VALUES (1, ?, ?)"
            " ON CONFLICT (ballot, person) DO UPDATE SET choice = excluded.choice",
            (person, request.form["choice"]),
        )
        connection.execute("COMMIT")
        return redirect("/hello", 303)  # type: ignore[return-value]


if __name__ == "__main__":
    serve(
        create_app(*sys.argv[2:]), host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident=None, _quiet=True
    )
