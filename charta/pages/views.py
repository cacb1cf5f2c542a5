# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Home, Mein Bereich and the moderation queue."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
@access(Permission.READ_PUBLIC)
def home() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")


@blueprint.get("/moderation")
@access(Permission.READ_QUEUE)
def queue() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")


@blueprint.get("/mein-bereich")
@access(Permission.USE_ACCOUNT)
def mine() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
