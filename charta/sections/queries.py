# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading text: the tree with its Randnummern, sections, revisions, history, HTML and comparisons.

Nothing here writes: what the shared caches lack is computed and kept in the memory of the process only.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.activity.models import LogHead
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.permissions import Actor
from charta.sections import texts
from charta.sections.models import (
    ComparisonCache,
    RenderedText,
    Revision,
    RevisionProvenance,
    Section,
    Source,
    StructureRevision,
)
from charta.sections.rules import Cause, Place, SectionKind, in_reading_order
from charta.sections.texts import RenderedParagraph
from charta.text import diff, render
from charta.text.diff import Comparison

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class FieldLabel:
    """A field of action as it stands above a text."""

    number: int
    name: str
    slug: str
    lead_name: str | None


@dataclass(frozen=True, slots=True)
class Outline:
    """One living section in reading order; `first_rn` is the Randnummer of its first paragraph.

    Randnummern run through the sections of the whole Charta. Measures come after all sections, are cited by
    their own number („Maßnahme 3.2“), and each counts its paragraphs from 1.
    """

    id: int
    number: str
    title: str
    depth: int
    kind: SectionKind
    parent_id: int | None
    field_id: int | None
    field_number: int | None
    field_slug: str | None
    field_name: str | None
    lead_name: str | None
    first_rn: int
    paragraph_count: int
    open_proposals: int
    head_id: int
    head_number: int
    content_hash: str
    changed_at: datetime

    @property
    def field(self) -> "FieldLabel | None":
        """What a page shows of the field, None for a section of the Charta as a whole."""
        if self.field_number is None:
            return None
        return FieldLabel(self.field_number, self.field_name or "", self.field_slug or "", self.lead_name)

    @property
    def last_rn(self) -> int:
        """The Randnummer of the last paragraph; below `first_rn` when there is none."""
        return self.first_rn + self.paragraph_count - 1


# Built once, and asked without the ORM: both cost more than the database.
_TREE = (
    select(
        Section.id,
        Section.kind,
        Section.parent_id,
        Section.field_id,
        FieldOfAction.number,
        Section.position,
        Section.number,
        Section.title,
        Section.paragraph_count,
        Section.open_proposals,
        Section.head_id,
        Section.head_number,
        Section.changed_at,
        Revision.content_hash,
        FieldOfAction.slug,
        FieldOfAction.name,
        Organisation.name.label("lead"),
    )
    .join(Revision, Revision.id == Section.head_id)
    .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
    .outerjoin(Organisation, Organisation.id == FieldOfAction.lead_organisation_id)
    .where(Section.is_deleted.is_(False), Section.structure_number > 0)
)
_VERSION = select(
    # Names of fields and organisations stand in the tree too: every deed about them moves the log.
    select(LogHead.seq).scalar_subquery(),
    func.count(Section.id),
    func.max(Section.changed_at),
    func.max(Section.head_id),
    func.sum(Section.head_number),
    func.sum(Section.structure_number),
    func.sum(Section.open_proposals * Section.id),
)
_trees: texts.Memo[tuple[Outline, ...]] = texts.Memo(4)


def tree(*, with_measures: bool = False, at: str | None = None) -> Sequence[Outline]:
    """Return all living sections depth first, measures after them when asked for.

    The process keeps the tree of the present version: one small statement, two after a change. A caller that
    has asked for the `version` already gives it as `at`, one that knows the head of the log `version_at` it.
    """
    key = (repr(session.get_bind()), at or version())
    found = _trees.get(key)
    if found is None:
        found = _trees.keep(key, tuple(_outlines()))
    if with_measures:
        return found
    return [entry for entry in found if entry.kind is SectionKind.SECTION]


def _outlines() -> Iterator[Outline]:
    rows = {row.id: row for row in session.connection().execute(_TREE)}
    rn = 1
    for place, depth, number in in_reading_order(Place(*row[:7]) for row in rows.values()):
        row = rows[place.id]
        is_measure = place.kind is SectionKind.MEASURE
        yield Outline(
            id=place.id,
            number=number,
            title=row.title,
            depth=depth,
            kind=place.kind,
            parent_id=place.parent_id,
            field_id=place.field_id,
            field_number=place.field_number,
            field_slug=row.slug,
            field_name=row.name,
            lead_name=row.lead,
            first_rn=1 if is_measure else rn,
            paragraph_count=row.paragraph_count,
            open_proposals=row.open_proposals,
            head_id=row.head_id,
            head_number=row.head_number,
            content_hash=row.content_hash,
            changed_at=row.changed_at,
        )
        rn += 0 if is_measure else row.paragraph_count


def version() -> str:
    """Return a text that changes with any section, place or count of open proposals (one statement)."""
    return "/".join(str(value) for value in session.connection().execute(_VERSION).one())


def log_of(version: str) -> int:
    """Return the head of the log a `version` was read with."""
    seq = version.partition("/")[0]
    return int(seq) if seq.isdigit() else 0


def version_at(log: int) -> str:
    """Return what stands for the `version` where the head of the log is known: every deed moves it."""
    return f"log {log}"


def section(section_id: int) -> Section | None:
    """Return a section, also one that was taken out (`is_deleted`)."""
    return session.get(Section, section_id)


def head(section: Section) -> Revision | None:
    """Return the present wording of a section."""
    return session.get(Revision, section.head_id) if section.head_id is not None else None


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section with what stands above its text."""

    section: Section
    head: Revision
    field: FieldLabel | None


_SECTION_PAGE = (
    select(
        Section,
        Revision,
        FieldOfAction.number,
        FieldOfAction.name,
        FieldOfAction.slug,
        Organisation.name,
    )
    .join(Revision, Revision.id == Section.head_id)
    .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
    .outerjoin(Organisation, Organisation.id == FieldOfAction.lead_organisation_id)
    .where(Section.id == bindparam("section_id"))
)


def section_page(section_id: int) -> SectionPage | None:
    """Return a section with head, field and lead organisation, also when it was taken out (one statement)."""
    row = session.execute(_SECTION_PAGE, {"section_id": section_id}).one_or_none()
    if row is None:
        return None
    found, wording, number, name, slug, lead_name = row
    label = None if found.field_id is None else FieldLabel(number, name, slug, lead_name)
    return SectionPage(found, wording, label)


def revision(section_id: int, number: int) -> Revision | None:
    """Return one wording of a section by its number („Textstand 7“)."""
    return session.scalar(
        select(Revision).where(Revision.section_id == section_id, Revision.number == number)
    )


def revisions_between(section_id: int, numbers: Sequence[int]) -> Mapping[int, Revision]:
    """Return the wordings with these numbers, by number (one statement)."""
    found = session.scalars(
        select(Revision).where(Revision.section_id == section_id, Revision.number.in_(numbers))
    )
    return {item.number: item for item in found}


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One wording in the history of a section, without its text; `author` shows what the viewer may know."""

    id: int
    number: int
    title: str
    cause: Cause
    proposal_id: int | None
    summary: str
    created_at: datetime
    author: Byline
    approver_name: str


_Approver = aliased(Person)
_HISTORY = (
    select(
        Revision.id,
        Revision.number,
        Revision.title,
        Revision.cause,
        Revision.proposal_id,
        Revision.summary,
        Revision.created_at,
        Revision.author_id,
        Person.name.label("author"),
        Person.role,
        Person.public_name,
        Organisation.name.label("organisation"),
        Organisation.short,
        _Approver.name.label("approver"),
    )
    .join(Person, Person.id == Revision.author_id)
    .outerjoin(Organisation, Organisation.id == Person.organisation_id)
    .outerjoin(_Approver, _Approver.id == Revision.approved_by_id)
)


def history(
    viewer: Actor, section_id: int, *, before_number: int | None = None, limit: int = PAGE_SIZE
) -> Sequence[HistoryEntry]:
    """Return up to `limit` + 1 wordings, newest first, below `before_number` (keyset, one statement)."""
    statement = (
        _HISTORY.where(Revision.section_id == section_id).order_by(Revision.number.desc()).limit(limit + 1)
    )
    if before_number is not None:
        statement = statement.where(Revision.number < before_number)
    return [_entry(viewer, row) for row in session.execute(statement)]


def history_of(viewer: Actor, revision_ids: Collection[int]) -> Mapping[int, HistoryEntry]:
    """Return these wordings by id (one statement)."""
    found = session.execute(_HISTORY.where(Revision.id.in_(revision_ids)))
    return {row.id: _entry(viewer, row) for row in found}


def _entry(viewer: Actor, row: Any) -> HistoryEntry:
    return HistoryEntry(
        id=row.id,
        number=row.number,
        title=row.title,
        cause=row.cause,
        proposal_id=row.proposal_id,
        summary=row.summary,
        created_at=row.created_at,
        author=byline(
            viewer,
            person_id=row.author_id,
            name=row.author,
            role=row.role,
            public_name=row.public_name,
            organisation_short=row.short or "",
            organisation_name=row.organisation or "",
        ),
        approver_name=row.approver or "",
    )


def structure_history(section_id: int, *, limit: int = PAGE_SIZE) -> Sequence[StructureRevision]:
    """Return the places a section has had, newest first."""
    return session.scalars(
        select(StructureRevision)
        .where(StructureRevision.section_id == section_id)
        .order_by(StructureRevision.number.desc())
        .limit(limit)
    ).all()


def tombstone(section_id: int) -> StructureRevision | None:
    """Return how a section was taken out, or None while it lives."""
    newest = next(iter(structure_history(section_id, limit=1)), None)
    return newest if newest is not None and newest.is_tombstone else None


def sources() -> Sequence[Source]:
    """Return all sources by number."""
    return session.scalars(select(Source).order_by(Source.number)).all()


@dataclass(frozen=True, slots=True)
class StoredOrigins:
    """A wording, and where its passages come from: runs (start, end, key of `origins`)."""

    body: str
    content_hash: str
    runs: Sequence[tuple[int, int, str]]
    origins: Mapping[str, Mapping[str, Any]]


# The state to go on from is many times as large, and stays in the database.
_ORIGINS = (
    Revision.id,
    Revision.body,
    Revision.content_hash,
    RevisionProvenance.runs,
    RevisionProvenance.origins,
)


def origins_of(revision_ids: Collection[int]) -> Mapping[int, StoredOrigins]:
    """Return where the words of many wordings come from, by id of the revision (one statement)."""
    rows = session.execute(
        select(*_ORIGINS)
        .outerjoin(RevisionProvenance, RevisionProvenance.revision_id == Revision.id)
        .where(Revision.id.in_(revision_ids))
    )
    return {row.id: _stored(row) for row in rows}


def origins_and_sources(
    revision_ids: Collection[int],
) -> tuple[Mapping[int, StoredOrigins], Sequence[Source]]:
    """Return what `origins_of` and `sources` do, in one statement."""
    wanted = union_all(
        select(Revision.id.label("revision_id"), cast(null(), Integer).label("source_id")).where(
            Revision.id.in_(revision_ids)
        ),
        select(null(), Source.id),
    ).subquery()
    rows = session.execute(
        select(*_ORIGINS, Source)
        .select_from(wanted)
        .outerjoin(Revision, Revision.id == wanted.c.revision_id)
        .outerjoin(RevisionProvenance, RevisionProvenance.revision_id == Revision.id)
        .outerjoin(Source, Source.id == wanted.c.source_id)
        .order_by(Source.number)
    ).all()
    found = {row.id: _stored(row) for row in rows if row.id is not None}
    return found, [row.Source for row in rows if row.Source is not None]


def _stored(row: Any) -> StoredOrigins:
    return StoredOrigins(
        row.body,
        row.content_hash,
        [(start, end, str(key)) for start, end, key in row.runs or []],
        row.origins or {},
    )


def rendered(revision: Revision) -> Sequence[RenderedParagraph]:
    """Return the HTML of a revision, block by block (no statement when this process has it, else one)."""
    found = texts.rendered_in_memory(revision.content_hash)
    if found is not None:
        return found
    rows = session.scalar(
        select(RenderedText.paragraphs).where(
            RenderedText.content_hash == revision.content_hash,
            RenderedText.renderer_version == render.RENDERER_VERSION,
        )
    )
    if rows is not None:
        return texts.keep_rendered(revision.content_hash, rows)
    return texts.rendered(revision.content_hash, revision.body)


def rendered_heads(entries: Sequence[Outline]) -> Mapping[int, Sequence[RenderedParagraph]]:
    """Return the HTML of many sections by section id, in at most two statements whatever their number."""
    found: dict[str, Sequence[RenderedParagraph]] = {}
    missing: dict[str, int] = {}
    for entry in entries:
        known = texts.rendered_in_memory(entry.content_hash)
        if known is not None:
            found[entry.content_hash] = known
        else:
            missing[entry.content_hash] = entry.head_id
    if missing:
        cached = session.execute(
            select(RenderedText.content_hash, RenderedText.paragraphs).where(
                RenderedText.content_hash.in_(missing),
                RenderedText.renderer_version == render.RENDERER_VERSION,
            )
        )
        for content_hash, rows in cached:
            found[content_hash] = texts.keep_rendered(content_hash, rows)
            del missing[content_hash]
    if missing:
        bodies = session.execute(
            select(Revision.content_hash, Revision.body).where(Revision.id.in_(missing.values()))
        )
        for content_hash, body in bodies:
            found[content_hash] = texts.rendered(content_hash, body)
    return {entry.id: found[entry.content_hash] for entry in entries}


def comparison(old: Revision, new: Revision) -> Comparison:
    """Return how two wordings of text differ (no statement when this process has it, else one)."""
    found = texts.compared_in_memory(old.content_hash, new.content_hash)
    if found is not None:
        return found
    stored = session.scalar(
        select(ComparisonCache.comparison).where(
            ComparisonCache.old_hash == old.content_hash,
            ComparisonCache.new_hash == new.content_hash,
            ComparisonCache.algorithm_version == diff.ALGORITHM_VERSION,
        )
    )
    if stored is not None:
        return texts.keep_compared(old.content_hash, new.content_hash, Comparison.from_dict(stored))
    return texts.compared(old.content_hash, old.body, new.content_hash, new.body)
