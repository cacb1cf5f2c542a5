# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the words of a wording come from, as it is stored, and the sources."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, cast, null, select, union_all

from charta.db import session
from charta.sections.models import Revision, RevisionProvenance, Source


def sources() -> Sequence[Source]:
    """Return all sources by number."""
    return session.scalars(select(Source).order_by(Source.number)).all()


@dataclass(frozen=True, slots=True)
class StoredOrigins:
    """A wording, and where its passages come from: runs (start, end, key of `origins`)."""

    body: str
    content_hash: str
    runs: Sequence[tuple[int, int, str]]
    origins: Mapping[str, Mapping[str, Any]]


# The state to go on from is many times as large, and stays in the database.
_ORIGINS = (
    Revision.id,
    Revision.body,
    Revision.content_hash,
    RevisionProvenance.runs,
    RevisionProvenance.origins,
)


def origins_of(revision_ids: Collection[int]) -> Mapping[int, StoredOrigins]:
    """Return where the words of many wordings come from, by id of the revision (one statement)."""
    rows = session.execute(
        select(*_ORIGINS)
        .outerjoin(RevisionProvenance, RevisionProvenance.revision_id == Revision.id)
        .where(Revision.id.in_(revision_ids))
    )
    return {row.id: _stored(row) for row in rows}


def origins_and_sources(
    revision_ids: Collection[int],
) -> tuple[Mapping[int, StoredOrigins], Sequence[Source]]:
    """Return what `origins_of` and `sources` do, in one statement."""
    wanted = union_all(
        select(Revision.id.label("revision_id"), cast(null(), Integer).label("source_id")).where(
            Revision.id.in_(revision_ids)
        ),
        select(null(), Source.id),
    ).subquery()
    rows = session.execute(
        select(*_ORIGINS, Source)
        .select_from(wanted)
        .outerjoin(Revision, Revision.id == wanted.c.revision_id)
        .outerjoin(RevisionProvenance, RevisionProvenance.revision_id == Revision.id)
        .outerjoin(Source, Source.id == wanted.c.source_id)
        .order_by(Source.number)
    ).all()
    found = {row.id: _stored(row) for row in rows if row.id is not None}
    return found, [row.Source for row in rows if row.Source is not None]


def _stored(row: Any) -> StoredOrigins:
    return StoredOrigins(
        row.body,
        row.content_hash,
        [(start, end, str(key)) for start, end, key in row.runs or []],
        row.origins or {},
    )
