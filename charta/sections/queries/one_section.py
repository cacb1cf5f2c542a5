# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One section, with what stands above its text."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, true

from charta.accounts.models import Organisation
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.sections.models import Revision, Section
from charta.sections.queries.outline import VERSION, FieldLabel


def section(section_id: int) -> Section | None:
    """Return a section, also one that was taken out (`is_deleted`)."""
    return session.get(Section, section_id)


def head(section: Section) -> Revision | None:
    """Return the present wording of a section."""
    return session.get(Revision, section.head_id) if section.head_id is not None else None


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section with what stands above its text."""

    section: Section
    head: Revision
    field: FieldLabel | None


_SECTION_PAGE = (
    select(
        Section,
        Revision,
        FieldOfAction.number,
        FieldOfAction.name,
        FieldOfAction.slug,
        Organisation.name,
    )
    .join(Revision, Revision.id == Section.head_id)
    .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
    .outerjoin(Organisation, Organisation.id == FieldOfAction.lead_organisation_id)
    .where(Section.id == bindparam("section_id"))
)
_OWN = len(_SECTION_PAGE.column_descriptions)
_now = VERSION.subquery()
_SECTION_PAGE_AND_VERSION = _SECTION_PAGE.add_columns(*_now.c).join(_now, true())


def section_page(section_id: int) -> SectionPage | None:
    """Return a section with head, field and lead organisation, also when it was taken out (one statement)."""
    row = session.execute(_SECTION_PAGE, {"section_id": section_id}).one_or_none()
    return _page(row) if row is not None else None


def section_page_with_version(section_id: int) -> tuple[SectionPage, str] | None:
    """Return what `section_page` does, and the `version` of all sections with it (one statement)."""
    row = session.execute(_SECTION_PAGE_AND_VERSION, {"section_id": section_id}).one_or_none()
    if row is None:
        return None
    return _page(row[:_OWN]), "/".join(str(value) for value in row[_OWN:])


def _page(row: Any) -> SectionPage:
    found, wording, number, name, slug, lead_name = row
    label = None if found.field_id is None else FieldLabel(number, name, slug, lead_name)
    return SectionPage(found, wording, label)
