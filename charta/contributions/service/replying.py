# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answering a question of the moderation: by the author's account, or by the link of the mail that asked."""

from typing import Any

from sqlalchemy import func, select

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.contributions import rules
from charta.contributions.models import Contribution, ContributionEvent
from charta.contributions.rules import LAYING_OPEN, REPLY_MAX, State, Verb, clean_code, clean_text
from charta.contributions.service import steps
from charta.contributions.service.telling import SUBJECT
from charta.db import session, transaction
from charta.errors import NotFound, NotPermitted
from charta.notifications.models import Subscription
from charta.notifications.subscriptions import SUBSCRIPTION, linked_id
from charta.permissions import Actor, Permission, Reason, require


def may_reply(actor: Actor, contribution_id: int, author_id: int | None, key: str) -> bool:
    """Say whether this person answers for the author: it is the author, or holds the link of the question.

    A link counts when its address was left before anybody else could know the contribution (two statements,
    none for the author).
    """
    if actor.id is not None and actor.id == author_id:
        return True
    ident = linked_id(SUBSCRIPTION, key) if key else None
    found = session.get(Subscription, ident) if ident is not None else None
    if found is None or found.subject_kind != SUBJECT:
        return False
    row: Any = session.execute(
        select(
            func.max(Contribution.split_from_id),
            func.min(ContributionEvent.at).filter(ContributionEvent.contribution_id == found.subject_id),
        )
        .select_from(Contribution)
        .outerjoin(
            ContributionEvent,
            (ContributionEvent.contribution_id == found.subject_id)
            & ContributionEvent.verb.in_(sorted(LAYING_OPEN)),
        )
        .where(Contribution.id == contribution_id)
    ).one()
    parent_id, opened_at = row
    if found.subject_id not in {contribution_id, parent_id}:
        return False
    if found.person_id is not None:
        return found.person_id == author_id
    was_early: bool = opened_at is None or found.created_at < opened_at
    return found.confirmed_at is not None and was_early


def reply(actor: Actor, code: str, *, text: str, key: str = "") -> None:
    """Store the author's answer to a question; the contribution waits for the moderation again.

    The same answer sent twice is no error. Raises `InvalidInput` (reply), `NotPermitted`, `NotFound`, and
    `WrongState` when no question is open.
    """
    cleaned = clean_text(text, field="reply", limit=REPLY_MAX)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.REPLY_TO_QUESTION)
        ident = tx.session.scalar(
            select(Contribution.id).where(Contribution.code == (clean_code(code) or ""))
        )
        if ident is None:
            raise NotFound(kind="contribution", code=code)
        found = steps.locked(tx, ident)
        if not may_reply(actor, found.id, found.author_id, key):
            raise NotPermitted(Reason.NOT_OWN, permission=Permission.REPLY_TO_QUESTION.value)
        if found.state is State.RECEIVED and _is_newest(found.id, cleaned):
            return
        found.state = rules.after(found.state, Verb.REPLY)
        steps.note(tx, Verb.REPLY, by_id=found.author_id, contribution_id=found.id, reason=cleaned)
        steps.touched(tx, found)
        activity.record(
            tx, actor if actor.id is not None else None, "reply_to_question", "contribution", found.id
        )


def _is_newest(contribution_id: int, text: str) -> bool:
    newest = session.execute(
        select(ContributionEvent.verb, ContributionEvent.reason)
        .where(ContributionEvent.contribution_id == contribution_id)
        .order_by(ContributionEvent.id.desc())
        .limit(1)
    ).one_or_none()
    return newest is not None and (newest[0], newest[1]) == (Verb.REPLY, text)
