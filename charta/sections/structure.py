# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The place of a section in the tree: shared steps of the commands that create, move and take out.

They take `tx` and never commit. Positions and shown numbers of the siblings follow silently; only the section
that was meant (and, when it changes its field, what stands below it) gets a structure revision.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import object_session
from sqlalchemy.orm.attributes import set_committed_value

from charta import events
from charta.db import Transaction
from charta.errors import InvalidInput, WrongState
from charta.fields.models import FieldOfAction
from charta.sections.models import Section, StructureRevision
from charta.sections.rules import LAST, Place, SectionKind, StructureCause, in_reading_order, is_below

_TREE_LOCK = 0x43484152  # any constant: one lock for the one tree


def lock_tree(tx: Transaction) -> None:
    """Let one structure change at a time pass; call it before the row lock of the section.

    SQLite holds its write lock anyway. Without this two moves on PostgreSQL could wait for each other while
    they renumber the same siblings.
    """
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _TREE_LOCK})


def places(tx: Transaction) -> dict[int, Place]:
    """Return the place of every living section by id (one statement)."""
    rows = tx.session.execute(
        select(
            Section.id,
            Section.kind,
            Section.parent_id,
            Section.field_id,
            FieldOfAction.number,
            Section.position,
            Section.number,
        )
        .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
        .where(Section.is_deleted.is_(False), Section.structure_number > 0)
    )
    return {row[0]: Place(*row) for row in rows}


def place_section(
    tx: Transaction,
    section: Section,
    *,
    parent_id: int | None,
    field_id: int | None,
    after_id: int | None = LAST,
    author_id: int,
    cause: StructureCause,
    proposal_id: int | None = None,
) -> StructureRevision | None:
    """Put a section at a place; return its structure revision, None when it stands there already.

    `after_id`: the sibling it follows, None for the first place, `LAST` (preset) for the last one.
    A child has the field of its parent, whatever `field_id` says. A root of a field that has a root already
    becomes that root's child. A measure has no parent; it is placed among the measures of its field.
    Raises `InvalidInput` (parent_id: not_found, cycle; field_id: not_found; after_id: not_a_sibling).
    """
    lock_tree(tx)
    known = places(tx)
    target = _target(tx, known, section, parent_id, field_id)
    siblings = _siblings(known, target)
    before = known.get(section.id)
    position = _position(siblings, after_id, target.id)
    if before is not None and (before.parent_id, before.field_id, before.position) == (
        target.parent_id,
        target.field_id,
        position,
    ):
        return None
    siblings.insert(position - 1, target)
    known[section.id] = target
    changed = _numbered(siblings)
    if before is not None and before.group != target.group:
        changed |= _numbered(_siblings(known, before))
    below = [
        replace(place, field_id=target.field_id, field_number=target.field_number)
        for place in known.values()
        if before is not None
        and place.id != section.id
        and place.field_id != target.field_id
        and place.kind is SectionKind.SECTION
        and is_below(known, place.id, section.id)
    ]
    _store(tx, known | changed | {place.id: place for place in below}, was=known, section=section)
    if below:
        moved = tx.session.scalars(select(Section).where(Section.id.in_([place.id for place in below])))
        for other in moved.all():
            _write(tx, other, author_id=author_id, cause=cause, proposal_id=proposal_id)
    revision = _write(tx, section, author_id=author_id, cause=cause, proposal_id=proposal_id)
    tx.session.flush()
    events.publish(tx, events.StructureChanged(section.id))
    return revision


def renumber(tx: Transaction, event: events.FieldRenumbered) -> None:
    """Write the numbers of all sections anew: those of a field begin with its number."""
    del event
    lock_tree(tx)
    known = places(tx)
    _store(tx, known, was=known, section=None)


def bury_section(
    tx: Transaction,
    section: Section,
    *,
    author_id: int,
    cause: StructureCause,
    proposal_id: int | None = None,
) -> StructureRevision:
    """Take a section out of the tree; its text and history stay readable.

    Raises `WrongState` for a section that is out already ("deleted") or still has living ones below it
    ("has_children"): nobody takes out more than they named.
    """
    lock_tree(tx)
    known = places(tx)
    mine = known.pop(section.id, None)
    if mine is None or section.is_deleted:
        raise WrongState("bury", "deleted")
    if any(place.parent_id == section.id for place in known.values()):
        raise WrongState("bury", "has_children")
    changed = _numbered(_siblings(known, mine))
    section.is_deleted = True
    section.changed_at = tx.now
    _store(tx, known | changed, was=known, section=None)
    revision = _write(
        tx, section, author_id=author_id, cause=cause, proposal_id=proposal_id, is_tombstone=True
    )
    tx.session.flush()
    events.publish(tx, events.StructureChanged(section.id))
    return revision


def _target(
    tx: Transaction, known: dict[int, Place], section: Section, parent_id: int | None, field_id: int | None
) -> Place:
    if section.kind is SectionKind.MEASURE:
        parent_id = None
    elif parent_id is None and field_id is not None:
        root = next((p for p in known.values() if p.parent_id is None and _is_root_of(p, field_id)), None)
        if root is not None and root.id != section.id:
            parent_id = root.id
    if parent_id is not None:
        parent = known.get(parent_id)
        if parent is None or parent.kind is not SectionKind.SECTION:
            raise InvalidInput("parent_id", "not_found")
        if is_below(known, parent_id, section.id):
            raise InvalidInput("parent_id", "cycle")
        return Place(section.id, section.kind, parent_id, parent.field_id, parent.field_number, 0)
    number = None
    if field_id is not None:
        number = tx.session.scalar(select(FieldOfAction.number).where(FieldOfAction.id == field_id))
        if number is None:
            raise InvalidInput("field_id", "not_found")
    return Place(section.id, section.kind, None, field_id, number, 0)


def _is_root_of(place: Place, field_id: int) -> bool:
    return place.kind is SectionKind.SECTION and place.field_id == field_id


def _siblings(known: dict[int, Place], place: Place) -> list[Place]:
    found = [other for other in known.values() if other.group == place.group and other.id != place.id]
    return sorted(found, key=lambda other: (other.position, other.id))


def _numbered(siblings: list[Place]) -> dict[int, Place]:
    return {place.id: replace(place, position=at) for at, place in enumerate(siblings, 1)}


def _position(siblings: list[Place], after_id: int | None, section_id: int) -> int:
    if after_id is None:
        return 1
    if after_id == LAST:
        return len(siblings) + 1
    for at, sibling in enumerate(siblings, 1):
        if sibling.id == after_id:
            return at + 1
    raise InvalidInput("after_id", "not_a_sibling", after_id=after_id, section_id=section_id)


def _store(
    tx: Transaction, wanted: dict[int, Place], *, was: dict[int, Place], section: Section | None
) -> None:
    """Write places and numbers that differ, all in one statement, and tell the objects in memory."""
    rows: list[dict[str, Any]] = []
    for place, _depth, number in in_reading_order(wanted.values()):
        old = was.get(place.id)
        is_meant = section is not None and place.id == section.id
        if (
            is_meant
            or old is None
            or (place.position, place.field_id, number)
            != (
                old.position,
                old.field_id,
                old.number,
            )
        ):
            rows.append(
                {
                    "id": place.id,
                    "parent_id": place.parent_id,
                    "field_id": place.field_id,
                    "position": place.position,
                    "number": number,
                }
            )
    if rows:
        tx.session.flush()
        tx.session.execute(update(Section), rows)
        _tell(tx, rows)


def _tell(tx: Transaction, rows: Iterable[dict[str, Any]]) -> None:
    by_id = {item.id: item for item in tx.session.identity_map.values() if isinstance(item, Section)}
    for row in rows:
        loaded = by_id.get(row["id"])
        if loaded is not None and object_session(loaded) is tx.session:
            for name in ("parent_id", "field_id", "position", "number"):
                set_committed_value(loaded, name, row[name])


def _write(
    tx: Transaction,
    section: Section,
    *,
    author_id: int,
    cause: StructureCause,
    proposal_id: int | None,
    is_tombstone: bool = False,
) -> StructureRevision:
    section.structure_number += 1
    revision = StructureRevision(
        section_id=section.id,
        number=section.structure_number,
        parent_id=section.parent_id,
        field_id=section.field_id,
        position=section.position,
        is_tombstone=is_tombstone,
        cause=cause,
        proposal_id=proposal_id,
        author_id=author_id,
        created_at=tx.now,
    )
    tx.session.add(revision)
    return revision
