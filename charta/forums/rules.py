# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""States of a forum, of a registration and of an invitation; windows, codes and limits. Pure."""

import re
import secrets
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from charta.errors import InvalidInput, WrongState

CODE_MIN = 4
CODE_MAX = 12
# No 0/O, 1/I/L: codes are read aloud and copied from a wall.
CODE_ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
SLUG_MAX = 60
TITLE_MAX = 200
PLACE_MAX = 120
ADDRESS_MAX = 200
TEXT_MAX = 10_000
REASON_MAX = 2_000
CAPACITY_MAX = 10_000
QUOTA_MAX = 5_000
TABLES_MAX = 60
LIST_MAX = 5_000
SUBJECT_MAX = 200
LETTER_MAX = 5_000
SUBSTITUTES_MAX = 3

# The hall opens before the first word and closes after the last conversation.
JOIN_BEFORE = timedelta(hours=1)
JOIN_AFTER = timedelta(hours=3)
# Who came may hand in what comes to mind on the way home.
HAND_IN_AFTER = timedelta(days=14)


class ForumState(StrEnum):
    """Where a forum stands."""

    PLANNED = "planned"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    HELD = "held"


class ForumVerb(StrEnum):
    """What can be done to a forum."""

    CONFIRM = "confirm"
    MOVE = "move"
    CANCEL = "cancel"
    CLOSE = "close"


# A moved forum is as sure as a confirmed one, with a date before it that no longer holds.
TRANSITIONS: Mapping[tuple[ForumState, ForumVerb], ForumState] = {
    (ForumState.PLANNED, ForumVerb.CONFIRM): ForumState.CONFIRMED,
    (ForumState.CANCELLED, ForumVerb.CONFIRM): ForumState.CONFIRMED,
    (ForumState.CONFIRMED, ForumVerb.MOVE): ForumState.MOVED,
    (ForumState.MOVED, ForumVerb.MOVE): ForumState.MOVED,
    (ForumState.PLANNED, ForumVerb.CANCEL): ForumState.CANCELLED,
    (ForumState.CONFIRMED, ForumVerb.CANCEL): ForumState.CANCELLED,
    (ForumState.MOVED, ForumVerb.CANCEL): ForumState.CANCELLED,
    (ForumState.CONFIRMED, ForumVerb.CLOSE): ForumState.HELD,
    (ForumState.MOVED, ForumVerb.CLOSE): ForumState.HELD,
}

DATED = frozenset({ForumState.CONFIRMED, ForumState.MOVED, ForumState.HELD})
COMING = frozenset({ForumState.CONFIRMED, ForumState.MOVED})


class RegistrationState(StrEnum):
    """Where a registration stands; unconfirmed until the link of the mail was opened."""

    UNCONFIRMED = "unconfirmed"
    INTERESTED = "interested"  # confirmed, for a forum that has no date yet
    REGISTERED = "registered"
    WAITING = "waiting"
    CANCELLED = "cancelled"


class InvitationState(StrEnum):
    """What became of a personal invitation."""

    DRAFT = "draft"
    SENT = "sent"
    YES = "yes"
    NO = "no"
    SUBSTITUTE = "substitute"


class CompanySize(StrEnum):
    """How many people a company employs: the size classes of the European recommendation 2003/361/EC."""

    MICRO = "micro"  # fewer than 10
    SMALL = "small"  # 10 to 49
    MEDIUM = "medium"  # 50 to 249
    LARGE = "large"  # 250 and more


class ProjectorMode(StrEnum):
    """What the projector shows beside the code."""

    JOIN = "join"
    STREAM = "stream"
    PAUSE = "pause"


class LinkKind(StrEnum):
    """What a personal link of a mail opens."""

    REGISTRATION = "registration"
    INVITATION = "invitation"


def after(state: ForumState, verb: ForumVerb) -> ForumState:
    """Return the state that follows; raise `WrongState` when the deed does not fit."""
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise WrongState(verb.value, state.value) from None


def clean_code(raw: str) -> str:
    """Return a join code as it is stored: capitals and digits only.

    Blanks and hyphens that people put in are dropped. Raises `InvalidInput("code", "code_form")`.
    """
    code = re.sub(r"[\s\-_.]", "", raw).upper()
    if not re.fullmatch(rf"[A-Z0-9]{{{CODE_MIN},{CODE_MAX}}}", code):
        raise InvalidInput("code", "code_form")
    return code


def join_window(
    starts_at: datetime | None,
    ends_at: datetime | None,
    *,
    opens_at: datetime | None = None,
    closes_at: datetime | None = None,
) -> tuple[datetime, datetime] | None:
    """Return from when until when the code opens; None while the forum has no date and no own window."""
    if opens_at is not None and closes_at is not None:
        return opens_at, closes_at
    if starts_at is None:
        return None
    last = ends_at or starts_at + timedelta(hours=4)
    return opens_at or starts_at - JOIN_BEFORE, closes_at or last + JOIN_AFTER


def may_join_at(
    now: datetime, state: ForumState, window: tuple[datetime, datetime] | None, *, is_always_open: bool
) -> bool:
    """Say whether the code of a forum opens the hall now."""
    if state is ForumState.CANCELLED:
        return False
    if is_always_open:
        return True
    return window is not None and window[0] <= now < window[1]


def hand_in_until(window: tuple[datetime, datetime] | None, until: datetime | None) -> datetime | None:
    """Return until when those who came may hand in; None when there was no window yet."""
    if until is not None:
        return until
    return None if window is None else window[1] + HAND_IN_AFTER


# Words after /foren/ that are pages of their own.
RESERVED_SLUGS = frozenset({"neu", "reihen", "anmeldung", "einladung"})
# Unconfirmed registrations hold no place and go after two days.
CONFIRM_WITHIN = timedelta(hours=48)
# Mails to one address about one forum within an hour: more would only fill somebody's inbox.
REGISTRATION_MAILS_PER_HOUR = 5
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug_of(title: str) -> str:
    """Return an address drawn from a title; empty when nothing of it is left.

    >>> slug_of("Zukunftsforum Müglitz – Süd (2027)")
    'zukunftsforum-mueglitz-sued-2027'
    """
    text = unicodedata.normalize("NFC", title).lower().translate(_UMLAUTS)
    text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", text).strip("-")[:SLUG_MAX].strip("-")


def clean_slug(raw: str) -> str:
    """Return the last part of a forum's address; raise `InvalidInput("slug", ...)`."""
    slug = raw.strip().lower()
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or slug in RESERVED_SLUGS:
        raise InvalidInput("slug", "slug_form")
    if len(slug) > SLUG_MAX:
        raise InvalidInput("slug", "too_long", limit=SLUG_MAX, length=len(slug))
    return slug


def draw_code(length: int = 6) -> str:
    """Return a random join code."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(length))


def takes_registrations(
    now: datetime,
    state: ForumState,
    starts_at: datetime | None,
    closes_at: datetime | None,
    *,
    is_always_open: bool,
) -> bool:
    """Say whether somebody can register now: for a place, or as interested while no date is sure."""
    if is_always_open:
        return False
    if state is ForumState.PLANNED:
        return True
    return state in COMING and starts_at is not None and now < min(closes_at or starts_at, starts_at)
