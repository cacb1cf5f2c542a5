# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of an edition and validation of its values. Pure.

composed -> published | discarded. What is published never changes; what is composed may be composed anew from
the present texts while no ballot holds it.
"""

import re
from enum import StrEnum

from charta.errors import InvalidInput
from charta.text.normalise import normalise

NAME_MAX = 12
TITLE_MAX = 200
NOTE_MAX = 5_000
REASON_MAX = 2_000
# What the address of the working draft calls it in comparisons (`/charta/1.0/vergleich/arbeitsfassung`).
DRAFT_NAME = "arbeitsfassung"

_NAME = re.compile(r"[1-9][0-9]{0,2}(\.(0|[1-9][0-9]{0,2})){1,2}", re.ASCII)


class EditionState(StrEnum):
    """Where an edition stands."""

    COMPOSED = "composed"
    PUBLISHED = "published"
    DISCARDED = "discarded"


class Decision(StrEnum):
    """What the partners decided about exactly this composition."""

    NONE = "none"
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"


def clean_name(raw: str) -> str:
    """Return the name of an edition ("2.0"); raise `InvalidInput("name", "required" | "edition_name")`.

    >>> clean_name(" 2.0 ")
    '2.0'
    """
    name = raw.strip()
    if not name:
        raise InvalidInput("name", "required")
    if len(name) > NAME_MAX or not _NAME.fullmatch(name):
        raise InvalidInput("name", "edition_name")
    return name


def is_name(raw: str) -> bool:
    """Whether this may be the name of an edition."""
    return len(raw) <= NAME_MAX and _NAME.fullmatch(raw) is not None


def order_of(name: str) -> tuple[int, ...]:
    """Return what names are sorted by: 1.10 comes after 1.9.

    >>> sorted(["1.10", "2.0", "1.9"], key=order_of)
    ['1.9', '1.10', '2.0']
    """
    return tuple(int(part) for part in name.split("."))


def clean_words(raw: str, field: str, limit: int) -> str:
    """Return several lines of plain words, "" when empty; raise `InvalidInput(field, "too_long")`."""
    words = normalise(raw, field).strip()
    if len(words) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(words))
    return words
