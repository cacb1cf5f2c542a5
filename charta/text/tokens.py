# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cuts a text into words, blanks, line breaks and single signs; lossless. Knows nothing of differences."""

import re
import unicodedata

# Planes 0 and 1 hold every combining mark except the variation selectors of plane 14.
_SEARCHED = (range(0x300, 0x20000), range(0xE0100, 0xE01F0))
# Skin tones are modifiers of the sign before them, though Unicode does not class them as marks.
_SKIN_TONES = "\U0001f3fb-\U0001f3ff"


def _combining_marks() -> str:
    """Return the combining marks of Unicode as ranges for a character class."""
    ranges: list[list[int]] = []
    for code in (code for searched in _SEARCHED for code in searched):
        if unicodedata.category(chr(code))[0] != "M":
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"{chr(low)}-{chr(high)}" for low, high in ranges)


_MARKS = _combining_marks() + _SKIN_TONES
_IN_WORD = rf"[\w{_MARKS}\u200d]"
# A number keeps its decimals and thousands, a word its combining marks, a joined sign (an emoji family) its
# zero-width joiners.
_TOKEN = re.compile(
    rf"\d+(?:[.,]\d+)+{_IN_WORD}*|\w{_IN_WORD}*|\n|[^\S\n]+"
    rf"|[^\w\s][{_MARKS}]*(?:\u200d[^\s][{_MARKS}]*)*"
)


def tokens(text: str) -> list[str]:
    """Return the words, runs of blanks, line breaks and single signs of `text`; joined they are the text.

    >>> tokens("Straße 5,\\n neu")
    ['Straße', ' ', '5', ',', '\\n', ' ', 'neu']
    """
    return _TOKEN.findall(text)
