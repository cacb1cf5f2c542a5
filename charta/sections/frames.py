# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages around one text share: its frame, the table of contents, whether a change can be proposed.

For views only: it knows the viewer of the request. It stands outside `views` because measures use it too.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import url_for
from flask_babel import gettext as _

from charta.db import utcnow
from charta.permissions import Permission, may, may_propose_on
from charta.sections import words
from charta.sections.models import Section
from charta.sections.queries import Outline, SectionPage
from charta.sections.rules import SectionKind
from charta.web.dates import local
from charta.web.viewer import actor, current_round, policy


@dataclass(frozen=True, slots=True)
class Proposing:
    """Whether the viewer can propose a change to a text now; `why` says why not."""

    allowed: bool
    why: str
    asks_to_sign_in: bool = False

    def __bool__(self) -> bool:
        return self.allowed


def proposing(field_number: int | None) -> Proposing:
    """Return whether the viewer can propose changes to texts of this field (None: of no field)."""
    answer = may(actor(), Permission.PROPOSE, policy=policy())
    if not answer:
        sign_in = actor().id is None
        return Proposing(False, words.why_not(answer.reason, current_round()), sign_in)
    round_ = current_round()
    if round_ is not None:
        is_covered = round_.covers(field_number)
        if not may_propose_on(actor(), is_covered=is_covered, policy=policy()):
            return Proposing(False, words.until_when(round_, field_number))
    return Proposing(True, "")


class Listed(Protocol):
    """What a table of contents lists: a text of the tree, or of an edition."""

    @property
    def id(self) -> int: ...
    @property
    def parent_id(self) -> int | None: ...
    @property
    def number(self) -> str: ...
    @property
    def title(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A section in the table of contents with what stands below it."""

    entry: Listed
    below: tuple["TocEntry", ...]
    is_current: bool
    holds_current: bool


def toc(entries: Sequence[Listed], current_id: int | None = None) -> Sequence[TocEntry]:
    """Nest the sections of the outline; marks the present one and what it stands under."""
    children: dict[int | None, list[Listed]] = {}
    for entry in entries:
        children.setdefault(entry.parent_id, []).append(entry)

    def nested(parent_id: int | None, depth: int) -> Iterator[TocEntry]:
        for entry in children.get(parent_id, []):
            below = tuple(nested(entry.id, depth + 1)) if depth < 4 else ()
            is_current = entry.id == current_id
            holds = is_current or any(item.holds_current for item in below)
            yield TocEntry(entry, below, is_current, holds)

    return tuple(nested(None, 0))


def propose_url(section_id: int, **more: Any) -> str:
    """Return where a change of a section is written."""
    return url_for("proposals.new", section_id=section_id, **more)


def today() -> str:
    """Return the day in Germany: sentences about dates change at midnight."""
    return local(utcnow()).date().isoformat()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page of one section shows around its content."""

    page: SectionPage
    entry: Outline | None  # None for a section that was taken out
    outline: Sequence[Outline]
    toc: Sequence[TocEntry]
    proposing: Proposing
    until_when: str
    measure_id: int | None
    open_proposals: int  # 0 as well where the viewer may not know of them

    @property
    def section(self) -> Section:
        """The section itself."""
        return self.page.section

    @property
    def first_rn(self) -> int | None:
        """The Randnummer of the first paragraph as it stands now."""
        return self.entry.first_rn if self.entry else None

    @property
    def neighbours(self) -> tuple[Outline | None, Outline | None]:
        """The sections before and after this one in reading order."""
        same = [item for item in self.outline if item.kind is self.section.kind]
        at = next((at for at, item in enumerate(same) if item.id == self.section.id), None)
        if at is None:
            return None, None
        return (same[at - 1] if at else None), (same[at + 1] if at + 1 < len(same) else None)


def frame_of(
    page: SectionPage, outline: Sequence[Outline], measure_id: int | None, *, sees_open_proposals: bool
) -> Frame:
    """Put a section that was read into its frame; without an outline there is no table of contents."""
    number = page.field.number if page.field else None
    return Frame(
        page=page,
        entry=next((item for item in outline if item.id == page.section.id), None),
        outline=outline,
        toc=toc([item for item in outline if item.kind is SectionKind.SECTION], page.section.id),
        proposing=proposing(number),
        until_when=words.until_when(current_round(), number),
        measure_id=measure_id,
        open_proposals=page.section.open_proposals if sees_open_proposals else 0,
    )


def tabs(found: Frame, current: str, *, comments: int | None = None) -> list[dict[str, object]]:
    """Return the views of a section: its text, its proposals, what is said about it, how it came about.

    `comments` is how many there are, where the page knows it.
    """
    ident = found.section.id
    text = (
        url_for("measures.show", measure_id=found.measure_id)
        if found.measure_id
        else url_for("sections.show", section_id=ident)
    )
    return [
        {"label": _("Text"), "url": text, "current": current == "text"},
        {
            "label": _("Vorschläge"),
            "url": url_for("sections.section_proposals", section_id=ident),
            "current": current == "proposals",
            "count": found.open_proposals or None,
        },
        {
            "label": _("Diskussion"),
            "url": url_for("comments.of_section", section_id=ident),
            "current": current == "discussion",
            "count": comments or None,
        },
        {
            "label": _("Entstehung"),
            "url": url_for("sections.origin", section_id=ident),
            "current": current == "origin",
            "count": found.section.head_number,
        },
    ]
