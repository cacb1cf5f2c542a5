# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The floors our pages are held against: a Flask answer of one word, and a bare Jinja page of 41 kB."""

import sys

from flask import Flask
from jinja2 import Environment
from waitress import serve

_PAGE = """<!doctype html><html lang="de"><title>{{ title }}</title><main><h1>{{ title }}</h1>
{% for row in rows %}<article id="r{{ row.id }}"><h2><a href="/rows/{{ row.id }}">{{ row.title }}</a></h2>
<p class="meta">{{ row.author }} · {{ row.day }}</p>{% if row.open %}<b>offen</b>{% endif %}
<p>{{ row.text }}</p></article>
{% endfor %}</main></html>"""


def create_app() -> Flask:
    """Return the application with both floors."""
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

    return app


if __name__ == "__main__":
    serve(create_app(), host="127.0.0.1", port=int(sys.argv[1]), threads=8, ident=None, _quiet=True)
