# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""When a mail is tried again, and when it is given up. Pure."""

from datetime import timedelta

ATTEMPTS_MAX = 8
_FIRST_DELAY = timedelta(seconds=30)


def delay_after(attempts: int) -> timedelta | None:
    """Return how long to wait after the given number of failed attempts; None: a dead letter.

    The delay doubles from half a minute: about an hour in all over eight attempts.
    """
    return None if attempts >= ATTEMPTS_MAX else _FIRST_DELAY * 2 ** (attempts - 1)
