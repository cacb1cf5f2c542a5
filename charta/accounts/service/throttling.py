# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Failed attempts, counted by account and by address; how long to wait is said by `throttle.py`."""

import hashlib

from sqlalchemy import func, select

from charta.accounts.models import Attempt
from charta.accounts.throttle import FreeAttempts, wait_seconds, window_start
from charta.db import session, utcnow
from charta.errors import TooManyAttempts


def throttle_key(kind: str, value: str) -> str:
    """Return the hash under which attempts of an account or address are counted."""
    return hashlib.sha256(f"{kind}\x1f{value}".encode()).hexdigest()


def check_throttle(account: str, client: str, free: FreeAttempts) -> None:
    """Raise `TooManyAttempts` while recent failures of the account or the address ask to wait."""
    now = utcnow()
    for key, allowed in ((account, free.per_account), (client, free.per_address)):
        count, last = session.execute(
            select(func.count(), func.max(Attempt.at)).where(
                Attempt.key_hash == key, Attempt.at >= window_start(now)
            )
        ).one()
        seconds = wait_seconds(count, last, now, free=allowed)
        if seconds:
            raise TooManyAttempts(seconds)
