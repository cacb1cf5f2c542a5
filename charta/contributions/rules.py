# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a contribution and of a topic, the table of transitions, codes and limits. Pure."""

import re
import secrets
from collections.abc import Callable, Mapping
from enum import StrEnum

from charta.errors import InvalidInput, WrongState
from charta.text.normalise import normalise

TEXT_MAX = 2_000
TITLE_MAX = 120
REASON_MAX = 2_000
REPLY_MAX = 2_000
TOPIC_TEXT_MAX = 2_000
ANSWER_MAX = 5_000
CANNED_MAX = 60
BULK_MAX = 100
PARTS_MAX = 10
CARDS_MAX = 200
PEOPLE_MAX = 200
IMPORT_ROWS_MAX = 5_000
CODE_LENGTH = 6
# No 0/O, 1/I/L: codes are read aloud and copied from paper.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
# What stands where words were taken out; the page says so in words. The sign itself is refused in input.
GAP = "\u2588\u2588\u2588"
FIRST_WORDS = 90


class Kind(StrEnum):
    """What a contribution is."""

    CHALLENGE = "challenge"
    NEED = "need"
    RECOMMENDATION = "recommendation"


class Origin(StrEnum):
    """How a contribution came in."""

    PHONE = "phone"
    TABLE = "table"
    CARD = "card"
    IMPORT = "import"
    SPLIT = "split"


class State(StrEnum):
    """Where a contribution stands; answers, topics and proposals are separate facts, not more states."""

    RECEIVED = "received"
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    MERGED = "merged"
    SPLIT = "split"


class Verb(StrEnum):
    """What happens to a contribution or a topic: the lines of its timeline."""

    RECEIVE = "receive"
    ACCEPT = "accept"
    ASK = "ask"
    REPLY = "reply"
    DECLINE = "decline"
    REOPEN = "reopen"
    MERGE = "merge"
    UNMERGE = "unmerge"
    SPLIT = "split"
    REDACT = "redact"
    BUNDLE = "bundle"
    UNBUNDLE = "unbundle"
    ANSWER = "answer"


class Outcome(StrEnum):
    """What became of a contribution in the text; `proposals`, which stand above, know it."""

    REJECTED = "rejected"
    PROPOSED = "proposed"
    IN_CHARTA = "in_charta"


class CannedFor(StrEnum):
    """Where a prepared answer is offered."""

    ASK = "ask"
    DECLINE = "decline"
    ANSWER = "answer"


class Words(StrEnum):
    """Whether the words of a declined contribution may be read by everybody."""

    SHOWN = "shown"
    HIDDEN = "hidden"


UNSCREENED = frozenset({State.RECEIVED, State.ASKED})
LISTED = frozenset({State.ACCEPTED})
# Screened: the page may be read by everybody, also from a list of what was declined.
SCREENED = frozenset({State.ACCEPTED, State.DECLINED, State.MERGED, State.SPLIT})
# The first of these deeds puts a code into lists: who comes by it later need not be the author.
LAYING_OPEN = frozenset({Verb.ACCEPT, Verb.DECLINE, Verb.MERGE, Verb.SPLIT})

TRANSITIONS: Mapping[tuple[State, Verb], State] = {
    (State.RECEIVED, Verb.ACCEPT): State.ACCEPTED,
    (State.ASKED, Verb.ACCEPT): State.ACCEPTED,
    (State.DECLINED, Verb.ACCEPT): State.ACCEPTED,
    (State.RECEIVED, Verb.ASK): State.ASKED,
    (State.ASKED, Verb.REPLY): State.RECEIVED,
    (State.RECEIVED, Verb.DECLINE): State.DECLINED,
    (State.ASKED, Verb.DECLINE): State.DECLINED,
    (State.ACCEPTED, Verb.DECLINE): State.DECLINED,
    (State.ACCEPTED, Verb.REOPEN): State.RECEIVED,  # the undo of a hasty yes
    (State.DECLINED, Verb.REOPEN): State.RECEIVED,
    (State.RECEIVED, Verb.MERGE): State.MERGED,
    (State.ASKED, Verb.MERGE): State.MERGED,
    (State.ACCEPTED, Verb.MERGE): State.MERGED,
    (State.MERGED, Verb.UNMERGE): State.ACCEPTED,
    (State.RECEIVED, Verb.SPLIT): State.SPLIT,
    (State.ASKED, Verb.SPLIT): State.SPLIT,
    (State.ACCEPTED, Verb.SPLIT): State.SPLIT,
}

REASON_NEEDED = frozenset({Verb.ASK, Verb.DECLINE, Verb.REDACT, Verb.REPLY})


def after(state: State, verb: Verb) -> State:
    """Return the state that follows; raise `WrongState` when the deed does not fit."""
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise WrongState(verb.value, state.value) from None


def check_reason(verb: Verb, reason: str) -> None:
    """Raise `InvalidInput("reason", ...)` when this deed needs a reason and has none, or a too long one."""
    if verb in REASON_NEEDED and not reason.strip():
        raise InvalidInput("reason", "reason_required")
    if len(reason) > REASON_MAX:
        raise InvalidInput("reason", "too_long", limit=REASON_MAX, length=len(reason))


def clean_text(raw: str, *, field: str = "text", limit: int = TEXT_MAX) -> str:
    """Return the words of a contribution in their stored form.

    Raises `InvalidInput` (required, too_long with both numbers, forbidden_character).
    """
    text = normalise(raw, field).strip()
    if GAP[0] in text:
        raise InvalidInput(field, "forbidden_character", character="U+2588", position=text.index(GAP[0]))
    if not text:
        raise InvalidInput(field, "required")
    if len(text) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(text))
    return text


def clean_title(raw: str) -> str:
    """Return a title that a moderator gives, on one line, "" for none; raise `InvalidInput("title", ...)`."""
    title = " ".join(normalise(raw, "title").split())
    if len(title) > TITLE_MAX:
        raise InvalidInput("title", "too_long", limit=TITLE_MAX, length=len(title))
    return title


def clean_code(raw: str) -> str | None:
    """Return a public code as it is stored, None when it cannot be one; case, blanks and hyphens are free.

    >>> clean_code(" a7k-2qf ")
    'A7K2QF'
    """
    code = re.sub(r"[\s\-_.]", "", raw).upper()
    return code if len(code) == CODE_LENGTH and set(code) <= set(CODE_ALPHABET) else None


def draw_code(is_taken: Callable[[str], bool]) -> str:
    """Return a random code that is not taken: 31 signs in six places, near 900 million of them."""
    while True:
        code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
        if not is_taken(code):
            return code


def first_words(text: str, limit: int = FIRST_WORDS) -> str:
    """Return how a contribution without a title is called: its first sentence or words, at most `limit`.

    >>> first_words("Wir brauchen Lotsen. Mehr nicht.")
    'Wir brauchen Lotsen.'
    """
    line = " ".join(text.split())
    sentence = re.match(r".{12,}?[.!?](?=\s|$)", line)
    if sentence and len(sentence.group()) <= limit:
        return sentence.group()
    if len(line) <= limit:
        return line
    return f"{line[: limit - 1].rsplit(' ', 1)[0].rstrip(' ,;:–-')} …"
