# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading fields of action."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from charta.db import session
from charta.fields.models import FieldOfAction
from charta.notifications.subscriptions import watch_state
from charta.permissions import Actor


def fields() -> Sequence[FieldOfAction]:
    """Return the fields of action in their order, each with its lead organisation (one statement)."""
    return session.scalars(
        select(FieldOfAction)
        .options(joinedload(FieldOfAction.lead_organisation))
        .order_by(FieldOfAction.number)
    ).all()


def field(field_id: int) -> FieldOfAction | None:
    """Return a field of action, or None."""
    return session.get(FieldOfAction, field_id)


def field_by_slug(slug: str) -> FieldOfAction | None:
    """Return the field of an address with its lead organisation, or None."""
    return session.scalar(
        select(FieldOfAction)
        .options(joinedload(FieldOfAction.lead_organisation))
        .where(FieldOfAction.slug == slug)
    )


def field_for(viewer: Actor, slug: str) -> tuple[FieldOfAction, str | None] | None:
    """Return the field of an address and how the viewer watches it, or None (one statement)."""
    row = session.execute(
        select(FieldOfAction, watch_state(viewer.id, "field", FieldOfAction.id))
        .options(joinedload(FieldOfAction.lead_organisation))
        .where(FieldOfAction.slug == slug)
    ).one_or_none()
    return None if row is None else (row[0], row[1])
