# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of comments: threads, the words they stand on, mentions, reports, and proposals made from them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from charta.comments.rules import Place, PlaceState
from charta.db import Base, enum_type


class Comment(Base):
    """One remark; answers hang on the first of their thread.

    The subject stands on every comment of a thread: exactly one of section, proposal (with its version) and
    contribution. Deleting leaves a gap, hiding keeps the words for moderators and the author. On a thread's
    first comment `answers` counts the others and `last_at` is the time of the newest.
    """

    __tablename__ = "comment"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN section_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN proposal_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_subject",
        ),
        CheckConstraint("(proposal_id IS NULL) = (proposal_version IS NULL)", name="version_of_proposal"),
        CheckConstraint("(hidden_at IS NULL) = (hidden_by_id IS NULL)", name="hidden_by_somebody"),
        # The newest threads of a subject, by keyset.
        Index("ix_comment_section_id_thread_id_id", "section_id", "thread_id", "id"),
        Index("ix_comment_proposal_id_thread_id_id", "proposal_id", "thread_id", "id"),
        Index("ix_comment_contribution_id_thread_id_id", "contribution_id", "thread_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    proposal_version: Mapped[int | None]
    contribution_id: Mapped[int | None] = mapped_column(ForeignKey("contribution.id"))
    thread_id: Mapped[int | None] = mapped_column(ForeignKey("comment.id"), index=True)  # None: the first
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
    html_hash: Mapped[str] = mapped_column(String(64))
    place: Mapped[Place] = mapped_column(enum_type(Place, "place"), default=Place.WHOLE)
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    answers: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    hidden_at: Mapped[datetime | None]
    hidden_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    hidden_reason: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class CommentAnchor(Base):
    """The words a thread stands on: the anchor as it was made, for ever, and where it stands now.

    `revision_id` (of a section) or `version` (of a proposal) is the text `start` and `end` count in, in code
    points; both are None for an orphan. `made_on_*` names the text the anchor was made on.
    """

    __tablename__ = "comment_anchor"
    __table_args__ = (
        CheckConstraint("(state = 'orphan') = (start_at IS NULL)", name="orphan_has_no_place"),
        CheckConstraint("(start_at IS NULL) = (end_at IS NULL)", name="range_whole"),
        CheckConstraint("start_at IS NULL OR start_at < end_at", name="range_not_empty"),
        Index("ix_comment_anchor_section_id_state", "section_id", "state"),
        Index("ix_comment_anchor_proposal_id_state", "proposal_id", "state"),
    )

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"))
    made_on_revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    made_on_version: Mapped[int | None]
    anchor: Mapped[dict[str, Any]]
    engine_version: Mapped[int]
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    version: Mapped[int | None]
    start_at: Mapped[int | None]
    end_at: Mapped[int | None]
    state: Mapped[PlaceState] = mapped_column(enum_type(PlaceState, "state"), default=PlaceState.IN_PLACE)


class CommentMention(Base):
    """Somebody is named in a comment and hears of it."""

    __tablename__ = "comment_mention"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)


class CommentReport(Base):
    """Somebody asks the moderation to look at a comment; once per person."""

    __tablename__ = "comment_report"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)


class CommentProposal(Base):
    """A proposal that was made from a comment, or answers it; always the first comment of a thread.

    The rows of a draft go with it when it is thrown away; what is handed in is kept for good.
    """

    __tablename__ = "comment_proposal"

    comment_id: Mapped[int] = mapped_column(ForeignKey("comment.id"), primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]
