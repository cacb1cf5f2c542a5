# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of the contributions of the demonstration: screened, supported, merged, bundled, answered.

What one moderator does in one sitting is one step, so that loading stays quick; each goes on where it was
killed.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from charta.contributions.models import CannedAnswer, Contribution, ContributionSupport, Topic
from charta.contributions.rules import CannedFor, Kind, State, Words
from charta.contributions.service import (
    answering,
    canned,
    merging,
    redacting,
    replying,
    screening,
    splitting,
    topics,
)
from charta.contributions.service import steps as shared
from charta.contributions.service.entering import Seen
from charta.db import session, transaction
from charta.demo import files
from charta.demo.hall_part import HALL, HELD_DAYS_AGO
from charta.demo.keys import MODERATION, Step, actor, at_clock, day_of, days_before, field_id

Row = dict[str, Any]

_SECOND = "moderation2@example.org"
_SUPPORTS = select(ContributionSupport)


def steps(started_at: datetime) -> list[Step]:
    """Return the steps; they follow the day of the forum."""
    found = [
        Step(days_before(started_at, 40), partial(_canned, row), partial(_has_canned, row["title"]))
        for row in files.rows("topics", "canned")
    ]
    rows = files.rows("contributions", "contribution")
    in_hall = [row for row in rows if row["forum"] == HALL]
    always_open = [row for row in rows if row["forum"] != HALL]
    held = day_of(started_at, HELD_DAYS_AGO)
    next_day, day_after = held + timedelta(days=1), held + timedelta(days=2)
    for clock, deed in (
        ("09:00", partial(_accept_all, HALL)),
        ("09:30", _decline),
        ("10:00", _redact_and_split),
        ("10:30", _ask),
        ("12:00", partial(_support, in_hall)),
    ):
        found.append(Step(at_clock(next_day, clock), deed))
    later = days_before(started_at, 2)
    slugs = sorted({row["forum"] for row in always_open})
    found += [Step(later, partial(_accept_all, slug)) for slug in slugs]
    found.append(Step(later + timedelta(hours=1), partial(_support, always_open)))
    found.append(Step(at_clock(day_after, "09:00"), _reply))
    found.append(Step(at_clock(day_after, "10:00"), _merge))
    for number, row in enumerate(files.rows("topics", "topic")):
        at = at_clock(held + timedelta(days=3), "09:00") + timedelta(minutes=6 * number)
        found.append(Step(at, partial(_bundle, row), partial(_has_topic, row["title"])))
        if row["answer"]:
            at = days_before(started_at, row["answered_days_ago"], step=number + 10)
            found.append(Step(at, partial(_answer_topic, row)))
    found.append(Step(days_before(started_at, 12, step=20), _answer_single))
    return found


def one(code: str) -> Contribution:
    """Return a contribution that is there."""
    return session.scalars(select(Contribution).where(Contribution.code == code)).one()


def _rows_with(name: str) -> list[Row]:
    return [row for row in files.rows("contributions", "contribution") if name in row]


def _in_state(*states: State) -> list[Row]:
    return [row for row in files.rows("contributions", "contribution") if row["state"] in states]


def _each_in(state: State, codes: Sequence[str]) -> list[Contribution]:
    """Return those of these contributions that are in the state: a step that was killed goes on with them."""
    return list(
        session.scalars(
            select(Contribution)
            .where(Contribution.code.in_(codes), Contribution.state == state)
            .order_by(Contribution.id)
        )
    )


def _seen(items: Sequence[Contribution]) -> list[Seen]:
    return [Seen(item.id, item.version) for item in items]


def _accept_all(slug: str) -> None:
    codes = [row["code"] for row in _in_state(State.ACCEPTED, State.MERGED) if row["forum"] == slug]
    waiting = _each_in(State.RECEIVED, codes)
    if waiting:
        screening.accept_all(actor(_SECOND), _seen(waiting))


def _decline() -> None:
    for row in _in_state(State.DECLINED):
        for item in _each_in(State.RECEIVED, [row["code"]]):
            words = Words.HIDDEN if row.get("is_hidden") else Words.SHOWN
            screening.decline(
                actor(MODERATION), item.id, seen=item.version, reason=row["reason"], words=words
            )


def _redact_and_split() -> None:
    who = actor(_SECOND)
    for row in _rows_with("redact"):
        item = one(row["code"])
        if item.original_text is None:
            redacting.redact(who, item.id, seen=item.version, phrases=[row["redact"]], reason=row["reason"])
    for row in _rows_with("parts"):
        for item in _each_in(State.RECEIVED, [row["code"]]):
            parts = [
                splitting.Part(part["text"], field_id(part["field"]), Kind(part["kind"]))
                for part in row["parts"]
            ]
            splitting.split(who, item.id, seen=item.version, parts=parts)


def _ask() -> None:
    for row in _rows_with("question"):
        for item in _each_in(State.RECEIVED, [row["code"]]):
            screening.ask(actor(MODERATION), item.id, seen=item.version, reason=row["question"])


def _reply() -> None:
    for row in _rows_with("reply"):
        if one(row["code"]).state is State.ASKED:
            replying.reply(actor(row["by"]), row["code"], text=row["reply"])


def _support(rows: Sequence[Row]) -> None:
    """Let people support in one go: nobody looks at the moment of a single support."""
    people = {n: actor(f"teilnahme{n}@example.org").id for row in rows for n in row["supporters"]}
    with transaction() as tx:
        ids = {code: ident for ident, code in tx.session.execute(select(Contribution.id, Contribution.code))}
        known = {(item.contribution_id, item.person_id) for item in tx.session.scalars(_SUPPORTS)}
        wanted = [(ids[row["code"]], people[n]) for row in rows for n in row["supporters"]]
        tx.session.add_all(
            ContributionSupport(contribution_id=ident, person_id=person, at=tx.now)
            for ident, person in wanted
            if (ident, person) not in known
        )
        shared.recount_supporters(tx, *ids.values())


def _merge() -> None:
    for row in _rows_with("into"):
        for item in _each_in(State.ACCEPTED, [row["code"]]):
            merging.merge(actor(_SECOND), item.id, seen=item.version, into_id=one(row["into"]).id)


# ------------------------------------------------------------------------------------- topics and answers


def _topic(title: str) -> Topic | None:
    return session.scalar(select(Topic).where(Topic.title == title).order_by(Topic.id).limit(1))


def _has_topic(title: str) -> bool:
    found = _topic(title)
    return found is not None and bool(found.text)


def _bundle(row: Row) -> None:
    who, found = actor(MODERATION), _topic(row["title"])
    if found is None:
        codes = [item["code"] for item in _rows_with("topic") if item["topic"] == row["key"]]
        items = _seen(_each_in(State.ACCEPTED, codes))
        topics.create(who, title=row["title"], items=items, field_id=field_id(row["field"]))
        found = _topic(row["title"])
    assert found is not None
    topics.change(
        who, found.id, seen=found.version, title=found.title, text=row["text"], field_id=found.field_id
    )


def _answer_topic(row: Row) -> None:
    found = _topic(row["title"])
    if found is not None and not found.answer:
        topics.answer(actor(MODERATION), found.id, seen=found.version, text=row["answer"])


def _answer_single() -> None:
    for row in _rows_with("answer"):
        item = one(row["code"])
        if not item.answer:
            answering.answer(actor(_SECOND), item.id, seen=item.version, text=row["answer"])


def _canned(row: Row) -> None:
    canned.create(actor(MODERATION), purpose=CannedFor(row["purpose"]), title=row["title"], text=row["text"])


def _has_canned(title: str) -> bool:
    return session.scalar(select(CannedAnswer.id).where(CannedAnswer.title == title)) is not None
