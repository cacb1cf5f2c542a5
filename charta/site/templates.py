# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""First versions of the legal pages, shown and offered for editing until an administrator stores a page.

They are the ones the demonstration comes with, marked there as templates: one text, not two.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache

from charta.paths import PACKAGE

_KEYS = {"imprint": "impressum", "privacy": "datenschutz", "accessibility": "barrierefreiheit"}


@dataclass(frozen=True, slots=True)
class PageTemplate:
    """A page that is still to be completed; has the attributes of a stored page that pages show."""

    title: str
    body: str
    locale: str = "de"
    is_template: bool = True
    version: int = 0


@lru_cache(maxsize=1)
def _all() -> dict[str, PageTemplate]:
    with (PACKAGE / "demo" / "data" / "site.toml").open("rb") as file:
        rows = tomllib.load(file)["page"]
    return {
        _KEYS[row["key"]]: PageTemplate(row["title"], row["body"].strip() + "\n")
        for row in rows
        if row["key"] in _KEYS
    }


def page_template(slug: str) -> PageTemplate | None:
    """Return the first version of a legal page; None for the others, which nobody can write for you."""
    return _all().get(slug)
