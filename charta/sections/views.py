# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading: the whole Charta, a section, its history and comparisons."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import NotFound
from charta.measures import queries as measures
from charta.permissions import Permission, Role, may
from charta.proposals import queries as proposals
from charta.sections import queries, words
from charta.sections.models import Section
from charta.sections.queries import Outline, SectionPage
from charta.sections.rules import SectionKind
from charta.text.diff import BlockKind, Comparison, word_diff
from charta.web.access import access
from charta.web.dates import local
from charta.web.headers import etag, not_modified, tagged
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor, current_round, policy, site_settings

blueprint = Blueprint("sections", __name__)


# ---------------------------------------------------------------------------------------- shared by the pages


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
    if actor().role is not Role.MODERATOR and round_ is not None and not round_.covers(field_number):
        return Proposing(False, words.until_when(round_, field_number))
    return Proposing(True, "")


@dataclass(frozen=True, slots=True)
class TocEntry:
    """A section in the table of contents with what stands below it."""

    entry: Outline
    below: tuple["TocEntry", ...]
    is_current: bool
    holds_current: bool


def toc(entries: Sequence[Outline], current_id: int | None = None) -> Sequence[TocEntry]:
    """Nest the sections of the outline; marks the present one and what it stands under."""
    children: dict[int | None, list[Outline]] = {}
    for entry in entries:
        children.setdefault(entry.parent_id, []).append(entry)

    def nested(parent_id: int | None, depth: int) -> Iterator[TocEntry]:
        for entry in children.get(parent_id, []):
            below = tuple(nested(entry.id, depth + 1)) if depth < 4 else ()
            is_current = entry.id == current_id
            holds = is_current or any(item.holds_current for item in below)
            yield TocEntry(entry, below, is_current, holds)

    return tuple(nested(None, 0))


def propose_url(section_id: int, **more: Any) -> str | None:
    """Return where a change of a section is written."""
    if "proposals.new" not in current_app.view_functions:
        return None
    return url_for("proposals.new", section_id=section_id, **more)


def today() -> str:
    """Return the day in Germany: sentences about dates change at midnight."""
    return local(utcnow()).date().isoformat()


# ------------------------------------------------------------------------------------------- the whole Charta


@blueprint.get("/charta")
@access(Permission.READ_DRAFT)
def charta() -> ResponseReturnValue:
    """Show the working draft as one text; `rn` opens the panel of a paragraph."""
    rn = key_argument("rn")
    tag = etag("charta", queries.version(), site_settings(), current_round(), actor(), today(), rn)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    entries = queries.tree(with_measures=True)
    sections = [entry for entry in entries if entry.kind is SectionKind.SECTION]
    by_field: dict[int, list[Outline]] = {}
    for entry in entries:
        if entry.kind is SectionKind.MEASURE and entry.field_id is not None:
            by_field.setdefault(entry.field_id, []).append(entry)
    numbers = {entry.field_number for entry in sections}
    html = render_template(
        "sections/charta.html",
        sections=sections,
        toc=toc(sections),
        texts=queries.rendered_heads(sections),
        measures_after={
            last: by_field[field_id]
            for field_id, last in _last_of_field(sections).items()
            if field_id in by_field
        },
        proposing={number: proposing(number) for number in numbers},
        propose_url=propose_url,
        until_when=words.until_when(current_round(), None, whole=True),
        open_rn=rn,
        open_proposals=sum(entry.open_proposals for entry in sections),
    )
    return tagged(html, tag)


def _last_of_field(sections: Sequence[Outline]) -> dict[int, int]:
    """Return the last section of each field, by field: the field's measures are listed after it."""
    return {entry.field_id: entry.id for entry in sections if entry.field_id is not None}


# -------------------------------------------------------------------------------------------------- a section


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


def frame(section_id: int) -> Frame:
    """Read a section with what stands around it, in two or three statements; raises `NotFound`."""
    page = queries.section_page(section_id)
    if page is None:
        raise NotFound(kind="section", id=section_id)
    is_measure = page.section.kind is SectionKind.MEASURE
    measure_id = measures.id_of_section(section_id) if is_measure else None
    return frame_of(page, queries.tree(with_measures=is_measure), measure_id)


def frame_of(page: SectionPage, outline: Sequence[Outline], measure_id: int | None) -> Frame:
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
    )


def tabs(found: Frame, current: str) -> list[dict[str, object]]:
    """Return the views of a section: its text, its proposals, how it came about."""
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
            "count": found.section.open_proposals or None,
        },
        {
            "label": _("Entstehung"),
            "url": url_for("sections.origin", section_id=ident),
            "current": current == "origin",
            "count": found.section.head_number,
        },
    ]


@blueprint.get("/abschnitte/<id:section_id>")
@access(Permission.READ_DRAFT)
def show(section_id: int) -> ResponseReturnValue:
    """Show one section; the wording of a measure stands on the measure's own page."""
    rn = key_argument("rn")
    tag = etag(
        "section", queries.version(), site_settings(), current_round(), actor(), today(), section_id, rn
    )
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    found = frame(section_id)
    if found.measure_id is not None:
        return redirect(url_for("measures.show", measure_id=found.measure_id))
    html = render_template(
        "sections/show.html",
        frame=found,
        tabs=tabs(found, "text"),
        blocks=queries.rendered(found.page.head),
        children=[item for item in found.outline if item.parent_id == section_id],
        tombstone=queries.tombstone(section_id) if found.section.is_deleted else None,
        propose_url=propose_url,
        open_rn=rn,
    )
    return tagged(html, tag)


@blueprint.get("/abschnitte/<id:section_id>/vorschlaege")
@access(Permission.READ_DRAFT)
def section_proposals(section_id: int) -> ResponseReturnValue:
    """List the proposals about a section that the viewer may see, open ones first."""
    found = frame(section_id)
    rows = proposals.of_section(actor(), site_settings(), section_id)
    return render_template(
        "sections/proposals.html",
        frame=found,
        tabs=tabs(found, "proposals"),
        rows=rows[: proposals.PAGE_SIZE],
        has_more=len(rows) > proposals.PAGE_SIZE,
        propose_url=propose_url,
    )


@blueprint.get("/abschnitte/<id:section_id>/entstehung")
@access(Permission.READ_DRAFT)
def origin(section_id: int) -> ResponseReturnValue:
    """Show how a section came about: its wordings, newest first."""
    found = frame(section_id)
    before = key_argument("vor")
    page = cut(
        queries.history(actor(), section_id, before_number=before),
        queries.PAGE_SIZE,
        lambda item: item.number,
    )
    return render_template(
        "sections/origin.html",
        frame=found,
        tabs=tabs(found, "origin"),
        history=page.items,
        next_key=page.next_key,
        is_first_page=before is None,
        places=queries.structure_history(section_id) if before is None else [],
        cause=words.cause,
    )


@blueprint.get("/abschnitte/<id:section_id>/textstand/<id:number>")
@access(Permission.READ_DRAFT)
def revision(section_id: int, number: int) -> ResponseReturnValue:
    """Show an earlier wording of a section."""
    found = frame(section_id)
    wording = queries.revision(section_id, number)
    if wording is None:
        raise NotFound(kind="revision", section_id=section_id, number=number)
    entry = queries.history(actor(), section_id, before_number=number + 1, limit=1)[0]
    return render_template(
        "sections/revision.html",
        frame=found,
        tabs=tabs(found, "origin"),
        revision=wording,
        entry=entry,
        blocks=queries.rendered(wording),
        is_head=number == found.section.head_number,
        restore_url=propose_url(section_id, ab=number),
        cause=words.cause,
    )


# ---------------------------------------------------------------------------------------------- comparisons


@dataclass(frozen=True, slots=True)
class Counts:
    """How many blocks of a comparison met which fate; both ends of a move are one."""

    changed: int
    inserted: int
    deleted: int
    moved: int
    unchanged: int


def counts(comparison: Comparison) -> Counts:
    """Count the blocks of a comparison by what happened to them."""
    kinds = Counter(block.kind for block in comparison.blocks)
    return Counts(
        changed=kinds[BlockKind.CHANGED],
        inserted=kinds[BlockKind.INSERTED],
        deleted=kinds[BlockKind.DELETED],
        moved=sum(block.kind is BlockKind.MOVED and block.new is not None for block in comparison.blocks),
        unchanged=kinds[BlockKind.UNCHANGED],
    )


@blueprint.get("/abschnitte/<id:section_id>/vergleich")
@access(Permission.READ_DRAFT)
def compare(section_id: int) -> ResponseReturnValue:
    """Compare two wordings of a section, in the text or side by side; without numbers the last change."""
    found = frame(section_id)
    head_number = found.section.head_number
    new_number = key_argument("bis") or head_number
    old_number = key_argument("von") or max(1, new_number - 1)
    wordings = queries.revisions_between(section_id, [old_number, new_number])
    if old_number not in wordings or new_number not in wordings:
        raise NotFound(kind="revision", section_id=section_id, numbers=[old_number, new_number])
    old, new = wordings[old_number], wordings[new_number]
    comparison = queries.comparison(old, new)
    newest = queries.history(actor(), section_id, limit=queries.PAGE_SIZE - 1)
    shown = {item.number: item.created_at for item in newest}
    shown |= {old.number: old.created_at, new.number: new.created_at}
    is_side_by_side = request.args.get("ansicht") == "gegenueber"
    shows_all = request.args.get("alles") == "1"
    chosen: dict[str, Any] = {
        "von": old.number,
        "bis": new.number,
        "ansicht": "gegenueber" if is_side_by_side else "text",
        "alles": "1" if shows_all else "",
    }

    def address(**changes: Any) -> str:
        values = {name: value for name, value in (chosen | changes).items() if value}
        return url_for("sections.compare", section_id=section_id, **values)

    return render_template(
        "sections/compare.html",
        frame=found,
        old=old,
        new=new,
        comparison=comparison,
        counts=counts(comparison),
        title_runs=word_diff(old.title, new.title) if old.title != new.title else [],
        choices=sorted(shown.items(), reverse=True),
        has_older=head_number > len(shown),
        is_side_by_side=is_side_by_side,
        shows_all=shows_all,
        address=address,
        # Randnummern belong to the present text; an older wording never had these.
        new_first=found.first_rn if new.number == head_number else None,
    )
