# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The canonical text of an edition: what is voted on, hashed and can be checked by everybody. Pure.

It is one text of lines. Bodies are canonical Markdown, whose headings begin at the third level: lines that
begin with one or two number signs are ours, so no body can pretend to be a heading or a fact. The words in it
are German and never translated: an edition has the same text and the same checksum in every language.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charta.editions.differences import Passage
from charta.sections.rules import SectionKind
from charta.text import hashing


@dataclass(frozen=True, slots=True)
class Entry(Passage):
    """One text in its place, as an edition freezes it or as the working draft has it now."""

    field_id: int | None = None
    paragraph_count: int = 0

    @property
    def id(self) -> int:
        """The section, as tables of contents and headings name it."""
        return self.section_id

    @property
    def last_rn(self) -> int:
        """The Randnummer of the last paragraph; below `first_rn` when there is none."""
        return self.first_rn + self.paragraph_count - 1


def whole_text(entries: Sequence[Entry], bodies: Mapping[int, str]) -> str:
    """Return the whole text: headings with numbers, bodies (by revision id), facts of measures as lines.

    It changes with any word, number, name of a field or fact; not with ids.
    """
    return "\n".join(line for entry in entries for line in _lines(entry, bodies[entry.revision_id])) + "\n"


def content_hash(title: str, whole: str) -> str:
    """Return the checksum of an edition: of its title and its whole text."""
    return hashing.content_hash(title, whole)


def _lines(entry: Entry, body: str) -> Iterator[str]:
    is_measure = entry.kind is SectionKind.MEASURE
    # Texts without a number (an introduction and what stands below it) show their depth by dashes.
    number = entry.number or "–" * (entry.depth + 1)
    yield f"# {'Maßnahme ' if is_measure else ''}{number} {entry.title}"
    yield ""
    if entry.field_number is not None and not entry.depth:
        yield f"## Handlungsfeld {entry.field_number}: {entry.field_name}"
        yield ""
    if body:
        yield body
    if is_measure:
        yield "## Angaben zur Maßnahme"
        yield ""
        yield from _fact_lines(entry.facts or {})
        yield ""


def _fact_lines(facts: Mapping[str, Any]) -> Iterator[str]:
    yield f"- Verantwortlich: {facts.get('responsible') or '–'}"
    yield from (f"- Beteiligt: {name}" for name in facts.get("participants", ()))
    yield f"- Beginn: {facts.get('starts_on') or '–'}"
    yield f"- Ende: {facts.get('ends_on') or '–'}"
    for one in facts.get("indicators", ()):
        yield f"- Kennzahl: {one['name']}"
        yield f"  - Einheit: {one['unit'] or '–'}"
        yield f"  - Ausgangswert: {one['baseline'] or '–'}"
        yield f"  - Ziel: {one['target'] or '–'}"
