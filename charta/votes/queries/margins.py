# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands beside a text: the partners' notes, their standing, and proposals that overlap."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, case, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.db import session
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalSupport, ProposalVersion
from charta.proposals.queries.rows import visible_to
from charta.proposals.rules import OPEN
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.sections.texts import Memo, RenderedParagraph
from charta.site.rules import SiteSettings
from charta.text.anchor import locate_along, make_anchor
from charta.text.diff import BlockKind
from charta.votes.models import DissentNote
from charta.votes.queries.on_text import Agreement, Around, Note, known

# More open proposals about one section are named by their list, not compared one by one.
COMPARED_MAX = 20
CONFLICTS_MAX = 100


@dataclass(frozen=True, slots=True)
class Touching:
    """The open proposals that change a paragraph, and the partners behind them."""

    numbers: tuple[int, ...]
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """What the margin shows; `notes` by paragraph (from 0), `lost` for words that are gone.

    `touching` is only there for the paragraph that is open, `conflicts` (how many open proposals change the
    same paragraph) only on the page of the whole text.
    """

    notes: Mapping[int, Sequence[Note]] = field(default_factory=dict)
    lost: Sequence[Note] = ()
    agreement: Agreement | None = None
    touching: Touching | None = None
    conflicts: Mapping[int, int] = field(default_factory=dict)


_touches: Memo[frozenset[int]] = Memo(2_048)
_conflicts: Memo[Mapping[int, Mapping[int, int]]] = Memo(64)


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


def margin(
    found: Around,
    blocks: Sequence[RenderedParagraph],
    *,
    touching: Touching | None = None,
    conflicts: Mapping[int, int] | None = None,
) -> Margin:
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
    return Margin(notes, lost, found.agreement, touching, conflicts or {})


def touching(viewer: Actor, settings: SiteSettings, head: Revision, index: int) -> Touching | None:
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
    numbers: list[int] = []
    partners: set[str] = set()
    for number in list(dict.fromkeys(row.id for row in rows))[:COMPARED_MAX]:
        mine = [row for row in rows if row.id == number]
        was = mine[0][3]
        touched = _touched(
            mine[0].content_hash, mine[0].body, was.content_hash, was.body, head.content_hash, head.body
        )
        if index not in touched:
            continue
        numbers.append(number)
        partners |= {row.supporter for row in mine if row.supporter}
        if mine[0].is_partner:
            partners.add(mine[0].by)
    return Touching(tuple(numbers), tuple(sorted(partners))) if numbers else None


def conflicts(
    viewer: Actor, settings: SiteSettings, section_ids: Collection[int], *, at: Hashable
) -> Mapping[int, Mapping[int, int]]:
    """Return how many open proposals the viewer may see change the same paragraph, by section and index.

    `at` changes with every deed. One statement for each viewer after a deed, none without sections.
    """
    if not section_ids:
        return {}
    key = (repr(session.get_bind()), at, viewer, str(settings))
    found = _conflicts.get(key)
    if found is None:
        found = _conflicts.keep(key, _read_conflicts(viewer, settings, section_ids))
    return found


def _read_conflicts(
    viewer: Actor, settings: SiteSettings, section_ids: Collection[int]
) -> Mapping[int, Mapping[int, int]]:
    base, head = aliased(Revision), aliased(Revision)
    rows = session.execute(
        select(
            Section.id,
            ProposalVersion.content_hash,
            ProposalVersion.body,
            base.content_hash.label("base_hash"),
            base.body.label("base_body"),
            head.content_hash.label("head_hash"),
            # The present text is only needed where it is another one.
            case((base.content_hash != head.content_hash, head.body), else_="").label("head_body"),
        )
        .select_from(Proposal)
        .join(
            ProposalVersion,
            and_(ProposalVersion.proposal_id == Proposal.id, ProposalVersion.number == Proposal.version),
        )
        .join(base, base.id == ProposalVersion.base_id)
        .join(Section, Section.id == Proposal.section_id)
        .join(head, head.id == Section.head_id)
        .where(
            Proposal.section_id.in_(section_ids),
            Proposal.state.in_(sorted(OPEN)),
            ProposalVersion.body != "",
            visible_to(viewer, settings),
        )
        .order_by(Proposal.id.desc())
        .limit(CONFLICTS_MAX)
    )
    counts: dict[int, Counter[int]] = {}
    for ident, *parts in rows:
        counts.setdefault(ident, Counter()).update(_touched(*parts))
    return {
        ident: {index: count for index, count in found.items() if count > 1}
        for ident, found in counts.items()
    }


def _touched(
    new_hash: str, new_body: str, base_hash: str, base_body: str, head_hash: str, head_body: str
) -> frozenset[int]:
    """Return which paragraphs of the present text a proposal made on `base` changes; kept by the texts."""
    key = (new_hash, base_hash, head_hash)
    found = _touches.get(key)
    if found is not None:
        return found
    compared = texts.compared(base_hash, base_body, new_hash, new_body)
    changed = {
        block.old.paragraph
        for block in compared.blocks
        if block.old is not None and block.kind is not BlockKind.UNCHANGED
    }
    if base_hash == head_hash:
        return _touches.keep(key, frozenset(changed))
    blocks = [one for one in texts.rendered(base_hash, base_body) if one.index in changed]
    made = [make_anchor(base_body, one.start, one.end) for one in blocks if one.index >= 0]
    if not made:
        return _touches.keep(key, frozenset())
    places = locate_along(made, texts.change(base_hash, base_body, head_hash, head_body))
    return _touches.keep(
        key,
        frozenset(
            paragraph.index
            for paragraph in texts.rendered(head_hash, head_body)
            for place in places
            if paragraph.index >= 0
            and place.start is not None
            and place.end is not None
            and place.start < paragraph.end
            and paragraph.start < place.end
        ),
    )
