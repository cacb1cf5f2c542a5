# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The table of fields of action."""

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from charta.accounts.models import Organisation
from charta.db import Base


class FieldOfAction(Base):
    """One of the ordered themes; `number` gives order, colour and silhouette."""

    __tablename__ = "field_of_action"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    short_name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(Text, default="")
    lead_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)

    lead_organisation: Mapped[Organisation | None] = relationship(lazy="raise")
