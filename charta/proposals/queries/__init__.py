# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading proposals: visibility once as SQL, lists by keyset, the page of one proposal.

Lists come back as frozen rows that carry all a line shows: one statement however long the list.
"""

from charta.proposals.queries.lists import (
    QueueOrder,
    assigned_to,
    awaiting_count,
    by_number,
    drafts,
    listing,
    of_section,
    own_desk,
    own_draft,
    queue,
    queue_counts,
    rivals,
)
from charta.proposals.queries.one_draft import (
    Editing,
    editing,
    wording,
)
from charta.proposals.queries.one_proposal import (
    DecisionRow,
    Detail,
    VersionRow,
    decisions,
    detail,
    version,
    versions,
)
from charta.proposals.queries.presence import Writer, writing_now
from charta.proposals.queries.rows import (
    PAGE_SIZE,
    FieldRef,
    ProposalRow,
    SectionRef,
    visible_states,
    visible_to,
)

__all__ = [
    "PAGE_SIZE",
    "DecisionRow",
    "Detail",
    "Editing",
    "FieldRef",
    "ProposalRow",
    "QueueOrder",
    "SectionRef",
    "VersionRow",
    "Writer",
    "assigned_to",
    "awaiting_count",
    "by_number",
    "decisions",
    "detail",
    "drafts",
    "editing",
    "listing",
    "of_section",
    "own_desk",
    "own_draft",
    "queue",
    "queue_counts",
    "rivals",
    "version",
    "versions",
    "visible_states",
    "visible_to",
    "wording",
    "writing_now",
]
