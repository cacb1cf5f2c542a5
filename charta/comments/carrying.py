# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments go with the text they stand on: all places are found before the lock and written inside it.

Whoever writes a text announces it before the lock (`prepare_revision`). Inside the transaction the places
are written in one statement, unless comments or texts came in between: then they are found again.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import ColumnElement, case, func, null, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from charta.comments.models import CommentAnchor
from charta.comments.placing import Standing, Way, Wording, as_standing, versions_of, wording
from charta.comments.rules import PlaceState
from charta.db import Transaction, session
from charta.events import RevisionAhead, VersionAhead
from charta.proposals.models import ProposalVersion
from charta.sections.models import Revision
from charta.sections.texts import Memo
from charta.text import anchor as anchors
from charta.text.anchor import ANCHOR_VERSION


def prepare_revision(ahead: RevisionAhead) -> None:
    """Find out before the lock where the comments of a section will stand in its next text (one read)."""
    _prepare(
        CommentAnchor.section_id,
        CommentAnchor.revision_id,
        ahead.section_id,
        lambda key: Wording(key, ahead.old_hash, ahead.old_body),
        Wording(0, ahead.content_hash, ahead.body),
    )


def prepare_version(ahead: VersionAhead) -> None:
    """Find out before the lock where the comments of a proposal will stand (two statements at most)."""
    number = ahead.proposal_id
    _prepare(
        CommentAnchor.proposal_id,
        CommentAnchor.version,
        number,
        lambda key: versions_of(session(), ProposalVersion.proposal_id == number)[key],
        Wording(0, ahead.content_hash, ahead.body),
    )


def carry_to_revision(tx: Transaction, section_id: int, revision_id: int) -> None:
    """Carry every comment on the words of a section to its new text; statements do not grow with them."""

    def known(keys: set[int]) -> dict[int, Wording]:
        found = tx.session.scalars(select(Revision).where(Revision.id.in_(sorted(keys))))
        return {revision.id: wording(revision) for revision in found}

    revision = tx.session.get_one(Revision, revision_id)
    _carry(tx, CommentAnchor.section_id, CommentAnchor.revision_id, section_id, known, wording(revision))


def carry_to_version(tx: Transaction, number: int, version: int) -> None:
    """Carry every comment on the words of a proposal to its new version."""

    def known(keys: set[int]) -> dict[int, Wording]:
        return versions_of(
            tx.session, ProposalVersion.proposal_id == number, ProposalVersion.number.in_(sorted(keys))
        )

    [new] = known({version}).values()
    _carry(tx, CommentAnchor.proposal_id, CommentAnchor.version, number, known, new)


class _Fingerprint(NamedTuple):
    """What says whether places have changed since they were read: how many, the newest, their texts."""

    places: int
    newest: int | None
    lowest: int | None
    highest: int | None


@dataclass(frozen=True, slots=True)
class _Plan:
    """Where all comments of a subject go: made for these places, as lines of JSON (id, start, end, state)."""

    made_for: _Fingerprint
    lines: str


_plans: Memo[_Plan] = Memo(8)


def _prepare(
    subject: Any, key: Any, subject_id: int, wording_of: Callable[[int], Wording], new: Wording
) -> None:
    rows = _places(session(), subject == subject_id, key)
    keys = {row.key for row in rows if row.key is not None}
    if not rows or len(keys) > 1:  # places in several texts: found inside the lock, as ever
        return
    known = {ident: wording_of(ident) for ident in keys}
    made_for = _Fingerprint(
        len(rows), max(row.comment_id for row in rows), min(keys, default=None), max(keys, default=None)
    )
    plan = _Plan(made_for, _lines(rows, known, new))
    _plans.keep((repr(session.get_bind()), str(subject), subject_id, new.content_hash), plan)


def _carry(
    tx: Transaction,
    subject: Any,
    key: Any,
    subject_id: int,
    known: Callable[[set[int]], dict[int, Wording]],
    new: Wording,
) -> None:
    """Write where every place of a subject is in the new text, as it was prepared or found out now."""
    of_subject = subject == subject_id
    row = tx.session.execute(
        select(func.count(), func.max(CommentAnchor.comment_id), func.min(key), func.max(key)).where(
            of_subject
        )
    ).one()
    present = _Fingerprint(*row)
    if not present.places:
        return
    plan = _plans.get((repr(tx.session.get_bind()), str(subject), subject_id, new.content_hash))
    if plan is None or plan.made_for != present:
        rows = _places(tx.session, of_subject, key)
        texts_of = known({row.key for row in rows if row.key is not None} - {new.key})
        plan = _Plan(present, _lines(rows, texts_of, new))
    _write(tx, plan.lines, key.key, new.key)


@dataclass(frozen=True, slots=True)
class _Row:
    """A stored place; `made` is the anchor itself where its words no longer stand there."""

    comment_id: int
    key: int | None
    start: int | None
    end: int | None
    state: PlaceState
    made: dict[str, Any] | None


def _places(session: Session, of_subject: ColumnElement[bool], key: Any) -> list[_Row]:
    """Return all places of a subject; words that stand where they are need no copy of themselves."""
    made = case((CommentAnchor.state != PlaceState.IN_PLACE, CommentAnchor.anchor), else_=null())
    rows = session.execute(
        select(
            CommentAnchor.comment_id,
            key,
            CommentAnchor.start_at,
            CommentAnchor.end_at,
            CommentAnchor.state,
            made,
        ).where(of_subject)
    )
    return [_Row(*row) for row in rows]


def _lines(rows: Sequence[_Row], known: Mapping[int, Wording], new: Wording) -> str:
    """Return where each row stands in the new text; what was gone and stays gone is left out."""
    ways = {key: Way(text, new) for key, text in known.items()}
    lost: dict[tuple[str, str, str], Standing] = {}
    lines = []
    for row in rows:
        standing = _next(row, ways, new, lost)
        if row.start is not None or standing.start is not None:
            lines.append((row.comment_id, standing.start, standing.end, standing.state.value))
    return json.dumps(lines)


def _next(
    row: _Row, ways: Mapping[int, Way], new: Wording, lost: dict[tuple[str, str, str], Standing]
) -> Standing:
    """Return where one row stands in the new text; words that were gone may be there again."""
    if row.start is None or row.end is None or row.key is None:
        return _found_again(row.made or {}, new, lost)
    way = ways.get(row.key)
    standing = Standing(row.start, row.end, row.state) if way is None else way.place(row.start, row.end)
    if row.made is None or standing.start is None:
        return standing
    is_back = anchors.is_same(new.body[standing.start : standing.end], row.made["quote"])
    return Standing(standing.start, standing.end, PlaceState.IN_PLACE if is_back else PlaceState.CHANGED)


def _found_again(made: dict[str, Any], new: Wording, lost: dict[tuple[str, str, str], Standing]) -> Standing:
    """Look for lost words by themselves and what stood around them."""
    key = (made["before"], made["quote"], made["after"])
    if key not in lost:
        lost[key] = as_standing(anchors.locate(made, new.body))
    return lost[key]


def _write(tx: Transaction, lines: str, column: str, key: int) -> None:
    """Write all places in one statement: ten thousand rows of parameters would cost several times as much."""
    is_postgresql = tx.session.get_bind().dialect.name == "postgresql"
    value = sa.column("value", JSONB() if is_postgresql else sa.JSON())
    parameter = sa.literal(lines, sa.Text())
    listed = (
        func.jsonb_array_elements(sa.cast(parameter, JSONB())) if is_postgresql else func.json_each(parameter)
    )
    line = listed.table_valued(value, name="line")
    start = line.c.value[1].as_integer()
    tx.session.execute(
        update(CommentAnchor)
        .where(CommentAnchor.comment_id == line.c.value[0].as_integer())
        .values(
            {
                "start_at": start,
                "end_at": line.c.value[2].as_integer(),
                "state": line.c.value[3].as_string(),
                column: case((start.is_not(None), key)),
                "engine_version": ANCHOR_VERSION,
            }
        )
        .execution_options(synchronize_session=False)
    )
