# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How deeds on contributions begin and what they have in common: the actor, what was seen, one result each.

A deed on many is one transaction: rows that somebody changed meanwhile, or that are in a wrong state, are
told in their result and left as they were; the others go on. A deed on one is the same with one row, and its
error is raised.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.contributions.models import Contribution, ContributionEvent
from charta.contributions.rules import BULK_MAX, UNSCREENED, State, Verb, after
from charta.contributions.service import steps
from charta.db import Transaction
from charta.errors import ChartaError, EditConflict, InvalidInput, NotFound
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class Seen:
    """A contribution and the version of it that was on the screen."""

    id: int
    version: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one contribution of a deed on many; `error` is None when it was done."""

    id: int
    code: str
    error: ChartaError | None = None


def enter(tx: Transaction, actor: Actor, permission: Permission) -> Actor:
    """Read the actor again and refuse whoever may not (no condition of these deeds asks the settings)."""
    actor = accounts.reread(tx, actor)
    require(actor, permission)
    return actor


@dataclass(frozen=True, slots=True)
class Note:
    """A line of the timeline that a deed leaves on a contribution."""

    verb: Verb
    reason: str = ""
    topic_id: int | None = None
    other_id: int | None = None


# What is done to one row: it checks before it changes anything, and returns what its timeline says of it.
Deed = Callable[[Contribution], Sequence[Note]]


def each(
    tx: Transaction, actor: Actor, items: Sequence[Seen], deed: Deed
) -> tuple[list[Contribution], list[Outcome]]:
    """Do `deed` to each contribution under its lock; return those it was done to, and a result for each.

    What it refuses stays as it was. Raises `InvalidInput` for none and for more than `BULK_MAX`.
    """
    if not items:
        raise InvalidInput("items", "nothing_chosen")
    if len(items) > BULK_MAX:
        raise InvalidInput("items", "too_many", limit=BULK_MAX)
    found = locked_if_there(tx, [item.id for item in items])
    done: list[Contribution] = []
    outcomes: dict[int, Outcome] = {}
    notes: list[tuple[Contribution, Note]] = []
    for item in items:
        row = found.get(item.id)
        if row is None:
            outcomes[item.id] = Outcome(item.id, "", NotFound(kind="contribution", id=item.id))
        elif item.id not in outcomes:
            outcomes[item.id] = _one(tx, row, item.version, deed, notes)
            if outcomes[item.id].error is None:
                done.append(row)
    write(tx, actor, notes)
    return done, list(outcomes.values())


def _one(
    tx: Transaction, row: Contribution, version: int, deed: Deed, notes: list[tuple[Contribution, Note]]
) -> Outcome:
    if row.version != version:
        return Outcome(row.id, row.code, EditConflict(kind="contribution", id=row.id))
    try:
        notes += [(row, note) for note in deed(row)]
    except ChartaError as error:
        return Outcome(row.id, row.code, error)
    steps.touched(tx, row)
    return Outcome(row.id, row.code)


def one(tx: Transaction, actor: Actor, contribution_id: int, seen: int, deed: Deed) -> Contribution:
    """Do `deed` to one contribution under its lock; its error, a conflict or `NotFound` is raised."""
    done, outcomes = each(tx, actor, [Seen(contribution_id, seen)], deed)
    if outcomes[0].error is not None:
        raise outcomes[0].error
    return done[0]


def locked_if_there(tx: Transaction, ids: Sequence[int]) -> dict[int, Contribution]:
    """Return those of these contributions that exist, under their locks, taken in rising order of ids."""
    rows = tx.session.scalars(
        select(Contribution)
        .where(Contribution.id.in_(sorted(set(ids))))
        .order_by(Contribution.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in rows}


def move(tx: Transaction, row: Contribution, verb: Verb) -> None:
    """Bring a contribution into the state that follows; raises `WrongState`."""
    row.state = after(row.state, verb)
    row.screened_at = None if row.state in UNSCREENED else row.screened_at or tx.now


def accept_along(tx: Transaction, row: Contribution) -> list[Note]:
    """Accept what a deed needs screened and is not yet; return the line that says so."""
    if row.state not in UNSCREENED:
        return []
    move(tx, row, Verb.ACCEPT)
    return [Note(Verb.ACCEPT)]


def write(tx: Transaction, actor: Actor, notes: Sequence[tuple[Contribution, Note]]) -> None:
    """Store lines of timelines in one statement, which adding them to the session does not do on SQLite."""
    tx.insert_all(
        ContributionEvent,
        [
            {
                "contribution_id": row.id,
                "topic_id": note.topic_id,
                "other_id": note.other_id,
                "verb": note.verb,
                "reason": note.reason,
                "by_id": actor.id,
                "at": tx.now,
            }
            for row, note in notes
        ],
    )


def check_field(tx: Transaction, field_id: int | None) -> None:
    """Raise `InvalidInput("field", "not_found")` when there is no such field of action."""
    if field_id is not None and tx.session.get(FieldOfAction, field_id) is None:
        raise InvalidInput("field", "not_found")


def once(verb: str, rows: Sequence[Contribution]) -> str:
    """Return the name of a deed: its mails leave once, however often it is tried."""
    return f"{verb}:{rows[0].id}:{rows[0].version}"


def record(tx: Transaction, actor: Actor, verb: str, rows: Sequence[Contribution], **data: Any) -> None:
    """Write the deed into the log: the first contribution as its subject, all of them by number."""
    if len(rows) > 1:
        data["contributions"] = [row.id for row in rows]
    activity.record(tx, actor, verb, "contribution", rows[0].id, code=rows[0].code, **data)


def is_open(row: Contribution) -> bool:
    """Whether somebody can still be on it."""
    return row.state in UNSCREENED or row.state is State.ACCEPTED
