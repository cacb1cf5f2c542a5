# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that the commands on contributions share; each takes the transaction it runs in.

Lock order: forum, topic, contributions by rising id, cards, head of the log.
"""

from sqlalchemy import exists, func, select, update

from charta.contributions import rules
from charta.contributions.models import (
    Contribution,
    ContributionCard,
    ContributionEvent,
    ContributionSupport,
)
from charta.contributions.rules import Verb
from charta.db import Transaction
from charta.errors import EditConflict, NotFound


def draw_code(tx: Transaction) -> str:
    """Return a public code that no contribution and no printed card has."""
    return rules.draw_code(
        lambda code: bool(
            tx.session.scalar(
                select(
                    exists().where(Contribution.code == code) | exists().where(ContributionCard.code == code)
                )
            )
        )
    )


def note(
    tx: Transaction,
    verb: Verb,
    *,
    by_id: int | None,
    contribution_id: int | None = None,
    topic_id: int | None = None,
    other_id: int | None = None,
    reason: str = "",
) -> None:
    """Add a line to the timeline of a contribution or of a whole topic."""
    tx.session.add(
        ContributionEvent(
            contribution_id=contribution_id,
            topic_id=topic_id,
            other_id=other_id,
            verb=verb,
            reason=reason,
            by_id=by_id,
            at=tx.now,
        )
    )


def locked(tx: Transaction, contribution_id: int, *, seen: int | None = None) -> Contribution:
    """Return a contribution under its lock; `seen` is the version the person had on the screen.

    Raises `NotFound`, and `EditConflict` when somebody changed it meanwhile.
    """
    found = tx.lock(Contribution, contribution_id)
    if found is None:
        raise NotFound(kind="contribution", id=contribution_id)
    if seen is not None and found.version != seen:
        raise EditConflict(kind="contribution", id=contribution_id)
    return found


def touched(tx: Transaction, *contributions: Contribution) -> None:
    """Mark contributions as changed now: pages open on the old version are told."""
    for item in contributions:
        item.version += 1
        item.changed_at = tx.now


def recount_supporters(tx: Transaction, *contribution_ids: int) -> None:
    """Store anew how many support these contributions."""
    tx.session.flush()
    counted = (
        select(func.count())
        .select_from(ContributionSupport)
        .where(ContributionSupport.contribution_id == Contribution.id)
        .scalar_subquery()
    )
    tx.session.execute(
        update(Contribution)
        .where(Contribution.id.in_(contribution_ids))
        .values(supporters=counted)
        .execution_options(synchronize_session=False)
    )
