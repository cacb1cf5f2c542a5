# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""All editions, and the way from the selector to one of them."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from charta.editions import queries, rules, words
from charta.editions.views.blueprint import blueprint
from charta.errors import NotFound
from charta.permissions import Permission, may
from charta.web.access import access
from charta.web.viewer import actor, policy


@blueprint.get("/charta/fassungen")
@access(Permission.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """List the editions; `zu` (the selector) leads on to one of them, or to the working draft."""
    wanted = request.args.get("zu")
    if wanted is not None:
        return _lead_to(wanted)
    rows = queries.editions(actor(), policy=policy())
    return render_template(
        "editions/index.html",
        rows=[(row, queries.among(rows, row.name)[1]) for row in queries.living(rows)],
        discarded=[row for row in rows if row not in queries.living(rows)],
        reads_draft=may(actor(), Permission.READ_DRAFT, policy=policy()),
        draft_name=rules.DRAFT_NAME,
        words=words,
    )


def _lead_to(name: str) -> ResponseReturnValue:
    if name == rules.DRAFT_NAME:
        return redirect(url_for("sections.charta"))
    if not rules.is_name(name):
        raise NotFound(kind="edition", name=name)
    return redirect(url_for("editions.show", name=name))
