# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of proposals: the proposal, its immutable versions, its draft, decisions and supporters."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charta.db import Base, enum_type
from charta.proposals.rules import MergeState, ProposalKind, State, Verb


class Proposal(Base):
    """What somebody wants changed; its id is the number people cite („Vorschlag 12“).

    State, merge state, hold, and a moderator's pending adaptation are separate fields, not more states.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_state_submitted_at", "state", "submitted_at"),
        Index("ix_proposal_section_state", "section_id", "state"),
        CheckConstraint(
            "(kind IN ('new_section', 'new_measure')) OR section_id IS NOT NULL", name="section_given"
        ),
        CheckConstraint("(adapted_version IS NULL) = (adapted_by_id IS NULL)", name="adaptation_whole"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ProposalKind] = mapped_column(enum_type(ProposalKind, "kind"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    state: Mapped[State] = mapped_column(enum_type(State, "state"), default=State.DRAFT)
    merge_state: Mapped[MergeState] = mapped_column(
        enum_type(MergeState, "merge_state"), default=MergeState.CLEAN
    )
    is_shared: Mapped[bool] = mapped_column(default=False)
    is_held: Mapped[bool] = mapped_column(default=False)
    summary: Mapped[str] = mapped_column(String(200), default="")
    # The author's version under decision, 0 while a first draft. A pending adaptation is `adapted_version`.
    version: Mapped[int] = mapped_column(default=0)
    # Drawn by the form that began the draft: sending that form twice makes one proposal, not two.
    once_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    supporters: Mapped[int] = mapped_column(default=0)
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    assigned_at: Mapped[datetime | None]
    adapted_version: Mapped[int | None]
    adapted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    adapted_until: Mapped[datetime | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decide_until: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]

    @property
    def candidate(self) -> int:
        """The version that a decision would take over: the adapted one while the author is asked."""
        return self.adapted_version or self.version


class ProposalVersion(Base):
    """One immutable wording of a proposal; comments and ballots hang on a version."""

    __tablename__ = "proposal_version"
    __table_args__ = (UniqueConstraint("proposal_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    number: Mapped[int]
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    base_structure: Mapped[int | None]  # StructureRevision.number seen, for moves and deletions
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    content_hash: Mapped[str] = mapped_column(String(64))
    summary: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(Text, default="")
    target_parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    target_after_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    target_field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]


class ProposalDraft(Base):
    """What is being typed: saved while typing, one per proposal, gone once submitted.

    `edit_number` rises with each save; a stale one is an edit conflict between two colleagues (or two
    windows of one person), unless the last save came from the same page (`page_key`): then only its answer
    was lost on the way.
    """

    __tablename__ = "proposal_draft"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"), primary_key=True)
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    base_structure: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    summary: Mapped[str] = mapped_column(String(200), default="")
    reason: Mapped[str] = mapped_column(Text, default="")
    target_parent_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    target_after_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"), index=True)
    target_field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    edit_number: Mapped[int] = mapped_column(default=0)
    page_key: Mapped[str | None] = mapped_column(String(64))
    saved_at: Mapped[datetime]
    saved_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)


class ProposalSource(Base):
    """A source that a version names as its origin."""

    __tablename__ = "proposal_source"

    version_id: Mapped[int] = mapped_column(ForeignKey("proposal_version.id"), primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True, index=True)


class DraftSource(Base):
    """A source that a draft names so far."""

    __tablename__ = "draft_source"

    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposal_draft.proposal_id", ondelete="CASCADE"), primary_key=True
    )
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True, index=True)


class ProposalDecision(Base):
    """One deed of the life of a proposal, with its reason: what the author was told and when."""

    __tablename__ = "proposal_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    version: Mapped[int]
    verb: Mapped[Verb] = mapped_column(enum_type(Verb, "verb"))
    reason: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)  # None: time ran out
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("revision.id"), index=True)
    at: Mapped[datetime]


class ProposalSupport(Base):
    """One person supports one proposal."""

    __tablename__ = "proposal_support"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    at: Mapped[datetime]


class ProposalContribution(Base):
    """A proposal takes up a contribution, perhaps as part of a whole topic; the link is kept for good."""

    __tablename__ = "proposal_contribution"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    contribution_id: Mapped[int] = mapped_column(ForeignKey("contribution.id"), primary_key=True, index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("topic.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    at: Mapped[datetime]
