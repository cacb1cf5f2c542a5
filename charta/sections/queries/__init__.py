# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading text: the tree with its Randnummern, sections, revisions, origins, HTML and comparisons.

Nothing here writes: what the shared caches lack is computed and kept in the memory of the process only.
"""

from charta.sections.queries.one_section import (
    SectionPage,
    head,
    section,
    section_page,
    section_page_with_version,
)
from charta.sections.queries.origins import StoredOrigins, origins_and_sources, origins_of, sources
from charta.sections.queries.outline import (
    FieldLabel,
    Outline,
    log_of,
    tree,
    version,
    version_at,
    version_with,
)
from charta.sections.queries.rendering import comparison, rendered, rendered_heads, rendered_texts
from charta.sections.queries.revisions import (
    PAGE_SIZE,
    HistoryEntry,
    history,
    history_of,
    revision,
    revisions_between,
    structure_history,
    tombstone,
)

__all__ = [
    "PAGE_SIZE",
    "FieldLabel",
    "HistoryEntry",
    "Outline",
    "SectionPage",
    "StoredOrigins",
    "comparison",
    "head",
    "history",
    "history_of",
    "log_of",
    "origins_and_sources",
    "origins_of",
    "rendered",
    "rendered_heads",
    "rendered_texts",
    "revision",
    "revisions_between",
    "section",
    "section_page",
    "section_page_with_version",
    "sources",
    "structure_history",
    "tombstone",
    "tree",
    "version",
    "version_at",
    "version_with",
]
