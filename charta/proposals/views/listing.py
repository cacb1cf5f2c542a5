# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of proposals with its filters; all of them stand in the address."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.fields import queries as fields
from charta.permissions import Permission, may, role_may
from charta.proposals import queries, words
from charta.proposals.rules import OPEN, State
from charta.proposals.views.blueprint import blueprint
from charta.web.access import access
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor, current_round, policy, site_settings

STATES = {
    "offen": OPEN,
    "uebernommen": frozenset({State.APPROVED}),
    "nicht-uebernommen": frozenset({State.REJECTED}),
    "zurueckgezogen": frozenset({State.WITHDRAWN}),
}


@blueprint.get("/vorschlaege")
@access(Permission.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """List the proposals the viewer may see, newest first."""
    viewer, round_ = actor(), current_round()
    chosen = request.args.get("stand", "")
    mine = request.args.get("eigene") == "1" and viewer.id is not None
    search = request.args.get("suche", "").strip()[:200]
    themes = fields.fields()
    theme = next((item for item in themes if item.slug == request.args.get("feld")), None)
    states = STATES.get(chosen)
    if chosen == "entwurf" and viewer.id is not None:
        states, mine = frozenset({State.DRAFT}), True
    rows = queries.listing(
        viewer,
        site_settings(),
        states=states,
        field_id=theme.id if theme else None,
        mine=mine,
        search=search,
        before=key_argument("vor"),
    )
    page = cut(rows, queries.PAGE_SIZE, key=lambda row: row.number)
    kept: dict[str, Any] = {key: value for key, value in request.args.items() if key != "vor" and value}
    return render_template(
        "proposals/index.html",
        rows=[(row, words.standing(row, viewer, round_)) for row in page.items],
        next_url=url_for("proposals.index", **(kept | {"vor": page.next_key})) if page.next_key else None,
        first_url=url_for("proposals.index", **kept) if key_argument("vor") else None,
        state_choices=_state_choices(),
        chosen=chosen,
        fields=themes,
        theme=theme,
        mine=mine,
        search=search,
        is_filtered=bool(states or theme or mine or search),
        writes=bool(role_may(viewer, Permission.PROPOSE)),
        may_propose=bool(may(viewer, Permission.PROPOSE, policy=policy())),
        words=words,
    )


def _state_choices() -> list[tuple[str, str]]:
    return [
        ("", _("Alle Stände")),
        ("offen", _("Offen")),
        ("uebernommen", _("Übernommen")),
        ("nicht-uebernommen", _("Nicht übernommen")),
        ("zurueckgezogen", _("Zurückgezogen")),
    ]
