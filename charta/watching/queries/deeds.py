# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened, from the log: only deeds that are meant for others, joined with what the viewer may see."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, PublicName, byline
from charta.activity.models import ActivityEntry
from charta.comments.models import Comment
from charta.contributions.models import Contribution, Topic
from charta.contributions.rules import SCREENED
from charta.db import session
from charta.editions.models import Edition
from charta.editions.rules import EditionState
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.notifications.models import Notice
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.proposals.queries import visible_to
from charta.sections.models import Section
from charta.site.rules import SiteSettings
from charta.votes.models import Ballot
from charta.votes.queries.ballots import known_to as ballot_known_to

PAGE_SIZE = 50


class DeedKind(StrEnum):
    """What a deed is about; the value stands in the address."""

    TEXTS = "texte"
    PROPOSALS = "vorschlaege"
    CONTRIBUTIONS = "beitraege"
    COMMENTS = "kommentare"
    FORUMS = "foren"
    BALLOTS = "abstimmungen"


_TAKING_OVER = frozenset({"approve_proposal", "agree_proposal"})
_OF_PROPOSALS = _TAKING_OVER | {
    "submit_proposal",
    "resubmit_proposal",
    "withdraw_proposal",
    "request_changes_proposal",
    "adapt_proposal",
    "refuse_proposal",
    "reject_proposal",
    "take_up_comment",
}
_OF_TEXTS = frozenset({"import_section", "import_measure", "change_measure"})
_OF_CONTRIBUTIONS = frozenset(
    {"accept_contribution", "decline_contribution", "merge_contribution", "answer_contribution"}
)
_OF_TOPICS = frozenset({"answer_topic"})
_OF_COMMENTS = frozenset({"write_comment", "answer_comment", "resolve_comment"})
_OF_EDITIONS = frozenset({"publish_edition"})
# What the moderation says to an author and to nobody else.
_ASKING, _HIDING = "ask_contribution", "hide_comment"
_OF_FORUMS = frozenset({"confirm_forum", "move_forum", "cancel_forum", "publish_documentation"})
# The subject of these is the forum; the poll stands in the data.
_OF_POLLS = frozenset({"launch_poll", "stop_poll", "open_poll_online"})
_OF_BALLOTS = frozenset({"open_ballot", "close_ballot", "cancel_ballot", "state_outcome"})
_OF_DISSENT = frozenset({"note_dissent", "withdraw_note"})

# A proposal that was taken over is news of the text as well.
VERBS: dict[DeedKind, frozenset[str]] = {
    DeedKind.TEXTS: _OF_TEXTS | _TAKING_OVER | _OF_EDITIONS,
    DeedKind.PROPOSALS: _OF_PROPOSALS,
    DeedKind.CONTRIBUTIONS: _OF_CONTRIBUTIONS | _OF_TOPICS | {_ASKING},
    DeedKind.COMMENTS: _OF_COMMENTS | {_HIDING},
    DeedKind.FORUMS: _OF_FORUMS | _OF_POLLS,
    DeedKind.BALLOTS: _OF_BALLOTS | _OF_DISSENT,
}
ALL_VERBS = frozenset().union(*VERBS.values())


@dataclass(frozen=True, slots=True)
class Deed:
    """One line: who did what to which subject; parts that do not belong to the subject are empty.

    `by` is None where time ran out and nobody acted. `others` is how many more were treated with it.
    """

    seq: int
    at: datetime
    verb: str
    by: Byline | None
    subject_kind: str
    subject_id: int
    others: int
    poll_id: int | None
    proposal_id: int | None
    summary: str
    section_id: int | None
    section_number: str
    section_title: str
    code: str
    contribution_title: str
    topic_title: str
    forum_slug: str
    forum_title: str
    ballot_title: str
    edition_name: str
    field_id: int | None
    field_number: int | None
    field_name: str


_IS_COMMENT = ActivityEntry.subject_kind == "comment"
field_of_deed = func.coalesce(Proposal.field_id, Section.field_id, Contribution.field_id, Topic.field_id)
_COLUMNS = (
    ActivityEntry.seq,
    ActivityEntry.at,
    ActivityEntry.verb,
    ActivityEntry.subject_kind,
    ActivityEntry.subject_id,
    ActivityEntry.data,
    Person.id,
    Person.name,
    Person.role,
    Person.public_name,
    func.coalesce(Organisation.short, ""),
    func.coalesce(Organisation.name, ""),
    Proposal.id,
    func.coalesce(Proposal.summary, ""),
    Section.id,
    func.coalesce(Section.number, ""),
    func.coalesce(Section.title, ""),
    func.coalesce(Contribution.code, ""),
    func.coalesce(Contribution.title, ""),
    func.coalesce(Topic.title, ""),
    func.coalesce(Forum.slug, ""),
    func.coalesce(Forum.title, ""),
    func.coalesce(Ballot.title, ""),
    func.coalesce(Edition.name, ""),
    FieldOfAction.id,
    FieldOfAction.number,
    func.coalesce(FieldOfAction.name, ""),
)


def select_deeds(*more: Any, of: type[Notice] | None = None) -> Select[Any]:
    """Return the statement that reads what `as_deed` needs, with `more` columns after it.

    It asks for all deeds of the log: add `visible` and what is wanted. With `of` it asks for those that
    notices name, and begins with these: PostgreSQL keeps so many joins in the order they are written.
    """
    entry = ActivityEntry
    start = select(*_COLUMNS, *more)
    start = start.select_from(entry) if of is None else start.join_from(of, entry, entry.seq == of.seq)
    return (
        start.outerjoin(Person, Person.id == entry.actor_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Comment, Comment.id == case((_IS_COMMENT, entry.subject_id)))
        .outerjoin(Ballot, Ballot.id == case((entry.subject_kind == "ballot", entry.subject_id)))
        .outerjoin(Edition, Edition.id == case((entry.subject_kind == "edition", entry.subject_id)))
        .outerjoin(
            Proposal,
            Proposal.id
            == case(
                (entry.subject_kind == "proposal", entry.subject_id),
                (_IS_COMMENT, Comment.proposal_id),
                (entry.subject_kind == "ballot", Ballot.proposal_id),
            ),
        )
        .outerjoin(
            Contribution,
            Contribution.id
            == case(
                (entry.subject_kind == "contribution", entry.subject_id),
                (_IS_COMMENT, Comment.contribution_id),
            ),
        )
        .outerjoin(Topic, Topic.id == case((entry.subject_kind == "topic", entry.subject_id)))
        .outerjoin(Forum, Forum.id == case((entry.subject_kind == "forum", entry.subject_id)))
        .outerjoin(Section, Section.id == func.coalesce(entry.section_id, Proposal.section_id))
        .outerjoin(FieldOfAction, FieldOfAction.id == field_of_deed)
    )


def deeds(
    viewer: Actor,
    settings: SiteSettings,
    *,
    reads_text: bool,
    kind: DeedKind | None = None,
    organisation_id: int | None = None,
    field_id: int | None = None,
    section_id: int | None = None,
    seqs: Collection[int] | None = None,
    before: int | None = None,
) -> list[Deed]:
    """Return up to `PAGE_SIZE` + 1 deeds the viewer may know of, newest first; one statement.

    `before` is the key to go on from; `seqs` asks for these entries of the log only, all of them;
    `reads_text`: whether the viewer may read the draft of the Charta; without it, nothing about its text.
    """
    entry = ActivityEntry
    statement = (
        select_deeds()
        .where(
            entry.verb.in_(sorted(VERBS[kind] if kind else ALL_VERBS)),
            visible(viewer, settings, reads_text=reads_text),
        )
        .order_by(entry.seq.desc())
    )
    if seqs is None:
        statement = statement.limit(PAGE_SIZE + 1)
    else:
        statement = statement.where(entry.seq.in_(sorted(seqs)))
    if before is not None:
        statement = statement.where(entry.seq < before)
    if section_id is not None:
        statement = statement.where(entry.section_id == section_id)
    if field_id is not None:
        statement = statement.where(field_of_deed == field_id)
    if organisation_id is not None:
        statement = statement.where(Person.organisation_id == organisation_id, _shows_organisation(viewer))
    return [as_deed(viewer, row) for row in session.execute(statement)]


def visible(viewer: Actor, settings: SiteSettings, *, reads_text: bool) -> ColumnElement[bool]:
    """Return the condition on the rows of `select_deeds`: each deed is as visible as what it was done to."""
    entry = ActivityEntry
    proposal = visible_to(viewer, settings)
    contribution = and_(Contribution.state.in_(sorted(SCREENED)), Contribution.is_hidden.is_(False))
    if viewer.id is not None:
        contribution = or_(contribution, Contribution.author_id == viewer.id)
    text = true() if reads_text else false()
    own_contribution, own_comment = Contribution.author_id == viewer.id, Comment.author_id == viewer.id
    commented = or_(
        and_(Comment.section_id.is_not(None), text),
        and_(Comment.proposal_id.is_not(None), proposal),
        and_(Comment.contribution_id.is_not(None), contribution),
    )
    return or_(
        and_(entry.verb == _ASKING, own_contribution if viewer.id is not None else false()),
        and_(entry.verb == _HIDING, own_comment if viewer.id is not None else false(), commented),
        and_(entry.subject_kind.in_(["section", "measure"]), entry.verb.in_(sorted(_OF_TEXTS)), text),
        and_(entry.verb.in_(sorted(_OF_PROPOSALS)), Proposal.id.is_not(None), proposal),
        and_(entry.verb.in_(sorted(_OF_CONTRIBUTIONS)), Contribution.id.is_not(None), contribution),
        and_(entry.verb.in_(sorted(_OF_TOPICS)), Topic.id.is_not(None), Topic.answered_at.is_not(None)),
        and_(entry.verb.in_(sorted(_OF_FORUMS | _OF_POLLS)), Forum.id.is_not(None)),
        and_(entry.verb.in_(sorted(_OF_BALLOTS)), Ballot.id.is_not(None), ballot_known_to(viewer)),
        and_(entry.verb.in_(sorted(_OF_DISSENT)), Section.id.is_not(None), text),
        and_(entry.verb.in_(sorted(_OF_EDITIONS)), Edition.state == EditionState.PUBLISHED),
        and_(
            entry.verb.in_(sorted(_OF_COMMENTS)),
            Comment.id.is_not(None),
            Comment.deleted_at.is_(None),
            Comment.hidden_at.is_(None),
            commented,
        ),
    )


def _shows_organisation(viewer: Actor) -> ColumnElement[bool]:
    """Return the condition that `byline` tells the organisation: choosing one must not tell more."""
    if viewer.role is Role.MODERATOR:
        return true()
    return or_(
        Person.role != Role.ATTENDEE,
        Person.public_name != PublicName.NONE,
        Person.id == viewer.id if viewer.id is not None else false(),
    )


def as_deed(viewer: Actor, row: Sequence[Any]) -> Deed:
    """Return a row of `select_deeds` as this viewer may read it; call it for visible rows only."""
    seq, at, verb, subject_kind, subject_id, data, person_id, name, role, public_name, short, organisation = (
        row[:12]
    )
    together = data.get("contributions")
    return Deed(
        seq,
        at,
        verb,
        None
        if person_id is None
        else byline(
            viewer,
            person_id=person_id,
            name=name,
            role=role,
            public_name=public_name,
            organisation_short=short,
            organisation_name=organisation,
        ),
        subject_kind,
        subject_id,
        len(together) - 1 if isinstance(together, list) and together else 0,
        data.get("poll") if verb in _OF_POLLS else None,
        *row[12 : len(_COLUMNS)],
    )


def organisations() -> list[tuple[int, str]]:
    """Return the partners by name, for the filter (one statement)."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.is_partner.is_(True), Organisation.archived_at.is_(None))
        .order_by(Organisation.name)
    )
    return [(row[0], row[1]) for row in rows]
