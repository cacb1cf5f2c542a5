# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a partner's board reads before its vote ("Gremienvorlage"): the exact text, what changes, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation
from charta.db import session, utcnow
from charta.editions.models import Edition, EditionEntry
from charta.editions.rules import EditionState
from charta.notifications.models import MailLink
from charta.notifications.subscriptions import hash_key
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalVersion
from charta.proposals.queries import taken_up
from charta.proposals.queries.taken_up import Linked
from charta.proposals.rules import ProposalKind
from charta.sections import texts
from charta.sections.models import Revision, StructureRevision
from charta.text.diff import Comparison
from charta.votes.board_keys import KEPT_AFTER, key_of, kind, kind_of_any
from charta.votes.models import Ballot
from charta.votes.queries.one_ballot import BallotPage
from charta.votes.rules import BallotState


@dataclass(frozen=True, slots=True)
class ReadLink:
    """The link of one organisation; `key` is None once the ballot's own key is destroyed."""

    key: str | None
    expires_at: datetime


def own_link(viewer: Actor, ballot_id: int) -> ReadLink | None:
    """Return the read-only link of the viewer's organisation (one statement)."""
    if viewer.organisation_id is None:
        return None
    row = session.execute(
        select(MailLink, Ballot.key)
        .join(Ballot, Ballot.id == MailLink.subject_id)
        .where(
            MailLink.subject_kind == kind(viewer.organisation_id),
            MailLink.subject_id == ballot_id,
            MailLink.expires_at > utcnow(),
        )
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    link: MailLink = row.MailLink
    key = key_of(row.key, viewer.organisation_id, link.created_at) if row.key else None
    return ReadLink(key, link.expires_at)


@dataclass(frozen=True, slots=True)
class CalledOff:
    """A ballot that was called off: all that its links still say."""

    title: str
    reason: str


def opened_by(key: str) -> int | CalledOff | None:
    """Return the ballot that a read-only link opens; None for a wrong, ended or expired one.

    Calling a ballot off ends its links; as long as they would have led to it they say why.
    """
    now = utcnow()
    row = session.execute(
        select(Ballot.id, Ballot.state, Ballot.title, Ballot.outcome)
        .join(MailLink, MailLink.subject_id == Ballot.id)
        .where(
            MailLink.key_hash == hash_key(key),
            MailLink.subject_kind.startswith(kind_of_any(), autoescape=True),
            or_(
                MailLink.expires_at > now,
                and_(Ballot.state == BallotState.CANCELLED, Ballot.closes_at > now - KEPT_AFTER),
            ),
        )
    ).one_or_none()
    if row is None:
        return None
    return CalledOff(row.title, row.outcome) if row.state is BallotState.CANCELLED else int(row.id)


@dataclass(frozen=True, slots=True)
class Board:
    """What stands beside a ballot's text.

    `comparison` leads from the text before (`base_title`, `base_number`, and `base_edition` where that is the
    wording of an edition in force) to the one that is voted on; None where there is none. `exact` is the text
    itself, block by block. `number` is the proposal behind it.
    """

    comparison: Comparison | None = None
    exact: Comparison | None = None
    base_title: str = ""
    base_number: int | None = None
    base_edition: str = ""
    number: int | None = None
    summary: str = ""
    reason: str = ""
    author_name: str = ""
    contributions: Sequence[Linked] = ()
    structure: "Structure | None" = None


@dataclass(frozen=True, slots=True)
class Structure:
    """What a proposal wants with a place: where the text stood, by its section, and where it is to stand.

    `stood_under` and `structure_number` are those the proposer saw; `parent_id` and `after_id` belong to a
    new text and to a move.
    """

    kind: ProposalKind
    section_id: int | None
    stood_under: int | None
    structure_number: int | None
    parent_id: int | None
    after_id: int | None


@dataclass(frozen=True, slots=True)
class _Behind:
    """What a board's paper is made of: the text before, what made the present one, and who proposed it."""

    base: Revision | None = None
    version: ProposalVersion | None = None
    author_name: str = ""
    in_force: Revision | None = None
    edition_name: str = ""
    structure: Structure | None = None


def board(ballot: BallotPage) -> Board:
    """Return what a board reads of a text (two statements at most); `ballot` has been opened.

    A text is compared with its wording in the edition that was in force when the ballot was opened, if it had
    one; a proposal with the text it wants to change. Of a deletion the whole text goes.
    """
    if ballot.subject.kind in {"free", "edition"} or ballot.text_hash is None:
        return Board()
    found = _of_proposal(ballot) if ballot.subject.kind == "proposal" else _of_text(ballot)
    version = found.version
    linked = taken_up.of_proposals([version.proposal_id]) if version is not None else {}
    base = found.in_force or found.base
    return Board(
        comparison=_compared(ballot, found),
        exact=texts.compared(ballot.text_hash, ballot.text_body, ballot.text_hash, ballot.text_body),
        base_title=base.title if base is not None else "",
        base_number=base.number if base is not None else None,
        base_edition=found.edition_name if found.in_force is not None else "",
        number=version.proposal_id if version is not None else None,
        summary=version.summary if version is not None else "",
        reason=version.reason if version is not None else "",
        author_name=found.author_name,
        contributions=linked.get(version.proposal_id, ()) if version is not None else (),
        structure=found.structure,
    )


def _compared(ballot: BallotPage, found: _Behind) -> Comparison | None:
    base = found.in_force or found.base
    old_hash, old = (base.content_hash, base.body) if base is not None else ("", "")
    assert ballot.text_hash is not None
    if found.structure is None:
        return texts.compared(old_hash, old, ballot.text_hash, ballot.text_body) if base is not None else None
    if found.structure.kind is ProposalKind.DELETION:
        return texts.compared(old_hash, old, "", "") if base is not None else None
    if found.structure.kind is ProposalKind.MOVE:
        return None  # not a word of it changes
    return texts.compared(old_hash, old, ballot.text_hash, ballot.text_body)


def _of_proposal(ballot: BallotPage) -> _Behind:
    base = aliased(Revision)
    seen = aliased(StructureRevision)
    row = session.execute(
        select(base, ProposalVersion, Proposal, Organisation.name, seen.parent_id)
        .select_from(ProposalVersion)
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .outerjoin(base, base.id == ProposalVersion.base_id)
        .outerjoin(
            seen, and_(seen.section_id == Proposal.section_id, seen.number == ProposalVersion.base_structure)
        )
        .outerjoin(Organisation, Organisation.id == Proposal.organisation_id)
        .where(
            ProposalVersion.proposal_id == ballot.subject.id,
            ProposalVersion.number == ballot.subject.proposal_version,
        )
    ).one_or_none()
    if row is None:
        return _Behind()
    version, proposal = row.ProposalVersion, row.Proposal
    structure = Structure(
        kind=proposal.kind,
        section_id=proposal.section_id,
        stood_under=row.parent_id,
        structure_number=version.base_structure,
        parent_id=version.target_parent_id,
        after_id=version.target_after_id,
    )
    # Only organisations are named: who proposed as a person may not want to stand in a paper.
    return _Behind(row[0], version, row.name or "", structure=structure)


def _of_text(ballot: BallotPage) -> _Behind:
    base, present, in_force = aliased(Revision), aliased(Revision), aliased(Revision)
    newest = (
        select(Edition.id)
        .where(Edition.state == EditionState.PUBLISHED, Edition.published_at <= ballot.opened_at)
        .order_by(Edition.published_at.desc(), Edition.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    row = session.execute(
        select(base, ProposalVersion, Organisation.name, in_force, Edition.name.label("edition_name"))
        .select_from(present)
        .outerjoin(base, and_(base.section_id == present.section_id, base.number == present.number - 1))
        .outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == present.proposal_id,
                ProposalVersion.number == present.proposal_version_number,
            ),
        )
        .outerjoin(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .outerjoin(Organisation, Organisation.id == Proposal.organisation_id)
        .outerjoin(Edition, Edition.id == newest)
        .outerjoin(
            EditionEntry,
            and_(EditionEntry.edition_id == Edition.id, EditionEntry.section_id == present.section_id),
        )
        .outerjoin(in_force, in_force.id == EditionEntry.revision_id)
        .where(
            present.section_id == ballot.subject.section_id, present.number == ballot.subject.revision_number
        )
    ).one_or_none()
    if row is None:
        return _Behind()
    return _Behind(row[0], row.ProposalVersion, row.name or "", row[3], row.edition_name or "")
