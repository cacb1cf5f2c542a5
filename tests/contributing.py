# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Contributions to test with: stored as they come in from a hall, many at once where a test needs many."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from charta.contributions.models import (
    Contribution,
    ContributionEvent,
    ContributionSupport,
    Topic,
)
from charta.contributions.rules import Origin, State, Verb
from charta.contributions.service import screening
from charta.contributions.service.entering import Seen
from charta.contributions.service.handing_in import NewContribution, add_all
from charta.contributions.service.steps import recount_supporters
from charta.db import session, transaction
from charta.forums.models import Forum, ForumSeries
from charta.forums.rules import ForumState
from charta.permissions import Actor
from tests import factories

TEXT = "Kleine Betriebe brauchen jemanden, der sie durch die Umstellung begleitet."


def forum(title: str = "Zukunftsforum Zwickau") -> int:
    """Return the id of the forum of this title; it is always open."""
    session.rollback()
    known = session.scalar(select(Forum.id).where(Forum.title == title))
    if known is not None:
        session.rollback()
        return known
    with transaction() as tx:
        series = ForumSeries(title=f"Reihe {title}", position=1, created_at=tx.now)
        tx.session.add(series)
        tx.session.flush()
        made = Forum(
            series_id=series.id,
            slug=title.lower().replace(" ", "-"),
            title=title,
            state=ForumState.PLANNED,
            is_always_open=True,
            created_at=tx.now,
            changed_at=tx.now,
        )
        tx.session.add(made)
        tx.session.flush()
        return made.id


def received(texts: Sequence[str] | str = TEXT, *, forum_id: int | None = None, **details: Any) -> list[int]:
    """Store contributions as they come in and return their ids."""
    forum_id = forum_id or forum()
    wanted = [texts] if isinstance(texts, str) else texts
    with transaction() as tx:
        made = add_all(
            tx,
            [
                NewContribution(forum_id=forum_id, text=text, origin=Origin.PHONE, **details)
                for text in wanted
            ],
        )
        return [item.id for item in made]


def accepted(texts: Sequence[str] | str = TEXT, *, by: Actor | None = None, **details: Any) -> list[int]:
    """Store contributions that are screened and return their ids."""
    ids = received(texts, **details)
    screening.accept_all(by or factories.moderator().actor, seen(ids))
    return ids


def again(contribution_id: int) -> Contribution:
    """Read a contribution anew."""
    session.rollback()
    session.expunge_all()
    return session.get_one(Contribution, contribution_id)


def topic(topic_id: int) -> Topic:
    """Read a topic anew."""
    session.rollback()
    session.expunge_all()
    return session.get_one(Topic, topic_id)


def version(contribution_id: int) -> int:
    """Return the present version of a contribution."""
    return again(contribution_id).version


def seen(ids: Sequence[int]) -> list[Seen]:
    """Return these contributions with their present versions, in this order."""
    session.rollback()
    rows = session.execute(select(Contribution.id, Contribution.version).where(Contribution.id.in_(ids)))
    versions = {row[0]: row[1] for row in rows}
    return [Seen(ident, versions[ident]) for ident in ids]


def state(contribution_id: int) -> State:
    """Return the present state of a contribution."""
    return again(contribution_id).state


def supported(contribution_id: int, *people: int) -> None:
    """Let people support a contribution."""
    with transaction() as tx:
        tx.session.add_all(
            ContributionSupport(contribution_id=contribution_id, person_id=person, at=tx.now)
            for person in people
        )
        recount_supporters(tx, contribution_id)


def supporters(contribution_id: int) -> dict[int, int | None]:
    """Return who supports a contribution, with the merged one each support came by."""
    session.rollback()
    rows = session.execute(
        select(ContributionSupport.person_id, ContributionSupport.via_id).where(
            ContributionSupport.contribution_id == contribution_id
        )
    )
    found = {row[0]: row[1] for row in rows}
    assert again(contribution_id).supporters == len(found)
    return found


def verbs(contribution_id: int) -> list[Verb]:
    """Return what happened to a contribution, in order."""
    session.rollback()
    return list(
        session.scalars(
            select(ContributionEvent.verb)
            .where(ContributionEvent.contribution_id == contribution_id)
            .order_by(ContributionEvent.id)
        )
    )
