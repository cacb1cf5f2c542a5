# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands beside a text: the partners' notes, their standing, and proposals that overlap."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.db import session
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalSupport, ProposalVersion
from charta.proposals.queries.rows import visible_to
from charta.proposals.rules import OPEN
from charta.sections import texts
from charta.sections.models import Revision
from charta.sections.texts import RenderedParagraph
from charta.site.rules import SiteSettings
from charta.text.anchor import locate_along, make_anchor
from charta.text.diff import BlockKind
from charta.votes.models import DissentNote
from charta.votes.queries.on_text import Agreement, Around, Note, known

# More open proposals about one section are named by their list, not compared one by one.
COMPARED_MAX = 20


@dataclass(frozen=True, slots=True)
class Touching:
    """The open proposals that change a paragraph, and the partners behind them."""

    numbers: tuple[int, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """What the margin shows; `notes` by paragraph (from 0), `lost` for words that are gone.

    `touching` is only there for the paragraph that is open.
    """

    notes: Mapping[int, Sequence[Note]] = field(default_factory=dict)
    lost: Sequence[Note] = ()
    agreement: Agreement | None = None
    touching: Touching | None = None


def around(section_id: int, head: Revision, *, at: Hashable) -> Around:
    """Return notes and vote beside the present text of a section: one statement after a change, else none.

    `at` changes with every ballot and note.
    """
    return known(at).around(section_id, head.id, (head.proposal_id, head.proposal_version_number))


def note_of(note_id: int, *, organisation_id: int | None) -> Note | None:
    """Return a note of one organisation that stands (one statement)."""
    row = session.execute(
        select(DissentNote, Organisation.name)
        .join(Organisation, Organisation.id == DissentNote.organisation_id)
        .where(
            DissentNote.id == note_id,
            DissentNote.organisation_id == organisation_id,
            DissentNote.withdrawn_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    found, name = row
    return Note(
        found.id,
        found.organisation_id,
        name,
        found.text,
        found.start_at,
        found.state,
        found.anchor["quote"],
        found.created_at,
    )


def margin(found: Around, blocks: Sequence[RenderedParagraph], *, touching: Touching | None = None) -> Margin:
    """Sort what is known of a text to its paragraphs."""
    numbered = [block for block in blocks if block.index >= 0]
    notes: dict[int, list[Note]] = {}
    lost = []
    for one in found.notes:
        start = one.start
        at = next((block.index for block in numbered if start is not None and start < block.end), None)
        if at is None:
            lost.append(one)
        else:
            notes.setdefault(at, []).append(one)
    return Margin(notes, lost, found.agreement, touching)


def touching(
    viewer: Actor, settings: SiteSettings, head: Revision, blocks: Sequence[RenderedParagraph], index: int
) -> Touching | None:
    """Return the open proposals the viewer may see that change one paragraph (one statement)."""
    base, behind = aliased(Revision), aliased(Organisation)
    # One line per partner, not per person: each line carries the whole text.
    supporters = (
        select(ProposalSupport.proposal_id, Organisation.name)
        .join(Person, Person.id == ProposalSupport.person_id)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(Organisation.is_partner.is_(True))
        .distinct()
        .subquery()
    )
    rows = session.execute(
        select(
            Proposal.id,
            ProposalVersion.content_hash,
            ProposalVersion.body,
            base,
            behind.name.label("by"),
            behind.is_partner,
            supporters.c.name.label("supporter"),
        )
        .join(
            ProposalVersion,
            and_(ProposalVersion.proposal_id == Proposal.id, ProposalVersion.number == Proposal.version),
        )
        .join(base, base.id == ProposalVersion.base_id)
        .outerjoin(behind, behind.id == Proposal.organisation_id)
        .outerjoin(supporters, supporters.c.proposal_id == Proposal.id)
        .where(
            Proposal.section_id == head.section_id,
            Proposal.state.in_(sorted(OPEN)),
            ProposalVersion.body != "",
            visible_to(viewer, settings),
        )
        .order_by(Proposal.id)
    ).all()
    own = next(block for block in blocks if block.index == index)
    numbers: list[int] = []
    partners: set[str] = set()
    for number in list(dict.fromkeys(row.id for row in rows))[:COMPARED_MAX]:
        mine = [row for row in rows if row.id == number]
        if not _changes(mine[0][3], mine[0].content_hash, mine[0].body, head, own):
            continue
        numbers.append(number)
        partners |= {row.supporter for row in mine if row.supporter}
        if mine[0].is_partner:
            partners.add(mine[0].by)
    return Touching(tuple(numbers), tuple(sorted(partners))) if numbers else None


def _changes(base: Revision, digest: str, body: str, head: Revision, paragraph: RenderedParagraph) -> bool:
    """Whether a proposal made on `base` changes a paragraph of the present text."""
    compared = texts.compared(base.content_hash, base.body, digest, body)
    changed = {
        block.old.paragraph
        for block in compared.blocks
        if block.old is not None and block.kind is not BlockKind.UNCHANGED
    }
    if base.id == head.id:
        return paragraph.index in changed
    blocks = [one for one in texts.rendered(base.content_hash, base.body) if one.index in changed]
    made = [make_anchor(base.body, one.start, one.end) for one in blocks if one.index >= 0]
    if not made:
        return False
    way = texts.change(base.content_hash, base.body, head.content_hash, head.body)
    return any(
        place.start is not None
        and place.end is not None
        and place.start < paragraph.end
        and paragraph.start < place.end
        for place in locate_along(made, way)
    )
