# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing text: the shared steps that make revisions and sections, and the import commands.

Steps take `tx`, never commit and ask no permission: the command that calls them does both. The caller holds
the row lock of the section. Steps that change the tree live in `structure` and are offered here too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Table, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from charta import events
from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput
from charta.permissions import Actor, Permission, require
from charta.sections import texts
from charta.sections.models import (
    ComparisonCache,
    RenderedText,
    Revision,
    RevisionProvenance,
    Section,
    Source,
)
from charta.sections.rules import (
    LAST,
    SOURCE_NAME_MAX,
    SOURCE_SHORT_MAX,
    SUMMARY_MAX,
    Cause,
    SectionKind,
    SourceKind,
    StructureCause,
    clean_line,
)
from charta.sections.structure import bury_section, lock_tree, place_section
from charta.sections.texts import prepare
from charta.text import diff, markdown, provenance, render

__all__ = [
    "LAST",
    "Origins",
    "add_source",
    "bury_section",
    "create_section",
    "import_section",
    "import_step",
    "lock_tree",
    "place_section",
    "prepare",
    "write_revision",
]


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the new words of a revision come from.

    `source_ids`: what the proposal names for all of its new words. `passages`: exact passages in their order,
    each with its source, overriding the rest (imports). `inherit`: provenance states whose words the revision
    took over, for a merged revision the one of its base.
    """

    source_ids: tuple[int, ...] = ()
    passages: tuple[tuple[str, int], ...] = ()
    inherit: tuple[provenance.State, ...] = field(default=())


def write_revision(
    tx: Transaction,
    section: Section,
    *,
    author_id: int,
    title: str,
    body: str,
    cause: Cause,
    proposal_id: int | None = None,
    proposal_version_number: int | None = None,
    approved_by_id: int | None = None,
    summary: str = "",
    origins: Origins | None = None,
) -> Revision:
    """Make `title` and `body` the new head of a section; the caller holds its row lock.

    The same content as the head returns the head unchanged. Call `prepare(title, body)` before the lock: it
    does the heavy work, which this step then finds done. A comparison with the old head that this process
    has made already (`queries.comparison`) is stored with it.
    Raises `InvalidInput` (title, body, summary: required, too_long with limit and length,
    forbidden_character; passages: passage_missing).
    """
    ready = prepare(title, body)
    clean_summary = clean_line(summary, "summary", SUMMARY_MAX, required=False)
    head = tx.session.get(Revision, section.head_id) if section.head_id is not None else None
    if head is not None and head.content_hash == ready.content_hash:
        return head
    with tx.session.no_autoflush:  # the section is written once, with its new head
        revision = tx.session.scalars(
            insert(Revision).returning(Revision),
            [
                {
                    "section_id": section.id,
                    "number": section.head_number + 1,
                    "parent_id": section.head_id,
                    "title": ready.title,
                    "body": ready.body,
                    "content_hash": ready.content_hash,
                    "cause": cause,
                    "proposal_id": proposal_id,
                    "proposal_version_number": proposal_version_number,
                    "summary": clean_summary,
                    "author_id": author_id,
                    "approved_by_id": approved_by_id,
                    "created_at": tx.now,
                }
            ],
        ).one()
    section.title = ready.title
    section.head_id = revision.id
    section.head_number = revision.number
    section.paragraph_count = ready.paragraph_count
    section.changed_at = tx.now
    _write_provenance(tx, revision, head, origins or Origins())
    _keep_for_readers(tx, revision, head)
    tx.session.flush()
    events.publish(tx, events.RevisionCreated(section.id, revision.id, head.id if head else None))
    return revision


def create_section(
    tx: Transaction,
    *,
    kind: SectionKind = SectionKind.SECTION,
    parent_id: int | None,
    field_id: int | None,
    after_id: int | None = LAST,
    title: str,
    body: str,
    author_id: int,
    cause: Cause,
    proposal_id: int | None = None,
    proposal_version_number: int | None = None,
    approved_by_id: int | None = None,
    summary: str = "",
    origins: Origins | None = None,
) -> Section:
    """Make a section with its first revision and put it at its place; see `place_section` for places.

    Raises what `write_revision` and `place_section` raise.
    """
    ready = prepare(title, body)
    lock_tree(tx)
    section = Section(
        kind=kind, position=0, title=ready.title, created_at=tx.now, changed_at=tx.now, structure_number=0
    )
    section.head_number = 0
    tx.session.add(section)
    tx.session.flush()
    write_revision(
        tx,
        section,
        author_id=author_id,
        title=title,
        body=body,
        cause=cause,
        proposal_id=proposal_id,
        proposal_version_number=proposal_version_number,
        approved_by_id=approved_by_id,
        summary=summary,
        origins=origins,
    )
    place_section(
        tx,
        section,
        parent_id=parent_id,
        field_id=field_id,
        after_id=after_id,
        author_id=author_id,
        cause=StructureCause.PROPOSAL if cause is Cause.PROPOSAL else StructureCause.IMPORT,
        proposal_id=proposal_id,
    )
    return section


def import_step(
    tx: Transaction,
    actor: Actor,
    *,
    kind: SectionKind,
    parent_id: int | None,
    field_id: int | None,
    title: str,
    body: str,
    passages: Sequence[tuple[str, int]],
    summary: str,
) -> Section:
    """Create a section of existing text, at the last place, its passages marked with their sources."""
    assert actor.id is not None
    return create_section(
        tx,
        kind=kind,
        parent_id=parent_id,
        field_id=field_id,
        title=title,
        body=body,
        author_id=actor.id,
        cause=Cause.IMPORT,
        summary=summary,
        origins=Origins(passages=tuple(passages)),
    )


def import_section(
    actor: Actor,
    *,
    parent_id: int | None = None,
    field_id: int | None = None,
    title: str,
    body: str,
    passages: Sequence[tuple[str, int]] = (),
    summary: str = "",
) -> int:
    """Take existing text into the Charta as a new section at the last place; return its id.

    `passages` are exact parts of `body` in their order, each with the id of its source.
    Raises what `create_section` raises.
    """
    prepare(title, body)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.IMPORT_TEXT)
        section = import_step(
            tx,
            actor,
            kind=SectionKind.SECTION,
            parent_id=parent_id,
            field_id=field_id,
            title=title,
            body=body,
            passages=passages,
            summary=summary,
        )
        activity.record(
            tx,
            actor,
            "import_section",
            "section",
            section.id,
            section_id=section.id,
            revision=section.head_id,
        )
        return section.id


def add_source(
    actor: Actor, *, number: int, kind: SourceKind, name: str, short: str, dated_on: date | None = None
) -> int:
    """Add a source of text and return its id; `InvalidInput` "taken" for a number or name in use."""
    clean_name = clean_line(name, "name", SOURCE_NAME_MAX)
    clean_short = clean_line(short, "short", SOURCE_SHORT_MAX)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.MANAGE_SOURCES)
        same = tx.session.scalars(
            select(Source).where((Source.number == number) | (Source.name == clean_name))
        ).first()
        if same is not None:
            raise InvalidInput("number" if same.number == number else "name", "taken")
        source = Source(number=number, kind=kind, name=clean_name, short=clean_short, dated_on=dated_on)
        tx.session.add(source)
        tx.session.flush()
        activity.record(tx, actor, "add_source", "source", source.id, number=number)
        return source.id


def _write_provenance(tx: Transaction, revision: Revision, head: Revision | None, origins: Origins) -> None:
    """Store the runs of the new head; only the head keeps the engine's state, the rest can be recomputed."""
    before = tx.session.get(RevisionProvenance, head.id) if head is not None else None
    state = before.state if before is not None and before.state else provenance.empty_state()
    key = str(revision.number)
    known: dict[str, Any] = dict(before.origins) if before is not None else {}
    known[key] = _origin(revision, list(origins.source_ids))
    marked: list[provenance.PassageRun] = []
    for start, end, source_id in _passages(revision.body, origins.passages):
        own = f"{key}.{source_id}"
        known[own] = _origin(revision, [source_id])
        marked.append((start, end, own))
    state = provenance.update(state, revision.body, key, inherit=origins.inherit, sources=marked)
    runs = [[start, end, str(origin)] for start, end, origin in provenance.runs(state)]
    tx.session.add(
        RevisionProvenance(
            revision_id=revision.id,
            engine_version=provenance.PROVENANCE_VERSION,
            runs=runs,
            origins=known,  # of words that are gone too: they may come back
            state=state,
        )
    )
    if before is not None:
        before.state = {}
        used = {run[2] for run in before.runs}
        before.origins = {name: origin for name, origin in before.origins.items() if name in used}


def _origin(revision: Revision, source_ids: list[int]) -> dict[str, Any]:
    return {"source_ids": source_ids, "proposal_id": revision.proposal_id, "revision_id": revision.id}


def _passages(body: str, passages: Sequence[tuple[str, int]]) -> list[tuple[int, int, int]]:
    """Find the passages in their order; blanks between two belong to the one before."""
    found: list[tuple[int, int, int]] = []
    at = 0
    for number, (text, source_id) in enumerate(passages, 1):
        words = text.strip()
        start = body.find(words, at)
        if start < 0:
            words = markdown.canonical(text).strip()
            start = body.find(words, at)
        if start < 0 or not words:
            raise InvalidInput("passages", "passage_missing", number=number)
        if found and not body[found[-1][1] : start].strip():
            found[-1] = (found[-1][0], start, found[-1][2])
        at = start + len(words)
        found.append((start, at, source_id))
    if found and not body[found[-1][1] :].strip():
        found[-1] = (found[-1][0], len(body), found[-1][2])
    return found


def _keep_for_readers(tx: Transaction, revision: Revision, head: Revision | None) -> None:
    rows = texts.rendered_as_rows(texts.rendered(revision.content_hash, revision.body))
    _insert_if_new(
        tx,
        RenderedText.__table__,  # type: ignore[arg-type]
        content_hash=revision.content_hash,
        renderer_version=render.RENDERER_VERSION,
        paragraphs=rows,
        created_at=tx.now,
    )
    if head is None:
        return
    comparison = texts.compared_in_memory(head.content_hash, revision.content_hash)
    if comparison is not None:
        _insert_if_new(
            tx,
            ComparisonCache.__table__,  # type: ignore[arg-type]
            old_hash=head.content_hash,
            new_hash=revision.content_hash,
            algorithm_version=diff.ALGORITHM_VERSION,
            comparison=comparison.to_dict(),
            created_at=tx.now,
        )


def _insert_if_new(tx: Transaction, table: Table, **values: Any) -> None:
    is_postgresql = tx.session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert(table) if is_postgresql else sqlite.insert(table)
    tx.session.execute(insert.values(**values).on_conflict_do_nothing())
