# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Screening: accept, ask back, decline, reopen, sort, and who is on it; one at a time or up to a hundred."""

from collections.abc import Sequence
from dataclasses import dataclass

from charta.contributions import rules
from charta.contributions.models import Contribution
from charta.contributions.rules import Kind, Verb, Words
from charta.contributions.service import steps, telling
from charta.contributions.service.entering import (
    Deed,
    Note,
    Outcome,
    Seen,
    check_field,
    each,
    enter,
    is_open,
    move,
    once,
    one,
    record,
)
from charta.db import Transaction, transaction
from charta.errors import WrongState
from charta.permissions import Actor, Permission

_SCREEN = Permission.SCREEN_CONTRIBUTION


@dataclass(frozen=True, slots=True)
class Sorting:
    """Where a contribution belongs and how it is called; None and "" mean unknown and untitled."""

    field_id: int | None = None
    kind: Kind | None = None
    title: str = ""


def accept(actor: Actor, contribution_id: int, *, seen: int, sorting: Sorting | None = None) -> None:
    """Let a contribution be listed, sorted in the same step when `sorting` is given.

    Raises `EditConflict`, `WrongState`, `InvalidInput` (title, field).
    """
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        row = one(tx, actor, contribution_id, seen, _accepting(tx, sorting))
        _told(tx, actor, "accepted", "accept_contribution", [row])


def accept_all(actor: Actor, items: Sequence[Seen]) -> list[Outcome]:
    """Accept several as they are sorted already."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        rows, outcomes = each(tx, actor, items, _accepting(tx, None))
        _told(tx, actor, "accepted", "accept_contribution", rows)
        return outcomes


def _accepting(tx: Transaction, sorting: Sorting | None) -> Deed:
    put = putting(tx, sorting)

    def deed(row: Contribution) -> list[Note]:
        rules.after(row.state, Verb.ACCEPT)
        put(row)
        move(tx, row, Verb.ACCEPT)
        row.is_hidden = False
        return [Note(Verb.ACCEPT)]

    return deed


def ask(
    actor: Actor, contribution_id: int, *, seen: int, reason: str, sorting: Sorting | None = None
) -> None:
    """Ask the author back; raises `InvalidInput("reason", ...)`."""
    rules.check_reason(Verb.ASK, reason)
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        put = putting(tx, sorting)

        def deed(row: Contribution) -> list[Note]:
            rules.after(row.state, Verb.ASK)
            put(row)
            move(tx, row, Verb.ASK)
            return [Note(Verb.ASK, reason.strip())]

        row = one(tx, actor, contribution_id, seen, deed)
        _told(tx, actor, "asked", "ask_contribution", [row], reason)


def decline(
    actor: Actor, contribution_id: int, *, seen: int, reason: str, words: Words = Words.SHOWN
) -> None:
    """Decline a contribution for a reason; `Words.HIDDEN` also keeps what it says from everybody else."""
    rules.check_reason(Verb.DECLINE, reason)
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        row = one(tx, actor, contribution_id, seen, _declining(tx, reason, words))
        _told(tx, actor, "declined", "decline_contribution", [row], reason)


def decline_all(
    actor: Actor, items: Sequence[Seen], *, reason: str, words: Words = Words.SHOWN
) -> list[Outcome]:
    """Decline several for the same reason."""
    rules.check_reason(Verb.DECLINE, reason)
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        rows, outcomes = each(tx, actor, items, _declining(tx, reason, words))
        _told(tx, actor, "declined", "decline_contribution", rows, reason)
        return outcomes


def _declining(tx: Transaction, reason: str, words: Words) -> Deed:
    def deed(row: Contribution) -> list[Note]:
        move(tx, row, Verb.DECLINE)
        row.is_hidden = words is Words.HIDDEN
        row.topic_id = None
        return [Note(Verb.DECLINE, reason.strip())]

    return deed


def reopen(actor: Actor, contribution_id: int, *, seen: int) -> None:
    """Take a decision back: the contribution waits as if it had just come in."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        row = one(tx, actor, contribution_id, seen, _reopening(tx))
        record(tx, actor, "reopen_contribution", [row])


def reopen_all(actor: Actor, items: Sequence[Seen]) -> list[Outcome]:
    """Take the decision on several back."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        rows, outcomes = each(tx, actor, items, _reopening(tx))
        if rows:
            record(tx, actor, "reopen_contribution", rows)
        return outcomes


def _reopening(tx: Transaction) -> Deed:
    def deed(row: Contribution) -> list[Note]:
        move(tx, row, Verb.REOPEN)
        row.is_hidden = False
        row.topic_id = None
        return [Note(Verb.REOPEN)]

    return deed


def sort(actor: Actor, contribution_id: int, *, seen: int, sorting: Sorting) -> None:
    """Store field, kind and title; the same values again change nothing."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        row = one(tx, actor, contribution_id, seen, putting(tx, sorting))
        record(tx, actor, "sort_contribution", [row])


def put_into_field(actor: Actor, items: Sequence[Seen], *, field_id: int | None) -> list[Outcome]:
    """Assign several to a field of action, or to none."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        check_field(tx, field_id)

        def deed(row: Contribution) -> list[Note]:
            row.field_id = field_id
            return []

        rows, outcomes = each(tx, actor, items, deed)
        if rows:
            record(tx, actor, "sort_contribution", rows, field=field_id)
        return outcomes


def putting(tx: Transaction, sorting: Sorting | None) -> Deed:
    """Check the sorting once and return the step that puts it on a contribution; None leaves it as it is."""
    if sorting is None:
        return lambda _row: []
    title = rules.clean_title(sorting.title)
    check_field(tx, sorting.field_id)

    def deed(row: Contribution) -> list[Note]:
        row.field_id, row.kind, row.title = sorting.field_id, sorting.kind, title
        return []

    return deed


def take_on(actor: Actor, contribution_id: int) -> None:
    """Say that this moderator is on the contribution; takes it over from another one."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        row = steps.locked(tx, contribution_id)
        if not is_open(row):
            raise WrongState("take_on", row.state.value)
        if row.assignee_id != actor.id:
            row.assignee_id, row.assigned_at = actor.id, tx.now


def take_on_all(actor: Actor, items: Sequence[Seen]) -> list[Outcome]:
    """Say that this moderator is on several contributions: how two people share the work."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)

        def deed(row: Contribution) -> list[Note]:
            if not is_open(row):
                raise WrongState("take_on", row.state.value)
            row.assignee_id, row.assigned_at = actor.id, tx.now
            return []

        return each(tx, actor, items, deed)[1]


def hand_back(actor: Actor, contribution_id: int) -> None:
    """Say that nobody is on the contribution any more."""
    with transaction() as tx:
        enter(tx, actor, _SCREEN)
        row = steps.locked(tx, contribution_id)
        row.assignee_id = row.assigned_at = None


def _told(
    tx: Transaction, actor: Actor, step: str, verb: str, rows: Sequence[Contribution], reason: str = ""
) -> None:
    if rows:
        telling.tell(tx, step, rows, once=once(step, rows), reason=reason.strip())
        record(tx, actor, verb, rows)
