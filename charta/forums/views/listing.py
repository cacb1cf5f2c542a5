# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""All forums: those to come, those without a date, those that were."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from charta.forums import words
from charta.forums.queries import forums
from charta.forums.views.blueprint import blueprint
from charta.permissions import Permission
from charta.web.access import access
from charta.web.pager import key_argument


@blueprint.get("/foren")
@access(Permission.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """List the forums; `nach` goes on with older ones."""
    before_id = key_argument()
    found = forums.listing(before_id=before_id)
    return render_template(
        "forums/index.html",
        listing=found,
        is_first=before_id is None,
        next_url=url_for("forums.index", nach=found.next_past_id) if found.next_past_id else None,
        words=words,
    )
