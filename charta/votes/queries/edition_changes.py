# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an edition that is voted on changes against the one in force when it was composed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charta.db import session
from charta.editions import queries as editions
from charta.editions.differences import Difference, Totals, totals
from charta.editions.queries import comparing
from charta.editions.queries.comparing import Side
from charta.sections.rules import SectionKind
from charta.sections.texts import Memo
from charta.text.diff import Comparison

_against: Memo["Against"] = Memo(32)


@dataclass(frozen=True, slots=True)
class Against:
    """What changes against the edition `previous_name`; "" where there was none before."""

    previous_name: str
    found: Sequence[Difference]
    totals: Sequence[tuple[SectionKind, Totals]]


def against(edition_id: int, content_hash: str) -> Against | None:
    """Return what a composition changes; None when the edition was composed anew since.

    Three statements at most, none when the process knows this composition.
    """
    key = (repr(session.get_bind()), edition_id, content_hash)
    known = _against.get(key)
    if known is not None:
        return known
    row = editions.by_id(edition_id)
    if row is None or row.content_hash != content_hash:
        return None
    if row.previous_id is None:
        return _against.keep(key, Against("", (), ()))
    # What is published has one version only.
    found = comparing.compared(Side(row.previous_id, 0), Side(row.id, row.version))
    told, _comparisons = comparing.words_of(found, ())
    counted = [(kind, totals(told, kind)) for kind in SectionKind]
    return _against.keep(key, Against(row.previous_name, told, counted))


def comparisons(found: Against) -> Mapping[int, Comparison]:
    """Return how the words of every text changed that did, by section (one statement at most)."""
    changed = {one.here.section_id for one in found.found if one.is_new or one.is_gone or one.has_new_words}
    return comparing.words_of(found.found, changed)[1] if changed else {}
