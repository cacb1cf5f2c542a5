# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How long to wait after failed sign-ins: a delay that doubles, never a lock-out. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
LONGEST_WAIT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class FreeAttempts:
    """Failures within the window that cost nothing yet; a hall of people shares one address."""

    per_account: int = 5
    per_address: int = 200


def window_start(now: datetime) -> datetime:
    """Return from when on failures count."""
    return now - WINDOW


def wait_seconds(failures: int, last: datetime | None, now: datetime, *, free: int) -> int:
    """Return the seconds still to wait: 1, 2, 4 ... up to a minute after the last failure; 0: go on."""
    if failures < free or last is None:
        return 0
    delay = min(2 ** (failures - free), LONGEST_WAIT_SECONDS)
    remaining = delay - (now - last).total_seconds()
    return max(0, int(remaining + 0.999))
