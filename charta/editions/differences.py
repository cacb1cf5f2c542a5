# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened to each text between two editions: new, gone, moved, renamed, changed. Pure.

Whether the wording of one text changed follows from its hash; word by word it is compared by the text engine.
"""

from bisect import bisect_left
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charta.sections.rules import SectionKind


@dataclass(frozen=True, slots=True)
class Passage:
    """One text in its place in an edition, or in the working draft; `facts` as in `EditionEntry`."""

    section_id: int
    kind: SectionKind
    number: str
    title: str
    depth: int
    parent_id: int | None
    field_number: int | None
    field_name: str
    first_rn: int
    revision_id: int
    content_hash: str
    facts: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What became of one text; `old` is None for a new one, `new` for one that is gone.

    `has_new_words` tells of the body: a text that only got another title has the same words. A text that
    only carries another number, because others came or went before it, has not moved.
    """

    old: Passage | None
    new: Passage | None
    is_moved: bool = False
    has_new_words: bool = False

    @property
    def here(self) -> Passage:
        """The text where it stands, or where it stood last."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def is_new(self) -> bool:
        """Whether the text came in."""
        return self.old is None

    @property
    def is_gone(self) -> bool:
        """Whether the text was taken out."""
        return self.new is None

    @property
    def is_renamed(self) -> bool:
        """Whether it has another title."""
        return self.old is not None and self.new is not None and self.old.title != self.new.title

    @property
    def is_renumbered(self) -> bool:
        """Whether it carries another number."""
        return self.old is not None and self.new is not None and self.old.number != self.new.number

    @property
    def has_other_facts(self) -> bool:
        """Whether it is a measure of which more than the wording changed."""
        return (
            self.old is not None and self.new is not None and (self.old.facts or {}) != (self.new.facts or {})
        )

    @property
    def is_unchanged(self) -> bool:
        """Whether nothing happened to it that a reader would look for."""
        return not (
            self.is_new
            or self.is_gone
            or self.is_moved
            or self.is_renamed
            or self.has_new_words
            or self.has_other_facts
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """How many texts of one kind met which fate; one text may count several times, except as unchanged."""

    changed: int = 0
    new: int = 0
    gone: int = 0
    moved: int = 0
    renamed: int = 0
    other_facts: int = 0
    unchanged: int = 0


def differences(old: Sequence[Passage], new: Sequence[Passage]) -> list[Difference]:
    """Return what became of every text, in the order of `new`; what is gone stands where it stood."""
    before = {one.section_id: one for one in old}
    after = {one.section_id for one in new}
    moved = _moved(old, new)
    found = []
    for one in new:
        was = before.get(one.section_id)
        # The hash covers the title too: of a renamed text this is only a guess.
        has_new_words = was is not None and was.content_hash != one.content_hash
        found.append(Difference(was, one, one.section_id in moved, has_new_words))
    for place, one in enumerate(old):
        if one.section_id not in after:
            found.insert(_after(found, old[:place], moved), Difference(one, None))
    return found


def totals(found: Sequence[Difference], kind: SectionKind) -> Totals:
    """Count the fates of the texts of one kind."""
    meant = [one for one in found if one.here.kind is kind]
    return Totals(
        changed=sum(one.has_new_words for one in meant),
        new=sum(one.is_new for one in meant),
        gone=sum(one.is_gone for one in meant),
        moved=sum(one.is_moved for one in meant),
        renamed=sum(one.is_renamed for one in meant),
        other_facts=sum(one.has_other_facts for one in meant),
        unchanged=sum(one.is_unchanged for one in meant),
    )


def _after(found: Sequence[Difference], before: Sequence[Passage], moved: Collection[int]) -> int:
    """Return where a text belongs that stood behind `before`: after the last of them that stayed."""
    places = {one.here.section_id: place for place, one in enumerate(found)}
    return next(
        (
            places[one.section_id] + 1
            for one in reversed(before)
            if one.section_id in places and one.section_id not in moved
        ),
        0,
    )


def _moved(old: Sequence[Passage], new: Sequence[Passage]) -> set[int]:
    """Return the texts that stand below another one, in another field, or in another order than before."""
    before = {one.section_id: one for one in old}
    place = {one.section_id: at for at, one in enumerate(old)}
    moved: set[int] = set()
    siblings: dict[Hashable, list[int]] = {}
    for one in new:
        was = before.get(one.section_id)
        if was is None:
            continue
        # A field may be renamed, or all fields numbered anew: its texts have not moved by that.
        is_same_field = one.field_name == was.field_name or one.field_number == was.field_number
        if one.parent_id != was.parent_id or not is_same_field:
            moved.add(one.section_id)
        else:
            siblings.setdefault((one.kind, one.parent_id, one.field_number), []).append(one.section_id)
    for group in siblings.values():
        stayed = _longest_rise([place[section_id] for section_id in group])
        moved |= {section_id for section_id in group if place[section_id] not in stayed}
    return moved


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Return the most places that stand in rising order: the others moved around them.

    >>> sorted(_longest_rise([0, 3, 1, 2]))
    [0, 1, 2]
    """
    ends: list[int] = []  # the smallest last place of a rise of each length
    behind: dict[int, int | None] = {}
    for at in places:
        length = bisect_left(ends, at)
        behind[at] = ends[length - 1] if length else None
        ends[length : length + 1] = [at]
    found: set[int] = set()
    last = ends[-1] if ends else None
    while last is not None:
        found.add(last)
        last = behind[last]
    return found
