# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading editions: lists, one edition as a text, and the document as it stood at a moment."""

from charta.editions.queries.document import bodies, document
from charta.editions.queries.one_edition import (
    EditionPage,
    among,
    edition,
    entries,
    entries_of,
    named,
    notes,
    read,
    text_of,
)
from charta.editions.queries.rows import (
    EditionRow,
    by_id,
    editions,
    in_force,
    latest_published,
    living,
    revision_in,
    visible_states,
)
from charta.editions.wording import Entry

__all__ = [
    "EditionPage",
    "EditionRow",
    "Entry",
    "among",
    "bodies",
    "by_id",
    "document",
    "edition",
    "editions",
    "entries",
    "entries_of",
    "in_force",
    "latest_published",
    "living",
    "named",
    "notes",
    "read",
    "revision_in",
    "text_of",
    "visible_states",
]
