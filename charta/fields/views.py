# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Page of a field of action."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("fields", __name__)


@blueprint.get("/handlungsfelder/<slug>")
@access(Permission.READ_DRAFT)
def show(slug: str) -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
