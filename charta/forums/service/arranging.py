# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Series of forums: made, renamed, put in order."""

from collections.abc import Sequence

from sqlalchemy import func, select

from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound
from charta.forums.models import ForumSeries
from charta.forums.service import steps
from charta.permissions import Actor


def make_series(actor: Actor, *, title: str, text: str = "") -> int:
    """Make a series at the end of the list and return its id; `InvalidInput` (title, text)."""
    cleaned, cleaned_text = steps.clean_title(title), steps.clean_long(text, "text")
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        _series_title_is_free(tx, cleaned, 0)
        last = tx.session.scalar(select(func.max(ForumSeries.position))) or 0
        made = ForumSeries(title=cleaned, text=cleaned_text, position=last + 1, created_at=tx.now)
        tx.session.add(made)
        tx.session.flush()
        activity.record(tx, actor, "make_forum_series", "forum_series", made.id)
        return made.id


def change_series(actor: Actor, series_id: int, *, title: str, text: str) -> None:
    """Rename or describe a series; `InvalidInput("title", "taken")`."""
    cleaned, cleaned_text = steps.clean_title(title), steps.clean_long(text, "text")
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        found = tx.lock(ForumSeries, series_id)
        if found is None:
            raise NotFound(kind="forum_series", id=series_id)
        if (found.title, found.text) == (cleaned, cleaned_text):
            return
        _series_title_is_free(tx, cleaned, series_id)
        found.title, found.text = cleaned, cleaned_text
        activity.record(tx, actor, "change_forum_series", "forum_series", series_id)


def order_series(actor: Actor, series_ids: Sequence[int]) -> None:
    """Put the series into this order; `EditConflict` when one was added or the list is another."""
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        found = tx.session.scalars(select(ForumSeries).order_by(ForumSeries.id).with_for_update()).all()
        by_id = {one.id: one for one in found}
        if sorted(by_id) != sorted(series_ids):
            raise EditConflict(subject="forum_series")
        for position, ident in enumerate(series_ids, 1):
            by_id[ident].position = position
        activity.record(tx, actor, "order_forum_series", "forum_series", 0, order=list(series_ids))


def _series_title_is_free(tx: Transaction, title: str, besides: int) -> None:
    if tx.session.scalar(select(ForumSeries.id).where(ForumSeries.title == title, ForumSeries.id != besides)):
        raise InvalidInput("title", "taken")
