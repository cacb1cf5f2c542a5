# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about measures: their attributes. The wording changes through proposals like any text."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum, auto

from sqlalchemy import delete, select

from charta.accounts import service as accounts
from charta.accounts.models import Organisation
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound
from charta.events import PlanChanged, publish
from charta.measures.models import Indicator, Measure, MeasureParticipant
from charta.measures.rules import (
    PARTICIPANTS_MAX,
    IndicatorFigures,
    MeasureStatus,
    check_horizon,
    clean_indicators,
)
from charta.permissions import Actor, Permission, require
from charta.sections import service as sections
from charta.sections.models import Section
from charta.sections.rules import SectionKind


@dataclass(frozen=True, slots=True)
class Attributes:
    """Everything about a measure that is not its wording."""

    responsible_id: int | None = None
    participant_ids: tuple[int, ...] = ()
    status: MeasureStatus = MeasureStatus.PROPOSED
    starts_on: date | None = None
    ends_on: date | None = None
    indicators: tuple[IndicatorFigures, ...] = ()


def create_measure(tx: Transaction, section: Section, attributes: Attributes | None = None) -> Measure:
    """Make the measure beside a section of kind `MEASURE`; a shared step, it never commits.

    An approved proposal for a new measure calls it after `sections.service.create_section`. Without
    attributes the measure is „vorgeschlagen“, nobody is responsible yet.
    Raises what `check_horizon` and `clean_indicators` raise; `InvalidInput` not_found for organisations.
    """
    given = attributes or Attributes()
    measure = Measure(section_id=section.id, status=given.status, changed_at=tx.now, version=0)
    tx.session.add(measure)
    tx.session.flush()
    _set_attributes(tx, measure, given)
    return measure


def import_measure(
    actor: Actor,
    *,
    field_id: int,
    title: str,
    body: str,
    passages: Sequence[tuple[str, int]] = (),
    summary: str = "",
    responsible_id: int | None = None,
    participant_ids: Sequence[int] = (),
    status: MeasureStatus = MeasureStatus.PROPOSED,
    starts_on: date | None = None,
    ends_on: date | None = None,
    indicators: Sequence[IndicatorFigures] = (),
) -> int:
    """Take an existing measure in as the last one of its field; return the id of the measure.

    Raises what `sections.service.import_section` and `change_attributes` raise.
    """
    sections.prepare(title, body)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.IMPORT_TEXT)
        section = sections.import_step(
            tx,
            actor,
            kind=SectionKind.MEASURE,
            parent_id=None,
            field_id=field_id,
            title=title,
            body=body,
            passages=passages,
            summary=summary,
        )
        given = Attributes(
            responsible_id, tuple(participant_ids), status, starts_on, ends_on, tuple(indicators)
        )
        measure = create_measure(tx, section, given)
        activity.record(tx, actor, "import_measure", "measure", measure.id, section_id=section.id)
        return measure.id


def change_attributes(
    actor: Actor,
    measure_id: int,
    *,
    responsible_id: int | None,
    participant_ids: Sequence[int],
    status: MeasureStatus,
    starts_on: date | None,
    ends_on: date | None,
    indicators: Sequence[IndicatorFigures],
    seen_version: int,
) -> int:
    """Set all attributes of a measure at once; return its new version.

    Saving what stands there already changes nothing and returns the version as it is. While people vote on
    the measure only its status and the present values of its indicators may change.
    Raises `NotFound`; `WrongState("change_measure", "text_held")`; `EditConflict` when somebody else saved
    after `seen_version`; `InvalidInput` (ends_on: ends_before_start; responsible_id, participant_ids:
    not_found; participant_ids: too_many; indicators: see `clean_indicators`).
    """
    wanted = Attributes(responsible_id, tuple(participant_ids), status, starts_on, ends_on, tuple(indicators))
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        # The section first, as whoever opens a ballot on it does.
        section_id = select(Measure.section_id).where(Measure.id == measure_id)
        tx.session.execute(
            select(Section.id).where(Section.id == section_id.scalar_subquery()).with_for_update()
        )
        measure = tx.lock(Measure, measure_id)
        if measure is None:
            raise NotFound(kind="measure", id=measure_id)
        require(actor, Permission.EDIT_MEASURE, measure)
        if measure.version != seen_version:
            raise EditConflict(seen=seen_version, current=measure.version)
        before = measure.status
        difference = _set_attributes(tx, measure, wanted)
        if difference is Difference.NONE:
            return measure.version
        if difference is Difference.PLAN:
            publish(tx, PlanChanged(measure.section_id))
        activity.record(
            tx,
            actor,
            "change_measure",
            "measure",
            measure.id,
            section_id=measure.section_id,
            version=measure.version,
            status_before=before.value,
            status=measure.status.value,
        )
        return measure.version


class Difference(Enum):
    """What changing the attributes of a measure changes: how far it is, or what was promised."""

    NONE = auto()
    PROGRESS = auto()
    PLAN = auto()


def _set_attributes(tx: Transaction, measure: Measure, wanted: Attributes) -> Difference:
    """Write the attributes that differ and say which kind did."""
    check_horizon(wanted.starts_on, wanted.ends_on)
    indicators = clean_indicators(wanted.indicators)
    participants = sorted(set(wanted.participant_ids))
    if len(participants) > PARTICIPANTS_MAX:
        raise InvalidInput("participant_ids", "too_many", limit=PARTICIPANTS_MAX)
    _check_organisations(tx, wanted.responsible_id, participants)
    own = select(Indicator).where(Indicator.measure_id == measure.id).order_by(Indicator.position)
    stored = [
        IndicatorFigures(row.name, row.unit, row.baseline, row.target, row.current)
        for row in tx.session.scalars(own)
    ]
    present = tx.session.scalars(
        select(MeasureParticipant.organisation_id).where(MeasureParticipant.measure_id == measure.id)
    )
    old = (measure.responsible_id, measure.status, measure.starts_on, measure.ends_on)
    new = (wanted.responsible_id, wanted.status, wanted.starts_on, wanted.ends_on)
    same_people, same_figures = sorted(present) == participants, stored == indicators
    if measure.version and old == new and same_people and same_figures:
        return Difference.NONE
    is_same_plan = (
        (measure.responsible_id, measure.starts_on, measure.ends_on)
        == (wanted.responsible_id, wanted.starts_on, wanted.ends_on)
        and same_people
        and [replace(one, current=None) for one in stored]
        == [replace(one, current=None) for one in indicators]
    )
    measure.responsible_id, measure.status, measure.starts_on, measure.ends_on = new
    if not same_people:
        tx.session.execute(delete(MeasureParticipant).where(MeasureParticipant.measure_id == measure.id))
        tx.session.add_all(
            [
                MeasureParticipant(measure_id=measure.id, organisation_id=organisation_id)
                for organisation_id in participants
            ]
        )
    if not same_figures:
        tx.session.execute(delete(Indicator).where(Indicator.measure_id == measure.id))
        tx.session.add_all(
            [
                Indicator(
                    measure_id=measure.id,
                    position=position,
                    name=one.name,
                    unit=one.unit,
                    baseline=one.baseline,
                    target=one.target,
                    current=one.current,
                )
                for position, one in enumerate(indicators, 1)
            ]
        )
    measure.version += 1
    measure.changed_at = tx.now
    tx.session.flush()
    return Difference.PROGRESS if is_same_plan else Difference.PLAN


def _check_organisations(tx: Transaction, responsible_id: int | None, participants: Sequence[int]) -> None:
    wanted = {*participants, *([responsible_id] if responsible_id is not None else [])}
    if not wanted:
        return
    found = set(tx.session.scalars(select(Organisation.id).where(Organisation.id.in_(wanted))))
    if responsible_id is not None and responsible_id not in found:
        raise InvalidInput("responsible_id", "not_found")
    if wanted - found:
        raise InvalidInput("participant_ids", "not_found")
