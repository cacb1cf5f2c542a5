# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the worker reads to find out who hears of a deed: a bounded number of statements for many deeds.

Nothing here takes a lock: what is read may be read again, notices are stored once.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Voting
from charta.activity.models import ActivityEntry, LogHead
from charta.comments.models import Comment, CommentProposal
from charta.contributions.models import Contribution
from charta.db import session
from charta.editions.models import EditionEntry
from charta.notifications.models import NoticeCursor
from charta.proposals.models import Proposal, ProposalContribution
from charta.sections.models import Section
from charta.votes.models import Ballot, PartnerSeat
from charta.votes.rules import BallotState
from charta.watching.queries.deeds import field_of_deed, select_deeds
from charta.watching.rules import HEARD, OWN, Ref, WatchKind


@dataclass(frozen=True, slots=True)
class Heard:
    """A deed of the log and its subjects; `owners` may know of it whoever else may.

    `voters` vote for their organisations in the ballot `ballot_id`.
    `makes_own` is what it makes somebody's own: the subject, and whose it is.
    """

    seq: int
    at: datetime
    doer_id: int | None
    refs: frozenset[Ref]
    owners: frozenset[int] = frozenset()
    comment_id: int | None = None
    thread_id: int | None = None
    ballot_id: int | None = None
    voters: frozenset[int] = frozenset()
    makes_own: tuple[Ref, frozenset[int]] | None = None


def position() -> tuple[int, int]:
    """Return up to which deed people have been told, and the newest one (one statement).

    Numbers of the log are committed in their order (its head is locked), so all up to the newest are there.
    """
    told = select(NoticeCursor.seq).where(NoticeCursor.id == 1).scalar_subquery()
    newest = select(LogHead.seq).where(LogHead.id == 1).scalar_subquery()
    row = session.execute(select(func.coalesce(told, 0), func.coalesce(newest, 0))).one()
    return row[0], row[1]


def deeds_between(after: int, upto: int) -> list[Heard]:
    """Return the deeds after one number up to another that somebody hears of or that make something own.

    Seven statements at most, whatever their number.
    """
    rows = session.execute(
        select_deeds()
        .with_only_columns(
            ActivityEntry,
            Proposal.id.label("proposal"),
            Proposal.author_id.label("proposal_author"),
            Section.id.label("section"),
            field_of_deed.label("field"),
            Contribution.id.label("contribution"),
            Contribution.author_id.label("contribution_author"),
            Contribution.topic_id.label("topic"),
            Contribution.forum_id.label("forum"),
            Ballot.id.label("ballot"),
            Comment.id.label("comment"),
            Comment.author_id.label("comment_author"),
            Comment.section_id.label("commented_section"),
            func.coalesce(Comment.thread_id, Comment.id).label("thread"),
            and_(Comment.deleted_at.is_(None), Comment.hidden_at.is_(None)).label("is_readable"),
        )
        .where(
            ActivityEntry.seq > after,
            ActivityEntry.seq <= upto,
            ActivityEntry.verb.in_(sorted({*HEARD, *OWN})),
        )
        .order_by(ActivityEntry.seq)
    ).all()
    entries: list[ActivityEntry] = [row[0] for row in rows]
    of_proposals = {entry.subject_id for entry in entries if entry.subject_kind == "proposal"}
    linked = _Linked(
        taken_up=pairs(ProposalContribution.proposal_id, ProposalContribution.contribution_id, of_proposals),
        answered=pairs(CommentProposal.proposal_id, CommentProposal.comment_id, of_proposals),
        bundled=defaultdict(set),
        forums=defaultdict(set),
        texts=defaultdict(set),
    )
    for topic_id, contribution_id, forum_id in _of_topics(
        {entry.subject_id for entry in entries if entry.subject_kind == "topic"}
    ):
        linked.bundled[topic_id].add(contribution_id)
        linked.forums[topic_id].add(forum_id)
    for edition_id, ref in _of_editions(
        {entry.subject_id for entry in entries if entry.subject_kind == "edition"}
    ):
        linked.texts[edition_id].add(ref)
    voters = _voters({row.ballot for row in rows if row.ballot is not None})
    return [
        Heard(
            seq=entry.seq,
            at=entry.at,
            doer_id=entry.actor_id,
            refs=_refs(entry, row, linked),
            owners=_owners(entry, row),
            comment_id=row.comment,
            thread_id=row.thread,
            ballot_id=row.ballot,
            voters=voters.get(row.ballot, frozenset()),
            makes_own=_own(entry, row),
        )
        for entry, row in zip(entries, rows, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Linked:
    """What hangs on the proposals, topics and editions of several deeds, by their ids."""

    taken_up: dict[int, set[int]]
    answered: dict[int, set[int]]
    bundled: dict[int, set[int]]
    forums: dict[int, set[int]]
    texts: dict[int, set[Ref]]  # sections and fields that stand in an edition


def _refs(entry: ActivityEntry, row: Any, linked: _Linked) -> frozenset[Ref]:
    """Return the subjects of a deed whose watchers hear of it."""
    subjects: dict[WatchKind, Iterable[int | None]] = {WatchKind.FIELD: [row.field]}
    match entry.subject_kind:
        case "proposal":
            subjects[WatchKind.PROPOSAL] = [row.proposal]
            subjects[WatchKind.SECTION] = [row.section]
            subjects[WatchKind.CONTRIBUTION] = linked.taken_up.get(entry.subject_id, ())
            only = entry.data.get("comment_id")  # one that was named afterwards
            answered = linked.answered.get(entry.subject_id, ())
            subjects[WatchKind.COMMENT] = answered if only is None else [only]
        case "contribution":
            together = entry.data.get("contributions")
            ids = together if isinstance(together, list) else []
            subjects[WatchKind.CONTRIBUTION] = [row.contribution, entry.data.get("into"), *ids]
            subjects[WatchKind.TOPIC] = [row.topic]
            subjects[WatchKind.FORUM] = [row.forum]
        case "topic":
            subjects[WatchKind.TOPIC] = [entry.subject_id]
            subjects[WatchKind.CONTRIBUTION] = linked.bundled.get(entry.subject_id, ())
            subjects[WatchKind.FORUM] = linked.forums.get(entry.subject_id, ())
        case "comment":
            subjects[WatchKind.COMMENT] = [row.thread]
            subjects[WatchKind.PROPOSAL] = [row.proposal]
            subjects[WatchKind.CONTRIBUTION] = [row.contribution]
            # Not the section of a proposal: of its comments hears who watches the proposal.
            subjects[WatchKind.SECTION] = [row.commented_section]
        case "ballot":
            subjects[WatchKind.BALLOT] = [row.ballot]
            subjects[WatchKind.PROPOSAL] = [row.proposal]
            subjects[WatchKind.SECTION] = [row.section]
        case "forum":
            subjects[WatchKind.FORUM] = [entry.subject_id]
        case "edition":
            for kind, ident in linked.texts.get(entry.subject_id, ()):
                subjects[kind] = [*subjects.get(kind, ()), ident]
        case _:
            subjects[WatchKind.SECTION] = [row.section]
    hearing = HEARD.get(entry.verb, frozenset())
    return frozenset(
        (kind, ident)
        for kind, idents in subjects.items()
        if kind in hearing
        for ident in idents
        if ident is not None
    )


def _owners(entry: ActivityEntry, row: Any) -> frozenset[int]:
    """Return who may know of a deed because it was done to what is theirs; as `deeds.visible` has it."""
    if entry.verb == "hide_comment":
        owners = [row.comment_author]
    elif entry.subject_kind == "comment" and not row.is_readable:
        owners = []
    else:
        owners = [row.proposal_author, row.contribution_author]
    return frozenset(one for one in owners if one is not None)


def _own(entry: ActivityEntry, row: Any) -> tuple[Ref, frozenset[int]] | None:
    """Return what a deed makes somebody's own, and whose: the author's, and of a proposal the doer's too."""
    kind = OWN.get(entry.verb)
    if kind is None:
        return None
    ident = row.thread if kind is WatchKind.COMMENT else entry.subject_id
    people: Iterable[int | None] = {
        WatchKind.PROPOSAL: [row.proposal_author, entry.actor_id],
        WatchKind.CONTRIBUTION: [row.contribution_author],
    }.get(kind, [entry.actor_id])
    whose = frozenset(one for one in people if one is not None)
    return None if ident is None or not whose else ((kind, ident), whose)


def pairs(
    left: InstrumentedAttribute[int], right: InstrumentedAttribute[int], ids: Collection[int]
) -> dict[int, set[int]]:
    """Return what the second column holds for each of these ids of the first (one statement, or none)."""
    found: dict[int, set[int]] = defaultdict(set)
    if ids:
        for key, value in session.execute(select(left, right).where(left.in_(sorted(ids)))):
            found[key].add(value)
    return found


def _of_editions(ids: Collection[int]) -> set[tuple[int, Ref]]:
    """Return the sections and fields that stand in these editions."""
    if not ids:
        return set()
    rows = session.execute(
        select(EditionEntry.edition_id, Section.id, Section.field_id)
        .join(Section, Section.id == EditionEntry.section_id)
        .where(EditionEntry.edition_id.in_(sorted(ids)))
    ).all()
    found = {(edition_id, (WatchKind.SECTION, section_id)) for edition_id, section_id, _field in rows}
    return found | {
        (edition_id, (WatchKind.FIELD, field_id)) for edition_id, _section, field_id in rows if field_id
    }


def _voters(ballot_ids: Collection[int]) -> dict[int | None, frozenset[int]]:
    """Return who acts for the partners on the rolls of these ballots.

    The seats of a cancelled one are gone with its votes: there it is who acts for the partners now.
    """
    found: dict[int | None, set[int]] = defaultdict(set)
    if ballot_ids:
        rows = session.execute(
            select(PartnerSeat.ballot_id, PartnerSeat.member_ids).where(
                PartnerSeat.ballot_id.in_(sorted(ballot_ids))
            )
        )
        for ballot_id, member_ids in rows:
            found[ballot_id].update(member_ids)
        called_off = session.execute(
            select(Ballot.id, Person.id)
            .join(Person, Person.voting != Voting.NONE)
            .join(Organisation, Organisation.id == Person.organisation_id)
            .where(
                Ballot.id.in_(sorted(ballot_ids)),
                Ballot.state == BallotState.CANCELLED,
                Ballot.has_partners,
                Organisation.is_partner,
            )
        )
        for ballot_id, person_id in called_off:
            found[ballot_id].add(person_id)
    return {ballot_id: frozenset(people) for ballot_id, people in found.items()}


def _of_topics(ids: Collection[int]) -> Sequence[tuple[int, int, int]]:
    if not ids:
        return []
    rows = session.execute(
        select(Contribution.topic_id, Contribution.id, Contribution.forum_id).where(
            Contribution.topic_id.in_(sorted(ids))
        )
    )
    return [(row[0], row[1], row[2]) for row in rows if row[0] is not None]
