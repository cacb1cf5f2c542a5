# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""When digests leave, what a mail is for, and which refusals mean that an address is dead."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from charta.notifications.rules import (
    Digest,
    MailClass,
    digest_day,
    is_bounce,
    last_digest_at,
    mail_class,
    next_digest_at,
)


@pytest.mark.parametrize(
    "now, last, following",
    [
        # winter: seven o'clock is six in UTC
        ("2026-02-10T05:59", "2026-02-09T06:00", "2026-02-10T06:00"),
        ("2026-02-10T06:00", "2026-02-10T06:00", "2026-02-11T06:00"),
        # the night to 29 March 2026 has no two o'clock: the digest comes 23 hours after the last one
        ("2026-03-29T04:59", "2026-03-28T06:00", "2026-03-29T05:00"),
        ("2026-03-29T05:00", "2026-03-29T05:00", "2026-03-30T05:00"),
        # the night to 25 October 2026 has two o'clock twice: 25 hours, one digest
        ("2026-10-25T00:30", "2026-10-24T05:00", "2026-10-25T06:00"),
        ("2026-10-25T05:30", "2026-10-24T05:00", "2026-10-25T06:00"),
        ("2026-10-25T06:00", "2026-10-25T06:00", "2026-10-26T06:00"),
        # it is another day in Germany already
        ("2026-12-31T23:30", "2026-12-31T06:00", "2027-01-01T06:00"),
    ],
)
def test_the_daily_digest_leaves_at_seven_in_germany(now: str, last: str, following: str) -> None:
    assert last_digest_at(Digest.DAILY, _utc(now)) == _utc(last)
    assert next_digest_at(Digest.DAILY, _utc(now)) == _utc(following)


@pytest.mark.parametrize(
    "now, last, following",
    [
        ("2026-11-22T20:00", "2026-11-16T06:00", "2026-11-23T06:00"),  # Sunday evening
        ("2026-11-23T05:59", "2026-11-16T06:00", "2026-11-23T06:00"),  # Monday, a minute before
        ("2026-11-23T06:00", "2026-11-23T06:00", "2026-11-30T06:00"),  # Monday at seven
        ("2026-03-30T04:59", "2026-03-23T06:00", "2026-03-30T05:00"),  # the clock changed on Sunday
        ("2026-10-26T05:30", "2026-10-19T05:00", "2026-10-26T06:00"),
    ],
)
def test_the_weekly_digest_leaves_on_mondays(now: str, last: str, following: str) -> None:
    assert last_digest_at(Digest.WEEKLY, _utc(now)) == _utc(last)
    assert next_digest_at(Digest.WEEKLY, _utc(now)) == _utc(following)


def test_never_is_never() -> None:
    assert last_digest_at(Digest.NEVER, _utc("2026-11-22T20:00")) is None
    assert next_digest_at(Digest.NEVER, _utc("2026-11-22T20:00")) is None


def test_the_day_of_a_digest_is_the_german_one() -> None:
    assert digest_day(_utc("2026-12-31T23:30")).isoformat() == "2027-01-01"


@pytest.mark.parametrize(
    "code, answer, is_dead",
    [
        (550, "no such user", True),
        (551, "user not local", True),
        (553, "mailbox name not allowed", True),
        (550, "5.1.1 <kim@example.org>: unknown", True),
        (554, "5.1.10 recipient not found", True),
        (550, "5.2.1 mailbox disabled", True),
        (550, "5.7.1 blocked by policy", False),
        (552, "5.2.2 mailbox full", False),
        (554, "no", False),
        (450, "4.1.1 try later", False),
    ],
)
def test_only_a_dead_address_is_a_bounce(code: int, answer: str, is_dead: bool) -> None:
    assert is_bounce(code, answer) is is_dead


def test_every_mail_has_a_class_that_is_meant() -> None:
    folder = Path(__file__).parents[2] / "templates" / "emails"
    names = {file.stem for file in folder.glob("*.txt")} - {
        "base",
        "parts",
        "contribution_frame",
        "forum_parts",
    }
    account = {name for name in names if mail_class(name) is MailClass.ACCOUNT}
    assert account == {
        "invitation", "password_reset", "password_changed", "email_change", "email_changed", "email_known",
    }  # fmt: skip
    service = {name for name in names if mail_class(name) is MailClass.SERVICE}
    assert {name.partition("_")[0] for name in service} == {"forum", "subscription"}


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
