# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about measures and fields of action."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.activity import queries as activity
from charta.db import session, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted
from charta.fields import queries as fields
from charta.fields import service as field_service
from charta.measures import queries, service
from charta.measures.models import Measure
from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.permissions import Actor
from charta.sections import service as sections
from charta.sections.rules import Cause, SectionKind
from tests import factories
from tests.databases import count_statements

FIGURES = (IndicatorFigures("Lotsen", "Anzahl", Decimal(0), Decimal(60), Decimal("12.5")),)


def change(actor: Actor, measure_id: int, seen: int = 1, **changes: Any) -> int:
    values: dict[str, Any] = {
        "responsible_id": None,
        "participant_ids": [],
        "status": MeasureStatus.PROPOSED,
        "starts_on": None,
        "ends_on": None,
        "indicators": [],
    }
    return service.change_attributes(actor, measure_id, seen_version=seen, **(values | changes))


def test_a_measure_is_taken_in_with_everything_beside_it(app: Flask) -> None:
    organisation, other, field = (
        factories.organisation(),
        factories.organisation(),
        factories.field_of_action(),
    )
    measure_id = factories.measure(
        field_id=field,
        responsible_id=organisation,
        participant_ids=[other, organisation, other],
        status=MeasureStatus.RUNNING,
        starts_on=date(2024, 1, 1),
        ends_on=date(2026, 12, 31),
        indicators=FIGURES,
    )
    found = queries.measure_page(measure_id)
    assert found is not None
    assert found.section.kind is SectionKind.MEASURE
    assert (found.section.number, found.section.field_id) == ("1.1", field)
    assert found.responsible is not None
    assert found.responsible.id == organisation
    assert {one.id for one in found.participants} == {organisation, other}
    assert list(found.indicators) == list(FIGURES)
    assert (found.status, found.version) == (MeasureStatus.RUNNING, 1)


def test_an_approved_new_measure_begins_as_proposed_with_nobody_responsible(app: Flask) -> None:
    author, field = factories.partner().id, factories.field_of_action()
    with transaction() as tx:
        section = sections.create_section(
            tx, kind=SectionKind.MEASURE, parent_id=None, field_id=field, title="Lotsen", body="Text.",
            author_id=author, cause=Cause.PROPOSAL, proposal_id=3,
        )  # fmt: skip
        measure_id = service.create_measure(tx, section).id
    found = queries.measure_page(measure_id)
    assert found is not None
    assert (found.status, found.responsible, found.version) == (MeasureStatus.PROPOSED, None, 1)


def test_attributes_change_together_and_the_log_knows(app: Flask) -> None:
    measure_id, moderator = factories.measure(), factories.moderator().actor
    organisation = factories.organisation()
    version = change(
        moderator, measure_id, responsible_id=organisation, participant_ids=[organisation],
        status=MeasureStatus.DONE, starts_on=date(2024, 1, 1), ends_on=date(2024, 1, 1), indicators=FIGURES,
    )  # fmt: skip
    found = queries.measure_page(measure_id)
    assert found is not None
    assert version == found.version == 2
    assert (found.status, list(found.indicators)) == (MeasureStatus.DONE, list(FIGURES))
    entry = activity.newest()[0]
    assert (entry.verb, entry.subject_id, entry.data["status_before"]) == (
        "change_measure",
        measure_id,
        "proposed",
    )


def test_saving_what_stands_there_changes_nothing(app: Flask) -> None:
    measure_id, moderator = factories.measure(indicators=FIGURES), factories.moderator().actor
    before = activity.newest()[0].seq
    assert change(moderator, measure_id, indicators=FIGURES) == 1
    assert change(moderator, measure_id, indicators=[*FIGURES, IndicatorFigures("")]) == 1
    assert activity.newest()[0].seq == before


def test_who_has_not_seen_the_newest_version_is_told(app: Flask) -> None:
    measure_id, moderator = factories.measure(), factories.moderator().actor
    change(moderator, measure_id, status=MeasureStatus.ADOPTED)
    with pytest.raises(EditConflict):
        change(moderator, measure_id, seen=1, status=MeasureStatus.STOPPED)
    found = queries.measure_page(measure_id)
    assert found is not None
    assert found.status is MeasureStatus.ADOPTED


@pytest.mark.parametrize("role", ["attendee", "partner", "administrator"])
def test_only_moderators_change_attributes(app: Flask, role: str) -> None:
    measure_id = factories.measure()
    with pytest.raises(NotPermitted):
        change(factories.person(role).actor, measure_id, status=MeasureStatus.DONE)


def test_an_unknown_measure_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        change(factories.moderator().actor, 4711)


@pytest.mark.parametrize(
    "changes, field, code",
    [
        ({"starts_on": date(2024, 2, 1), "ends_on": date(2024, 1, 1)}, "ends_on", "ends_before_start"),
        ({"responsible_id": 999}, "responsible_id", "not_found"),
        ({"participant_ids": [999]}, "participant_ids", "not_found"),
        ({"participant_ids": range(1, 100)}, "participant_ids", "too_many"),
        ({"indicators": [IndicatorFigures("", target=Decimal(1))]}, "indicators", "required"),
    ],
)
def test_attributes_that_make_no_sense_are_refused(
    app: Flask, changes: dict[str, Any], field: str, code: str
) -> None:
    measure_id, moderator = factories.measure(), factories.moderator().actor
    with pytest.raises(InvalidInput) as caught:
        change(moderator, measure_id, **changes)
    assert (caught.value.field, caught.value.code) == (field, code)
    found = queries.measure_page(measure_id)
    assert found is not None
    assert found.version == 1


def test_a_refused_import_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(InvalidInput):
        factories.measure(starts_on=date(2025, 1, 1), ends_on=date(2024, 1, 1))
    assert session.scalar(select(func.count(Measure.id))) == 0


def test_the_list_can_be_filtered_and_takes_two_statements(app: Flask) -> None:
    one, two, organisation = (
        factories.field_of_action(),
        factories.field_of_action(),
        factories.organisation(),
    )
    for number in range(4):
        factories.measure(f"A{number}", field_id=two, indicators=FIGURES)
    factories.measure("B", field_id=one, status=MeasureStatus.DONE, responsible_id=organisation)
    with count_statements() as counted:
        rows = queries.measures()
    assert [row.number for row in rows] == ["1.1", "2.1", "2.2", "2.3", "2.4"]
    assert len(counted) == 2
    assert rows[1].lead == FIGURES[0]
    assert [row.title for row in queries.measures(field_id=one)] == ["B"]
    assert [row.title for row in queries.measures(status=MeasureStatus.DONE)] == ["B"]
    assert [row.title for row in queries.measures(responsible_id=organisation)] == ["B"]
    assert queries.counts_by_status() == {MeasureStatus.PROPOSED: 4, MeasureStatus.DONE: 1}
    assert [found.id for found in queries.responsible_organisations()] == [organisation]


# ---------------------------------------------------------------------------------------------------- fields


def field_values(**changes: Any) -> dict[str, Any]:
    return {"number": 1, "slug": "gute-arbeit", "name": "Gute Arbeit"} | changes


def test_a_field_is_made_and_found_by_its_address(app: Flask) -> None:
    lead = factories.organisation("IG Metall")
    field_service.create_field(
        factories.administrator().actor, **field_values(lead_organisation_id=lead, description=" a\n b ")
    )
    found = fields.field_by_slug("gute-arbeit")
    assert found is not None
    assert (found.short_name, found.description) == ("Gute Arbeit", "a b")
    assert found.lead_organisation is not None
    assert found.lead_organisation.name == "IG Metall"
    assert fields.field_by_slug("anders") is None


@pytest.mark.parametrize(
    "changes, field, code",
    [
        ({"number": 0}, "number", "invalid"),
        ({"number": 100}, "number", "invalid"),
        ({"slug": "Gute Arbeit"}, "slug", "invalid"),
        ({"slug": "-a"}, "slug", "invalid"),
        ({"slug": "ä"}, "slug", "invalid"),  # an address is typed on any keyboard
        ({"name": " "}, "name", "required"),
        ({"name": "x" * 121}, "name", "too_long"),
        ({"lead_organisation_id": 77}, "lead_organisation_id", "not_found"),
        ({"number": 5}, "number", "taken"),
        ({"slug": "vergeben"}, "slug", "taken"),
    ],
)
def test_fields_that_cannot_be_stored_are_refused(
    app: Flask, changes: dict[str, Any], field: str, code: str
) -> None:
    administrator = factories.administrator().actor
    field_service.create_field(administrator, number=5, slug="vergeben", name="Vergeben")
    with pytest.raises(InvalidInput) as caught:
        field_service.create_field(administrator, **field_values(**changes))
    assert (caught.value.field, caught.value.code) == (field, code)


def test_only_administrators_make_fields(app: Flask) -> None:
    with pytest.raises(NotPermitted):
        field_service.create_field(factories.moderator().actor, **field_values())
