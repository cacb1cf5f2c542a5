# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading for Mein Bereich: what waits for a role, the own contributions, the own conversations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import aliased

from charta.accounts.models import Person, Token
from charta.accounts.rules import TokenPurpose
from charta.activity.models import ActivityEntry
from charta.comments.models import Comment, CommentProposal, CommentReport
from charta.comments.queries import subjects
from charta.contributions.models import Contribution
from charta.contributions.queries import listing
from charta.contributions.queries.around import open_topic_count, received_count
from charta.contributions.queries.listing import Row
from charta.contributions.rules import Outcome
from charta.contributions.rules import State as ContributionState
from charta.db import UtcDateTime, session, utcnow
from charta.notifications.models import Notice, OutboxMail
from charta.notifications.rules import NoticeReason
from charta.permissions import Actor
from charta.proposals.models import Proposal
from charta.proposals.queries import awaiting_count, taken_up, visible_to
from charta.proposals.rules import OPEN, MergeState, State
from charta.sections.models import Section
from charta.site.rules import SiteSettings
from charta.votes.models import Ballot
from charta.votes.queries.ballots import undescribed

# How many lines of each kind Mein Bereich shows; the rest stands on pages of its own.
SHOWN = 5


# ---------------------------------------------------------------------------------------- what a role is for


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits for the moderation and the administration; zeros for what is not this role's."""

    proposals: int = 0
    overlaps: int = 0
    oldest_at: datetime | None = None
    received: int = 0
    topics: int = 0
    reported: int = 0
    outcomes: int = 0
    outcome_id: int | None = None
    own_contributions: int = 0
    invitations: int = 0
    expired: int = 0
    failed_mails: int = 0


def waiting_for_moderation(viewer: Actor) -> Waiting:
    """Return what moderators have to decide, read, answer and look at (one statement)."""
    awaits = and_(Proposal.state == State.SUBMITTED, Proposal.adapted_version.is_(None))
    reported = (
        select(func.count(func.distinct(CommentReport.comment_id)))
        .join(Comment, Comment.id == CommentReport.comment_id)
        .where(CommentReport.settled_at.is_(None), Comment.deleted_at.is_(None))
    )
    own = select(func.count(Contribution.id)).where(Contribution.author_id == viewer.id)
    return _waiting(
        proposals=awaiting_count(),
        overlaps=select(func.count(Proposal.id))
        .where(awaits, Proposal.merge_state == MergeState.CONFLICT)
        .scalar_subquery(),
        oldest_at=select(func.min(Proposal.submitted_at)).where(awaits).scalar_subquery(),
        received=received_count(),
        topics=open_topic_count(),
        reported=reported.scalar_subquery(),
        outcomes=select(func.count(Ballot.id)).where(undescribed()).scalar_subquery(),
        outcome_id=select(func.min(Ballot.id)).where(undescribed()).scalar_subquery(),
        own_contributions=own.scalar_subquery(),
    )


def waiting_for_office() -> Waiting:
    """Return what waits for the administration: open invitations and mails that were given up."""
    is_open = and_(
        Token.purpose == TokenPurpose.INVITATION,
        Token.used_at.is_(None),
        Person.joined_at.is_(None),
        Person.deactivated_at.is_(None),
    )
    invitations = select(func.count(Token.id)).join(Person, Person.id == Token.person_id).where(is_open)
    return _waiting(
        invitations=invitations.scalar_subquery(),
        expired=invitations.where(Token.expires_at <= utcnow()).scalar_subquery(),
        failed_mails=select(func.count(OutboxMail.id))
        .where(OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None))
        .scalar_subquery(),
    )


def _waiting(**counts: Any) -> Waiting:
    row = session.execute(select(*(count.label(name) for name, count in counts.items()))).one()
    return Waiting(**row._mapping)


# --------------------------------------------------------------------------------------- own contributions


def own_contributions(viewer: Actor) -> list[tuple[Row, frozenset[Outcome]]]:
    """Return up to `SHOWN` + 1 of the viewer's contributions, those with an open question first, then newest.

    Each with what became of it in the text; one statement.
    """
    found = session.execute(
        listing.select_rows(*taken_up.outcome_columns(Contribution.id))
        .where(Contribution.author_id == viewer.id)
        .order_by(case((Contribution.state == ContributionState.ASKED, 0), else_=1), Contribution.id.desc())
        .limit(SHOWN + 1)
    )
    known = len(listing.COLUMNS)
    return [(listing.as_row(viewer, line), taken_up.outcomes_in(line[known:])) for line in found]


# ------------------------------------------------------------------------------------------- conversations


@dataclass(frozen=True, slots=True)
class Talk:
    """A comment of the viewer, or a conversation about a proposal of theirs, with what became of it.

    `answers` counts what others said after it. `taken_up` is a proposal that answers it, as far as the viewer
    may see it.
    """

    id: int
    body: str
    at: datetime
    is_hidden: bool
    is_resolved: bool
    answers: int
    proposal_id: int | None
    summary: str
    section_number: str
    section_title: str
    code: str
    taken_up: int | None
    taken_up_state: State | None


@dataclass(frozen=True, slots=True)
class Conversations:
    """The own newest comments; open conversations about own proposals; how many answers nobody has read.

    `answered_id` is the newest unread answer, None without one.
    """

    own: Sequence[Talk]
    open: Sequence[Talk]
    unread_answers: int
    answered_id: int | None


def conversations(viewer: Actor, settings: SiteSettings) -> Conversations:
    """Return the conversations that are the viewer's own, up to `SHOWN` + 1 of a kind, in one statement."""
    parts = [_own_comments(viewer, settings), _open_talk(viewer), _unread_answers(viewer)]
    chosen = union_all(*(select(part.subquery()) for part in parts)).subquery()
    root, taken = aliased(Comment), aliased(Proposal)
    rows = session.execute(
        select(
            chosen.c.part,
            chosen.c.answers,
            Comment.id,
            Comment.body,
            chosen.c.at,
            Comment.hidden_at.is_not(None),
            root.resolved_at.is_not(None),
            Proposal.id,
            func.coalesce(Proposal.summary, ""),
            func.coalesce(Section.number, ""),
            func.coalesce(Section.title, ""),
            func.coalesce(Contribution.code, ""),
            taken.id,
            taken.state,
        )
        .select_from(chosen)
        .join(Comment, Comment.id == chosen.c.id)
        .join(root, root.id == func.coalesce(Comment.thread_id, Comment.id))
        .outerjoin(Proposal, Proposal.id == Comment.proposal_id)
        .outerjoin(Section, Section.id == Comment.section_id)
        .outerjoin(Contribution, Contribution.id == Comment.contribution_id)
        .outerjoin(taken, taken.id == _newest_proposal(viewer, settings, root.id))
        .order_by(chosen.c.at.desc(), Comment.id.desc())
    ).all()
    talks: dict[str, list[Talk]] = {"own": [], "open": [], "answered": []}
    for part, answers, ident, body, at, is_hidden, is_resolved, *rest in rows:
        talks[part].append(Talk(ident, body, at, is_hidden, is_resolved, answers, *rest))
    answered = talks["answered"][0] if talks["answered"] else None
    return Conversations(
        own=talks["own"],
        open=talks["open"],
        unread_answers=answered.answers if answered else 0,
        answered_id=answered.id if answered else None,
    )


def _part(part: str, ident: Any, at: Any, answers: Any) -> Select[Any]:
    return select(literal(part).label("part"), ident.label("id"), at.label("at"), answers.label("answers"))


def _readable(comment: Any) -> ColumnElement[bool]:
    return and_(comment.deleted_at.is_(None), comment.hidden_at.is_(None))


def _own_comments(viewer: Actor, settings: SiteSettings) -> Select[Any]:
    later = aliased(Comment)
    root_id = func.coalesce(Comment.thread_id, Comment.id)
    answers = (
        select(func.count(later.id))
        .where(later.thread_id == root_id, later.id > Comment.id, later.author_id != viewer.id)
        .where(_readable(later))
        .correlate(Comment)
        .scalar_subquery()
    )
    return (
        _part("own", Comment.id, Comment.created_at, answers)
        .where(
            Comment.author_id == viewer.id,
            Comment.deleted_at.is_(None),
            subjects.visible_to(viewer, settings),
        )
        .order_by(Comment.id.desc())
        .limit(SHOWN + 1)
    )


def _open_talk(viewer: Actor) -> Select[Any]:
    """Conversations about the viewer's open proposals in which somebody else spoke last."""
    other = aliased(Comment)
    last_speaker = (
        select(other.author_id)
        .where(or_(other.id == Comment.id, other.thread_id == Comment.id), _readable(other))
        .order_by(other.id.desc())
        .limit(1)
        .correlate(Comment)
        .scalar_subquery()
    )
    # The few proposals first, then what is said about them: not all that was ever said.
    proposals = select(Proposal.id).where(Proposal.author_id == viewer.id, Proposal.state.in_(sorted(OPEN)))
    return (
        _part("open", Comment.id, Comment.last_at, Comment.answers)
        .where(
            Comment.proposal_id.in_(proposals),
            Comment.thread_id.is_(None),
            Comment.resolved_at.is_(None),
            last_speaker != viewer.id,
        )
        .order_by(Comment.last_at.desc(), Comment.id.desc())
        .limit(SHOWN + 1)
    )


def _unread_answers(viewer: Actor) -> Select[Any]:
    """One line: the newest answer nobody has read yet, and how many there are; none without."""
    return (
        _part("answered", func.max(Comment.id), cast(null(), UtcDateTime), func.count(Comment.id))
        .select_from(Notice)
        .join(ActivityEntry, ActivityEntry.seq == Notice.seq)
        .join(Comment, Comment.id == ActivityEntry.subject_id)
        .where(
            Notice.person_id == viewer.id,
            Notice.read_at.is_(None),
            Notice.reason == NoticeReason.ANSWERED,
            ActivityEntry.verb == "answer_comment",
            _readable(Comment),
        )
        .having(func.count(Comment.id) > 0)
    )


def _newest_proposal(viewer: Actor, settings: SiteSettings, root_id: Any) -> Any:
    """Return the newest handed-in proposal that answers a conversation and that the viewer may see."""
    return (
        select(func.max(Proposal.id))
        .join(CommentProposal, CommentProposal.proposal_id == Proposal.id)
        .where(
            CommentProposal.comment_id == root_id,
            Proposal.state.not_in([State.DRAFT, State.WITHDRAWN]),
            visible_to(viewer, settings),
        )
        .correlate_except(Proposal, CommentProposal)
        .scalar_subquery()
    )
