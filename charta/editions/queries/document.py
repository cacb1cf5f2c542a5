# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The document as it stood at a moment: every living text in its place, with number and facts.

What an edition freezes, and what one is compared with. Wordings and places come from one statement, so that
no approval between two statements can tear them apart; bodies are read afterwards: revisions never change.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Integer, Row, and_, bindparam, cast, func, literal, null, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation
from charta.db import UtcDateTime, session, utcnow
from charta.editions.wording import Entry
from charta.fields.models import FieldOfAction
from charta.measures.models import Indicator, Measure, MeasureParticipant
from charta.sections import texts
from charta.sections.models import Revision, Section, StructureRevision
from charta.sections.rules import Place, SectionKind, in_reading_order

_AT = bindparam("at", type_=UtcDateTime())
_other = aliased(Revision)
_NEWEST = (
    select(func.max(_other.number))
    .where(_other.section_id == StructureRevision.section_id, _other.created_at <= _AT)
    .correlate(StructureRevision)
    .scalar_subquery()
)
# Every place that any section ever had until then, in the order in which they came, each with the wording.
_PLACES = (
    select(
        StructureRevision.section_id,
        Section.kind,
        StructureRevision.parent_id,
        StructureRevision.field_id,
        FieldOfAction.number.label("field_number"),
        StructureRevision.position,
        StructureRevision.is_tombstone,
        FieldOfAction.name.label("field_name"),
        Revision.id.label("revision_id"),
        Revision.title,
        Revision.content_hash,
        Section.head_id,
        Section.paragraph_count,
    )
    .join(Section, Section.id == StructureRevision.section_id)
    .join(Revision, and_(Revision.section_id == Section.id, Revision.number == _NEWEST))
    .outerjoin(FieldOfAction, FieldOfAction.id == StructureRevision.field_id)
    .where(StructureRevision.created_at <= _AT)
    .order_by(StructureRevision.id)
)
# A line for who is responsible, one for each that takes part, one for each indicator.
_WANTED = union_all(
    select(
        Measure.id.label("measure_id"),
        Measure.responsible_id.label("organisation_id"),
        cast(null(), Integer).label("indicator_id"),
        literal(1).label("is_responsible"),
    ),
    select(MeasureParticipant.measure_id, MeasureParticipant.organisation_id, null(), literal(0)),
    select(Indicator.measure_id, null(), Indicator.id, literal(0)),
).subquery()
_FACTS = (
    select(
        Measure.section_id,
        Measure.starts_on,
        Measure.ends_on,
        _WANTED.c.is_responsible,
        Organisation.name,
        Indicator,
    )
    .join(_WANTED, _WANTED.c.measure_id == Measure.id)
    .outerjoin(Organisation, Organisation.id == _WANTED.c.organisation_id)
    .outerjoin(Indicator, Indicator.id == _WANTED.c.indicator_id)
    .where(Measure.section_id.in_(bindparam("section_ids", expanding=True)))
    .order_by(Indicator.position, Organisation.name, Organisation.id)
)


def document(at: datetime | None = None) -> Sequence[Entry]:
    """Return the living texts as they stood `at` a moment (now), in the order of an edition.

    Two statements, a third when the moment is long gone.

    Sections depth first, the measures of a field behind its last section, other measures at the end.
    Facts of measures and names of fields are as they are now: they have no past.
    """
    rows = session.connection().execute(_PLACES, {"at": at or utcnow()}).all()
    places, wordings = _replayed(rows)
    ordered = _with_measures_in_their_fields(in_reading_order(places))
    older = {row.revision_id for row in wordings.values() if row.revision_id != row.head_id}
    counts = _paragraph_counts(older)
    facts = facts_of([place.id for place, _depth, _number in ordered if place.kind is SectionKind.MEASURE])
    found: list[Entry] = []
    rn = 1
    for place, depth, number in ordered:
        row = wordings[place.id]
        is_measure = place.kind is SectionKind.MEASURE
        count = counts.get(row.revision_id, row.paragraph_count)
        found.append(
            Entry(
                section_id=place.id,
                kind=place.kind,
                number=number,
                title=row.title,
                depth=depth,
                parent_id=place.parent_id,
                field_number=place.field_number,
                field_name=row.field_name or "",
                first_rn=1 if is_measure else rn,
                revision_id=row.revision_id,
                content_hash=row.content_hash,
                facts=facts.get(place.id) if is_measure else None,
                field_id=place.field_id,
                paragraph_count=count,
            )
        )
        rn += 0 if is_measure else count
    return found


def bodies(revision_ids: Collection[int]) -> Mapping[int, str]:
    """Return the texts of these wordings by id (one statement)."""
    rows = session.execute(select(Revision.id, Revision.body).where(Revision.id.in_(revision_ids)))
    return {row.id: row.body for row in rows}


def _replayed(rows: Iterable[Any]) -> tuple[list[Place], dict[int, Row[Any]]]:
    """Go through the places in the order in which they came; return where everything stood at the end.

    A section's own record is not enough: siblings give way silently when something is put before them.
    """
    siblings: dict[Any, list[Place]] = {}
    where: dict[int, Any] = {}
    latest: dict[int, Row[Any]] = {}
    for row in rows:
        if row.section_id in where:
            group = siblings[where.pop(row.section_id)]
            group[:] = [place for place in group if place.id != row.section_id]
        if row.is_tombstone:
            continue
        place = Place(row.section_id, row.kind, row.parent_id, row.field_id, row.field_number, row.position)
        siblings.setdefault(place.group, []).insert(place.position - 1, place)
        where[place.id] = place.group
        latest[place.id] = row
    places = [
        replace(place, position=position)
        for group in siblings.values()
        for position, place in enumerate(group, 1)
    ]
    return places, latest


def _with_measures_in_their_fields(
    ordered: Iterable[tuple[Place, int, str]],
) -> list[tuple[Place, int, str]]:
    items = list(ordered)
    sections = [item for item in items if item[0].kind is SectionKind.SECTION]
    measures = [item for item in items if item[0].kind is SectionKind.MEASURE]
    last = {item[0].field_id: at for at, item in enumerate(sections) if item[0].field_id is not None}
    # Sorting is stable: measures stay in their order, behind the section they follow.
    keyed = [(float(at), item) for at, item in enumerate(sections)]
    keyed += [(last.get(item[0].field_id or 0, len(sections)) + 0.5, item) for item in measures]
    return [item for _key, item in sorted(keyed, key=lambda pair: pair[0])]


def _paragraph_counts(revision_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many paragraphs older wordings have; for heads their section knows it."""
    if not revision_ids:
        return {}
    rows = session.execute(
        select(Revision.id, Revision.content_hash, Revision.body).where(Revision.id.in_(revision_ids))
    )
    return {
        row.id: sum(block.index >= 0 for block in texts.rendered(row.content_hash, row.body)) for row in rows
    }


def facts_of(section_ids: Collection[int]) -> Mapping[int, dict[str, Any]]:
    """Return what measures say beside their wording, by section (one statement).

    How far a measure is does not belong to it: that goes on while the edition stands still.
    """
    if not section_ids:
        return {}
    found: dict[int, dict[str, Any]] = {}
    for row in session.execute(_FACTS, {"section_ids": list(section_ids)}):
        facts = found.setdefault(
            row.section_id,
            {
                "responsible": "",
                "participants": [],
                "starts_on": _day(row.starts_on),
                "ends_on": _day(row.ends_on),
                "indicators": [],
            },
        )
        if row.Indicator is not None:
            facts["indicators"].append(
                {
                    "name": row.Indicator.name,
                    "unit": row.Indicator.unit,
                    "baseline": _figure(row.Indicator.baseline),
                    "target": _figure(row.Indicator.target),
                }
            )
        elif row.is_responsible:
            facts["responsible"] = row.name or ""
        else:
            facts["participants"].append(row.name)
    return found


def _day(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def _figure(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}"
