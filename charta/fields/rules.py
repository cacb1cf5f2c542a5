# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Limits and form of a field of action. Pure."""

import re
import unicodedata
from collections.abc import Collection

from charta.errors import InvalidInput
from charta.text.normalise import single_line

NAME_MAX = 120
SHORT_NAME_MAX = 60
SLUG_MAX = 80
DESCRIPTION_MAX = 1_000
NUMBER_MAX = 99

_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "o", "ł": "l"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def clean_text(raw: str, field: str, limit: int, *, required: bool = True) -> str:
    """Return a text as one normalised line; `InvalidInput` required, too_long, forbidden_character."""
    line = single_line(raw, field)
    if required and not line:
        raise InvalidInput(field, "required")
    if len(line) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(line))
    return line


def check_slug(slug: str) -> None:
    """Raise `InvalidInput` unless the slug is made of a-z, 0-9 and single hyphens: it stands in addresses."""
    if len(slug) > SLUG_MAX or not _SLUG.fullmatch(slug):
        raise InvalidInput("slug", "invalid")


def slug_of(name: str, taken: Collection[str] = ()) -> str:
    """Return an address made of the words of a name: „Gute Arbeit & Löhne“ becomes „gute-arbeit-loehne“.

    A name without any Latin letter is called „handlungsfeld“; what is `taken` gets a number behind it.
    """
    letters = unicodedata.normalize("NFKD", name.lower().translate(_GERMAN))
    ascii_only = letters.encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")
    stem = words[: SLUG_MAX - 4].strip("-") or "handlungsfeld"
    slug, number = stem, 1
    while slug in taken:
        number += 1
        slug = f"{stem}-{number}"
    return slug


def check_number(number: int) -> None:
    """Raise `InvalidInput` unless the number is one that sections can be numbered with."""
    if not 1 <= number <= NUMBER_MAX:
        raise InvalidInput("number", "invalid")
