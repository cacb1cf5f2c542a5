# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Prepared answers: what moderators write often, kept once."""

from collections.abc import Sequence

from sqlalchemy import func, select

from charta.activity import service as activity
from charta.contributions import rules
from charta.contributions.models import CannedAnswer
from charta.contributions.rules import ANSWER_MAX, CANNED_MAX, REASON_MAX, CannedFor
from charta.contributions.service.entering import enter
from charta.contributions.service.topics import clean_topic_title
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound
from charta.permissions import Actor, Permission

_SCREEN = Permission.SCREEN_CONTRIBUTION


def create(actor: Actor, *, purpose: CannedFor, title: str, text: str) -> int:
    """Keep an answer, as the last of its purpose, and return its id.

    Raises `InvalidInput` (title, text: required, too_long; items: too_many).
    """
    cleaned_title, cleaned = clean_topic_title(title), _clean(purpose, text)
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        count, last = tx.session.execute(
            select(func.count(), func.coalesce(func.max(CannedAnswer.position), 0)).select_from(CannedAnswer)
        ).one()
        if count >= CANNED_MAX:
            raise InvalidInput("items", "too_many", limit=CANNED_MAX)
        made = CannedAnswer(
            purpose=purpose, title=cleaned_title, text=cleaned, position=last + 1, changed_at=tx.now
        )
        tx.session.add(made)
        tx.session.flush()
        activity.record(tx, actor, "create_canned_answer", "canned_answer", made.id)
        return made.id


def change(actor: Actor, canned_id: int, *, purpose: CannedFor, title: str, text: str) -> None:
    """Store a prepared answer anew; raises `NotFound`, `InvalidInput`."""
    cleaned_title, cleaned = clean_topic_title(title), _clean(purpose, text)
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        found = _locked(tx, canned_id)
        found.purpose, found.title, found.text, found.changed_at = purpose, cleaned_title, cleaned, tx.now
        activity.record(tx, actor, "change_canned_answer", "canned_answer", found.id)


def delete(actor: Actor, canned_id: int) -> None:
    """Drop a prepared answer; what was answered with it stays. One that is gone is no error."""
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        found = tx.lock(CannedAnswer, canned_id)
        if found is not None:
            tx.session.delete(found)
            activity.record(tx, actor, "delete_canned_answer", "canned_answer", canned_id)


def move_up(actor: Actor, canned_id: int) -> None:
    """Offer a prepared answer one place earlier; the first stays where it is."""
    _swap(actor, canned_id, -1)


def move_down(actor: Actor, canned_id: int) -> None:
    """Offer a prepared answer one place later; the last stays where it is."""
    _swap(actor, canned_id, +1)


def _swap(actor: Actor, canned_id: int, step: int) -> None:
    with transaction() as tx:
        actor = enter(tx, actor, _SCREEN)
        found = _locked(tx, canned_id)
        row = list(_of(tx, found.purpose))
        place = row.index(found) + step
        if 0 <= place < len(row):
            other = row[place]
            found.position, other.position = other.position, found.position
            activity.record(tx, actor, "move_canned_answer", "canned_answer", canned_id)


def _of(tx: Transaction, purpose: CannedFor) -> Sequence[CannedAnswer]:
    return tx.session.scalars(
        select(CannedAnswer)
        .where(CannedAnswer.purpose == purpose)
        .order_by(CannedAnswer.position, CannedAnswer.id)
        .with_for_update()
    ).all()


def _locked(tx: Transaction, canned_id: int) -> CannedAnswer:
    found = tx.lock(CannedAnswer, canned_id)
    if found is None:
        raise NotFound(kind="canned_answer", id=canned_id)
    return found


def _clean(purpose: CannedFor, text: str) -> str:
    limit = ANSWER_MAX if purpose is CannedFor.ANSWER else REASON_MAX
    return rules.clean_text(text, field="text", limit=limit)
