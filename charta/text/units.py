# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The units of merge and provenance: sentences, lines of lists and tables, and the gaps between them."""

from functools import lru_cache

from charta.text.sentences import split


def units(text: str) -> list[str]:
    """Return sentences and the blanks between them as separate units; joined they are the text.

    >>> units("Eins ist. Zwei ist.\\n\\n- a\\n- b\\n")
    ['Eins ist.', ' ', 'Zwei ist.', '\\n\\n', '- a', '\\n', '- b', '\\n']
    """
    return list(_units(text))


# A merge asks for the same text several times, an approval merges many proposals onto the same two texts.
@lru_cache(maxsize=32)
def _units(text: str) -> tuple[str, ...]:
    result: list[str] = []
    for start, end in split(text):
        sentence = text[start:end]
        body = sentence.lstrip()
        if len(body) < len(sentence):
            result.append(sentence[: len(sentence) - len(body)])
        core = body.rstrip()
        if core:
            result.append(core)
        if len(core) < len(body):
            result.append(body[len(core) :])
    return tuple(result)
