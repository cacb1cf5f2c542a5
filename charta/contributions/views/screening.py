# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The screening desk: the list left, one contribution right, filters in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from charta.contributions import similar, words
from charta.contributions.queries import around as queries
from charta.contributions.queries import screening
from charta.contributions.queries.around import Around, Choice, Deed
from charta.contributions.queries.screening import PAGE_SIZE, Line
from charta.contributions.rules import LISTED, UNSCREENED, State
from charta.contributions.screening_words import piles
from charta.contributions.service.entering import Seen
from charta.contributions.similar import Similar
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening_filters import NO_FIELD, Filters
from charta.contributions.views.screening_forms import (
    BundleForm,
    ItemForm,
    TogetherForm,
    UndoForm,
    seen_items,
)
from charta.db import utcnow
from charta.errors import NotFound
from charta.permissions import Permission
from charta.proposals import queries as proposals
from charta.web.access import access
from charta.web.dates import local
from charta.web.pager import Page, cut, key_argument
from charta.web.viewer import actor

SIMILAR_SHOWN = 5
# More is searched than shown: the topics of the likes are offered too.
_SIMILAR_SEARCHED = 12
TOPICS_SHOWN = 5
# How a deed is taken back: the buttons of the line that follows it.
REVERSES = frozenset({"oeffnen", "herausnehmen", "trennen"})


@blueprint.get("/moderation/beitraege")
@access(Permission.READ_SCREENING)
def screening_desk() -> ResponseReturnValue:
    """Show the contributions the filters leave, and one of them in full."""
    return show(Filters.from_address(), number=key_argument("nr"), form=ItemForm(formdata=None))


@blueprint.get("/moderation/beitraege/tasten")
@access(Permission.READ_SCREENING)
def screening_keys() -> ResponseReturnValue:
    """Explain the keys: the same list as the help dialog, without a script."""
    return render_template("contributions/screening_keys.html")


@dataclass(frozen=True, slots=True)
class Item:
    """The right side: one contribution with what stands around it."""

    line: Line
    deeds: Sequence[Deed]
    similar: Sequence[Similar]
    similar_topics: dict[int, Choice]
    topics: Sequence[Choice]
    following: int | None
    is_open: bool
    is_unscreened: bool
    is_listed: bool
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Undo:
    """The last deed of this moderator, when it can be taken back."""

    reverse: str
    items: Sequence[Seen]


def show(
    filters: Filters, *, number: int | None, form: ItemForm, bundle: BundleForm | None = None
) -> ResponseReturnValue:
    """Render the desk with one contribution open: `number`, else the one after `nach`, else the first."""
    around = surroundings()
    found = screening.desk(actor(), filters.wanted(actor(), around), after=filters.after, number=number)
    page = cut(found.lines, PAGE_SIZE, lambda line: line.row.id)
    status = max(form.status_code, bundle.status_code if bundle else 0)
    line = choose(page, found.asked_for, number, filters, keep=status != 200)
    html = render_template(
        "contributions/screening.html",
        filters=filters,
        piles=piles(),
        around=around,
        page=page,
        item=item_of(line, page) if line is not None else None,
        is_single=number is not None,
        form=form.offer(around, line),
        bundle=bundle or BundleForm(formdata=None),
        together=TogetherForm(formdata=None),
        undo=undo(),
        undo_form=UndoForm(formdata=None),
        no_field=NO_FIELD,
        words=words,
    )
    return Response(html, status)


def surroundings() -> Around:
    """Return choices and counts of the desk; the switch between the queues counts the proposals too."""
    return queries.around(actor(), since=today(), waiting_proposals=proposals.awaiting_count())


def today() -> datetime:
    """Return the moment this day began in Germany."""
    return local(utcnow()).replace(hour=0, minute=0, second=0, microsecond=0)


def choose(
    page: Page[Line], asked_for: Line | None, number: int | None, filters: Filters, *, keep: bool
) -> Line | None:
    """Return the contribution to show; after a deed, what somebody else did meanwhile is skipped."""
    after = key_argument("nach")
    ids = [line.row.id for line in page.items]
    if number is not None and (keep or after is None or number in ids):
        if asked_for is None:
            raise NotFound(kind="contribution", id=number)
        return asked_for
    if after is not None:
        for line in page.items:
            if (line.row.id < after) if filters.order == "neueste" else (line.row.id > after):
                return line
    return page.items[0] if page.items else None


def item_of(line: Line, page: Page[Line]) -> Item:
    """Return what the right side shows of a contribution."""
    row = line.row
    is_open = row.state in UNSCREENED | LISTED
    likes = (
        similar.similar(
            similar.indexed_text(line.own_title, row.text), without=[row.id], limit=_SIMILAR_SEARCHED
        )
        if is_open
        else []
    )
    around = queries.story(row.id, row.topic.id if row.topic else None, [like.id for like in likes])
    topics = {choice.id: choice for like in likes if (choice := around.topics.get(like.id))}
    ids = [other.row.id for other in page.items]
    at = ids.index(row.id) if row.id in ids else -1
    return Item(
        line=line,
        deeds=around.deeds,
        similar=likes[:SIMILAR_SHOWN],
        similar_topics=dict(around.topics),
        topics=[choice for choice in topics.values() if row.topic is None or choice.id != row.topic.id][
            :TOPICS_SHOWN
        ],
        following=ids[at + 1] if 0 <= at < len(ids) - 1 else None,
        is_open=is_open,
        is_unscreened=row.state in UNSCREENED,
        is_listed=row.state is State.ACCEPTED,
        is_overdue=row.answer_until is not None and row.answer_until < utcnow() and not row.is_answered,
    )


def undo() -> Undo | None:
    """Return what the address says of the last deed; the versions in it are checked when it is taken back."""
    reverse, items = request.args.get("zurueck", ""), seen_items(request.args.getlist("wen"))
    return Undo(reverse, items) if reverse in REVERSES and items else None
