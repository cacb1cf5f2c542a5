# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of contributions: the contribution, its events and supporters, topics, cards, prepared answers."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charta.accounts.rules import Group, PublicName
from charta.contributions.rules import CannedFor, Kind, Origin, State, Verb
from charta.db import Base, enum_type


class Topic(Base):
    """Different contributions about one matter, answered together.

    A topic that became part of another one keeps its number: `merged_into_id` says where its page leads.
    """

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text, default="")
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)


class Contribution(Base):
    """One text from a forum, cited by its public code.

    `text` is what is shown; where words were taken out it holds `rules.GAP` and `original_text` keeps the
    words for moderators. `organisation_name` and `group` are what the person said at this forum.
    `version` rises with each deed of a moderator: a stale one is a conflict.
    """

    __tablename__ = "contribution"
    __table_args__ = (
        Index("ix_contribution_forum_id_state", "forum_id", "state", "id"),
        Index("ix_contribution_state_id", "state", "id"),
        CheckConstraint("(state = 'merged') = (merged_into_id IS NOT NULL)", name="merged_into"),
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("people IS NULL OR people > 0", name="people_positive"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(6), unique=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    table_id: Mapped[int | None] = mapped_column(ForeignKey("forum_table.id"), index=True)
    people: Mapped[int | None]  # how many sat at the table for which a scribe wrote
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    kind: Mapped[Kind | None] = mapped_column(enum_type(Kind, "kind"))
    origin: Mapped[Origin] = mapped_column(enum_type(Origin, "origin"))
    title: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    original_text: Mapped[str | None] = mapped_column(Text)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    author_name: Mapped[str] = mapped_column(String(120), default="")  # from a card; with an account: there
    organisation_name: Mapped[str] = mapped_column(String(120), default="")
    group: Mapped[Group | None] = mapped_column(enum_type(Group, "group"))
    public_name: Mapped[PublicName] = mapped_column(
        enum_type(PublicName, "public_name"), default=PublicName.NONE
    )
    state: Mapped[State] = mapped_column(enum_type(State, "state"), default=State.RECEIVED)
    is_hidden: Mapped[bool] = mapped_column(default=False)  # declined, and its words are not for others
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    split_from_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    supporters: Mapped[int] = mapped_column(default=0)
    answer: Mapped[str] = mapped_column(Text, default="")  # its own sentence, besides that of the topic
    answered_at: Mapped[datetime | None]
    answer_until: Mapped[datetime | None]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_at: Mapped[datetime | None]
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    term_norm: Mapped[float] = mapped_column(default=0.0)
    term_version: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime]
    screened_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class ContributionEvent(Base):
    """One deed in the life of a contribution or of a topic: the timeline is read from these lines.

    `contribution_id` is None for a deed on a whole topic. `other_id` is the contribution merged into, or
    split from.
    """

    __tablename__ = "contribution_event"
    __table_args__ = (CheckConstraint("contribution_id IS NOT NULL OR topic_id IS NOT NULL", name="subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    other_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    verb: Mapped[Verb] = mapped_column(enum_type(Verb, "verb"))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]


class ContributionSupport(Base):
    """One person supports one contribution; `via_id` names the merged one the support came with."""

    __tablename__ = "contribution_support"

    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    via_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), index=True)
    at: Mapped[datetime]


class ContributionTerm(Base):
    """How often a stem stands in a contribution: the inverted index of the search for similar ones."""

    __tablename__ = "contribution_term"

    term: Mapped[str] = mapped_column(String(40), primary_key=True)
    contribution_id: Mapped[int] = mapped_column(
        ForeignKey("contribution.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    count: Mapped[int]


class ContributionCard(Base):
    """A printed card: its code becomes the code of the contribution that is typed in from it."""

    __tablename__ = "contribution_card"
    __table_args__ = (UniqueConstraint("forum_id", "number"),)

    code: Mapped[str] = mapped_column(String(6), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    number: Mapped[int]
    printed_at: Mapped[datetime]
    printed_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"), unique=True)


class CannedAnswer(Base):
    """A prepared answer that moderators edit."""

    __tablename__ = "canned_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[CannedFor] = mapped_column(enum_type(CannedFor, "purpose"))
    title: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    position: Mapped[int]
    changed_at: Mapped[datetime]


class ImportDraft(Base):
    """An uploaded table between the steps of an import; only who uploaded it sees it, for a day."""

    __tablename__ = "import_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    columns: Mapped[list[Any]]
    rows: Mapped[list[Any]]
    mapping: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    done_at: Mapped[datetime | None]
