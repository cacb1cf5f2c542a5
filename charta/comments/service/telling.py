# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mails about comments: an answer, a mention, and what the moderation hid; one per person and deed."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select

from charta.accounts.models import Person
from charta.comments.models import Comment
from charta.db import Transaction
from charta.notifications.service import enqueue_many
from charta.notifications.subscriptions import is_quiet
from charta.text import render

# What a mail shows of a comment, in characters; the link leads to all of it.
SHOWN_MAX = 400


def tell_written(tx: Transaction, comment: Comment, root: Comment | None, mentioned: Collection[int]) -> None:
    """Tell whoever began the thread of the answer, and everybody the comment names; never its author.

    Who muted the conversation, or watches it no more, is told only when the comment names them.
    """
    wanted = set(mentioned)
    if root is not None and root.deleted_at is None:
        wanted.add(root.author_id)
    wanted.discard(comment.author_id)
    shared = {"id": comment.id, "thread": comment.thread_id or comment.id, "words": _words(comment)}
    mails = [
        (person, shared | {"is_mention": person.id in mentioned, "name": person.name})
        for person in _people(tx, wanted, quiet_in=root.id if root is not None else None, named=mentioned)
    ]
    enqueue_many(tx, "comment_written", mails)


def tell_hidden(tx: Transaction, comments: Sequence[Comment], reason: str) -> None:
    """Tell the authors that comments of theirs are hidden and why: one mail each, however many they are."""
    by_author: dict[int, list[Comment]] = {}
    for comment in comments:
        by_author.setdefault(comment.author_id, []).append(comment)
    mails = [
        (
            person,
            {
                "reason": reason,
                "count": len(by_author[person.id]),
                "id": by_author[person.id][0].id,
                "thread": by_author[person.id][0].thread_id or by_author[person.id][0].id,
            },
        )
        for person in _people(tx, by_author)
    ]
    enqueue_many(tx, "comment_hidden", mails)


def _people(
    tx: Transaction, ids: Collection[int], *, quiet_in: int | None = None, named: Collection[int] = ()
) -> Sequence[Person]:
    if not ids:
        return []
    statement = select(Person).where(
        Person.id.in_(sorted(ids)), Person.email.is_not(None), Person.deactivated_at.is_(None)
    )
    if quiet_in is not None:
        statement = statement.where(or_(~is_quiet("comment", quiet_in), Person.id.in_(sorted(named))))
    return tx.session.scalars(statement).all()


def _words(comment: Comment) -> str:
    plain = render.to_plain(comment.body).strip()
    return plain if len(plain) <= SHOWN_MAX else f"{plain[:SHOWN_MAX].rstrip()} …"
