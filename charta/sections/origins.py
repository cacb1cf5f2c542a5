# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the words of a text come from, as pages show it: marks, shares of sources, stories of passages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from charta.sections import marking, queries
from charta.sections.models import Revision, Source


@dataclass(frozen=True, slots=True)
class SourceShare:
    """A source with its part of a text; `number` is 0 for words without a source."""

    number: int
    name: str
    dated_on: date | None
    characters: int
    percent: int
    is_shown: bool = True


@dataclass(frozen=True, slots=True)
class Story:
    """Where some words of a paragraph come from: their sources, proposal and revision."""

    sources: tuple[Source, ...]
    proposal_id: int | None
    revision: queries.RevisionStub | None
    percent: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """The runs of a head, ready to be shown: what each origin means."""

    body: str
    runs: Sequence[marking.Run]
    origins: Mapping[str, Mapping[str, Any]]
    sources: Mapping[int, Source]

    def sources_of(self, origin: str) -> tuple[Source, ...]:
        """Return the sources of an origin, none for words without."""
        known = [self.sources.get(ident) for ident in self.origins.get(origin, {}).get("source_ids", [])]
        return tuple(source for source in known if source is not None)

    def mark_of(self, origin: str, shown: Collection[int]) -> marking.Mark | None:
        """Return how the words of an origin are marked; several sources are marked as the first."""
        sources = self.sources_of(origin)
        if not sources or (shown and not any(source.number in shown for source in sources)):
            return None
        names = _(" und ").join(f"{source.number}: {source.name}" for source in sources)
        return marking.Mark(sources[0].number, _("Quelle %(names)s", names=names))

    def shares(
        self, start: int = 0, end: int | None = None, shown: Collection[int] = ()
    ) -> list[SourceShare]:
        """Return the parts of the sources in body[start:end], by number; words without a source last."""
        counts: dict[int, int] = {}
        for origin, count in marking.shares(self.body, self.runs, start, end).items():
            sources = self.sources_of(origin)
            number = sources[0].number if sources else 0
            counts[number] = counts.get(number, 0) + count
        by_number = {source.number: source for source in self.sources.values()}
        order = sorted(counts, key=lambda number: (number == 0, number))
        percents = marking.percentages([counts[number] for number in order])
        return [
            SourceShare(
                number=number,
                name=by_number[number].short if number else _("ohne Quellenangabe"),
                dated_on=by_number[number].dated_on if number else None,
                characters=counts[number],
                percent=percent,
                is_shown=not shown or number in shown,
            )
            for number, percent in zip(order, percents, strict=True)
        ]

    def stories(self, start: int, end: int) -> list[Story]:
        """Return where the words of body[start:end] come from, the largest part first."""
        counts = marking.shares(self.body, self.runs, start, end)
        order = sorted(counts, key=lambda origin: -counts[origin])
        percents = marking.percentages([counts[origin] for origin in order])
        meanings = [self.origins.get(origin, {}) for origin in order]
        stubs = queries.revision_stubs([ident for one in meanings if (ident := one.get("revision_id"))])
        return [
            Story(
                sources=self.sources_of(origin),
                proposal_id=meaning.get("proposal_id"),
                revision=stubs.get(meaning.get("revision_id", 0)),
                percent=percent,
            )
            for origin, meaning, percent in zip(order, meanings, percents, strict=True)
        ]


def provenance(head: Revision) -> Provenance:
    """Read where the words of a head come from, in two statements."""
    stored = queries.provenance_of(head.id)
    runs = [(start, end, str(key)) for start, end, key in stored.runs] if stored is not None else []
    return Provenance(
        head.body,
        runs,
        stored.origins if stored is not None else {},
        {source.id: source for source in queries.sources()},
    )
