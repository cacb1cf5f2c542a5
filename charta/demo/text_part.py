# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields of action, sources, Charta 1.0 with its marked passages, and its measures."""

from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from charta.demo import files
from charta.demo.keys import (
    PUBLISHED,
    Step,
    actor,
    field_id,
    organisation_id,
    section_id,
    source_id,
)
from charta.fields import service as fields
from charta.measures import service as measures
from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.sections import service as sections
from charta.sections.rules import SourceKind

_MODERATION = "moderation@example.org"
_CAUSE = "Charta 1.0"


def steps(started_at: datetime) -> list[Step]:
    """Return the steps of this part."""
    del started_at  # Charta 1.0 has its real date
    found = [
        Step(PUBLISHED, partial(_field, row), partial(_is_there, field_id, row["slug"]))
        for row in files.rows("fields", "field")
    ]
    found += [
        Step(PUBLISHED, partial(_source, row), partial(_is_there, source_id, row["key"]))
        for row in files.rows("sources", "source")
    ]
    found += [
        Step(PUBLISHED, partial(_section, row), partial(_is_there, section_id, row["key"]))
        for row in files.rows("charta_1_0", "section")
    ]
    found += [
        Step(PUBLISHED, partial(_measure, row), partial(_is_there, section_id, row["key"]))
        for row in files.rows("measures", "measure")
    ]
    return found


def _is_there(find: Any, key: str) -> bool:
    return find(key) is not None


def _field(row: dict[str, Any]) -> None:
    fields.create_field(
        actor("admin@example.org"),
        number=row["number"],
        slug=row["slug"],
        name=row["name"],
        short_name=row["short"],
        description=row["description"],
        lead_organisation_id=organisation_id(row["lead"]),
    )


def _source(row: dict[str, Any]) -> None:
    sections.add_source(
        actor(_MODERATION),
        number=row["number"],
        kind=SourceKind(row["kind"]),
        name=row["name"],
        short=row["short"],
        dated_on=row["date"],
    )


def _passages(row: dict[str, Any]) -> list[tuple[str, int]]:
    found = []
    for passage in row["passages"]:
        source = source_id(passage["source"])
        assert source is not None
        found.append((passage["text"], source))
    return found


def _section(row: dict[str, Any]) -> None:
    sections.import_section(
        actor(_MODERATION),
        parent_id=section_id(row["parent"]),
        field_id=field_id(row["field"]),
        title=row["title"],
        body=row["body"],
        passages=_passages(row),
        summary=_CAUSE,
    )


def _measure(row: dict[str, Any]) -> None:
    field = field_id(row["field"])
    assert field is not None
    measures.import_measure(
        actor(_MODERATION),
        field_id=field,
        title=row["title"],
        body=row["body"],
        passages=_passages(row),
        summary=_CAUSE,
        responsible_id=organisation_id(row["responsible"]),
        participant_ids=[found for key in row["participants"] if (found := organisation_id(key)) is not None],
        status=MeasureStatus(row["status"]),
        starts_on=row["starts"],
        ends_on=row["ends"],
        indicators=[_indicator(values) for values in row["indicators"]],
    )


def _indicator(row: dict[str, Any]) -> IndicatorFigures:
    return IndicatorFigures(
        name=row["name"],
        unit=row["unit"],
        baseline=Decimal(str(row["baseline"])),
        target=Decimal(str(row["target"])),
        current=Decimal(str(row["current"])),
    )
