# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forums of two series and one that always runs, with codes, registrations and who came.

The steps of this part are those of the forums and, between them by their moments, those of `hall_part`,
`screening_part` and `outcomes_part`: one needs the other.
"""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import delete, select

from charta.accounts.rules import Group
from charta.activity import service as activity
from charta.db import session, transaction
from charta.demo import files, hall_part, invitations_part, outcomes_part, proposals_part, screening_part
from charta.demo.keys import (
    ADMINISTRATOR,
    MODERATION,
    Step,
    actor,
    at_clock,
    day_of,
    days_before,
    field_id,
    forum,
    forum_id,
    source_id,
)
from charta.forums.models import Forum, ForumSeries, ForumTable, JoinCode, Registration
from charta.forums.rules import COMING, ForumState, RegistrationState
from charta.forums.service import arranging, attending, documenting, planning, registering, seating
from charta.site import queries as site_queries
from charta.site import service as site

Row = dict[str, Any]

# Before the first forum was planned.
_BEGINNING = at_clock(date(2023, 3, 1), "09:00")
_PLANNED_DAYS_BEFORE = 70
_CONFIRMED_DAYS_BEFORE = 46
# It stood in the calendar by itself before there were forums.
_OLD_DATE = "Zukunftsforum Chemnitz"


def steps(started_at: datetime) -> list[Step]:
    """Return the steps of this part in the order of their moments; the last one empties the outbox."""
    found = [Step(started_at, _drop_old_date, _has_no_old_date)]
    for number, row in enumerate(files.rows("forums", "series")):
        at = _BEGINNING + timedelta(minutes=number)
        found.append(Step(at, partial(_series, row), partial(_has_series, row["title"])))
    for row in files.rows("forums", "forum"):
        found += _forum_steps(started_at, row)
    for rows in files.rows("forums", "registrations"):
        for number, row in enumerate(rows["rows"]):
            at = days_before(started_at, row["days_ago"], step=number % 8)
            found += _registration_steps(at, rows["forum"], row)
        if any(row.get("came") for row in rows["rows"]):
            begins_at, _ = _hours(started_at, _row(rows["forum"]))
            assert begins_at is not None
            at = begins_at - timedelta(minutes=10)
            came = [row["email"] for row in rows["rows"] if row.get("came")]
            found.append(Step(at, partial(_check_in, rows["forum"], came)))
    found += invitations_part.steps(started_at)
    found += hall_part.steps(started_at)
    found += screening_part.steps(started_at)
    found += outcomes_part.steps(started_at)
    found.sort(key=lambda step: step.at)
    found.append(Step(started_at, proposals_part.count_mails_as_sent))
    return found


def _row(slug: str) -> Row:
    return next(row for row in files.rows("forums", "forum") if row["slug"] == slug)


# ------------------------------------------------------------------------------------------------- forums


def _series(row: Row) -> None:
    arranging.make_series(actor(MODERATION), title=row["title"], text=row["text"])


def _has_series(title: str) -> bool:
    return session.scalar(select(ForumSeries.id).where(ForumSeries.title == title)) is not None


def _hours(started_at: datetime, row: Row) -> tuple[datetime | None, datetime | None]:
    """Return when a forum begins and ends; None while it has no date."""
    if "date" in row:
        day: date = row["date"]
    elif "day" in row:
        day = day_of(started_at, -row["day"])
    else:
        return None, None
    return at_clock(day, row["starts"]), at_clock(day, row["ends"])


def _forum_steps(started_at: datetime, row: Row) -> list[Step]:
    slug = row["slug"]
    begins_at, _ = _hours(started_at, row)
    planned_at = (
        begins_at - timedelta(days=_PLANNED_DAYS_BEFORE) if begins_at else days_before(started_at, 30)
    )
    make = partial(_make, started_at, row)
    found = [Step(planned_at, make, lambda: forum(slug) is not None)]
    if row["tables"]:
        at = planned_at + timedelta(minutes=1)
        found.append(Step(at, partial(_set_up_tables, slug, row["tables"]), partial(_has_codes, row)))
    if begins_at and row["state"] != ForumState.PLANNED:
        at = min(begins_at - timedelta(days=_CONFIRMED_DAYS_BEFORE), started_at)
        found.append(Step(at, partial(_confirm, slug), partial(_has_left, slug, {ForumState.PLANNED})))
    if begins_at and row["state"] == ForumState.HELD:
        at = begins_at + timedelta(days=1)
        found.append(Step(at, partial(_close, slug), partial(_has_left, slug, COMING)))
    if begins_at and "documentation" in row:
        at = begins_at + timedelta(days=5)
        found.append(Step(at, partial(_document, slug, row["documentation"])))
    return found


def _make(started_at: datetime, row: Row) -> None:
    begins_at, ends_at = _hours(started_at, row)
    series_id = session.scalar(
        select(ForumSeries.id).where(ForumSeries.title == _series_title(row["series"]))
    )
    assert series_id is not None
    planning.make_forum(
        actor(MODERATION),
        planning.Details(
            series_id=series_id,
            title=row["title"],
            slug=row["slug"],
            place=row["place"],
            address=row["address"],
            starts_at=begins_at,
            ends_at=ends_at,
            text=row["text"],
            agenda=row["agenda"],
            capacity=row["capacity"] or None,
            has_competition_notice=row["has_competition_notice"],
            is_always_open=row.get("is_always_open", False),
            source_id=source_id(row["source"]),
            code=row["code"],
        ),
    )


def _series_title(key: str) -> str:
    return next(str(row["title"]) for row in files.rows("forums", "series") if row["key"] == key)


def _forum(slug: str) -> Forum:
    found = forum(slug)
    assert found is not None
    return found


def _confirm(slug: str) -> None:
    found = _forum(slug)
    planning.confirm(actor(MODERATION), found.id, seen_version=found.version)


def _close(slug: str) -> None:
    found = _forum(slug)
    planning.close(actor(MODERATION), found.id, seen_version=found.version)


def _document(slug: str, text: str) -> None:
    documenting.write(actor(MODERATION), forum_id(slug), text=text)
    documenting.publish(actor(MODERATION), forum_id(slug))


def _has_left(slug: str, states: Collection[ForumState]) -> bool:
    found = forum(slug)
    return found is not None and found.state not in states


def _set_up_tables(slug: str, rows: Sequence[Row]) -> None:
    """Set up tables, and give them codes that help pages and demonstrations can name."""
    ident, who = forum_id(slug), actor(MODERATION)
    missing = len(rows) - len(_tables(ident))
    if missing > 0:
        seating.add_tables(who, ident, count=missing)
    tables = dict(zip(_tables(ident), rows, strict=False))
    seating.change_tables(
        who,
        ident,
        [seating.TableRow(key, row["name"], field_id(row["field"])) for key, row in tables.items()],
    )
    with transaction() as tx:
        tx.session.execute(delete(JoinCode).where(JoinCode.table_id.in_(tables)))
        for key, row in tables.items():
            tx.session.add(JoinCode(code=row["code"], forum_id=ident, table_id=key))
            table = tx.lock(ForumTable, key)
            assert table is not None
            table.people = row["people"] or None


def _tables(ident: int) -> Sequence[int]:
    return session.scalars(
        select(ForumTable.id).where(ForumTable.forum_id == ident).order_by(ForumTable.number)
    ).all()


def _has_codes(row: Row) -> bool:
    wanted = [table["code"] for table in row["tables"]]
    return len(session.scalars(select(JoinCode.code).where(JoinCode.code.in_(wanted))).all()) == len(wanted)


# ------------------------------------------------------------------------------------------ registrations


def _registration_steps(at: datetime, slug: str, row: Row) -> list[Step]:
    register = partial(_register, slug, row)
    found = [Step(at, register, lambda: _registration(slug, row["email"]) is not None)]
    if row.get("cancelled"):
        later = at + timedelta(days=15)
        found.append(Step(later, partial(_cancel, slug, row["email"]), partial(_is_gone, slug, row["email"])))
    return found


def _registration(slug: str, email: str) -> Registration | None:
    return session.scalar(
        select(Registration).where(Registration.forum_id == forum_id(slug), Registration.email == email)
    )


def _register(slug: str, row: Row) -> None:
    """Register somebody as a personal invitation does: whose address it is needs no mail in between."""
    with transaction() as tx:
        found = tx.lock(Forum, forum_id(slug))
        assert found is not None
        group = Group(row["group"]) if row["group"] else None
        if not row.get("confirmed", True):
            tx.session.add(
                Registration(
                    forum_id=found.id, name=row["name"], email=row["email"], group=group,
                    organisation_name=row["organisation"], state=RegistrationState.UNCONFIRMED,
                    created_at=tx.now,
                )
            )  # fmt: skip
            return
        made = registering.enter(
            tx, found, name=row["name"], email=row["email"], organisation_name=row["organisation"],
            group=group, locale="de", invitation_id=None,
        )  # fmt: skip
        activity.record(tx, None, "register", "forum", found.id, registration=made.id)


def _cancel(slug: str, email: str) -> None:
    with transaction() as tx:
        found = tx.lock(Forum, forum_id(slug))
        known = registering.by_address(tx, forum_id(slug), email)
        assert found is not None
        assert known is not None
        registering.leave(tx, found, known)
        activity.record(tx, None, "cancel_registration", "forum", found.id, registration=known.id)


def _is_gone(slug: str, email: str) -> bool:
    found = _registration(slug, email)
    return found is not None and found.state is RegistrationState.CANCELLED


def _check_in(slug: str, emails: Sequence[str]) -> None:
    for email in emails:
        found = _registration(slug, email)
        assert found is not None
        attending.check_in(actor(MODERATION), found.forum_id, found.id)


# ------------------------------------------------------------------------------------------------ calendar


def _old_date_id() -> int | None:
    return next((item.id for item in site_queries.coming_dates(limit=100) if item.title == _OLD_DATE), None)


def _drop_old_date() -> None:
    found = _old_date_id()
    if found is not None:
        site.delete_date(actor(ADMINISTRATOR), found)


def _has_no_old_date() -> bool:
    return _old_date_id() is None
