# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of a contribution as a timeline: read from events and proposals, never kept by hand."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask_babel import gettext as _

from charta.comments.talking import Talk
from charta.contributions.queries.page import Detail, EventRow, Relatives
from charta.contributions.rules import State
from charta.contributions.views.timeline_events import from_comments, from_events
from charta.contributions.views.timeline_proposals import from_proposal, from_votes
from charta.contributions.views.timeline_step import Step
from charta.contributions.views.timeline_text import Sentence
from charta.db import utcnow
from charta.proposals.queries.taken_up import TakingUp
from charta.web.dates import day


def steps(
    found: Detail,
    events: Sequence[EventRow],
    relatives: Relatives,
    takings: Sequence[TakingUp],
    sentences: dict[int, Sentence],
    *,
    may_read_draft: bool,
    talk: Talk | None = None,
) -> list[Step]:
    """Return the steps of a contribution, the oldest first, what is still to come last.

    `talk` is what people say about it, as the page lists it below: one step, however much that is.
    """
    dated = [*from_events(found, events, relatives), *from_comments(talk)]
    dated += from_votes(takings)
    for taking in takings:
        dated += from_proposal(taking, sentences.get(taking.row.number), may_read_draft=may_read_draft)
    ordered = sorted(dated, key=lambda step: step.when or utcnow())
    return [*ordered, *_to_come(found, takings)]


def _to_come(found: Detail, takings: Sequence[TakingUp]) -> Iterator[Step]:
    """Return what is still to come, with the day that was promised."""
    row = found.row
    open_ones = [taking for taking in takings if taking.row.is_open]
    if open_ones:
        until = min(
            (taking.row.decide_until for taking in open_ones if taking.row.decide_until), default=None
        )
        yield Step(_("Entscheidung über den Vorschlag"), "", when_text=_until(until), pending=True)
    elif row.state in {State.RECEIVED, State.ASKED, State.ACCEPTED} and not row.is_answered and not takings:
        yield Step(_("Antwort der Moderation"), "", when_text=_until(row.answer_until), pending=True)


def _until(moment: datetime | None) -> str:
    return _("bis %(day)s", day=day(moment)) if moment is not None and moment > utcnow() else ""
