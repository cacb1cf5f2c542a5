# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What was handed in at the forums of the demonstration, by phone, for a whole table and on cards."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy import func, select

from charta.accounts.rules import Group, PublicName
from charta.activity import service as activity
from charta.contributions.models import Contribution, ContributionCard
from charta.contributions.rules import Kind, Origin
from charta.contributions.service import handing_in
from charta.contributions.service import steps as shared
from charta.contributions.service.handing_in import NewContribution
from charta.db import session, transaction
from charta.demo import files
from charta.demo.keys import MODERATION, Step, actor, at_clock, day_of, days_before, field_id, forum_id
from charta.forums.models import Attendance, Forum, ForumTable, JoinCode
from charta.forums.service import joining

Row = dict[str, Any]

HALL = "zwickau"
HELD_DAYS_AGO = 17
# Printed for the hall; how many were written on says the data.
_CARDS = 24


def steps(started_at: datetime) -> list[Step]:
    """Return the steps: who came in, and what was handed in at each table on each day."""
    rows = files.rows("contributions", "contribution")
    batches: dict[tuple[str, int, int, bool], list[Row]] = defaultdict(list)
    for row in rows:
        batches[row["forum"], row["days_ago"], row["table"], bool(row["by"])].append(row)
    found = []
    arrived: set[str] = set()
    for number, ((slug, days_ago, _table, by_phone), batch) in enumerate(batches.items()):
        on_the_day = slug == HALL and days_ago == HELD_DAYS_AGO
        at = days_before(started_at, days_ago, step=number)
        if on_the_day:
            # Cards are typed in the evening, what the phones sent came during the rounds at the tables.
            clock = "15:05" if by_phone else "18:30"
            at = at_clock(day_of(started_at, days_ago), clock) + timedelta(minutes=4 * number)
        if by_phone and slug not in arrived:
            arrived.add(slug)
            people = {row["by"] for row in rows if row["forum"] == slug and row["by"]}
            found.append(Step(at - timedelta(minutes=50), partial(_arrive, slug, sorted(people))))
        found.append(Step(at, partial(_hand_in, batch), partial(_is_there, batch[-1]["code"])))
    printed_at = at_clock(day_of(started_at, HELD_DAYS_AGO + 1), "11:00")
    found.append(Step(printed_at, _print_cards, _has_cards))
    return found


def _is_there(code: str) -> bool:
    return session.scalar(select(Contribution.id).where(Contribution.code == code)) is not None


@cache
def _organisations() -> dict[str, tuple[str, Group | None]]:
    """Return what each account says about itself in a hall: organisation and group."""
    by_key = {row["key"]: row for row in files.rows("organisations", "organisation")}
    found: dict[str, tuple[str, Group | None]] = {}
    for row in files.rows("people", "person"):
        own = by_key.get(row["organisation"])
        found[row["email"]] = (own["name"], Group(own["group"])) if own else ("", None)
    return found


def _arrive(slug: str, emails: Sequence[str]) -> None:
    """Join by the code on the wall; who is in already stays in."""
    code = session.scalar(
        select(JoinCode.code).where(JoinCode.forum_id == forum_id(slug), JoinCode.table_id.is_(None))
    )
    assert code is not None
    for email in emails:
        name, group = _organisations()[email]
        joining.join(actor(email), code, organisation_name=name, group=group)


def _hand_in(rows: Sequence[Row]) -> None:
    """Store what a table handed in, under codes that stay the same in every demonstration.

    The shared step takes the code as it takes that of a printed card.
    """
    authors = {row["by"]: actor(row["by"]) for row in rows if row["by"]}
    typist = actor(MODERATION)
    with transaction() as tx:
        forum = tx.session.scalars(select(Forum).where(Forum.slug == rows[0]["forum"])).one()
        tables = {
            table.number: table
            for table in tx.session.scalars(select(ForumTable).where(ForumTable.forum_id == forum.id))
        }
        promised = handing_in.promised_until(tx.now)
        news = []
        for row in rows:
            table = tables.get(row["table"])
            is_scribe = row.get("scribe", False)
            organisation, group = _organisations().get(row["by"], ("", None))
            news.append(
                NewContribution(
                    forum_id=forum.id,
                    code=row["code"],
                    text=row["text"],
                    title=row.get("title", ""),
                    origin=Origin.CARD if not row["by"] else Origin.TABLE if is_scribe else Origin.PHONE,
                    author_id=authors[row["by"]].id if row["by"] else None,
                    recorded_by_id=None if row["by"] else typist.id,
                    organisation_name=organisation,
                    group=group,
                    public_name=PublicName(row.get("public_name", "none")),
                    table_id=table.id if table else None,
                    people=table.people if table and is_scribe else None,
                    field_id=field_id(row["field"]),
                    kind=Kind(row["kind"]) if row["kind"] else None,
                    source_id=forum.source_id,
                    answer_until=promised,
                )
            )
        made = handing_in.add_all(tx, news)
        _mark_cards(made)
        for row, item in zip(rows, made, strict=True):
            if row["by"] and item.table_id:
                _sit_down(item, row.get("scribe", False))
            activity.record(
                tx,
                authors.get(row["by"], typist),
                "hand_in" if row["by"] else "record_contribution",
                "contribution",
                item.id,
                forum_id=forum.id,
                origin=item.origin.value,
            )


def _sit_down(item: Contribution, is_scribe: bool) -> None:
    present = session.scalar(
        select(Attendance).where(Attendance.forum_id == item.forum_id, Attendance.person_id == item.author_id)
    )
    if present is not None:
        present.table_id, present.is_scribe = item.table_id, is_scribe or present.is_scribe


def _print_cards() -> None:
    """Print cards for the hall: those that were written on carry the codes of their contributions."""
    rows = files.rows("contributions", "contribution")
    written = [row["code"] for row in rows if row["forum"] == HALL and not row["by"]]
    who = actor(MODERATION)
    assert who.id is not None
    with transaction() as tx:
        ident = forum_id(HALL)
        spare = [shared.draw_code(tx) for _ in range(_CARDS - len(written))]
        for number, code in enumerate([*written, *spare], 1):
            tx.session.add(
                ContributionCard(
                    code=code, forum_id=ident, number=number, printed_at=tx.now, printed_by_id=who.id
                )
            )
        tx.session.flush()
        activity.record(tx, who, "print_cards", "forum", ident, count=_CARDS)


def _has_cards() -> bool:
    ident = forum_id(HALL)
    return bool(session.scalar(select(func.count()).where(ContributionCard.forum_id == ident)))


def _mark_cards(made: Sequence[Contribution]) -> None:
    by_code = {item.code: item.id for item in made if item.origin is Origin.CARD}
    for card in session.scalars(select(ContributionCard).where(ContributionCard.code.in_(by_code))):
        card.contribution_id = by_code[card.code]
