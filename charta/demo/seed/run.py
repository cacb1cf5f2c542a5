# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the parts of mass data share: how much is made, the moments, and inserting in bulk."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert

from charta.db import Base, Transaction

Row = dict[str, Any]

SPAN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is made; `revisions` and `proposals` are those of the busy section, each of `characters`."""

    people: int = 20
    sections: int = 30
    revisions: int = 20
    proposals: int = 20
    measures: int = 10
    sessions: int = 10
    characters: int = 3_000
    contributions: int = 0


@dataclass(slots=True)
class Run:
    """One run inside its transaction; everything happened within the last thirty days."""

    tx: Transaction
    amount: Amount
    random: Random
    began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.tx.now - SPAN

    def at(self, part: int, of: int) -> datetime:
        """Return the moment of deed number `part` out of `of`, in their order."""
        return self.began + SPAN * part / (of + 1)

    def insert(self, model: type[Base], rows: list[Row]) -> list[int]:
        """Insert rows in bulk and return their ids in the same order."""
        if not rows:
            return []
        statement = insert(model).returning(model.__table__.c.id, sort_by_parameter_order=True)
        return list(self.tx.session.scalars(statement, rows))

    def insert_plain(self, model: type[Base], rows: list[Row]) -> None:
        """Insert rows in bulk whose ids nobody asks for."""
        if rows:
            self.tx.session.execute(insert(model), rows)
