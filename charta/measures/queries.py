# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading measures: the list by field and one measure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, ScalarSelect, cast, func, null, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.measures.models import Indicator, Measure, MeasureParticipant
from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.sections.models import Revision, Section
from charta.sections.queries import FieldLabel


def id_of_section(section_id: int) -> int | None:
    """Return the measure whose wording this section holds."""
    return session.scalar(select(Measure.id).where(Measure.section_id == section_id))


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure as a line of a list shows it; `lead` is its first indicator with a target."""

    id: int
    section_id: int
    number: str
    title: str
    status: MeasureStatus
    starts_on: date | None
    ends_on: date | None
    open_proposals: int
    field_id: int | None
    responsible_name: str
    responsible_short: str
    lead: IndicatorFigures | None


def measures(
    *,
    field_id: int | None = None,
    status: MeasureStatus | None = None,
    responsible_id: int | None = None,
) -> Sequence[MeasureRow]:
    """Return the living measures in the order of their fields and numbers (two statements).

    A region plans tens of measures, not thousands: the list is not cut.
    """
    conditions: list[ColumnElement[bool]] = [Section.is_deleted.is_(False)]
    if field_id is not None:
        conditions.append(Section.field_id == field_id)
    if status is not None:
        conditions.append(Measure.status == status)
    if responsible_id is not None:
        conditions.append(Measure.responsible_id == responsible_id)
    rows = session.execute(
        select(
            Measure.id,
            Measure.section_id,
            Section.number,
            Section.title,
            Measure.status,
            Measure.starts_on,
            Measure.ends_on,
            Section.open_proposals,
            Section.field_id,
            Organisation.name.label("responsible_name"),
            Organisation.short.label("responsible_short"),
        )
        .join(Section, Section.id == Measure.section_id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
        .outerjoin(Organisation, Organisation.id == Measure.responsible_id)
        .where(*conditions)
        .order_by(FieldOfAction.number.is_(None), FieldOfAction.number, Section.position, Measure.id)
    ).all()
    leads = _lead_indicators(conditions) if rows else {}
    return [
        MeasureRow(
            id=row.id,
            section_id=row.section_id,
            number=row.number,
            title=row.title,
            status=row.status,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            open_proposals=row.open_proposals,
            field_id=row.field_id,
            responsible_name=row.responsible_name or "",
            responsible_short=row.responsible_short or "",
            lead=leads.get(row.id),
        )
        for row in rows
    ]


def _lead_indicators(conditions: Sequence[ColumnElement[bool]]) -> Mapping[int, IndicatorFigures]:
    found: dict[int, IndicatorFigures] = {}
    rows = session.scalars(
        select(Indicator)
        .join(Measure, Measure.id == Indicator.measure_id)
        .join(Section, Section.id == Measure.section_id)
        .where(*conditions, Indicator.target.is_not(None))
        .order_by(Indicator.measure_id, Indicator.position)
    )
    for row in rows:
        found.setdefault(row.measure_id, figures(row))
    return found


def figures(row: Indicator) -> IndicatorFigures:
    """Return a stored indicator as plain figures."""
    return IndicatorFigures(row.name, row.unit, row.baseline, row.target, row.current)


def counts_by_status() -> Mapping[MeasureStatus, int]:
    """Return how many living measures stand in each status."""
    rows = session.execute(
        select(Measure.status, func.count())
        .join(Section, Section.id == Measure.section_id)
        .where(Section.is_deleted.is_(False))
        .group_by(Measure.status)
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True, slots=True)
class OrganisationRef:
    """An organisation as a measure names it."""

    id: int
    name: str
    short: str


def responsible_organisations() -> Sequence[OrganisationRef]:
    """Return the organisations that answer for a living measure, by name."""
    rows = session.execute(
        select(Organisation.id, Organisation.name, Organisation.short)
        .join(Measure, Measure.responsible_id == Organisation.id)
        .join(Section, Section.id == Measure.section_id)
        .where(Section.is_deleted.is_(False))
        .distinct()
        .order_by(Organisation.name)
    )
    return [OrganisationRef(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class MeasurePage:
    """A measure with its wording and everything beside it."""

    id: int
    section: Section
    head: Revision
    field: FieldLabel | None
    status: MeasureStatus
    starts_on: date | None
    ends_on: date | None
    version: int
    changed_at: datetime
    responsible: OrganisationRef | None
    participants: Sequence[OrganisationRef]
    indicators: Sequence[IndicatorFigures]


def section_of(measure_id: int) -> ScalarSelect[Any]:
    """Return the id of the section of a measure, as a column for other statements."""
    return select(Measure.section_id).where(Measure.id == measure_id).scalar_subquery()


def measure_page(measure_id: int) -> MeasurePage | None:
    """Return one measure, also when its section was taken out (two statements)."""
    lead = aliased(Organisation)
    row = session.execute(
        select(
            *(Measure, Section, Revision, Organisation.id, Organisation.name, Organisation.short),
            *(FieldOfAction.number, FieldOfAction.name, FieldOfAction.slug, lead.name),
        )
        .join(Section, Section.id == Measure.section_id)
        .join(Revision, Revision.id == Section.head_id)
        .outerjoin(Organisation, Organisation.id == Measure.responsible_id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
        .outerjoin(lead, lead.id == FieldOfAction.lead_organisation_id)
        .where(Measure.id == measure_id)
    ).one_or_none()
    if row is None:
        return None
    measure, section, head, by_id, by_name, by_short, number, field_name, slug, lead_name = row
    participants, indicators = _participants_and_indicators(measure_id)
    return MeasurePage(
        id=measure.id,
        section=section,
        head=head,
        field=None if section.field_id is None else FieldLabel(number, field_name, slug, lead_name),
        status=measure.status,
        starts_on=measure.starts_on,
        ends_on=measure.ends_on,
        version=measure.version,
        changed_at=measure.changed_at,
        responsible=None if measure.responsible_id is None else OrganisationRef(by_id, by_name, by_short),
        participants=participants,
        indicators=indicators,
    )


def _participants_and_indicators(measure_id: int) -> tuple[list[OrganisationRef], list[IndicatorFigures]]:
    """Return who takes part, by name, and the indicators in their order (one statement)."""
    wanted = union_all(
        select(
            MeasureParticipant.organisation_id.label("organisation_id"),
            cast(null(), Integer).label("indicator_id"),
        ).where(MeasureParticipant.measure_id == measure_id),
        select(null(), Indicator.id).where(Indicator.measure_id == measure_id),
    ).subquery()
    found: Sequence[Any] = session.execute(
        select(Organisation.id, Organisation.name, Organisation.short, Indicator)
        .select_from(wanted)
        .outerjoin(Organisation, Organisation.id == wanted.c.organisation_id)
        .outerjoin(Indicator, Indicator.id == wanted.c.indicator_id)
        .order_by(Indicator.position, Organisation.name)
    ).all()
    return (
        [OrganisationRef(row[0], row[1], row[2]) for row in found if row[3] is None],
        [figures(row[3]) for row in found if row[3] is not None],
    )
