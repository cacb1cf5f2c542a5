# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handing in a contribution and supporting others; `add_all` is the one place where they are stored."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, exists, func, insert, or_, select

from charta.accounts.rules import Group, PublicName
from charta.accounts.service import reread
from charta.activity import service as activity
from charta.contributions import rules, similar
from charta.contributions.models import Contribution, ContributionCard, ContributionEvent, ContributionSupport
from charta.contributions.rules import Kind, Origin, State, Verb
from charta.contributions.service import merging, steps
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, TooManyAttempts, WrongState
from charta.fields.models import FieldOfAction
from charta.forums.models import Attendance, Forum, ForumTable
from charta.forums.rules import ForumState, hand_in_until, join_window
from charta.permissions import Actor, Permission, require
from charta.site import queries as site
from charta.text.similar import terms

KEY_MAX = 64
# More than a whole table says in an hour; it stops a script, not a person.
MOST_PER_HOUR = 300
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NewContribution:
    """What is stored of a contribution that comes in; `text` and `title` are cleaned (`rules.clean_text`).

    `code` is that of a printed card, else one is drawn. `received_at` is None for now.
    """

    forum_id: int
    text: str
    origin: Origin
    title: str = ""
    code: str | None = None
    author_id: int | None = None
    recorded_by_id: int | None = None
    author_name: str = ""
    organisation_name: str = ""
    group: Group | None = None
    public_name: PublicName = PublicName.NONE
    table_id: int | None = None
    people: int | None = None
    field_id: int | None = None
    kind: Kind | None = None
    state: State = State.RECEIVED
    topic_id: int | None = None
    split_from_id: int | None = None
    source_id: int | None = None
    answer_until: datetime | None = None
    once_key: str | None = None
    received_at: datetime | None = None


def add(tx: Transaction, new: NewContribution) -> Contribution:
    """Store one contribution, as `add_all`."""
    return add_all(tx, [new])[0]


def add_all(tx: Transaction, news: Sequence[NewContribution]) -> list[Contribution]:
    """Store contributions with their codes, the first line of their timelines and their words for the search.

    The number of statements does not grow with them (but for batches of inserts). The log is the caller's.
    """
    if not news:
        return []
    drawn = iter(draw_codes(tx, sum(new.code is None for new in news)))
    values: list[dict[str, Any]] = []
    for new in news:
        row = {item.name: getattr(new, item.name) for item in fields(new)}
        row["code"] = new.code or next(drawn)
        row["received_at"] = new.received_at or tx.now
        words = similar.indexed_text(new.title, new.text)
        values.append(row | {"changed_at": tx.now} | similar.marks(words))
    codes = [row["code"] for row in values]
    # In bulk: the ORM would insert row by row on SQLite to learn their ids.
    inserted = tx.session.scalars(insert(Contribution).returning(Contribution), values)
    stored = {item.code: item for item in inserted}
    made = [stored[code] for code in codes]
    events = [
        {
            "contribution_id": item.id,
            "other_id": item.split_from_id,
            "verb": Verb.RECEIVE,
            "by_id": item.recorded_by_id or item.author_id,
            "reason": "",
            "at": tx.now,
        }
        for item in made
    ]
    tx.session.execute(insert(ContributionEvent), events)
    similar.index_new(tx, [(item.id, similar.indexed_text(item.title, item.text)) for item in made])
    return made


def draw_codes(tx: Transaction, count: int) -> list[str]:
    """Return so many different codes that no contribution and no printed card has (one statement)."""
    if count == 1:
        return [steps.draw_code(tx)]
    drawn: set[str] = set()
    while len(drawn) < count:
        some: set[str] = set()
        while len(drawn) + len(some) < count:
            some.add(rules.draw_code(drawn.__contains__))
        taken = set(tx.session.scalars(select(Contribution.code).where(Contribution.code.in_(some))))
        taken |= set(tx.session.scalars(select(ContributionCard.code).where(ContributionCard.code.in_(some))))
        drawn |= some - taken
    return list(drawn)


def promised_until(now: datetime) -> datetime | None:
    """Return until when a contribution that comes in now is answered: the day the round in force promises."""
    round_ = site.current_round()
    return round_.answer_at if round_ is not None and round_.answer_at > now else None


def hand_in(
    actor: Actor,
    forum_id: int,
    *,
    text: str,
    field_id: int | None,
    kind: Kind | None,
    public_name: PublicName,
    once_key: str | None,
    title: str = "",
) -> Contribution:
    """Store what somebody says who is, or was, in the hall; the same `once_key` and text give the same one.

    Organisation, group and table are those of the attendance; the scribe of a table writes for all who sit
    there. Raises `InvalidInput` (text: required, too_long, forbidden_character; title; field_id: not_found),
    `WrongState` ("not_there", "too_early", "ended", "cancelled") and `TooManyAttempts`.
    """
    cleaned = rules.clean_text(text)
    cleaned_title = rules.clean_text(title, field="title", limit=rules.TITLE_MAX) if title.strip() else ""
    key = _key_of_deed(once_key, cleaned)
    terms(similar.indexed_text(cleaned_title, cleaned))  # remembered: less work inside the transaction
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.HAND_IN)
        assert actor.id is not None
        # The lock: a form sent twice at once waits here, and then finds the first.
        row = tx.session.execute(
            select(Forum, Attendance, ForumTable, FieldOfAction.id)
            .join(Attendance, (Attendance.forum_id == Forum.id) & (Attendance.person_id == actor.id))
            .outerjoin(ForumTable, ForumTable.id == Attendance.table_id)
            .outerjoin(FieldOfAction, FieldOfAction.id == field_id)
            .where(Forum.id == forum_id)
            .with_for_update(of=Attendance)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            raise WrongState("hand_in", "not_there")
        forum, attendance, table, known_field = row
        known_id, recent = tx.session.execute(
            select(
                func.max(case((Contribution.once_key == key, Contribution.id))),
                func.count().filter(
                    Contribution.author_id == actor.id, Contribution.received_at > tx.now - _HOUR
                ),
            ).where(or_(Contribution.once_key == key, Contribution.author_id == actor.id))
        ).one()
        if known_id is not None:
            return _known(tx, known_id, actor.id)
        check_open(forum, tx.now)
        if recent >= MOST_PER_HOUR:
            raise TooManyAttempts(60)
        if field_id is not None and known_field is None:
            raise InvalidInput("field_id", "not_found")
        is_for_table = attendance.is_scribe and table is not None
        made = add(
            tx,
            NewContribution(
                forum_id=forum.id,
                text=cleaned,
                title=" ".join(cleaned_title.split()),
                origin=Origin.TABLE if is_for_table else Origin.PHONE,
                author_id=actor.id,
                organisation_name=attendance.organisation_name,
                group=attendance.group,
                public_name=public_name,
                table_id=attendance.table_id,
                people=table.people if is_for_table else None,
                field_id=field_id,
                kind=kind,
                source_id=forum.source_id,
                answer_until=promised_until(tx.now),
                once_key=key or None,
            ),
        )
        activity.record(
            tx, actor, "hand_in", "contribution", made.id, forum_id=forum.id, origin=made.origin.value
        )
        return made


def _key_of_deed(once_key: str | None, text: str) -> str:
    """Return what names this deed: the same form with other words is another contribution.

    Somebody whose answer was lost on the way may have gone on writing; those words must not be dropped.
    """
    if not once_key:
        return ""
    if len(once_key) > KEY_MAX:
        raise InvalidInput("once_key", "too_long", limit=KEY_MAX, length=len(once_key))
    return hashlib.sha256(f"{once_key}\x1f{text}".encode()).hexdigest()


def _known(tx: Transaction, contribution_id: int, author_id: int) -> Contribution:
    found = tx.session.get(Contribution, contribution_id)
    if found is None or found.author_id != author_id:
        raise NotFound(kind="contribution", id=contribution_id)
    return found


def check_open(forum: Forum, now: datetime) -> None:
    """Raise `WrongState` unless people who joined this forum may hand in now.

    The states are those of `open_state`.
    """
    state = open_state(forum, now)
    if state:
        raise WrongState("hand_in", state)


def open_state(forum: Forum, now: datetime) -> str:
    """Return "" while contributions are taken, else "cancelled", "too_early" or "ended"."""
    if forum.state is ForumState.CANCELLED:
        return "cancelled"
    if forum.is_always_open:
        return ""
    window = join_window(
        forum.starts_at, forum.ends_at, opens_at=forum.join_opens_at, closes_at=forum.join_closes_at
    )
    until = hand_in_until(window, forum.hand_in_until)
    if window is None or now < window[0]:
        return "too_early"
    return "" if until is None or now < until else "ended"


def support(actor: Actor, code: str) -> int:
    """Support an accepted contribution of somebody else and return how many do; twice is no error.

    Raises `NotFound` for one the actor may not see, `WrongState` ("own", or the state it is in).
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.SUPPORT_CONTRIBUTION)
        assert actor.id is not None
        found = _subject(tx, actor, code)
        if found.author_id == actor.id:
            raise WrongState("support", "own")
        if found.state is not State.ACCEPTED:
            raise WrongState("support", found.state.value)
        if tx.session.get(ContributionSupport, (found.id, actor.id)) is None:
            tx.session.add(ContributionSupport(contribution_id=found.id, person_id=actor.id, at=tx.now))
            found.supporters += 1
        return found.supporters


def withdraw_support(actor: Actor, code: str) -> int:
    """Take the own support back, in whatever state; return how many are left. Without it nothing changes.

    What came with a merged one to where it went is taken back there too.
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.SUPPORT_CONTRIBUTION)
        assert actor.id is not None
        merged_id = tx.session.scalar(
            select(Contribution.id).where(
                Contribution.code == (rules.clean_code(code) or ""), Contribution.state == State.MERGED
            )
        )
        targets = merging.lock_chain(tx, merged_id) if merged_id is not None else []
        found = _subject(tx, actor, code)
        known = tx.session.get(ContributionSupport, (found.id, actor.id))
        if known is not None:
            tx.session.delete(known)
            found.supporters -= 1
            tx.session.flush()
            merging.take_back_supports(tx, found.id, targets, only=[actor.id])
        return found.supporters


def _subject(tx: Transaction, actor: Actor, code: str) -> Contribution:
    """Lock a contribution by its code: a screened one, one's own, one that one supports already."""
    found = tx.session.scalar(
        select(Contribution)
        .where(
            Contribution.code == (rules.clean_code(code) or ""),
            or_(
                Contribution.state.in_(rules.SCREENED),
                Contribution.author_id == actor.id,
                exists().where(
                    ContributionSupport.contribution_id == Contribution.id,
                    ContributionSupport.person_id == actor.id,
                ),
            ),
        )
        .with_for_update(of=Contribution)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound(kind="contribution", code=code)
    return found
