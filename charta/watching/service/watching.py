# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Watching something, muting it, and ending it. Nobody else sees it, so the log does not either."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from charta.accounts.models import Person
from charta.accounts.service import reread
from charta.db import Transaction, transaction
from charta.errors import NotFound
from charta.notifications.models import Subscription
from charta.permissions import Actor, Permission, may, require
from charta.site import queries as site
from charta.watching.queries import subjects
from charta.watching.rules import WatchKind


def watch(actor: Actor, kind: str, subject_id: int) -> None:
    """Hear of what happens to a subject; twice is no error, and what was ended or muted begins again.

    Raises `NotFound` for what the actor may not see.
    """
    with transaction() as tx:
        actor = _enter(tx, actor)
        _require_visible(actor, kind, subject_id)
        _store(tx, actor, kind, subject_id, ended_at=None, muted_at=None)


def unwatch(actor: Actor, kind: str, subject_id: int) -> None:
    """Hear nothing of a subject any more; own things are not watched by themselves again. Twice is no error.

    Raises `NotFound` for what is neither watched nor visible.
    """
    with transaction() as tx:
        actor = _enter(tx, actor)
        known = _known(tx, actor, kind, subject_id)
        if known is not None and known.ended_at is not None:
            return
        if known is None:
            _require_visible(actor, kind, subject_id)
        _store(tx, actor, kind, subject_id, ended_at=tx.now, muted_at=None)


def mute(actor: Actor, kind: str, subject_id: int) -> None:
    """Keep a subject in the list but hear nothing of it, not because of its section or field either.

    What was not watched can be muted as well. Raises `NotFound` for what is neither watched nor visible.
    """
    with transaction() as tx:
        actor = _enter(tx, actor)
        known = _known(tx, actor, kind, subject_id)
        if known is not None and known.muted_at is not None and known.ended_at is None:
            return
        if known is None:
            _require_visible(actor, kind, subject_id)
        _store(tx, actor, kind, subject_id, ended_at=None, muted_at=tx.now)


def unmute(actor: Actor, kind: str, subject_id: int) -> None:
    """Hear of a muted subject again; what is not muted stays as it is. Raises `NotFound`."""
    with transaction() as tx:
        actor = _enter(tx, actor)
        known = _known(tx, actor, kind, subject_id)
        if known is None:
            _require_visible(actor, kind, subject_id)
        elif known.muted_at is not None:
            known.muted_at = None


def end_all(actor: Actor, subscription_ids: Collection[int]) -> int:
    """End several of the actor's subscriptions; what is somebody else's is left alone. Returns how many."""
    with transaction() as tx:
        actor = _enter(tx, actor)
        ended = tx.session.scalars(
            update(Subscription)
            .where(
                Subscription.id.in_(sorted(set(subscription_ids))),
                Subscription.person_id == actor.id,
                Subscription.ended_at.is_(None),
            )
            .values(ended_at=tx.now)
            .returning(Subscription.id)
            .execution_options(synchronize_session=False)
        ).all()
        return len(ended)


def _enter(tx: Transaction, actor: Actor) -> Actor:
    actor = reread(tx, actor)
    require(actor, Permission.WATCH)
    return actor


def _known(tx: Transaction, actor: Actor, kind: str, subject_id: int) -> Subscription | None:
    return tx.session.scalar(
        select(Subscription)
        .where(
            Subscription.subject_kind == kind,
            Subscription.subject_id == subject_id,
            Subscription.person_id == actor.id,
        )
        .with_for_update()
    )


def _require_visible(actor: Actor, kind: str, subject_id: int) -> None:
    settings, round_ = site.in_force()
    reads_text = bool(may(actor, Permission.READ_DRAFT, policy=site.policy(settings, round_)))
    if subjects.subject(actor, settings, kind, subject_id, reads_text=reads_text) is None:
        raise NotFound(kind=kind if kind in set(WatchKind) else "subject", id=subject_id)


def _store(tx: Transaction, actor: Actor, kind: str, subject_id: int, **times: Any) -> None:
    """Make the subscription or change it; a click and the worker may come at once."""
    insert = postgresql.insert if tx.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    made = insert(Subscription).values(
        subject_kind=kind,
        subject_id=subject_id,
        person_id=actor.id,
        locale=select(Person.locale).where(Person.id == actor.id).scalar_subquery(),
        created_at=tx.now,
        confirmed_at=tx.now,
        is_own=False,
        **times,
    )
    tx.session.execute(
        made.on_conflict_do_update(
            index_elements=["subject_kind", "subject_id", "person_id"],
            set_={"confirmed_at": tx.now, **times},
        )
    )
