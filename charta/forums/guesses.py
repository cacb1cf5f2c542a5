# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Counting wrong codes by address: whoever guesses is answered shortly, whoever is right is always let in.

A hall shares one address with its hundreds of phones, so nobody may be kept out because a neighbour guesses:
a right code is looked up and works however many wrong ones came before. The throttle therefore does not hide
codes; it bounds what guessing costs us (one look-up by key, no write, a short page). That is enough:

* a code opens a hall only within the window of its event, hours in a year;
* six drawn signs out of 31 are near 900 million: 10,000 guesses find an open hall once in 89,000;
* who guesses right has what everybody has who reads the wall: a place as attendee under the quota. Whatever
  they write passes through the screening, and they see nothing that is not public afterwards.

The counts live in the memory of the process: reading a page writes nothing (GET), and two processes only mean
twice as many free guesses.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 200
WINDOW_SECONDS = 900
_ADDRESSES = 5_000


class Guesses:
    """Wrong codes per address within a quarter of an hour; at most `_ADDRESSES` are remembered."""

    def __init__(self, *, free: int = FREE, clock: Callable[[], float] = time.monotonic) -> None:
        self._free = free
        self._clock = clock
        self._counts: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._lock = threading.Lock()

    def wrong(self, address: str) -> int:
        """Count one wrong code; return the seconds to wait once there were too many, else 0."""
        now = self._clock()
        with self._lock:
            since, count = self._counts.pop(address, (now, 0))
            if now - since >= WINDOW_SECONDS:
                since, count = now, 0
            self._counts[address] = (since, count + 1)
            if len(self._counts) > _ADDRESSES:
                self._counts.popitem(last=False)
        return 0 if count < self._free else max(1, int(since + WINDOW_SECONDS - now))


wrong_codes = Guesses()
