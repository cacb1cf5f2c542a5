# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The demonstration's TOML files; `tests/demo` checks that they agree with one another."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("data")


@cache
def read(name: str) -> dict[str, Any]:
    """Return one file as a dictionary; `name` without `.toml`."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def rows(name: str, table: str) -> list[dict[str, Any]]:
    """Return the rows of an array of tables."""
    found: list[dict[str, Any]] = read(name)[table]
    return found
