# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures by field and one measure."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("measures", __name__)


@blueprint.get("/massnahmen")
@access(Permission.READ_DRAFT)
def index() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")


@blueprint.get("/massnahmen/<id:measure_id>")
@access(Permission.READ_DRAFT)
def show(measure_id: int) -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
