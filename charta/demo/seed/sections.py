# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields, sections and measures in the tree, with revisions, HTML and provenance of their heads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import select, update

from charta.demo.seed import words
from charta.demo.seed.people import Crowd
from charta.demo.seed.run import Row, Run
from charta.demo.seed.words import Text
from charta.fields.models import FieldOfAction
from charta.measures.models import Measure
from charta.measures.rules import MeasureStatus
from charta.proposals.models import Proposal
from charta.proposals.rules import DECISION_DAYS, MergeState, ProposalKind, State
from charta.sections import structure, texts
from charta.sections.models import (
    RenderedText,
    Revision,
    RevisionProvenance,
    Section,
    Source,
    StructureRevision,
)
from charta.sections.rules import Cause, SectionKind, SourceKind, StructureCause, in_reading_order
from charta.text import provenance, render
from charta.text.hashing import content_hash

_FIELDS = 5
# The last revisions whose words the provenance of a head tells apart; older words count as imported.
_TRACED = 50


@dataclass(frozen=True, slots=True)
class Busy:
    """The section that measurements are about; `approved[n]` is the proposal that made `revisions[n + 1]`."""

    section_id: int
    field_id: int
    wordings: Sequence[tuple[str, Text]]
    revisions: Sequence[Row]
    approved: Sequence[int]


def make(run: Run, crowd: Crowd) -> Busy:
    """Make the sections, each with one revision, the first one with all of them."""
    fields = _fields(run, crowd)
    source_id = _source(run)
    roots = _roots(run)
    count = max(run.amount.sections, 1)
    ids = run.insert(
        Section, [_section(run, SectionKind.SECTION, fields[n % len(fields)]) for n in range(count)]
    )
    below: list[Row] = []
    for n, ident in enumerate(ids):
        root = roots.setdefault(fields[n % len(fields)], ident)
        if root != ident:
            below.append({"id": ident, "parent_id": root})
    if below:
        run.tx.session.execute(update(Section), below)
    _write(run, crowd, source_id, {ident: [_wording(run)] for ident in ids[1:]})
    wordings = [_wording(run)]
    while len(wordings) < run.amount.revisions:
        wordings.append((wordings[-1][0], words.edited(run.random, wordings[-1][1])))
    approved = run.insert(
        Proposal,
        [proposal_row(run, crowd, ids[0], fields[0], n, State.APPROVED) for n in range(2, len(wordings) + 1)],
    )
    revisions = _write(run, crowd, source_id, {ids[0]: wordings}, approved)
    _place(run, crowd)
    return Busy(ids[0], fields[0], wordings, revisions, approved)


def make_measures(run: Run, crowd: Crowd) -> None:
    """Make measures, in turn in the fields and in all states."""
    fields = _fields(run, crowd)
    ids = run.insert(
        Section,
        [_section(run, SectionKind.MEASURE, fields[n % len(fields)]) for n in range(run.amount.measures)],
    )
    if not ids:
        return
    _write(run, crowd, _source(run), {ident: [_wording(run)] for ident in ids})
    _place(run, crowd)
    states = list(MeasureStatus)
    run.insert_plain(
        Measure,
        [
            {
                "section_id": ident,
                "responsible_id": crowd.partners[n % len(crowd.partners)],
                "status": states[n % len(states)],
                "version": 1,
                "changed_at": run.tx.now,
            }
            for n, ident in enumerate(ids)
        ],
    )


def proposal_row(run: Run, crowd: Crowd, section_id: int, field_id: int, n: int, state: State) -> Row:
    """Return a change of the wording: one that waits for its decision, or the one that made revision `n`."""
    author = crowd.writers[n % len(crowd.writers)]
    is_open = state is State.SUBMITTED
    at = run.tx.now if is_open else run.at(n, run.amount.revisions)
    return {
        "kind": ProposalKind.CHANGE,
        "section_id": section_id,
        "field_id": field_id,
        "author_id": author.id,
        "organisation_id": author.organisation_id,
        "state": state,
        "merge_state": MergeState.CLEAN,
        "is_shared": False,
        "is_held": False,
        "summary": words.summary(run.random),
        "version": 1,
        "supporters": 0,
        "created_at": at,
        "changed_at": at,
        "submitted_at": at,
        "decide_until": at + DECISION_DAYS,
        "decided_at": None if is_open else at,
    }


def _fields(run: Run, crowd: Crowd) -> list[int]:
    """Return the fields of action; five are made where there are none."""
    found = list(run.tx.session.scalars(select(FieldOfAction.id).order_by(FieldOfAction.number)))
    return found or run.insert(
        FieldOfAction,
        [
            {
                "number": n,
                "slug": f"handlungsfeld-{n}",
                "name": f"Handlungsfeld {n}",
                "short_name": f"Feld {n}",
                "description": "",
                "lead_organisation_id": crowd.partners[n % len(crowd.partners)],
            }
            for n in range(1, _FIELDS + 1)
        ],
    )


def _source(run: Run) -> int:
    """Return the source that texts come from at first."""
    found = run.tx.session.scalar(select(Source.id).order_by(Source.number).limit(1))
    row: Row = {"number": 1, "kind": SourceKind.FORUM, "name": "Zukunftsforum", "short": "Forum"}
    return found if found is not None else run.insert(Source, [row])[0]


def _roots(run: Run) -> dict[int, int]:
    """Return the section at the top of each field that has one."""
    rows = run.tx.session.execute(
        select(Section.field_id, Section.id).where(
            Section.kind == SectionKind.SECTION,
            Section.parent_id.is_(None),
            Section.field_id.is_not(None),
            Section.is_deleted.is_(False),
        )
    )
    return {field_id: ident for field_id, ident in rows if field_id is not None}


def _section(run: Run, kind: SectionKind, field_id: int) -> Row:
    return {
        "kind": kind,
        "field_id": field_id,
        "position": 0,
        "number": "",
        "title": "",  # comes with the head
        "head_number": 0,
        "structure_number": 0,
        "paragraph_count": 0,
        "is_deleted": False,
        "open_proposals": 0,
        "created_at": run.began,
        "changed_at": run.tx.now,
    }


def _wording(run: Run) -> tuple[str, Text]:
    return words.title(run.random), words.text(run.random, run.amount.characters)


def _write(
    run: Run,
    crowd: Crowd,
    source_id: int,
    wordings: dict[int, list[tuple[str, Text]]],
    approved: Sequence[int] = (),
) -> list[Row]:
    """Store the revisions of sections with their heads; return the rows with their ids."""
    rows = [
        _revision(run, crowd, section_id, n, len(texts_of), title, text, approved)
        for section_id, texts_of in wordings.items()
        for n, (title, text) in enumerate(texts_of, 1)
    ]
    for row, ident in zip(rows, run.insert(Revision, rows), strict=True):
        row["id"] = ident
    parents = [
        {"id": row["id"], "parent_id": before["id"]} for before, row in pairwise(rows) if row["number"] > 1
    ]
    if parents:
        run.tx.session.execute(update(Revision), parents)
    by_section: dict[int, list[Row]] = {}
    for row in rows:
        by_section.setdefault(row["section_id"], []).append(row)
    _write_heads(run, source_id, list(by_section.values()))
    return rows


def _revision(
    run: Run,
    crowd: Crowd,
    section_id: int,
    n: int,
    of: int,
    title: str,
    text: Text,
    approved: Sequence[int],
) -> Row:
    body = words.body(text)
    return {
        "section_id": section_id,
        "number": n,
        "title": title,
        "body": body,
        "content_hash": content_hash(title, body),
        "cause": Cause.PROPOSAL if n > 1 else Cause.IMPORT,
        "proposal_id": approved[n - 2] if n > 1 else None,
        "proposal_version_number": 1 if n > 1 else None,
        "summary": words.summary(run.random),
        "author_id": crowd.writers[n % len(crowd.writers)].id,
        "approved_by_id": crowd.moderator_id if n > 1 else None,
        "created_at": run.at(n, of),
    }


def _write_heads(run: Run, source_id: int, sections: Sequence[Sequence[Row]]) -> None:
    """Name the last revision of each section as its head, with its HTML and where its words come from."""
    heads, origins, htmls = [], [], {}
    for rows in sections:
        head = rows[-1]
        html = texts.rendered(head["content_hash"], head["body"])
        heads.append(
            {
                "id": head["section_id"],
                "title": head["title"],
                "head_id": head["id"],
                "head_number": head["number"],
                "paragraph_count": sum(block.index >= 0 for block in html),
            }
        )
        origins.append(_provenance(source_id, rows))
        htmls[head["content_hash"]] = {
            "content_hash": head["content_hash"],
            "renderer_version": render.RENDERER_VERSION,
            "paragraphs": texts.rendered_as_rows(html),
            "created_at": run.tx.now,
        }
    if heads:
        run.tx.session.execute(update(Section), heads)
    run.insert_plain(RevisionProvenance, origins)
    stored = set(run.tx.session.scalars(select(RenderedText.content_hash)))  # of an earlier run
    run.insert_plain(RenderedText, [row for name, row in htmls.items() if name not in stored])


def _provenance(source_id: int, rows: Sequence[Row]) -> Row:
    state = provenance.empty_state()
    origins: dict[str, Any] = {}
    for row in [rows[0], *rows[1:][-_TRACED:]]:
        key = str(row["number"])
        origins[key] = {
            "source_ids": [source_id] if row["number"] == 1 else [],
            "proposal_id": row["proposal_id"],
            "revision_id": row["id"],
        }
        state = provenance.update(state, row["body"], key)
    return {
        "revision_id": rows[-1]["id"],
        "engine_version": provenance.PROVENANCE_VERSION,
        "runs": [[start, end, str(origin)] for start, end, origin in provenance.runs(state)],
        "origins": origins,
        "state": state,
    }


def _place(run: Run, crowd: Crowd) -> None:
    """Put the new sections behind their siblings, number the whole tree, and write their first place."""
    session = run.tx.session
    is_new = Section.structure_number == 0
    new = list(session.scalars(select(Section.id).where(is_new)))
    # Behind everything that has a position already, in the order in which they were made.
    session.execute(update(Section).where(is_new).values(position=1_000_000 + Section.id, structure_number=1))
    known = structure.places(run.tx)
    counted: Counter[Any] = Counter()
    positions: dict[int, int] = {}
    for place in sorted(known.values(), key=lambda item: (item.position, item.id)):
        counted[place.group] += 1
        positions[place.id] = counted[place.group]
    session.execute(
        update(Section),
        [
            {"id": place.id, "position": positions[place.id], "number": number}
            for place, _depth, number in in_reading_order(known.values())
        ],
    )
    run.insert_plain(
        StructureRevision,
        [
            {
                "section_id": ident,
                "number": 1,
                "parent_id": known[ident].parent_id,
                "field_id": known[ident].field_id,
                "position": positions[ident],
                "is_tombstone": False,
                "cause": StructureCause.IMPORT,
                "author_id": crowd.moderator_id,
                "created_at": run.began,
            }
            for ident in new
        ],
    )
