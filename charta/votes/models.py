# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of ballots with their rolls and votes, of polls at forums, and of notes of dissent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

import charta.editions.models  # noqa: F401 -- the table that `edition_id` refers to
from charta.accounts.rules import Group
from charta.db import Base, enum_type
from charta.votes.rules import (
    TIME_ZONE,
    BallotState,
    DecisionRule,
    Method,
    NoteState,
    PollMethod,
    PollState,
    Scope,
)


class Ballot(Base):
    """One vote of one or both electorates on one text, or on a free question.

    At opening the text, the rules and the rolls are frozen: `rules` (with `rules_hash`, SHA-256 of its
    canonical JSON) and `text_hash` say on what and how is voted; a draft on an edition has the hash it is
    meant for. `tally` is the canonical JSON that `recount` makes of the exported file, stored at closing.
    `key` ties participants to their seats by HMAC; it is destroyed two weeks after closing.
    """

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN section_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN proposal_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN edition_id IS NULL THEN 0 ELSE 1 END) <= 1",
            name="one_subject",
        ),
        CheckConstraint("(proposal_id IS NULL) = (proposal_version IS NULL)", name="version_of_proposal"),
        CheckConstraint("has_partners OR has_participants", name="somebody_votes"),
        CheckConstraint("(state = 'closed') = (tally IS NOT NULL)", name="closed_with_tally"),
        CheckConstraint("opens_at IS NULL OR opens_at < closes_at", name="opens_before_it_closes"),
        Index("ix_ballot_state_closes_at", "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    intro: Mapped[str] = mapped_column(Text, default="")
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    proposal_version: Mapped[int | None]
    edition_id: Mapped[int | None] = mapped_column(ForeignKey("edition.id"), index=True)
    state: Mapped[BallotState] = mapped_column(enum_type(BallotState, "state"), default=BallotState.DRAFT)
    is_test: Mapped[bool] = mapped_column(default=False)  # a rehearsal: nothing follows from it
    has_partners: Mapped[bool] = mapped_column(default=True)
    has_participants: Mapped[bool] = mapped_column(default=True)
    rule: Mapped[DecisionRule] = mapped_column(enum_type(DecisionRule, "rule"), default=DecisionRule.CONSENT)
    quorum: Mapped[int] = mapped_column(default=4)  # partners that take part
    scope: Mapped[Scope] = mapped_column(enum_type(Scope, "scope"), default=Scope.VERIFIED)
    forum_ids: Mapped[list[Any]] = mapped_column(default=list)
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime]
    time_zone: Mapped[str] = mapped_column(String(40), default=TIME_ZONE)
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    text_title: Mapped[str] = mapped_column(String(200), default="")
    text_body: Mapped[str] = mapped_column(Text, default="")
    text_hash: Mapped[str | None] = mapped_column(String(64))
    rules: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rules_hash: Mapped[str | None] = mapped_column(String(64))
    key: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    closed_at: Mapped[datetime | None]
    tally: Mapped[str | None] = mapped_column(Text)
    tally_hash: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(Text, default="")  # the moderation's words about the result
    outcome_at: Mapped[datetime | None]
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reminded_at: Mapped[datetime | None]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class BallotQuestion(Base):
    """One question of a ballot: partners answer by a choice, participants by its method."""

    __tablename__ = "ballot_question"
    __table_args__ = (UniqueConstraint("ballot_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    method: Mapped[Method] = mapped_column(enum_type(Method, "method"), default=Method.YES_NO)
    options: Mapped[list[Any]] = mapped_column(default=list)  # words of what is ranked or given points
    points: Mapped[int | None]  # how many there are to give


class PartnerSeat(Base):
    """A partner on the roll of a ballot, with its vote: a second one cannot exist.

    `member_ids` are the people who may act for it, as they were at opening. `choices` and `reasons` hold one
    entry per question. `version` rises with each vote: a form that has seen an older one is refused.
    """

    __tablename__ = "partner_seat"
    __table_args__ = (
        UniqueConstraint("ballot_id", "organisation_id"),
        CheckConstraint("(choices IS NULL) = (cast_by_id IS NULL)", name="cast_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    member_ids: Mapped[list[Any]]
    choices: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    reasons: Mapped[list[Any]] = mapped_column(default=list)
    reservation_until: Mapped[date | None]  # "Gremienvorbehalt bis"
    receipt: Mapped[str | None] = mapped_column(String(20), unique=True)
    cast_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    cast_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)


class ParticipantSeat(Base):
    """A participant on the roll of a ballot, with the vote; no person, no time, a random key.

    `voter_key` is the HMAC-SHA-256 of the person's number under the ballot's key.
    """

    __tablename__ = "participant_seat"
    __table_args__ = (UniqueConstraint("ballot_id", "voter_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ballot_id: Mapped[int] = mapped_column(ForeignKey("ballot.id", ondelete="CASCADE"))
    voter_key: Mapped[str] = mapped_column(String(64))
    group: Mapped[Group | None] = mapped_column(enum_type(Group, "group"))
    choices: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    receipt: Mapped[str | None] = mapped_column(String(20), unique=True)
    version: Mapped[int] = mapped_column(default=0)


class RecurringQuestion(Base):
    """A question that is asked at several forums, so that answers can be compared."""

    __tablename__ = "recurring_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(300), unique=True)
    method: Mapped[PollMethod] = mapped_column(enum_type(PollMethod, "method"))
    options: Mapped[list[Any]] = mapped_column(default=list)
    points: Mapped[int | None]
    created_at: Mapped[datetime]


class Poll(Base):
    """A question put to the people of a forum; answers are counted, never who gave them.

    `tally` is what is shown of the hall: one number per option, counted over `tally_answers` answers. It
    moves on by five or more only (`poll_rules.shown_while_running`, `shown_at_end`). `key` ties people to
    their answers; it is destroyed two weeks after the end.
    """

    __tablename__ = "poll"
    __table_args__ = (
        Index("ix_poll_forum_id_state", "forum_id", "state"),
        CheckConstraint("(state = 'ready') = (launched_at IS NULL)", name="launched"),
        Index(
            "uq_poll_running",
            "forum_id",
            unique=True,
            sqlite_where=sql_text("state = 'running'"),
            postgresql_where=sql_text("state = 'running'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    recurring_id: Mapped[int | None] = mapped_column(ForeignKey("recurring_question.id"), index=True)
    position: Mapped[int]
    question: Mapped[str] = mapped_column(String(300))
    method: Mapped[PollMethod] = mapped_column(enum_type(PollMethod, "method"))
    options: Mapped[list[Any]] = mapped_column(default=list)
    points: Mapped[int | None]
    state: Mapped[PollState] = mapped_column(enum_type(PollState, "state"), default=PollState.READY)
    shows_results: Mapped[bool] = mapped_column(default=True)  # on the projector while it runs
    key: Mapped[str | None] = mapped_column(String(64))
    tally: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    tally_answers: Mapped[int] = mapped_column(default=0)
    launched_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    follow_up_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]


class PollAnswer(Base):
    """One answer; `voter_key` is the HMAC of the person's number under the poll's key: one per person.

    `is_hidden`: choices that are in no tally shown so far, or words the moderation does not show.
    """

    __tablename__ = "poll_answer"
    __table_args__ = (UniqueConstraint("poll_id", "voter_key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    poll_id: Mapped[int] = mapped_column(ForeignKey("poll.id", ondelete="CASCADE"))
    voter_key: Mapped[str] = mapped_column(String(64))
    choices: Mapped[list[Any]]
    words: Mapped[str] = mapped_column(String(200), default="")
    is_follow_up: Mapped[bool] = mapped_column(default=False)  # online, after the forum
    is_hidden: Mapped[bool] = mapped_column(default=False)


class DissentNote(Base):
    """A partner's note on a passage ("Protokollnotiz"), printed with the edition.

    The anchor is kept as it was made; `revision_id`, `start_at`, `end_at` say where the words stand now.
    """

    __tablename__ = "dissent_note"
    __table_args__ = (
        Index("ix_dissent_note_section_id", "section_id"),
        CheckConstraint("(state = 'orphan') = (start_at IS NULL)", name="orphan_has_no_place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("section.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    ballot_id: Mapped[int | None] = mapped_column(ForeignKey("ballot.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    made_on_revision_id: Mapped[int] = mapped_column(ForeignKey("revision.id"), index=True)
    anchor: Mapped[dict[str, Any]]
    engine_version: Mapped[int]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    start_at: Mapped[int | None]
    end_at: Mapped[int | None]
    state: Mapped[NoteState] = mapped_column(enum_type(NoteState, "state"), default=NoteState.IN_PLACE)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
