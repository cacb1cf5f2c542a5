# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a mail is tried again, and when it is given up; how people want to be told. Pure."""

import re
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

ATTEMPTS_MAX = 8
_FIRST_DELAY = timedelta(seconds=30)
# How long a claimed mail belongs to its worker. Far longer than any conversation with a mail server whose
# every step is bounded by MAIL_TIMEOUT_SECONDS; after a crash the mail is tried again when it has passed.
LEASE = timedelta(minutes=15)
# Readiness and the page „Betrieb“ call the outbox stuck when a mail is overdue for longer than this.
OVERDUE = timedelta(hours=1)


class Digest(StrEnum):
    """How often a person wants the summary of what they watch."""

    NEVER = "never"
    DAILY = "daily"
    WEEKLY = "weekly"


class NoticeReason(StrEnum):
    """Why somebody is told something; each mail and each line says it. From the nearest to the farthest."""

    OWN = "own"  # one's own proposal or contribution
    ANSWERED = "answered"  # a conversation one takes part in
    MENTIONED = "mentioned"
    ORGANISATION = "organisation"
    WATCHED = "watched"


def delay_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the given number of failed attempts; None: a dead letter.

    The delay doubles from half a minute: about an hour in all over eight attempts.
    """
    return None if attempts >= ATTEMPTS_MAX else _FIRST_DELAY * 2 ** (attempts - 1)


# ------------------------------------------------------------------------------------------ kinds of mails


class MailClass(StrEnum):
    """What a mail is for: decides whether it may be refused, and whether a dead address still gets it."""

    ACCOUNT = "account"  # keeps the account usable: always tried
    SERVICE = "service"  # around a forum, or confirming what somebody has just asked for
    OWN = "own"  # at once, about one's own things
    DIGEST = "digest"


_ACCOUNT_MAILS = frozenset(
    {"invitation", "password_reset", "password_changed", "email_change", "email_changed", "email_known"}
)
_OWN_MAILS = ("proposal_", "contribution_", "comment_", "ballot_")


def mail_class(template: str) -> MailClass:
    """Return what a mail is for.

    >>> mail_class("proposal_approved"), mail_class("forum_moved")
    (<MailClass.OWN: 'own'>, <MailClass.SERVICE: 'service'>)
    """
    if template in _ACCOUNT_MAILS:
        return MailClass.ACCOUNT
    if template == "digest":
        return MailClass.DIGEST
    return MailClass.OWN if template.startswith(_OWN_MAILS) else MailClass.SERVICE


class Unsubscribe(StrEnum):
    """What the link of a mail ends; the value stands in the signed key."""

    DIGEST = "digest"
    OWN = "own"


UNSUBSCRIBED = {MailClass.DIGEST: Unsubscribe.DIGEST, MailClass.OWN: Unsubscribe.OWN}

_NO_SUCH_MAILBOX = frozenset({550, 551, 553})
_ENHANCED = re.compile(r"\s*5\.(\d{1,3})\.(\d{1,3})\b")


def is_bounce(code: int, answer: str) -> bool:
    """Whether a server's answer to a recipient says that the address is dead, not that it dislikes the mail.

    Where the server gives an enhanced code (RFC 3463) that decides: 5.1.x is the address, 5.2.1 a mailbox
    that was switched off; 5.7.x is policy, 5.2.2 a full mailbox.

    >>> is_bounce(550, "5.1.1 no such user"), is_bounce(550, "5.7.1 spam"), is_bounce(452, "4.2.2 full")
    (True, False, False)
    """
    if not 500 <= code <= 599:
        return False
    found = _ENHANCED.match(answer)
    if found is None:
        return code in _NO_SUCH_MAILBOX
    subject, detail = int(found[1]), int(found[2])
    return subject == 1 or (subject, detail) == (2, 1)


# -------------------------------------------------------------------------------------- when digests leave

_ZONE = ZoneInfo("Europe/Berlin")
# Both nights in which the clock changes are over by then: seven o'clock comes exactly once a day.
_DIGEST_AT = time(7, 0)
_MONDAY = 0


def last_digest_at(digest: Digest, now: datetime) -> datetime | None:
    """Return the newest moment, not after `now`, at which a digest of this kind was due; None for never."""
    if digest is Digest.NEVER:
        return None
    day = now.astimezone(_ZONE).date()
    moment = _at_seven(day)
    if moment > now:
        day -= timedelta(days=1)
    if digest is Digest.WEEKLY:
        day -= timedelta(days=(day.weekday() - _MONDAY) % 7)
    return _at_seven(day)


def next_digest_at(digest: Digest, now: datetime) -> datetime | None:
    """Return the next moment, after `now`, at which a digest of this kind is due; None for never."""
    last = last_digest_at(digest, now)
    if last is None:
        return None
    return _at_seven(digest_day(last) + timedelta(days=7 if digest is Digest.WEEKLY else 1))


def digest_day(moment: datetime) -> date:
    """Return the German day of a digest: there is one a day and person."""
    return moment.astimezone(_ZONE).date()


def _at_seven(day: date) -> datetime:
    return datetime.combine(day, _DIGEST_AT, _ZONE).astimezone(UTC)
