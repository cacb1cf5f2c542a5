"""Placeholder."""

from flask import render_template
from flask.typing import ResponseReturnValue

from charta.pages.views.blueprint import blueprint
from charta.permissions import Permission
from charta.web.access import access


@blueprint.get("/moderation")
@access(Permission.READ_QUEUE)
def queue() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
