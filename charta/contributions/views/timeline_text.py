# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the words of a contribution stand in the Charta now, found through the provenance of the head."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from charta.proposals.queries.taken_up import TakingUp
from charta.proposals.rules import TEXT_KINDS
from charta.proposals.rules import State as ProposalState
from charta.sections import queries as sections
from charta.sections.origins import Provenance
from charta.sections.queries import Outline
from charta.sections.texts import RenderedParagraph

# Paragraphs of one proposal that are shown whole; the rest stands in the Charta.
SHOWN_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of the Charta that came from a proposal, where they stand now.

    `is_replaced`: others have changed them since, `compare_url` shows how. Without blocks and without that,
    the proposal brought no words of its own (it only took some out).
    """

    blocks: Sequence[tuple[int, RenderedParagraph]]
    more: int
    place: str
    url: str
    is_measure: bool
    is_replaced: bool
    compare_url: str


def sentences(takings: Sequence[TakingUp], *, log: int) -> dict[int, Sentence]:
    """Return where the words of approved proposals stand now, by number (one statement, or none).

    `log` is the head of the log, for the tree.
    """
    wanted = [
        taking
        for taking in takings
        if taking.is_visible
        and taking.row.state is ProposalState.APPROVED
        and taking.row.kind in TEXT_KINDS
        and taking.head_id is not None
    ]
    if not wanted:
        return {}
    idents = {taking.head_id for taking in wanted} | {taking.revision_id for taking in wanted}
    stored = sections.origins_of([ident for ident in idents if ident is not None])
    outline = {entry.id: entry for entry in sections.tree(with_measures=True, at=sections.version_at(log))}
    found = {}
    for taking in wanted:
        entry = outline.get(taking.section_id or 0)
        head = stored.get(taking.head_id or 0)
        if entry is None or head is None:
            continue  # the section was taken out since: the proposal's own page says so
        number = taking.row.number
        blocks = Provenance(head, ()).passages({number}, _("aus dem Vorschlag zu diesem Beitrag"))
        written = stored.get(taking.revision_id or 0)
        brought = written is not None and any(
            origin.get("proposal_id") == number for origin in written.origins.values()
        )
        found[number] = _sentence(taking, entry, [block for block in blocks if block.index >= 0], brought)
    return found


def _sentence(
    taking: TakingUp, entry: Outline, blocks: Sequence[RenderedParagraph], brought: bool
) -> Sentence:
    numbered = [(entry.first_rn + block.index, block) for block in blocks]
    anchor: dict[str, Any] = {"rn": numbered[0][0], "_anchor": f"rn{numbered[0][0]}"} if numbered else {}
    url = (
        url_for("measures.show", measure_id=taking.measure.id, **anchor)
        if taking.measure is not None
        else url_for("sections.show", section_id=entry.id, **anchor)
    )
    is_newer = taking.revision_number is not None and taking.revision_number < entry.head_number
    return Sentence(
        blocks=numbered[:SHOWN_PARAGRAPHS],
        more=max(0, len(numbered) - SHOWN_PARAGRAPHS),
        place=f"{entry.number} {entry.title}".strip(),
        url=url,
        is_measure=taking.measure is not None,
        is_replaced=brought and not numbered and is_newer,
        compare_url=url_for(
            "sections.compare", section_id=entry.id, von=taking.revision_number, bis=entry.head_number
        )
        if is_newer
        else "",
    )
