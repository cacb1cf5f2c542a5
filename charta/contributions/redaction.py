# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Taking words out of a contribution: the shown text made from the kept one, and back. Pure."""

import re
from collections.abc import Sequence

from charta.contributions.rules import GAP
from charta.errors import InvalidInput

PHRASES_MAX = 50


def redacted(original: str, phrases: Sequence[str]) -> str:
    """Return `original` with a gap in place of each phrase, wherever and however it is capitalised.

    Gaps that touch become one, so that their number says nothing. Raises `InvalidInput("phrases", ...)` for
    too many phrases and for one that does not stand in the text.

    >>> redacted("Herr Muster kommt um 8.", ["muster"])
    'Herr ███ kommt um 8.'
    """
    wanted = [phrase for phrase in (" ".join(line.split()) for line in phrases) if phrase]
    if len(wanted) > PHRASES_MAX:
        raise InvalidInput("phrases", "too_many", limit=PHRASES_MAX)
    text = original
    # The longest first: a short phrase inside a long one would break it.
    for phrase in sorted(wanted, key=len, reverse=True):
        pattern = re.compile(r"\s+".join(re.escape(word) for word in phrase.split(" ")), re.IGNORECASE)
        if not pattern.search(original):
            raise InvalidInput("phrases", "words_missing", words=phrase)
        text = pattern.sub(GAP, text)
    return re.sub(rf"{GAP}(?:\s*{GAP})+", GAP, text)


def phrases_of(original: str, shown: str) -> list[str]:
    """Return the words that stand in `original` where `shown` has gaps, in order.

    >>> phrases_of("Herr Muster kommt um 8.", "Herr ███ kommt um 8.")
    ['Muster']
    """
    kept = shown.split(GAP)
    pattern = "(.+?)".join(re.escape(part) for part in kept)
    found = re.fullmatch(pattern, original, re.DOTALL)
    return list(found.groups()) if found and len(kept) > 1 else []
