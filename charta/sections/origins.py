# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the words of a text come from, as pages show it: marks, shares of sources, stories of passages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask_babel import gettext as _

from charta.permissions import Actor
from charta.sections import marking, queries, texts
from charta.sections.models import Source
from charta.sections.queries import HistoryEntry, StoredOrigins
from charta.sections.texts import RenderedParagraph
from charta.text import render

_EXCERPT = 70

# The heavy half of marking a text; what depends on the filter and the language is done for each page.
_signed: texts.Memo[tuple[str, ...]] = texts.Memo(512)


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
    """Where some words of a paragraph come from: how they begin, their sources, the wording they came with.

    `entry` is that wording, None where it is not known.
    """

    excerpt: str
    percent: int
    sources: tuple[Source, ...]
    proposal_id: int | None
    entry: HistoryEntry | None


@dataclass(frozen=True)
class Provenance:
    """The passages of a wording, ready to be shown: what each origin means."""

    stored: StoredOrigins
    sources: Sequence[Source]

    @cached_property
    def _by_id(self) -> Mapping[int, Source]:
        return {source.id: source for source in self.sources}

    def sources_of(self, origin: str) -> tuple[Source, ...]:
        """Return the sources of an origin, none for words without."""
        idents = self.stored.origins.get(origin, {}).get("source_ids", [])
        known = [self._by_id.get(ident) for ident in idents]
        return tuple(source for source in known if source is not None)

    def mark_of(self, origin: str, shown: Collection[int]) -> marking.Mark | None:
        """Return how the words of an origin are marked; several sources are marked as the first."""
        sources = self.sources_of(origin)
        if not sources or (shown and not any(source.number in shown for source in sources)):
            return None
        names = _(" und ").join(f"{source.number}: {source.name}" for source in sources)
        return marking.Mark(sources[0].number, _("Quelle %(names)s", names=names))

    def blocks(
        self, shown: Collection[int], original: Sequence[RenderedParagraph]
    ) -> Sequence[RenderedParagraph]:
        """Return the HTML of the text with its passages marked; `shown` are sources, none for all."""
        return marking.painted(
            original, self._signed(), self.stored.runs, lambda origin: self.mark_of(origin, shown)
        )

    def passages(self, proposal_ids: Collection[int], spoken: str) -> Sequence[RenderedParagraph]:
        """Return the blocks that hold words which these proposals brought, with those words highlighted.

        Empty when none of their words are left. `spoken` is said after each passage.
        """
        stored = self.stored
        own = {key for key, origin in stored.origins.items() if origin.get("proposal_id") in proposal_ids}
        spans = [(start, end) for start, end, key in stored.runs if key in own]
        if not spans:
            return []
        mark = marking.Mark(0, spoken)
        blocks = texts.rendered(stored.content_hash, stored.body)
        held = {
            at
            for at, block in enumerate(blocks)
            if any(stored.body[max(block.start, a) : min(block.end, b)].strip() for a, b in spans)
        }
        painted = marking.painted(
            blocks, self._signed(), stored.runs, lambda origin: mark if origin in own else None
        )
        return [block for at, block in enumerate(painted) if at in held]

    def _signed(self) -> tuple[str, ...]:
        """Return the HTML with the signs of the runs, kept by the process."""
        stored = self.stored
        key = (stored.content_hash, render.RENDERER_VERSION, tuple(stored.runs))
        found = _signed.get(key)
        if found is None:
            prefix = texts.prefix_of(stored.content_hash)
            found = _signed.keep(key, marking.signed(stored.body, stored.runs, prefix=prefix))
        return found

    def characters(self, start: int = 0, end: int | None = None) -> Mapping[int, int]:
        """Return how many characters of body[start:end] come from each source, by its number; 0 from none."""
        counts: dict[int, int] = {}
        for origin, count in marking.shares(self.stored.body, self.stored.runs, start, end).items():
            sources = self.sources_of(origin)
            number = sources[0].number if sources else 0
            counts[number] = counts.get(number, 0) + count
        return counts

    def shares(
        self, start: int = 0, end: int | None = None, shown: Collection[int] = ()
    ) -> list[SourceShare]:
        """Return the parts of the sources in body[start:end], by number; words without a source last."""
        return shares_of([self.characters(start, end)], self.sources, shown)

    def paragraph_shares(self, blocks: Sequence[RenderedParagraph], index: int) -> list[SourceShare]:
        """Return the parts of the sources in the paragraph with this index; nothing when there is none."""
        block = next((one for one in blocks if one.index == index >= 0), None)
        return self.shares(block.start, block.end) if block else []

    def stories(self, viewer: Actor, start: int, end: int, *more: Any) -> list[Story]:
        """Return where the words of body[start:end] come from, the oldest first (one statement).

        `more`: columns about the wordings they came with; their values stand in `entry.more`.
        """
        stored = self.stored
        counts = marking.shares(stored.body, stored.runs, start, end)
        percents = marking.percentages(counts.values())
        brought_by = {origin: stored.origins.get(origin, {}).get("revision_id") for origin in counts}
        entries = queries.history_of(viewer, [ident for ident in brought_by.values() if ident], *more)
        stories = [
            Story(
                excerpt=self._excerpt(origin, start, end),
                percent=percent,
                sources=self.sources_of(origin),
                proposal_id=stored.origins.get(origin, {}).get("proposal_id"),
                entry=entries.get(brought_by[origin] or 0),
            )
            for origin, percent in zip(counts, percents, strict=True)
        ]
        return sorted(stories, key=lambda one: (one.entry.number if one.entry else 0, -one.percent))

    def _excerpt(self, origin: str, start: int, end: int) -> str:
        """Return the beginning of the longest passage of an origin, as plain words."""
        own = [(max(a, start), min(b, end)) for a, b, key in self.stored.runs if key == origin]
        first, last = max(own, key=lambda span: span[1] - span[0])
        words = " ".join(render.to_plain(self.stored.body[first:last]).split()).lstrip(" ,;.:!?)–-")
        if len(words) <= _EXCERPT:
            return words
        cut = words[:_EXCERPT].rpartition(" ")[0] or words[:_EXCERPT]
        return f"{cut} …"


def shares_of(
    counts: Iterable[Mapping[int, int]], sources: Sequence[Source], shown: Collection[int] = ()
) -> list[SourceShare]:
    """Return the parts of the sources in texts together, from the `characters` of each."""
    total: dict[int, int] = {}
    for one in counts:
        for number, count in one.items():
            total[number] = total.get(number, 0) + count
    by_number = {source.number: source for source in sources}
    order = sorted(total, key=lambda number: (number == 0, number))
    percents = marking.percentages([total[number] for number in order])
    return [
        SourceShare(
            number=number,
            name=by_number[number].short if number else _("ohne Quellenangabe"),
            dated_on=by_number[number].dated_on if number else None,
            characters=total[number],
            percent=percent,
            is_shown=not shown or number in shown,
        )
        for number, percent in zip(order, percents, strict=True)
    ]


def provenances(head_ids: Collection[int]) -> Mapping[int, Provenance]:
    """Read where the words of many wordings come from, by id of the revision, in one statement."""
    found, sources = queries.origins_and_sources(head_ids)
    return {ident: Provenance(stored, sources) for ident, stored in found.items()}


def provenance(head_id: int) -> Provenance:
    """Read where the words of one wording come from, in one statement."""
    return provenances([head_id])[head_id]
