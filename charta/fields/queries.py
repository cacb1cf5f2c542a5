# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading fields of action."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from charta.db import session
from charta.fields.models import FieldOfAction


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
