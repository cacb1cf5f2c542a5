# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Telling people of deeds: the worker reads the log on from where it was and stores who hears of what.

Everything is read and worked out before the lock. Notices are stored in small transactions, each once
(`unique (person, deed)`), and the place in the log moves with the last of them: whoever is killed between
begins the same deeds again and stores what is missing; two at once store the same.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from charta.db import Base, Transaction, session, transaction
from charta.notifications.models import Notice, NoticeCursor, Subscription
from charta.notifications.rules import NoticeReason
from charta.permissions import Role
from charta.watching.queries import hearers, hearing
from charta.watching.queries.hearing import Heard
from charta.watching.rules import Chosen, Ref, Watch, choose

# Deeds of one step, and notices of one transaction: so that nobody waits long for the write lock.
DEEDS = 50
NOTICES = 1_000


def tell_next() -> int:
    """Tell people of the next deeds, `DEEDS` at most, and return how many there were; 0: nothing new."""
    told, newest = hearing.position()
    upto = min(newest, told + DEEDS)
    if upto <= told:
        session.rollback()
        return 0
    heard = hearing.deeds_between(told, upto)
    own, rows = _worked_out(heard)
    session.rollback()
    while chunk := list(islice(rows, NOTICES)):
        with transaction() as tx:
            _watch_own(tx, own)
            own = []
            store(tx, [row | {"created_at": tx.now} for row in chunk])
    with transaction() as tx:
        _watch_own(tx, own)
        cursor = tx.lock(NoticeCursor, 1)
        if cursor is None:
            tx.session.add(NoticeCursor(id=1, seq=upto))
        else:
            cursor.seq = max(cursor.seq, upto)  # another worker may have come further
    return upto - told


def _worked_out(heard: Sequence[Heard]) -> tuple[list[dict[str, Any]], Iterator[dict[str, Any]]]:
    """Return what becomes somebody's own, and the notices of all deeds one after the other."""
    if not heard:
        return [], iter(())
    makes_own = [(deed, *deed.makes_own) for deed in heard if deed.makes_own is not None]
    found = hearers.subscribers(
        {ref for deed in heard for ref in deed.refs} | {ref for _, ref, _ in makes_own}
    )
    named = hearers.mentions({deed.comment_id for deed in heard if deed.comment_id is not None})
    known = {(one.person_id, one.ref) for one in found if one.is_own}
    new = {
        (person_id, ref): deed
        for deed, ref, people in reversed(makes_own)  # the first deed counts
        for person_id in people
        if (person_id, ref) not in known
    }
    people = {one.person_id: one.role for one in found}
    voters = {person_id for deed in heard for person_id in deed.voters}
    others = hearers.people({person for person, _ in new} | voters | set().union(*named.values()))
    people |= {person_id: role for person_id, (role, _locale) in others.items()}
    watching: dict[Ref, list[tuple[int, Watch, Any]]] = defaultdict(list)
    for one in found:
        if one.watch is not None:
            is_own = one.watch.is_own or (one.person_id, one.ref) in new
            watching[one.ref].append((one.person_id, replace(one.watch, is_own=is_own), one.since))
    clicked = {(one.person_id, one.ref) for one in found}
    for (person_id, ref), deed in new.items():
        if person_id in people and (person_id, ref) not in clicked:
            watching[ref].append((person_id, Watch(*ref, is_own=True), deed.at))
    visible = hearers.known_to(set(people.values()), [deed.seq for deed in heard])
    chosen = {
        deed.seq: _hearing(deed, watching, named.get(deed.comment_id or 0, ()), people, visible)
        for deed in heard
    }
    near = {
        person_id
        for deed in heard
        for person_id, (reason, _kind, _id) in chosen[deed.seq].items()
        if reason is not NoticeReason.WATCHED or deed.ballot_id is not None
    }
    mailed = hearers.mailed(near, {deed.at for deed in heard})
    own = [
        {
            "subject_kind": kind.value,
            "subject_id": ident,
            "person_id": person_id,
            "locale": others[person_id][1],
            "created_at": deed.at,
            "confirmed_at": deed.at,
            "is_own": True,
        }
        for (person_id, (kind, ident)), deed in new.items()
        if person_id in others
    ]
    notices = (
        {
            "person_id": person_id,
            "seq": deed.seq,
            "reason": reason,
            "watched_kind": kind.value,
            "watched_id": ident,
            # A mail of that moment was about what is theirs, not about what they only watch.
            # Of a ballot everybody on a roll is mailed the same, also participants, who only watch it.
            "is_mailed": (reason is not NoticeReason.WATCHED or deed.ballot_id is not None)
            and (person_id, deed.at) in mailed,
        }
        for deed in heard
        for person_id, (reason, kind, ident) in sorted(chosen[deed.seq].items())
    )
    return own, notices


def _hearing(
    deed: Heard,
    watching: dict[Ref, list[tuple[int, Watch, Any]]],
    named: Collection[int],
    people: dict[int, Role],
    visible: dict[Role, set[int]],
) -> dict[int, Chosen]:
    """Return who hears of a deed and why; never its doer, and nobody who may not know of it.

    Who began to watch after the deed does not hear of it.
    """
    theirs: dict[int, list[Watch]] = defaultdict(list)
    for ref in deed.refs:
        for person_id, watch, since in watching.get(ref, ()):
            if since <= deed.at:
                theirs[person_id].append(watch)
    found: dict[int, Chosen] = {}
    for person_id in {*theirs, *named, *deed.voters}:
        role = people.get(person_id)
        if role is None or person_id == deed.doer_id:
            continue
        if deed.seq not in visible[role] and person_id not in deed.owners:
            continue
        chosen = choose(
            theirs.get(person_id, ()),
            deed.thread_id if person_id in named else None,
            votes_in=deed.ballot_id if person_id in deed.voters else None,
        )
        if chosen is not None:
            found[person_id] = chosen
    return found


def _watch_own(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Let people watch what is their own; who ended or muted it before is left alone."""
    if rows:
        tx.session.execute(
            _insert(tx, Subscription).on_conflict_do_update(
                index_elements=["subject_kind", "subject_id", "person_id"], set_={"is_own": True}
            ),
            rows,
        )


def store(tx: Transaction, rows: Sequence[dict[str, Any]]) -> None:
    """Store notices, leaving out those that are there already (one statement)."""
    if rows:
        tx.session.execute(_insert(tx, Notice).on_conflict_do_nothing(), rows)


def _insert(tx: Transaction, model: type[Base]) -> Any:
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(model)
