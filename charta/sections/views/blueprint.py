# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blueprint of the reading pages."""

from flask import Blueprint, request

from charta.errors import NotFound
from charta.measures import queries as measures
from charta.proposals import queries as proposals
from charta.proposals.rules import State
from charta.sections import queries
from charta.sections.frames import Frame, frame_of
from charta.sections.rules import SectionKind
from charta.web.viewer import actor, site_settings

blueprint = Blueprint("sections", __name__)


def frame(section_id: int, *, at: str | None = None) -> Frame:
    """Read a section with what stands around it, in one statement or two; raises `NotFound`."""
    if at is not None:
        page = queries.section_page(section_id)
    else:
        page, at = queries.section_page_with_version(section_id) or (None, None)
    if page is None:
        raise NotFound(kind="section", id=section_id)
    is_measure = page.section.kind is SectionKind.MEASURE
    measure_id = measures.id_of_section(section_id) if is_measure else None
    return frame_of(
        page,
        queries.tree(with_measures=is_measure, at=at),
        measure_id,
        sees_open_proposals=sees_open_proposals(),
    )


def sees_open_proposals() -> bool:
    """Whether the viewer may know of proposals that are not decided yet."""
    return State.SUBMITTED in proposals.visible_states(actor(), site_settings())


def shown_sources() -> frozenset[int]:
    """Return the numbers of the sources the address asks for; empty for all."""
    raws = request.args.getlist("quelle")
    return frozenset(int(raw) for raw in raws if raw.isascii() and raw.isdigit() and len(raw) < 7)
