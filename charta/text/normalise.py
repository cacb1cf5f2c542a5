# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one filter through which every typed text enters; nothing after it looks at line ends or encodings."""

import re
import unicodedata

from charta.errors import InvalidInput

# Invisible and therefore harmful to comparison: byte order mark and soft hyphen.
_DROPPED = re.compile("[\ufeff\u00ad]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# They turn around what stands beside a title on a page or in a mail; in prose the renderer marks them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_BLANKS = re.compile(r"\s+")


def normalise(text: str, field: str = "text") -> str:
    """Return `text` in the one form in which it is hashed, stored, compared and addressed by offsets.

    LF line ends, NFC, no byte order mark, no soft hyphens, no blanks at line ends, at most one blank line,
    exactly one final newline (an empty text stays empty). NBSP is kept. Idempotent.
    Raises InvalidInput(field, "forbidden_character") for NUL, other control characters and lone surrogates.

    >>> normalise("\ufeffFachkra\u0308fte \\r\\n\\r\\n\\r\\n\\r\\nsichern")
    'Fachkräfte\\n\\nsichern\\n'
    """
    # A pattern like "[ ]+$" would need quadratic time on a long run of blanks; rstrip does not.
    text = "\n".join(line.rstrip(" \t") for line in _clean(text, field).split("\n"))
    text = _MANY_BLANK_LINES.sub("\n\n", text).strip("\n")
    return text + "\n" if text else ""


def single_line(text: str, field: str = "text") -> str:
    """Return `text` as one line for titles, names and summaries: every run of blanks becomes one space.

    Marks that change the direction of writing are left out. Raises InvalidInput like `normalise`.

    >>> single_line("  Gute\\n Arbeit ")
    'Gute Arbeit'
    """
    return _BLANKS.sub(" ", _clean(_TURNING.sub("", text), field)).strip()


def _clean(text: str, field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    found = _FORBIDDEN.search(text)
    if found:
        code_point = f"U+{ord(found.group()):04X}"
        raise InvalidInput(field, "forbidden_character", character=code_point, position=found.start())
    return unicodedata.normalize("NFC", _DROPPED.sub("", text))
