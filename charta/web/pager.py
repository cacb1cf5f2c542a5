# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Keyset pages: a page knows the key to go on from, never an offset."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Up to one page of items; `next_key` is None on the last page."""

    items: Sequence[T]
    next_key: str | None


def cut(rows: Sequence[T], size: int, key: Callable[[T], object]) -> Page[T]:
    """Make a page of rows that were read with a limit of `size` + 1."""
    if len(rows) <= size:
        return Page(rows, None)
    items = rows[:size]
    return Page(items, str(key(items[-1])))


def key_argument(name: str = "nach") -> int | None:
    """Return the key of the address as an integer, or None when it is missing or nonsense."""
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else None
