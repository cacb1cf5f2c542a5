# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading: the whole Charta, a section, its history and comparisons."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("sections", __name__)


@blueprint.get("/charta")
@access(Permission.READ_DRAFT)
def charta() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")


@blueprint.get("/abschnitte/<id:section_id>")
@access(Permission.READ_DRAFT)
def show(section_id: int) -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
