# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keys of running ballots in the memory of a process: never longer than ten minutes.

They let a participant's seat be read with the ballot in one statement. The database destroys a key two weeks
after the end (at once when a ballot is called off); the memory of a process must not outlive that by more.
"""

import threading
from collections.abc import Hashable
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakSet

from charta.db import utcnow

HELD = timedelta(minutes=10)

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


_ALL: "WeakSet[Held[Any, Any]]" = WeakSet()


class Held(Generic[K, V]):
    """At most `size` values, each for ten minutes from when it was first kept; then it is gone."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._items: dict[K, tuple[datetime, V]] = {}  # the oldest first
        self._guard = threading.Lock()
        _ALL.add(self)

    def get(self, key: K) -> V | None:
        """Return what is held under `key`, or None."""
        drop_past()
        with self._guard:
            found = self._items.get(key)
        return found[1] if found is not None else None

    def all(self) -> dict[K, V]:
        """Return everything that is held."""
        drop_past()
        with self._guard:
            return {key: value for key, (_, value) in self._items.items()}

    def keep(self, key: K, value: V) -> V:
        """Hold `value` and return it; the same value again is not held any longer for that."""
        with self._guard:
            found = self._items.get(key)
            if found is None or found[1] != value:
                self._items.pop(key, None)
                self._items[key] = (utcnow(), value)
            while len(self._items) > self._size:
                del self._items[next(iter(self._items))]
        return value

    def drop(self, key: K) -> None:
        """Forget one value."""
        with self._guard:
            self._items.pop(key, None)

    def clear(self) -> None:
        """Forget everything."""
        with self._guard:
            self._items.clear()

    def drop_past(self, before: datetime) -> None:
        """Forget what was kept before a moment."""
        with self._guard:
            for key in [key for key, (at, _) in self._items.items() if at <= before]:
                del self._items[key]


def drop_past() -> None:
    """Forget every key whose time is over: whoever asks for one forgets all, and so does the worker."""
    before = utcnow() - HELD
    for held in list(_ALL):
        held.drop_past(before)


# Keys of running ballots by number.
KEYS: Held[int, str] = Held(200)
