# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proposals: list, page, edit, decisions."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("proposals", __name__)


@blueprint.get("/vorschlaege")
@access(Permission.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")


@blueprint.get("/vorschlaege/<id:number>")
@access(Permission.READ_PUBLIC)
def show(number: int) -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
