# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in the margin of a text about votes. For views only: it knows the viewer of the request."""

from collections.abc import Hashable, Sequence

from charta.sections.models import Revision
from charta.sections.texts import RenderedParagraph
from charta.votes.queries import margins
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
        touching = margins.touching(actor(), site_settings(), head, blocks, index)
    return margins.margin(found, blocks, touching=touching)
