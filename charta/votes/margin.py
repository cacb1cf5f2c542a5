# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the margin of a text about votes. For views only: it knows the viewer of the request."""

from collections.abc import Hashable, Mapping, Sequence

from charta.sections.models import Revision
from charta.sections.queries import Outline
from charta.sections.texts import RenderedParagraph
from charta.votes.queries import margins, on_text
from charta.web.viewer import actor, site_settings


def margin_of(
    head: Revision,
    blocks: Sequence[RenderedParagraph],
    *,
    index: int | None,
    at: Hashable,
    has_proposals: bool,
) -> margins.Margin:
    """Return the partners' notes, their vote, and for the open paragraph the proposals that change it.

    `has_proposals` says whether the viewer may see open proposals about the section. One statement while the
    log moved (none else), one more for an open paragraph with proposals.
    """
    found = margins.around(head.section_id, head, at=at)
    touching = None
    if index is not None and has_proposals:
        touching = margins.touching(actor(), site_settings(), head, index)
    return margins.margin(found, blocks, touching=touching)


def margins_of(
    sections: Sequence[Outline],
    blocks: Mapping[int, Sequence[RenderedParagraph]],
    *,
    version: str,
    at: Hashable,
    sees_proposals: bool,
) -> Mapping[int, margins.Margin]:
    """Return the margins of many texts by section: two statements at most, however many there are.

    Two proposals on one text may be in conflict: others are not compared.
    """
    known = on_text.known(at)
    crowded = [entry.id for entry in sections if entry.open_proposals > 1] if sees_proposals else []
    conflicts = margins.conflicts(actor(), site_settings(), crowded, at=version)
    return {
        entry.id: margins.margin(
            known.around(entry.id, entry.head_id, entry.made_by),
            blocks[entry.id],
            conflicts=conflicts.get(entry.id),
        )
        for entry in sections
    }
