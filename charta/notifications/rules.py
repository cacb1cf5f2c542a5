# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a mail is tried again, and when it is given up; how people want to be told. Pure."""

from datetime import timedelta
from enum import StrEnum

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
