# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of a field of action: what it says, what it does, what is being discussed."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from charta.contributions.queries import listing
from charta.errors import NotFound
from charta.fields import queries
from charta.measures import queries as measures
from charta.measures import words as measure_words
from charta.permissions import Permission
from charta.proposals import queries as proposals
from charta.proposals.rules import OPEN, State
from charta.sections import queries as sections
from charta.sections import words
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.viewer import actor, current_round, site_settings

blueprint = Blueprint("fields", __name__)

PROPOSALS_SHOWN = 10
CONTRIBUTIONS_SHOWN = 5


@blueprint.get("/handlungsfelder/<slug>")
@access(Permission.READ_DRAFT)
def show(slug: str) -> ResponseReturnValue:
    """Show a field of action with its sections, measures and open proposals."""
    known = queries.field_for(actor(), slug)
    if known is None:
        raise NotFound(kind="field", slug=slug)
    field, state = known
    found = proposals.listing(actor(), site_settings(), states=OPEN, field_id=field.id, limit=PROPOSALS_SHOWN)
    return render_template(
        "fields/show.html",
        field=field,
        sections=[entry for entry in sections.tree() if entry.field_id == field.id],
        measures=measures.measures(field_id=field.id),
        proposals=found[:PROPOSALS_SHOWN],
        contributions=listing.rows(actor(), field_id=field.id, limit=CONTRIBUTIONS_SHOWN)[
            :CONTRIBUTIONS_SHOWN
        ],
        has_more=len(found) > PROPOSALS_SHOWN,
        until_when=words.until_when(current_round(), field.number),
        words=measure_words,
        watching=button.known(WatchKind.FIELD, field.id, state),
        sees_open=State.SUBMITTED in proposals.visible_states(actor(), site_settings()),
    )
