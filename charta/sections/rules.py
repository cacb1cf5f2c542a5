# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kinds, causes, limits, and how sections are ordered and numbered. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from charta.errors import InvalidInput
from charta.text.normalise import single_line

TITLE_MAX = 200
BODY_MAX = 100_000
SUMMARY_MAX = 200
REASON_MAX = 5_000
SOURCE_NAME_MAX = 120
SOURCE_SHORT_MAX = 40

# A place after the last sibling; `None` as `after_id` means before the first one.
LAST = -1


class SectionKind(StrEnum):
    """What a block of text is."""

    SECTION = "section"
    MEASURE = "measure"


class Cause(StrEnum):
    """Why a revision came to be."""

    IMPORT = "import"
    PROPOSAL = "proposal"
    CORRECTION = "correction"


class StructureCause(StrEnum):
    """Why the place of a section changed."""

    IMPORT = "import"
    PROPOSAL = "proposal"


class SourceKind(StrEnum):
    """Where text comes from."""

    APPLICATION = "application"
    FORUM = "forum"
    CONGRESS = "congress"
    PARTNER_TALK = "partner_talk"
    EDITORIAL = "editorial"
    CONTRIBUTION = "contribution"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a living section stands; `field_number` is the shown number of its field of action."""

    id: int
    kind: SectionKind
    parent_id: int | None
    field_id: int | None
    field_number: int | None
    position: int
    number: str = ""

    @property
    def group(self) -> tuple[SectionKind, int | None]:
        """What its position counts in: the children of one parent, or the measures of one field."""
        if self.kind is SectionKind.MEASURE:
            return self.kind, self.field_id
        return self.kind, self.parent_id


def in_reading_order(places: Iterable[Place]) -> Iterator[tuple[Place, int, str]]:
    """Yield (place, depth, number) of every section, depth first; then the measures, field by field.

    Numbers: the root of a field carries the number of the field ("3"), other roots letters ("A"), children
    count below ("3.1", "A.2"). An introduction, the first root when it belongs to no field, has no number,
    neither have its children. Measures count per field of action ("3.1") or, without a field, as "M1".
    """
    children: dict[tuple[SectionKind, int | None], list[Place]] = {}
    for place in places:
        children.setdefault(place.group, []).append(place)
    for siblings in children.values():
        siblings.sort(key=lambda place: (place.position, place.id))
    # A stack, not recursion: how deep people nest their sections is not ours to trust.
    stack: list[tuple[Place, int, str]] = []

    def push(siblings: list[Place], depth: int, numbers: list[str]) -> None:
        stack.extend(
            reversed([(place, depth, number) for place, number in zip(siblings, numbers, strict=True)])
        )

    roots = children.get((SectionKind.SECTION, None), [])
    push(roots, 0, list(_root_numbers(roots)))
    while stack:
        place, depth, number = stack.pop()
        yield place, depth, number
        below = children.get((SectionKind.SECTION, place.id), [])
        push(below, depth + 1, [f"{number}.{n}" if number else "" for n in range(1, len(below) + 1)])
    fields = [(key[1], group) for key, group in children.items() if key[0] is SectionKind.MEASURE]
    for _field, group in sorted(fields, key=lambda item: item[1][0].field_number or 10_000):
        for n, place in enumerate(group, 1):
            yield place, 0, f"{place.field_number}.{n}" if place.field_number else f"M{n}"


def _root_numbers(roots: list[Place]) -> Iterator[str]:
    letters = 0
    for at, place in enumerate(roots):
        if place.field_number is not None:
            yield str(place.field_number)
        elif at == 0:
            yield ""
        else:
            yield _letters(letters)
            letters += 1


def _letters(index: int) -> str:
    """Return A to Z, then AA, AB, like the columns of a table."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def is_below(places: Mapping[int, Place], section_id: int, ancestor_id: int) -> bool:
    """Whether a section is `ancestor_id` itself or stands somewhere below it."""
    at: int | None = section_id
    while at is not None:
        if at == ancestor_id:
            return True
        at = places[at].parent_id if at in places else None
    return False


def clean_line(raw: str, field: str, limit: int, *, required: bool = True) -> str:
    """Return a title, summary or name as one normalised line.

    Raises `InvalidInput` (required; too_long with limit and length in code points; forbidden_character).
    """
    line = single_line(raw, field)
    if required and not line:
        raise InvalidInput(field, "required")
    check_length(line, field, limit)
    return line


def check_length(text: str, field: str, limit: int) -> None:
    """Raise `InvalidInput(field, "too_long")` when a text has more code points than `limit`."""
    if len(text) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(text))
