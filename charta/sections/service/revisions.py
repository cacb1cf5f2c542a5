# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A new head of a section: the revision, where its words come from, what is kept for its readers.

Steps take `tx`, never commit and ask no permission: the command that calls them does both. The caller holds
the row lock of the section.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.dialects import postgresql, sqlite

from charta import events
from charta.db import Transaction
from charta.errors import InvalidInput
from charta.sections import texts
from charta.sections.models import ComparisonCache, RenderedText, Revision, RevisionProvenance, Section
from charta.sections.rules import SUMMARY_MAX, Cause, clean_line
from charta.sections.texts import prepare
from charta.text import diff, markdown, provenance, render


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
