# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Administration."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("admin", __name__)


@blueprint.get("/verwaltung")
@access(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
