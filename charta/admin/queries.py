# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the overview and the log of the administration read."""

from collections.abc import Sequence

from sqlalchemy import select, text

from charta.accounts.models import Person
from charta.activity.models import ActivityEntry
from charta.activity.queries import PAGE_SIZE
from charta.db import session


def log_page(
    *, before_seq: int | None = None, kind: str | None = None, person: str = ""
) -> Sequence[tuple[ActivityEntry, str | None]]:
    """Return up to `PAGE_SIZE` + 1 entries, newest first, with the name of who acted (one statement).

    `kind` is a kind of subject; `person` a part of the name of who acted.
    """
    statement = (
        select(ActivityEntry, Person.name)
        .outerjoin(Person, Person.id == ActivityEntry.actor_id)
        .order_by(ActivityEntry.seq.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before_seq is not None:
        statement = statement.where(ActivityEntry.seq < before_seq)
    if kind:
        statement = statement.where(ActivityEntry.subject_kind == kind)
    if person:
        statement = statement.where(Person.name.icontains(person, autoescape=True))
    return [(row[0], row[1]) for row in session.execute(statement)]


def migration() -> str:
    """Return the migration the database stands at."""
    return session.scalar(text("SELECT version_num FROM alembic_version")) or ""
