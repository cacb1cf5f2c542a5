# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of one contribution by its code."""

from flask import render_template
from flask.typing import ResponseReturnValue

from charta.contributions import words
from charta.contributions.queries import page
from charta.contributions.rules import clean_code
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.subscribing_forms import SubscribeForm
from charta.errors import NotFound
from charta.permissions import Permission
from charta.web.access import access
from charta.web.viewer import actor


@blueprint.get("/b/<code>")
@access(Permission.READ_PUBLIC)
def show(code: str) -> ResponseReturnValue:
    """Show a contribution and what became of it."""
    canonical = clean_code(code)
    if canonical is None:
        raise NotFound(kind="contribution", code=code)
    return render(canonical)


@blueprint.get("/themen/<id:topic_id>")
@access(Permission.READ_PUBLIC)
def topic(topic_id: int) -> ResponseReturnValue:
    """Show a topic (to come)."""
    raise NotFound(kind="topic", id=topic_id)


def render(code: str, *, subscribe: SubscribeForm | None = None) -> ResponseReturnValue:
    """Render the page."""
    found = page.detail(actor(), code)
    if found is None:
        raise NotFound(kind="contribution", code=code)
    return render_template(
        "contributions/show.html",
        found=found,
        row=found.row,
        events=page.events(actor(), found),
        standing=words.standing(found.row),
        words=words,
    )
