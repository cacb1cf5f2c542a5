# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Topics: bundle different contributions about one matter, and answer them together."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select, update

from charta.activity import service as activity
from charta.contributions import rules
from charta.contributions.models import Contribution, Topic
from charta.contributions.rules import ANSWER_MAX, LISTED, TOPIC_TEXT_MAX, UNSCREENED, Verb
from charta.contributions.service import steps, telling
from charta.contributions.service.entering import (
    Deed,
    Note,
    Outcome,
    Seen,
    accept_along,
    check_field,
    each,
    enter,
    once,
    write,
)
from charta.contributions.service.screening import Sorting, putting
from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, WrongState
from charta.permissions import Actor, Permission

_ANSWER = Permission.ANSWER_TOPIC


def create(
    actor: Actor,
    *,
    title: str,
    items: Sequence[Seen] = (),
    field_id: int | None = None,
    sorting: Sorting | None = None,
) -> tuple[int, list[Outcome]]:
    """Make a topic, of these contributions where there are any; return its id and what became of each.

    Without `field_id` it gets the field most of them have. What is not screened yet is accepted along, what
    is in another topic moves. Raises `InvalidInput` (title, field), and the error of the first contribution
    when none of them could be taken.
    """
    cleaned = clean_topic_title(title)
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        check_field(tx, field_id)
        topic = Topic(
            title=cleaned, field_id=field_id, created_by_id=actor.id, created_at=tx.now, changed_at=tx.now
        )
        tx.session.add(topic)
        tx.session.flush()
        outcomes: list[Outcome] = []
        if items:
            rows, outcomes = each(tx, actor, items, _bundling(tx, topic, sorting))
            if not rows and outcomes[0].error is not None:
                raise outcomes[0].error
            topic.field_id = field_id or most_common(row.field_id for row in rows)
            _tell_bundled(tx, rows, topic)
        _record(tx, actor, "create_topic", topic, contributions=len(outcomes))
        return topic.id, outcomes


def add(
    actor: Actor, topic_id: int, items: Sequence[Seen], *, sorting: Sorting | None = None
) -> list[Outcome]:
    """Put contributions into a topic, out of another one where they are in one.

    One that has no field gets that of the topic; `sorting` is put on all of them. Raises `NotFound`;
    `WrongState` for a topic that became part of another one.
    """
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        topic = _locked(tx, topic_id)
        rows, outcomes = each(tx, actor, items, _bundling(tx, topic, sorting))
        if rows:
            topic.changed_at = tx.now
            _tell_bundled(tx, rows, topic)
            _record(tx, actor, "bundle_contributions", topic, contributions=[row.id for row in rows])
        return outcomes


def take_out(actor: Actor, items: Sequence[Seen]) -> list[Outcome]:
    """Take contributions out of their topics; they are accepted as before."""
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        left: set[int] = set()

        def deed(row: Contribution) -> list[Note]:
            if row.topic_id is None:
                raise WrongState(Verb.UNBUNDLE.value, row.state.value)
            left.add(row.topic_id)
            note = Note(Verb.UNBUNDLE, topic_id=row.topic_id)
            row.topic_id = None
            return [note]

        rows, outcomes = each(tx, actor, items, deed)
        if rows:
            ids = [row.id for row in rows]
            activity.record(tx, actor, "unbundle_contributions", "topic", min(left), contributions=ids)
        return outcomes


def _bundling(tx: Transaction, topic: Topic, sorting: Sorting | None) -> Deed:
    put = putting(tx, sorting)

    def deed(row: Contribution) -> list[Note]:
        if row.state not in UNSCREENED | LISTED:
            raise WrongState(Verb.BUNDLE.value, row.state.value)
        if row.topic_id == topic.id:
            raise WrongState(Verb.BUNDLE.value, "same_topic")
        put(row)
        along = accept_along(tx, row)
        row.topic_id = topic.id
        row.field_id = row.field_id or topic.field_id
        return [*along, Note(Verb.BUNDLE, topic_id=topic.id)]

    return deed


def change(actor: Actor, topic_id: int, *, seen: int, title: str, text: str, field_id: int | None) -> None:
    """Store title, description and field of a topic."""
    cleaned = clean_topic_title(title)
    description = text.strip() and rules.clean_text(text, field="text", limit=TOPIC_TEXT_MAX)
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        check_field(tx, field_id)
        topic = _locked(tx, topic_id, seen=seen)
        topic.title, topic.text, topic.field_id = cleaned, description, field_id
        _touched(tx, topic)
        _record(tx, actor, "change_topic", topic)


def answer(actor: Actor, topic_id: int, *, seen: int, text: str) -> int:
    """Answer all contributions of a topic together and return how many; another text replaces the answer.

    Raises `InvalidInput("answer", ...)`, `EditConflict`, `WrongState`.
    """
    cleaned = rules.clean_text(text, field="answer", limit=ANSWER_MAX)
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        topic = _locked(tx, topic_id, seen=seen)
        if topic.answer == cleaned:
            raise InvalidInput("answer", "same_answer")
        rows = _members(tx, topic.id)
        topic.answer, topic.answered_at, topic.answered_by_id = cleaned, tx.now, actor.id
        _touched(tx, topic)
        steps.note(tx, Verb.ANSWER, by_id=actor.id, topic_id=topic.id, reason=cleaned)
        telling.tell(
            tx,
            "answered",
            rows,
            once=f"answered-topic:{topic.id}:{topic.version}",
            reason=cleaned,
            topic=topic,
        )
        _record(tx, actor, "answer_topic", topic, contributions=len(rows))
        return len(rows)


def merge(actor: Actor, topic_id: int, *, seen: int, into_id: int) -> None:
    """Move everything of a topic into another one; its page leads there from now on.

    Raises `WrongState` for one that is answered already (people were told under its name),
    `InvalidInput("into", "itself" | "not_found")`.
    """
    if into_id == topic_id:
        raise InvalidInput("into", "itself")
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        found = {ident: tx.lock(Topic, ident) for ident in sorted({topic_id, into_id})}
        target = found[into_id]
        if target is None or target.merged_into_id is not None:
            raise InvalidInput("into", "not_found")
        topic = _checked(found[topic_id], topic_id, seen)
        if topic.answered_at is not None:
            raise WrongState("merge_topic", "answered")
        rows = _members(tx, topic.id)
        for row in rows:
            row.topic_id = target.id
            row.field_id = row.field_id or target.field_id
        steps.touched(tx, *rows)
        write(tx, actor, [(row, Note(Verb.BUNDLE, topic_id=target.id)) for row in rows])
        tx.session.flush()
        # Merged and split ones stay with it in name only: they follow without a line of their own.
        tx.session.execute(
            update(Contribution)
            .where(Contribution.topic_id == topic.id)
            .values(topic_id=target.id)
            .execution_options(synchronize_session=False)
        )
        topic.merged_into_id = target.id
        _touched(tx, topic)
        _touched(tx, target)
        if rows:
            _tell_bundled(tx, rows, target)
        _record(tx, actor, "merge_topic", topic, into=target.id)


def take_on(actor: Actor, topic_id: int) -> None:
    """Say that this moderator is on the topic; takes it over from another one."""
    with transaction() as tx:
        actor = enter(tx, actor, _ANSWER)
        topic = _locked(tx, topic_id)
        if topic.assignee_id != actor.id:
            topic.assignee_id, topic.assigned_at = actor.id, tx.now


def hand_back(actor: Actor, topic_id: int) -> None:
    """Say that nobody is on the topic any more."""
    with transaction() as tx:
        enter(tx, actor, _ANSWER)
        topic = _locked(tx, topic_id)
        topic.assignee_id = topic.assigned_at = None


def clean_topic_title(raw: str) -> str:
    """Return the title of a topic; raises `InvalidInput("title", ...)`, also for none."""
    title = rules.clean_title(raw)
    if not title:
        raise InvalidInput("title", "required")
    return title


def most_common(fields: Iterable[int | None]) -> int | None:
    """Return the field that most of those have that have one."""
    counted = Counter(field for field in fields if field is not None).most_common(1)
    return counted[0][0] if counted else None


def _locked(tx: Transaction, topic_id: int, *, seen: int | None = None) -> Topic:
    return _checked(tx.lock(Topic, topic_id), topic_id, seen)


def _checked(topic: Topic | None, topic_id: int, seen: int | None) -> Topic:
    if topic is None:
        raise NotFound(kind="topic", id=topic_id)
    if topic.merged_into_id is not None:
        raise WrongState("change_topic", "merged")
    if seen is not None and topic.version != seen:
        raise EditConflict(kind="topic", id=topic_id)
    return topic


def _touched(tx: Transaction, topic: Topic) -> None:
    topic.version += 1
    topic.changed_at = tx.now


def _members(tx: Transaction, topic_id: int) -> list[Contribution]:
    return list(
        tx.session.scalars(
            select(Contribution)
            .where(Contribution.topic_id == topic_id, Contribution.state.in_(sorted(LISTED)))
            .order_by(Contribution.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def _tell_bundled(tx: Transaction, rows: Sequence[Contribution], topic: Topic) -> None:
    step = "answered" if topic.answered_at else "bundled"
    telling.tell(tx, step, rows, once=once(f"topic-{topic.id}", rows), reason=topic.answer, topic=topic)


def _record(tx: Transaction, actor: Actor, verb: str, topic: Topic, **data: Any) -> None:
    activity.record(tx, actor, verb, "topic", topic.id, **data)
