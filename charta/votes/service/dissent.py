# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A partner's note on a passage („Protokollnotiz“): made, withdrawn, and carried along with the text.

The anchor is made once and kept; where its words stand now moves with each new wording of the section, in the
transaction that writes it. The difference of the two texts was made before the lock.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, NotPermitted, WrongState
from charta.permissions import Actor, Permission, Reason, require
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.text import anchor as anchors
from charta.text.anchor import ANCHOR_VERSION, Location
from charta.votes.models import DissentNote
from charta.votes.rules import NOTE_MAX, NoteState, clean_text

NOTES_MAX = 20  # of one partner on one section


def note(actor: Actor, section_id: int, *, paragraph: int, seen_revision_id: int, text: str) -> int:
    """Note what a partner sees otherwise in a paragraph (from 0) of the text that was seen; return the id.

    On an older text the place is carried to the present one. The same form sent twice makes one note. Raises
    `InvalidInput("body" | "place", ...)`, `WrongState("note", "deleted")`, `NotPermitted`, `NotFound`.
    """
    words = clean_text(text, "body", NOTE_MAX)
    if not words:
        raise InvalidInput("body", "required")
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.NOTE_DISSENT)
        section = tx.lock(Section, section_id)
        if section is None or section.head_id is None:
            raise NotFound(kind="section", id=section_id)
        if section.is_deleted:
            raise WrongState("note", "deleted")
        seen, head = tx.session.get(Revision, seen_revision_id), tx.session.get(Revision, section.head_id)
        if seen is None or head is None or seen.section_id != section_id:
            raise InvalidInput("place", "outside_text")
        made = _anchor(seen, paragraph)
        known = _own(tx, actor, section_id)
        for one in known:
            if one.text == words and one.anchor["quote"] == made["quote"]:
                return one.id
        if len(known) >= NOTES_MAX:
            raise InvalidInput("body", "too_many", limit=NOTES_MAX, length=len(known) + 1)
        place = _along([made], seen, head)[0] if seen.id != head.id else None
        assert actor.organisation_id is not None
        assert actor.id is not None
        found = DissentNote(
            section_id=section_id,
            organisation_id=actor.organisation_id,
            author_id=actor.id,
            text=words,
            made_on_revision_id=seen.id,
            anchor=made,
            engine_version=ANCHOR_VERSION,
            revision_id=head.id,
            start_at=made["start"] if place is None else place.start,
            end_at=made["end"] if place is None else place.end,
            state=NoteState.IN_PLACE if place is None else _state(place, made, head.body),
            created_at=tx.now,
        )
        tx.session.add(found)
        tx.session.flush()
        _record(tx, actor, "note_dissent", found)
        return found.id


def withdraw(actor: Actor, note_id: int) -> int:
    """Take a note of the actor's organisation back and return its section; twice is no error.

    Raises `NotFound` for a note that is not the organisation's.
    """
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.NOTE_DISSENT)
        found = tx.lock(DissentNote, note_id)
        if found is None:
            raise NotFound(kind="note", id=note_id)
        if found.organisation_id != actor.organisation_id:
            raise NotPermitted(Reason.NOT_OWN_ORGANISATION)
        if found.withdrawn_at is None:
            found.withdrawn_at = tx.now
            _record(tx, actor, "withdraw_note", found)
        return found.section_id


def on_section(
    tx: Transaction, section_id: int, *, held: ColumnElement[bool]
) -> tuple[bool, Sequence[DissentNote]]:
    """Return the value of a condition, and the notes on a section that stand (one statement for both)."""
    rows = tx.session.execute(
        select(held.label("held"), DissentNote)
        .select_from(Section)
        .outerjoin(
            DissentNote, and_(DissentNote.section_id == Section.id, DissentNote.withdrawn_at.is_(None))
        )
        .where(Section.id == section_id)
    ).all()
    return any(row.held for row in rows), [row.DissentNote for row in rows if row.DissentNote is not None]


def carry(tx: Transaction, notes: Sequence[DissentNote], revision_id: int, previous_id: int) -> None:
    """Carry the notes on a section to its new text: one statement more, however many there are."""
    if not notes:
        return
    old, new = tx.session.get(Revision, previous_id), tx.session.get(Revision, revision_id)
    assert old is not None
    assert new is not None
    standing = [one for one in notes if one.start_at is not None and one.revision_id == old.id]
    here = [anchors.make_anchor(old.body, one.start_at or 0, one.end_at or 0) for one in standing]
    places = dict(zip((one.id for one in standing), _along(here, old, new), strict=True))
    rows: list[dict[str, Any]] = []
    for one in notes:
        place = places.get(one.id) or anchors.locate(one.anchor, new.body)
        rows.append(
            {
                "b_id": one.id,
                "b_start": place.start,
                "b_end": place.end,
                "b_state": _state(place, one.anchor, new.body),
            }
        )
    table = DissentNote.__table__
    tx.session.connection().execute(
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("b_id"))
        .values(
            start_at=bindparam("b_start"),
            end_at=bindparam("b_end"),
            state=bindparam("b_state"),
            revision_id=revision_id,
            engine_version=ANCHOR_VERSION,
        ),
        rows,
    )


def _anchor(text: Revision, paragraph: int) -> dict[str, Any]:
    for block in texts.rendered(text.content_hash, text.body):
        if block.index == paragraph >= 0:
            words = text.body[block.start : block.end]
            start = block.start + len(words) - len(words.lstrip())
            return anchors.make_anchor(text.body, start, start + len(words.strip()))
    raise InvalidInput("place", "outside_text")


def _along(made: list[dict[str, Any]], old: Revision, new: Revision) -> list[Location]:
    if not made:
        return []
    return anchors.locate_along(made, texts.change(old.content_hash, old.body, new.content_hash, new.body))


def _state(place: Location, made: dict[str, Any], body: str) -> NoteState:
    """Return whether the passage still reads as it did when the note was made."""
    if place.start is None or place.end is None:
        return NoteState.ORPHAN
    if anchors.is_same(body[place.start : place.end], made["quote"]):
        return NoteState.IN_PLACE
    return NoteState.CHANGED


def _own(tx: Transaction, actor: Actor, section_id: int) -> list[DissentNote]:
    return list(
        tx.session.scalars(
            select(DissentNote).where(
                DissentNote.section_id == section_id,
                DissentNote.organisation_id == actor.organisation_id,
                DissentNote.withdrawn_at.is_(None),
            )
        )
    )


def _record(tx: Transaction, actor: Actor, verb: str, found: DissentNote) -> None:
    activity.record(
        tx, actor, verb, "section", found.section_id, section_id=found.section_id, note_id=found.id
    )
