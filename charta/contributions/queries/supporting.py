# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person has to do with contributions: which are one's own, which one supports."""

from collections.abc import Collection

from sqlalchemy import func, select

from charta.contributions.models import Contribution, ContributionSupport
from charta.contributions.rules import State, clean_code
from charta.db import session
from charta.forums.models import Forum
from charta.permissions import Actor


def supported_by(actor: Actor, contribution_ids: Collection[int]) -> set[int]:
    """Return those of the contributions that the actor supports (one statement, none for nobody)."""
    if actor.id is None or not contribution_ids:
        return set()
    return set(
        session.scalars(
            select(ContributionSupport.contribution_id).where(
                ContributionSupport.person_id == actor.id,
                ContributionSupport.contribution_id.in_(contribution_ids),
            )
        )
    )


def counts_in_hall(actor: Actor, forum_id: int) -> tuple[int, int]:
    """Return how many contributions of a forum everybody may read, and how many are the actor's own."""
    row = session.execute(
        select(
            func.count().filter(Contribution.state == State.ACCEPTED),
            func.count().filter(Contribution.author_id == (actor.id or 0)),
        ).where(Contribution.forum_id == forum_id)
    ).one()
    return row[0], row[1]


def own(actor: Actor, code: str) -> tuple[Contribution, Forum] | None:
    """Return an own contribution by its code with its forum; None for one of somebody else."""
    if actor.id is None:
        return None
    row = session.execute(
        select(Contribution, Forum)
        .join(Forum, Forum.id == Contribution.forum_id)
        .where(Contribution.code == (clean_code(code) or ""), Contribution.author_id == actor.id)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def own_among(actor: Actor, contribution_ids: Collection[int]) -> set[int]:
    """Return those of the contributions that the actor handed in (one statement, none for nobody)."""
    if actor.id is None or not contribution_ids:
        return set()
    return set(
        session.scalars(
            select(Contribution.id).where(
                Contribution.author_id == actor.id, Contribution.id.in_(contribution_ids)
            )
        )
    )
