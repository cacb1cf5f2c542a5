# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of the installation: legal pages, news and dates."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.permissions import Permission
from charta.web.access import access

blueprint = Blueprint("site", __name__)


@blueprint.get("/<any(impressum,datenschutz,barrierefreiheit,'ueber-uns',kontakt):slug>")
@access(Permission.READ_PUBLIC)
def page(slug: str) -> ResponseReturnValue:
    """Placeholder until the page is built."""
    return render_template("layouts/base.html")
