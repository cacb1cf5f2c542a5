# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mass data for measurements: many people, sections, revisions and proposals in seconds, always the same.

Plain rows in bulk instead of services, but what services promise holds: canonical texts with their hashes,
the tree with its numbers, counters, merge states, the provenance of the heads, the chained log. One section,
the first one that is made, is the busy one: it has all the revisions and all the open proposals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from flask import Flask, current_app
from sqlalchemy import select

from charta.accounts.models import Person
from charta.db import session, transaction
from charta.demo.seed import contributions, people, proposals, sections
from charta.demo.seed.people import ReadySession
from charta.demo.seed.run import Amount, Run

__all__ = ["Amount", "ReadySession", "Seeded", "seed"]


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made, and where a measurement begins.

    `first_proposal` is 0 when there is no open one; `join_code` opens the hall of a running forum, else "".
    """

    section_id: int
    first_proposal: int
    join_code: str
    sessions: Sequence[ReadySession]


def seed(amount: Amount, *, number: int = 1) -> Seeded:
    """Add mass data; the same amount and `number` make the same data in an empty installation.

    The keys of the sessions are random all the same: nobody may guess them.
    Raises `RuntimeError` in production, and where somebody has an account that is no demonstration account.
    """
    if current_app.config["CHARTA_MODE"] == "production":
        raise RuntimeError("mass data is not for production")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    with transaction() as tx:
        if session.scalar(select(Person.id).where(Person.is_demo.is_(False)).limit(1)) is not None:
            raise RuntimeError("there are real accounts: mass data is for measurements only")
        run = Run(tx, amount, Random(number))  # noqa: S311 -- the same data every time is what is wanted
        people.open_a_round(run)
        crowd = people.make(run)
        busy = sections.make(run, crowd)
        open_numbers = proposals.make(run, crowd, busy)
        sections.make_measures(run, crowd)
        join_code = contributions.make(run, crowd)
        ready = people.sign_in(run, crowd, app)
        proposals.write_log(run, crowd, busy, open_numbers)
    return Seeded(busy.section_id, open_numbers[0] if open_numbers else 0, join_code, ready)
