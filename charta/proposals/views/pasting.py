# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pasting formatted text into a form: the script asks what it is in Markdown. Nothing is stored."""

from flask import jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.errors import InvalidInput
from charta.permissions import Permission
from charta.proposals.forms import PasteForm
from charta.proposals.views.blueprint import blueprint
from charta.text import markdown
from charta.text.normalise import normalise
from charta.web import words as web_words
from charta.web.access import access

# What office suites wrap around a page of text is many times its words.
HTML_MAX_BYTES = 200_000


@blueprint.post("/text/einfuegen")
@access(Permission.PROPOSE)
def paste() -> ResponseReturnValue:
    """Return pasted HTML as Markdown: {"text"}, or {"errors"} with 413 or 422."""
    form = PasteForm()
    if not form.validate_on_submit():
        return jsonify(errors=[_("Diese Angabe ist nicht gültig.")]), 422
    html = form.html.data or ""
    if len(html.encode("utf-8", "replace")) > HTML_MAX_BYTES:
        return jsonify(errors=[_("Der eingefügte Text ist zu lang.")]), 413
    try:
        text = normalise(markdown.from_html(html), "body")
    except InvalidInput as error:
        return jsonify(errors=[web_words.input_error(error.code, error.data)]), 422
    return jsonify(text=text)
