# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Two editions, or an edition and the working draft, text by text; word by word only what a page shows.

Nothing here writes: what the shared cache of comparisons lacks is computed and kept in the memory of the
process.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import and_, select, tuple_
from sqlalchemy.orm import aliased

from charta.activity.models import LogHead
from charta.db import session
from charta.editions.differences import Difference, differences
from charta.editions.models import Edition
from charta.editions.queries.document import document
from charta.editions.queries.one_edition import entries_of
from charta.editions.queries.rows import ROW, EditionRow, row_of, visible_states
from charta.permissions import Actor, Policy
from charta.sections import texts
from charta.sections.models import ComparisonCache, Revision
from charta.text import diff
from charta.text.diff import Comparison

_found: texts.Memo[tuple[Difference, ...]] = texts.Memo(32)
_LOG = select(LogHead.seq).scalar_subquery()
_old, _new = aliased(Revision), aliased(Revision)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: an edition as composed by its version, or the draft at a head of the log."""

    edition_id: int | None  # None: the working draft
    version: int


def known(viewer: Actor, policy: Policy) -> tuple[Mapping[str, EditionRow], int]:
    """Return the editions the viewer may read by name, and the head of the log (one statement).

    Every deed moves the log, so it stands for the version of the draft with the facts of its measures.
    """
    rows = session.execute(
        ROW.add_columns(_LOG.label("log")).where(Edition.state.in_(visible_states(viewer, policy)))
    ).all()
    return {row.name: row_of(row) for row in rows}, rows[0].log if rows else 0


def compared(old: Side, new: Side) -> Sequence[Difference]:
    """Return what became of every text, in the order of `new` (one statement, with the draft three).

    The process keeps it by the versions of both sides: asked again it costs no statement. Of a renamed text
    only `words_of` tells whether its words are the same.
    """
    key = (repr(session.get_bind()), old, new)
    found = _found.get(key)
    if found is None:
        frozen = entries_of([side.edition_id for side in (old, new) if side.edition_id is not None])
        before, after = (
            document() if side.edition_id is None else frozen.get(side.edition_id, ()) for side in (old, new)
        )
        found = _found.keep(key, tuple(differences(before, after)))
    return found


def words_of(
    found: Sequence[Difference], shown: Collection[int]
) -> tuple[Sequence[Difference], Mapping[int, Comparison]]:
    """Return all differences with what is known of renamed texts, and how the words of the `shown` changed.

    `shown` are sections. A new text is compared with nothing, one that is gone leads to nothing. One
    statement at most, whatever their number; none when the process has them all.
    """
    comparisons: dict[int, Comparison] = {}
    missing: list[Difference] = []
    for one in found:
        if one.here.section_id in shown:
            kept = texts.compared_in_memory(*_hashes(one))
            if kept is not None:
                comparisons[one.here.section_id] = kept
            else:
                missing.append(one)
    pairs = {_pair(one) for one in missing} | {_pair(one) for one in found if one.is_renamed}
    read = _read(pairs)
    for one in missing:
        old_body, new_body, stored = read[_pair(one)]
        old_hash, new_hash = _hashes(one)
        comparisons[one.here.section_id] = (
            texts.keep_compared(old_hash, new_hash, Comparison.from_dict(stored))
            if stored is not None
            else texts.compared(old_hash, old_body if one.old else "", new_hash, new_body if one.new else "")
        )
    same = {pair for pair, (old_body, new_body, _stored) in read.items() if old_body == new_body}
    return [replace(one, has_new_words=False) if _pair(one) in same else one for one in found], comparisons


def _hashes(one: Difference) -> tuple[str, str]:
    return one.old.content_hash if one.old else "", one.new.content_hash if one.new else ""


def _pair(one: Difference) -> tuple[int, int]:
    """Return both revisions; for a text on one side only the same twice: one statement reads them all."""
    return (one.old or one.here).revision_id, (one.new or one.here).revision_id


def _read(
    pairs: Collection[tuple[int, int]],
) -> dict[tuple[int, int], tuple[str, str, dict[str, Any] | None]]:
    """Return bodies and stored comparisons by pairs of revisions (one statement, none for none)."""
    if not pairs:
        return {}
    rows = session.execute(
        select(_old.id, _new.id, _old.body, _new.body, ComparisonCache.comparison)
        .join(_new, _new.section_id == _old.section_id)
        .outerjoin(
            ComparisonCache,
            and_(
                _old.id != _new.id,
                ComparisonCache.old_hash == _old.content_hash,
                ComparisonCache.new_hash == _new.content_hash,
                ComparisonCache.algorithm_version == diff.ALGORITHM_VERSION,
            ),
        )
        .where(tuple_(_old.id, _new.id).in_(sorted(pairs)))
    )
    return {(row[0], row[1]): (row[2], row[3], row[4]) for row in rows}
