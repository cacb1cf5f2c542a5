# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""HTML and comparisons of immutable texts, out of the memory of the process, the shared caches, or made anew.

Nothing here writes: what the shared caches lack is computed and kept in the memory of the process only.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select

from charta.db import session
from charta.sections import texts
from charta.sections.models import ComparisonCache, RenderedText, Revision
from charta.sections.queries.outline import Outline
from charta.sections.texts import RenderedParagraph
from charta.text import diff, render
from charta.text.diff import Comparison


def rendered(revision: Revision) -> Sequence[RenderedParagraph]:
    """Return the HTML of a revision, block by block (no statement when this process has it, else one)."""
    found = texts.rendered_in_memory(revision.content_hash)
    if found is not None:
        return found
    rows = session.scalar(
        select(RenderedText.paragraphs).where(
            RenderedText.content_hash == revision.content_hash,
            RenderedText.renderer_version == render.RENDERER_VERSION,
        )
    )
    if rows is not None:
        return texts.keep_rendered(revision.content_hash, rows)
    return texts.rendered(revision.content_hash, revision.body)


def rendered_heads(entries: Sequence[Outline]) -> Mapping[int, Sequence[RenderedParagraph]]:
    """Return the HTML of many sections by section id, in at most two statements whatever their number."""
    found = rendered_texts({entry.content_hash: entry.head_id for entry in entries})
    return {entry.id: found[entry.content_hash] for entry in entries}


def rendered_texts(wanted: Mapping[str, int]) -> Mapping[str, Sequence[RenderedParagraph]]:
    """Return the HTML of many wordings by content hash; `wanted` leads from hashes to ids of revisions.

    At most two statements whatever their number.
    """
    found: dict[str, Sequence[RenderedParagraph]] = {}
    missing: dict[str, int] = {}
    for content_hash, revision_id in wanted.items():
        known = texts.rendered_in_memory(content_hash)
        if known is not None:
            found[content_hash] = known
        else:
            missing[content_hash] = revision_id
    if missing:
        cached = session.execute(
            select(RenderedText.content_hash, RenderedText.paragraphs).where(
                RenderedText.content_hash.in_(missing),
                RenderedText.renderer_version == render.RENDERER_VERSION,
            )
        )
        for content_hash, rows in cached:
            found[content_hash] = texts.keep_rendered(content_hash, rows)
            del missing[content_hash]
    if missing:
        bodies = session.execute(
            select(Revision.content_hash, Revision.body).where(Revision.id.in_(missing.values()))
        )
        for content_hash, body in bodies:
            found[content_hash] = texts.rendered(content_hash, body)
    return found


def comparison(old: Revision, new: Revision) -> Comparison:
    """Return how two wordings of text differ (no statement when this process has it, else one)."""
    found = texts.compared_in_memory(old.content_hash, new.content_hash)
    if found is not None:
        return found
    stored = session.scalar(
        select(ComparisonCache.comparison).where(
            ComparisonCache.old_hash == old.content_hash,
            ComparisonCache.new_hash == new.content_hash,
            ComparisonCache.algorithm_version == diff.ALGORITHM_VERSION,
        )
    )
    if stored is not None:
        return texts.keep_compared(old.content_hash, new.content_hash, Comparison.from_dict(stored))
    return texts.compared(old.content_hash, old.body, new.content_hash, new.body)
