# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of people, organisations, sessions, tokens and sign-in attempts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from charta.accounts.rules import Group, PublicName, TokenPurpose, Voting
from charta.db import Base, enum_type
from charta.permissions import Actor, Role


class Organisation(Base):
    """A company, chamber, union, school or authority; a partner carries the initiative."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short: Mapped[str] = mapped_column(String(24))
    group: Mapped[Group] = mapped_column(enum_type(Group, "group"))
    is_partner: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]


class Person(Base):
    """Somebody with an account; e-mail and password may still be missing."""

    __tablename__ = "person"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[Role] = mapped_column(enum_type(Role, "role"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    voting: Mapped[Voting] = mapped_column(enum_type(Voting, "voting"), default=Voting.NONE)
    public_name: Mapped[PublicName] = mapped_column(
        enum_type(PublicName, "public_name"), default=PublicName.NONE
    )
    locale: Mapped[str] = mapped_column(String(5), default="de")
    is_demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    joined_at: Mapped[datetime | None]  # None while the invitation is open
    last_sign_in_at: Mapped[datetime | None]
    deactivated_at: Mapped[datetime | None]

    organisation: Mapped[Organisation | None] = relationship(lazy="raise")

    @property
    def is_active(self) -> bool:
        """Whether the person may sign in."""
        return self.deactivated_at is None

    def as_actor(self, *, organisation_is_partner: bool = False) -> Actor:
        """Return the snapshot that permissions ask about."""
        return Actor(
            id=self.id,
            role=self.role,
            organisation_id=self.organisation_id,
            is_active=self.is_active,
            organisation_is_partner=organisation_is_partner,
        )


class UserSession(Base):
    """One browser; the cookie holds a random key, the table only its hash."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    data: Mapped[dict[str, Any]]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Token(Base):
    """A single-use link by mail: invitation, password reset, change of address. Only its hash is kept."""

    __tablename__ = "token"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[TokenPurpose] = mapped_column(enum_type(TokenPurpose, "purpose"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    new_email: Mapped[str | None] = mapped_column(String(254))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Attempt(Base):
    """One failed attempt, for the throttle: `key_hash` stands for an account or an address."""

    __tablename__ = "attempt"
    __table_args__ = (Index("ix_attempt_key_hash_at", "key_hash", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    key_hash: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]
