# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kinds of ballots and polls, their states and limits. Pure.

How votes are counted stands in `recount`, which runs without this program.
"""

from datetime import datetime
from enum import StrEnum

TITLE_MAX = 200
INTRO_MAX = 5_000
QUESTION_MAX = 300
QUESTIONS_MAX = 10
OPTION_MAX = 120
OPTIONS_MAX = 20
REASON_MAX = 2_000
POINTS_MAX = 100
WORDS_MAX = 200
OUTCOME_MAX = 10_000
NOTE_MAX = 1_000
SCALE = range(1, 6)
RECEIPT_LENGTH = 20
# A group of fewer is not shown by itself (setting K_ANONYMITY can only raise it).
K_ANONYMITY_MIN = 5
# How long after closing a vote could still be traced to a person by whoever holds the database and the key.
KEY_DAYS = 14
TIME_ZONE = "Europe/Berlin"


class Electorate(StrEnum):
    """Who votes: one vote per partner organisation, or one per verified participant; never added up."""

    PARTNERS = "partners"
    PARTICIPANTS = "participants"


class PartnerChoice(StrEnum):
    """What a partner can say; a serious objection needs a reason."""

    YES = "yes"
    NO = "no"
    ABSTAIN = "abstain"
    OBJECTION = "objection"


class DecisionRule(StrEnum):
    """When the partners have adopted something."""

    CONSENT = "consent"  # quorum, more yes than no, no serious objection
    SIMPLE = "simple"  # more yes than no; abstentions do not count, a tie is not adopted
    QUALIFIED = "qualified"  # two thirds of yes and no
    UNANIMITY = "unanimity"  # every partner of the roll says yes


class Method(StrEnum):
    """How participants answer a question."""

    YES_NO = "yes_no"
    SCALE = "scale"
    POINTS = "points"
    RANKING = "ranking"  # counted by Schulze's method


class Scope(StrEnum):
    """Which participants are on the roll."""

    VERIFIED = "verified"
    FORUMS = "forums"  # who was checked in at one of the chosen forums


class BallotState(StrEnum):
    """What is stored; whether an open one still takes votes follows from the time (`standing`)."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Standing(StrEnum):
    """Where a ballot stands right now."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    OPEN = "open"
    OVER = "over"  # the time is over, the tally is not stored yet: readers see it computed
    CLOSED = "closed"
    CANCELLED = "cancelled"


class PollMethod(StrEnum):
    """How a question at a forum is answered."""

    SCALE = "scale"
    SINGLE = "single"
    MULTIPLE = "multiple"
    POINTS = "points"
    WORDS = "words"


class PollState(StrEnum):
    """Where a poll stands: prepared, running in the hall, stopped, or open online after the forum."""

    READY = "ready"
    RUNNING = "running"
    STOPPED = "stopped"
    FOLLOW_UP = "follow_up"


class NoteState(StrEnum):
    """What became of the passage a note of dissent stands on."""

    IN_PLACE = "in_place"
    CHANGED = "changed"
    ORPHAN = "orphan"


def standing(state: BallotState, opens_at: datetime | None, closes_at: datetime, now: datetime) -> Standing:
    """Return where a ballot stands at `now`; a stored end is final whatever the clock says."""
    if state is not BallotState.OPEN:
        return Standing(state.value)
    if opens_at is not None and now < opens_at:
        return Standing.SCHEDULED
    return Standing.OPEN if now < closes_at else Standing.OVER
