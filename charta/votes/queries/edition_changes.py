# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an edition that is voted on changes against the one that was in force."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from charta.db import session, utcnow
from charta.editions.differences import Difference, Totals, totals
from charta.editions.models import Edition
from charta.editions.queries import comparing
from charta.editions.queries.comparing import Side
from charta.editions.rules import EditionState
from charta.sections.rules import SectionKind
from charta.sections.texts import Memo
from charta.text.diff import Comparison

_against: Memo["Against"] = Memo(32)
_other = aliased(Edition)


@dataclass(frozen=True, slots=True)
class Against:
    """What changes against the edition `previous_name`; "" where there was none before."""

    previous_name: str
    found: Sequence[Difference]
    totals: Sequence[tuple[SectionKind, Totals]]


def against(edition_id: int, content_hash: str, opened_at: datetime | None) -> Against | None:
    """Return what a composition changes against the edition in force when its ballot was opened (None: now).

    None when the edition was composed anew since. Three statements at most, none when the process knows this
    ballot: what was in force then does not change.
    """
    key = (repr(session.get_bind()), edition_id, content_hash, opened_at)
    known = _against.get(key) if opened_at is not None else None
    if known is not None:
        return known
    row = _with_the_one_before(edition_id, opened_at or utcnow())
    if row is None or row.content_hash != content_hash:
        return None
    if row.previous_id is None:
        return _against.keep(key, Against("", (), ()))
    # What is published has one version only.
    found = comparing.compared(Side(row.previous_id, 0), Side(edition_id, row.version))
    told, _comparisons = comparing.words_of(found, ())
    counted = [(kind, totals(told, kind)) for kind in SectionKind]
    return _against.keep(key, Against(row.previous_name, told, counted))


def _with_the_one_before(edition_id: int, at: datetime) -> Any:
    before = aliased(Edition)
    newest = (
        select(_other.id)
        .where(_other.state == EditionState.PUBLISHED, _other.published_at <= at, _other.id != edition_id)
        .order_by(_other.published_at.desc(), _other.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    return session.execute(
        select(
            Edition.content_hash,
            Edition.version,
            before.id.label("previous_id"),
            before.name.label("previous_name"),
        )
        .outerjoin(before, before.id == newest)
        .where(Edition.id == edition_id)
    ).one_or_none()


def comparisons(found: Against) -> Mapping[int, Comparison]:
    """Return how the words of every text changed that did, by section (one statement at most)."""
    changed = {one.here.section_id for one in found.found if one.is_new or one.is_gone or one.has_new_words}
    return comparing.words_of(found.found, changed)[1] if changed else {}
