# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The polls of the hall page: what its place for them is filled with, there and when the phone asks again."""

from typing import Any

from charta.votes import poll_words
from charta.votes.poll_forms import filled_form, hint
from charta.votes.queries.polls_live import Phone
from charta.votes.rules import WORDS_MAX
from charta.web.headers import etag


def stand_tag(phone: Phone) -> str:
    """Return the tag of what the hall page shows of polls."""
    return etag("poll-stand", phone.forum.id, phone.signature)


def stand(phone: Phone) -> dict[str, Any]:
    """Return what the polls of the hall page are filled with."""
    return {
        "forum": phone.forum,
        "polls": [(one, filled_form(one) if one.takes_answers else None) for one in phone.polls],
        "poll_words": poll_words,
        "hint": hint,
        "words_max": WORDS_MAX,
    }
