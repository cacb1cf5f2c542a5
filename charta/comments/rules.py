# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Limits of comments, what they hang on, who may still change one, and where their words stand. Pure."""

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

from charta.errors import InvalidInput
from charta.text.markdown import canonical
from charta.text.normalise import normalise

BODY_MAX = 5_000
REASON_MAX = 1_000
EDIT_WITHIN = timedelta(minutes=15)
BULK_MAX = 50
MENTIONS_MAX = 10
# How many comments one proposal answers, and what its reason begins with of one, in characters.
ANSWERED_MAX = 50
REASON_QUOTE_MAX = 200
REASON_WORDS_MAX = 1_000
# Quotation marks within a quotation.
_INNER = str.maketrans("„“”", "‚‘’")
# More than a lively discussion needs; it stops a script, not a person.
MOST_PER_HOUR = 120


class SubjectKind(StrEnum):
    """What a comment can hang on; a measure is a section with attributes."""

    SECTION = "section"
    PROPOSAL = "proposal"
    CONTRIBUTION = "contribution"


class Place(StrEnum):
    """How much of its subject a comment is about."""

    WHOLE = "whole"
    PARAGRAPH = "paragraph"
    RANGE = "range"


class PlaceState(StrEnum):
    """What became of the words a comment stands on."""

    IN_PLACE = "in_place"
    CHANGED = "changed"
    ORPHAN = "orphan"


def clean_body(raw: str) -> str:
    """Return a comment in canonical Markdown; raise `InvalidInput` (required, too_long, ...)."""
    if len(raw) > 4 * BODY_MAX:  # before any work on it
        raise InvalidInput("body", "too_long", limit=BODY_MAX, length=len(raw))
    body = canonical(normalise(raw, "body")).strip()
    if not any(unicodedata.category(char)[0] in "LNPS" for char in body):  # signs nobody sees are no words
        raise InvalidInput("body", "required")
    if len(body) > BODY_MAX:
        raise InvalidInput("body", "too_long", limit=BODY_MAX, length=len(body))
    return body


def may_still_edit(now: datetime, created_at: datetime) -> bool:
    """Say whether the author may still change the words: for fifteen minutes."""
    return now < created_at + EDIT_WITHIN


def reason_from(words: str, quote: str = "") -> str:
    """Return what the reason of a proposal begins with that is made from a comment.

    `words` are the comment without its markup, `quote` the words of the text it stands on. In the language of
    the Charta, German whatever the page's is.
    """
    said = _shortened(words, REASON_WORDS_MAX)
    if not quote:
        return f"Aus einem Kommentar: „{said}“"
    return f"Aus einem Kommentar zu „{_shortened(quote, REASON_QUOTE_MAX)}“: „{said}“"


def _shortened(words: str, most: int) -> str:
    flat = " ".join(words.split()).translate(_INNER)
    return flat if len(flat) <= most else f"{flat[:most].rsplit(' ', 1)[0].rstrip(' .,;:')} …"
