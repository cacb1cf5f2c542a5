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
from charta.notifications.models import MailLink
from charta.notifications.subscriptions import hash_key
from charta.permissions import Actor
from charta.proposals.models import Proposal, ProposalVersion
from charta.proposals.queries import taken_up
from charta.proposals.queries.taken_up import Linked
from charta.sections import texts
from charta.sections.models import Revision
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

    `comparison` leads from the text before (`base_title`, `base_number`) to the one that is voted on; None
    where there is none. `exact` is the text itself, block by block. `number` is the proposal behind it.
    """

    comparison: Comparison | None
    exact: Comparison | None
    base_title: str
    base_number: int | None
    number: int | None
    summary: str
    reason: str
    author_name: str
    contributions: Sequence[Linked]


def board(ballot: BallotPage) -> Board:
    """Return what a board reads (two statements at most); `ballot` has been opened."""
    if ballot.subject.kind == "free" or ballot.text_hash is None:
        return Board(None, None, "", None, None, "", "", "", ())
    base, version, author = _behind(ballot)
    linked = taken_up.of_proposals([version.proposal_id]) if version is not None else {}
    old = base.body if base is not None else ""
    # What a board reads may also be that a text goes: then there is nothing to compare.
    is_wording = ballot.subject.kind != "proposal" or (version is not None and bool(version.body))
    return Board(
        comparison=texts.compared(
            base.content_hash if base is not None else "", old, ballot.text_hash, ballot.text_body
        )
        if is_wording and (base is not None or ballot.subject.kind == "proposal")
        else None,
        exact=texts.compared(ballot.text_hash, ballot.text_body, ballot.text_hash, ballot.text_body),
        base_title=base.title if base is not None else "",
        base_number=base.number if base is not None else None,
        number=version.proposal_id if version is not None else None,
        summary=version.summary if version is not None else "",
        reason=version.reason if version is not None else "",
        author_name=author,
        contributions=linked.get(version.proposal_id, ()) if version is not None else (),
    )


def _behind(ballot: BallotPage) -> tuple[Revision | None, ProposalVersion | None, str]:
    """Return the text before, the proposal's version that made the present one, and who proposed it."""
    base = aliased(Revision)
    if ballot.subject.kind == "proposal":
        statement = (
            select(base, ProposalVersion, Organisation.name)
            .select_from(ProposalVersion)
            .outerjoin(base, base.id == ProposalVersion.base_id)
            .where(
                ProposalVersion.proposal_id == ballot.subject.id,
                ProposalVersion.number == ballot.subject.proposal_version,
            )
        )
    else:
        present = aliased(Revision)
        statement = (
            select(base, ProposalVersion, Organisation.name)
            .select_from(present)
            .outerjoin(base, and_(base.section_id == present.section_id, base.number == present.number - 1))
            .outerjoin(
                ProposalVersion,
                and_(
                    ProposalVersion.proposal_id == present.proposal_id,
                    ProposalVersion.number == present.proposal_version_number,
                ),
            )
            .where(
                present.section_id == ballot.subject.section_id,
                present.number == ballot.subject.revision_number,
            )
        )
    row = session.execute(
        statement.outerjoin(Proposal, Proposal.id == ProposalVersion.proposal_id).outerjoin(
            Organisation, Organisation.id == Proposal.organisation_id
        )
    ).one_or_none()
    if row is None:
        return None, None, ""
    # Only organisations are named: who proposed as a person may not want to stand in a paper.
    return row[0], row[1], row[2] or ""
