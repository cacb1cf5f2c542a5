# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of forums: series, dates, codes, tables, who came, who registered, who was invited."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from charta.accounts.rules import Group
from charta.db import Base, enum_type
from charta.forums.rules import (
    CompanySize,
    ForumState,
    InvitationState,
    ProjectorMode,
    RegistrationState,
)


class ForumSeries(Base):
    """Forums that ask the same question in several places („Zukunftsforen, zweite Reihe“)."""

    __tablename__ = "forum_series"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200), unique=True)
    text: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int]
    created_at: Mapped[datetime]


class Forum(Base):
    """One event; what runs in its hall hangs on it.

    `was_at` is the date before it was moved. `state_reason` says why it was moved or cancelled. The join
    window follows the date unless it is set. `projector_pinned_id` and `projector_poll_id` are numbers, not
    keys: references point down, contributions and polls stand above. While the latter is set, the poll is
    shown instead of the mode. `version` rises with each edit of the form.
    """

    __tablename__ = "forum"
    __table_args__ = (
        CheckConstraint("ends_at IS NULL OR starts_at < ends_at", name="starts_before_ends"),
        CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_positive"),
        CheckConstraint("state IN ('planned', 'cancelled') OR starts_at IS NOT NULL", name="dated"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(ForeignKey("forum_series.id"), index=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    state: Mapped[ForumState] = mapped_column(enum_type(ForumState, "state"), default=ForumState.PLANNED)
    state_reason: Mapped[str] = mapped_column(Text, default="")
    place: Mapped[str] = mapped_column(String(120), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    starts_at: Mapped[datetime | None] = mapped_column(index=True)
    ends_at: Mapped[datetime | None]
    was_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(Text, default="")
    agenda: Mapped[str] = mapped_column(Text, default="")
    capacity: Mapped[int | None]
    registration_closes_at: Mapped[datetime | None]
    has_competition_notice: Mapped[bool] = mapped_column(default=False)
    is_always_open: Mapped[bool] = mapped_column(default=False)
    join_opens_at: Mapped[datetime | None]
    join_closes_at: Mapped[datetime | None]
    join_quota: Mapped[int] = mapped_column(default=300)
    hand_in_until: Mapped[datetime | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"), index=True)
    projector_mode: Mapped[ProjectorMode] = mapped_column(
        enum_type(ProjectorMode, "projector_mode"), default=ProjectorMode.STREAM
    )
    projector_field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    projector_pinned_id: Mapped[int | None]
    projector_poll_id: Mapped[int | None]
    projector_version: Mapped[int] = mapped_column(default=0)
    documentation_text: Mapped[str] = mapped_column(Text, default="")
    documentation_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ForumTable(Base):
    """A table in the hall; its own code presets the field, its scribe says how many sit there."""

    __tablename__ = "forum_table"
    __table_args__ = (
        UniqueConstraint("forum_id", "number"),
        CheckConstraint("people IS NULL OR people > 0", name="people_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(60), default="")
    field_id: Mapped[int | None] = mapped_column(ForeignKey("field_of_action.id"), index=True)
    people: Mapped[int | None]


class JoinCode(Base):
    """A code on the wall or on a table; one table of codes keeps all of them different."""

    __tablename__ = "join_code"

    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"), index=True)
    table_id: Mapped[int | None] = mapped_column(ForeignKey("forum_table.id"), unique=True)


class Registration(Base):
    """Somebody who wants to come; without an account, known by an address."""

    __tablename__ = "registration"
    __table_args__ = (
        UniqueConstraint("forum_id", "email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_registration_forum_id_state", "forum_id", "state", "waiting_since"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    email: Mapped[str | None] = mapped_column(String(254))  # None: put on the list by hand at the door
    name: Mapped[str] = mapped_column(String(120))
    organisation_name: Mapped[str] = mapped_column(String(120), default="")
    group: Mapped[Group | None] = mapped_column(enum_type(Group, "group"))
    state: Mapped[RegistrationState] = mapped_column(enum_type(RegistrationState, "state"))
    locale: Mapped[str] = mapped_column(String(5), default="de")
    invitation_id: Mapped[int | None] = mapped_column(ForeignKey("forum_invitation.id"), index=True)
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    checked_in_at: Mapped[datetime | None]
    checked_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class Attendance(Base):
    """A signed-in person in the hall: joined by code or by the personal link of a registration.

    Organisation and group are the person's own words about this forum, never a badge. `registration_id`
    links the phone to the registered person (check-in).
    """

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("forum_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    table_id: Mapped[int | None] = mapped_column(ForeignKey("forum_table.id"), index=True)
    is_scribe: Mapped[bool] = mapped_column(default=False)
    organisation_name: Mapped[str] = mapped_column(String(120), default="")
    group: Mapped[Group | None] = mapped_column(enum_type(Group, "group"))
    registration_id: Mapped[int | None] = mapped_column(ForeignKey("registration.id"), unique=True)
    joined_at: Mapped[datetime]
    checked_in_at: Mapped[datetime | None]
    checked_in_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)


class InvitationWave(Base):
    """Invitations of a forum that leave together, with their letter."""

    __tablename__ = "invitation_wave"
    __table_args__ = (UniqueConstraint("forum_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    number: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200), default="")
    letter: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    reminded_at: Mapped[datetime | None]


class Invitation(Base):
    """A company asked to send somebody: function, company, district, size, and the answer.

    `answer_reason` is what was written with a no. `substitute_for_id` is the invitation whose recipient named
    this person instead.
    """

    __tablename__ = "forum_invitation"
    __table_args__ = (
        UniqueConstraint("forum_id", "email"),
        CheckConstraint("email = lower(email)", name="email_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    forum_id: Mapped[int] = mapped_column(ForeignKey("forum.id"))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("invitation_wave.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(254))
    function: Mapped[str] = mapped_column(String(120), default="")
    company: Mapped[str] = mapped_column(String(120), default="")
    district: Mapped[str] = mapped_column(String(60), default="")
    size: Mapped[CompanySize | None] = mapped_column(enum_type(CompanySize, "size"))
    locale: Mapped[str] = mapped_column(String(5), default="de")
    state: Mapped[InvitationState] = mapped_column(
        enum_type(InvitationState, "state"), default=InvitationState.DRAFT
    )
    substitute_name: Mapped[str] = mapped_column(String(120), default="")
    substitute_email: Mapped[str | None] = mapped_column(String(254))
    substitute_for_id: Mapped[int | None] = mapped_column(ForeignKey("forum_invitation.id"), index=True)
    answer_reason: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
