# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands beside a text: the partners' notes, their standing, and proposals that overlap."""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, cast, literal, null, or_, select, union_all
from sqlalchemy import types as sql
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.db import session
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalSupport, ProposalVersion
from charta.proposals.queries.rows import visible_to
from charta.proposals.rules import OPEN
from charta.sections import texts
from charta.sections.models import Revision
from charta.sections.texts import Memo, RenderedParagraph
from charta.site.rules import SiteSettings
from charta.text.anchor import locate_along, make_anchor
from charta.text.diff import BlockKind
from charta.votes.models import Ballot, DissentNote
from charta.votes.queries.on_text import known
from charta.votes.rules import BallotState, NoteState

# More open proposals about one section are named by their list, not compared one by one.
COMPARED_MAX = 20


@dataclass(frozen=True, slots=True)
class Note:
    """A partner's note; `start` is None when its words are gone. `quote` is what it was made on."""

    id: int
    organisation_id: int
    organisation: str
    text: str
    start: int | None
    state: NoteState
    quote: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the partners voted on this text: `yes` of `entitled`."""

    ballot_id: int
    yes: int
    entitled: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Around:
    """The partners' notes and vote beside one text."""

    notes: tuple[Note, ...] = ()
    agreement: Agreement | None = None


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


_around: Memo[Around] = Memo(512)


def around(section_id: int, head: Revision, *, at: Hashable) -> Around:
    """Return notes and vote beside the present text of a section: one statement, none while nothing happens.

    `at` changes with every deed. A text without notes and votes costs none: `on_text.known` tells.
    """
    told = known(at)
    is_told = (
        section_id in told.noted
        or section_id in told.voted_sections
        or head.proposal_id in told.voted_proposals
    )
    if not is_told:
        return Around()
    key = (repr(session.get_bind()), section_id, head.id, at)
    found = _around.get(key)
    return found if found is not None else _around.keep(key, _read(section_id, head))


def _read(section_id: int, head: Revision) -> Around:
    notes = (
        select(
            literal("note").label("kind"),
            DissentNote.id,
            DissentNote.organisation_id.label("about"),
            Organisation.name.label("name"),
            DissentNote.text,
            DissentNote.start_at,
            cast(DissentNote.state, sql.Text).label("state"),
            DissentNote.anchor["quote"].as_string().label("quote"),
            DissentNote.created_at.label("at"),
        )
        .join(Organisation, Organisation.id == DissentNote.organisation_id)
        .where(DissentNote.section_id == section_id, DissentNote.withdrawn_at.is_(None))
    )
    of_text = and_(Ballot.section_id == section_id, Ballot.revision_id == head.id)
    if head.proposal_id is not None:
        # The vote on the proposal that made this text counts for it as long as no other follows.
        of_text = or_(
            of_text,
            and_(
                Ballot.proposal_id == head.proposal_id,
                Ballot.proposal_version == head.proposal_version_number,
            ),
        )
    votes = select(
        literal("vote"),
        Ballot.id,
        cast(null(), sql.Integer),
        literal(""),
        Ballot.tally,
        cast(null(), sql.Integer),
        literal(""),
        literal(""),
        Ballot.closed_at,
    ).where(
        of_text,
        Ballot.state == BallotState.CLOSED,
        Ballot.is_test.is_(False),
        Ballot.has_partners.is_(True),
    )
    found = list(session.execute(union_all(notes, votes)))
    newest = max((row for row in found if row.kind == "vote"), key=lambda row: row.id, default=None)
    return Around(
        notes=tuple(
            Note(
                row.id,
                row.about,
                row.name,
                row.text,
                row.start_at,
                NoteState(row.state),
                row.quote,
                row.at,
            )
            for row in sorted(found, key=lambda row: int(row.id))
            if row.kind == "note"
        ),
        agreement=_agreement(newest.id, newest.text) if newest is not None else None,
    )


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


def _agreement(ballot_id: int, tally: str) -> Agreement | None:
    """Return how many partners agree; with several questions those of the one that found fewest."""
    counted = [one["partners"] for one in json.loads(tally)["questions"] if one.get("partners") is not None]
    if not counted:
        return None
    least = min(counted, key=lambda one: int(one["yes"]))
    return Agreement(ballot_id, int(least["yes"]), int(least["entitled"]), str(least["outcome"]))


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
