# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Kinds of ballots and polls, their states and limits. Pure.

How votes are counted stands in `recount`, which runs without this program.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from charta.errors import InvalidInput
from charta.text.normalise import normalise, single_line

ID_MAX = 2**31 - 1
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


# ------------------------------------------------------------------------------------ what is put to the vote


@dataclass(frozen=True, slots=True)
class QuestionInput:
    """A question as it is prepared: `options` and `points` belong to points and ranking."""

    text: str
    method: Method = Method.YES_NO
    options: Sequence[str] = ()
    points: int | None = None


@dataclass(frozen=True, slots=True)
class BallotInput:
    """What a moderator prepares; without section, proposal and edition it is a free question.

    A measure is given by its section. `opens_at` None: when the moderator opens it.
    """

    title: str
    questions: Sequence[QuestionInput]
    closes_at: datetime
    intro: str = ""
    section_id: int | None = None
    proposal_id: int | None = None
    edition_id: int | None = None
    has_partners: bool = True
    has_participants: bool = True
    rule: DecisionRule = DecisionRule.CONSENT
    quorum: int = 4
    scope: Scope = Scope.VERIFIED
    forum_ids: Sequence[int] = ()
    opens_at: datetime | None = None


def clean_line(raw: str, field: str, limit: int) -> str:
    """Return one line; raise `InvalidInput` (required, too_long, forbidden_character)."""
    line = single_line(raw, field)
    if not line:
        raise InvalidInput(field, "required")
    return _short(line, field, limit)


def clean_text(raw: str, field: str, limit: int) -> str:
    """Return a text, perhaps empty; raise `InvalidInput` (too_long, forbidden_character)."""
    return _short(normalise(raw, field).strip(), field, limit)


def _short(text: str, field: str, limit: int) -> str:
    if len(text) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(text))
    return text


def clean_questions(raw: Sequence[QuestionInput], *, has_partners: bool) -> list[QuestionInput]:
    """Return the questions as they are stored; raise `InvalidInput` with "question_1" and so on.

    Points and rankings are for participants: partners can only say yes or no.
    """
    if not raw:
        raise InvalidInput("questions", "required")
    if len(raw) > QUESTIONS_MAX:
        raise InvalidInput("questions", "too_many", limit=QUESTIONS_MAX, length=len(raw))
    found = []
    for number, question in enumerate(raw, start=1):
        field = f"question_{number}"
        text = clean_line(question.text, field, QUESTION_MAX)
        if question.method in {Method.YES_NO, Method.SCALE}:
            found.append(QuestionInput(text, question.method))
            continue
        if has_partners:
            raise InvalidInput(field, "partners_answer_yes_no")
        options = clean_options(question.options, f"{field}_options")
        points = None
        if question.method is Method.POINTS:
            points = question.points if question.points is not None else 10
            if not 1 <= points <= POINTS_MAX:
                raise InvalidInput(f"{field}_points", "between", minimum=1, limit=POINTS_MAX)
        found.append(QuestionInput(text, question.method, tuple(options), points))
    return found


def clean_options(raw: Sequence[str], field: str) -> list[str]:
    """Return what is ranked or given points; raise `InvalidInput` (too_few_options, too_many, twice)."""
    options = [clean_line(option, field, OPTION_MAX) for option in raw if option.strip()]
    if len(options) < 2:
        raise InvalidInput(field, "too_few_options", minimum=2)
    if len(options) > OPTIONS_MAX:
        raise InvalidInput(field, "too_many", limit=OPTIONS_MAX, length=len(options))
    if len({option.casefold() for option in options}) < len(options):
        raise InvalidInput(field, "twice")
    return options


def check_times(opens_at: datetime | None, closes_at: datetime, now: datetime) -> None:
    """Raise `InvalidInput("closes_at", ...)` unless a ballot can open and then close (in_the_past, ...)."""
    if closes_at <= now:
        raise InvalidInput("closes_at", "in_the_past")
    if opens_at is not None and closes_at <= opens_at:
        raise InvalidInput("closes_at", "closes_before_opening")


def moment_of(naive: datetime, time_zone: str = TIME_ZONE, *, fold: int | None = None) -> datetime:
    """Return the UTC moment of a wall-clock time, as it is stored.

    In the hour that comes twice `fold` says which one: 0 the first (summer time), 1 the second. Raises
    `InvalidInput("closes_at", ...)`: ambiguous_time without `fold`, no_such_time in the missing hour.
    """
    zone = ZoneInfo(time_zone)
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        raise InvalidInput("closes_at", "no_such_time")
    if first.utcoffset() != second.utcoffset() and fold is None:
        raise InvalidInput("closes_at", "ambiguous_time")
    return (second if fold == 1 else first).astimezone(UTC)


# --------------------------------------------------------------------------------------------- what is cast


def clean_partner_vote(
    questions: Sequence[dict[str, Any]], choices: Sequence[str], reasons: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Return a partner's choices and reasons; a serious objection needs one.

    Raises `InvalidInput` with "question_1" (answer_required, invalid) or "reason_1" (objection_reason,
    too_long).
    """
    clean_choices: list[str] = []
    clean_reasons: list[str] = []
    for number, _question in enumerate(questions, start=1):
        choice = choices[number - 1] if number <= len(choices) else ""
        if not choice:
            raise InvalidInput(f"question_{number}", "answer_required")
        if choice not in set(PartnerChoice):
            raise InvalidInput(f"question_{number}", "invalid")
        reason = reasons[number - 1] if number <= len(reasons) else ""
        reason = clean_text(reason, f"reason_{number}", REASON_MAX)
        if choice == PartnerChoice.OBJECTION and not reason:
            raise InvalidInput(f"reason_{number}", "objection_reason")
        clean_choices.append(str(choice))
        clean_reasons.append(reason)
    return clean_choices, clean_reasons


def clean_answers(questions: Sequence[dict[str, Any]], answers: Sequence[Any]) -> list[Any]:
    """Return a participant's answers; None is an abstention, except for yes or no.

    Raises `InvalidInput` with "question_1" and so on: answer_required, invalid, over_budget (limit, given),
    ranking_incomplete.
    """
    if len(answers) != len(questions):
        raise InvalidInput("question_1", "answer_required")
    return [
        _answer(question, answer, f"question_{number}")
        for number, (question, answer) in enumerate(zip(questions, answers, strict=True), start=1)
    ]


def _answer(question: dict[str, Any], answer: Any, field: str) -> Any:
    method, size = Method(question["method"]), len(question["options"])
    if method is Method.YES_NO:
        if not answer:
            raise InvalidInput(field, "answer_required")
        if answer not in {"yes", "no", "abstain"}:
            raise InvalidInput(field, "invalid")
        return str(answer)
    if answer is None:
        return None
    if method is Method.SCALE:
        if not _is_whole(answer) or answer not in SCALE:
            raise InvalidInput(field, "invalid")
        return answer
    if not isinstance(answer, list | tuple) or not all(_is_whole(value) for value in answer):
        raise InvalidInput(field, "invalid")
    if method is Method.RANKING:
        return _ranking(list(answer), size, field)
    return _points(list(answer), size, question["points"], field)


def _ranking(values: list[int], size: int, field: str) -> list[int]:
    if len(set(values)) < len(values) or any(value not in range(size) for value in values):
        raise InvalidInput(field, "invalid")
    if len(values) < size:
        raise InvalidInput(field, "ranking_incomplete", wanted=size, given=len(values))
    return values


def _points(values: list[int], size: int, budget: int, field: str) -> list[int]:
    if len(values) != size or any(value < 0 for value in values):
        raise InvalidInput(field, "invalid")
    if sum(values) > budget:
        raise InvalidInput(field, "over_budget", limit=budget, given=sum(values))
    return values


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def check_reservation(until: date | None, today: date, last: date) -> None:
    """Raise `InvalidInput("reservation_until", ...)` unless the day lies between today and the last day."""
    if until is not None and until < today:
        raise InvalidInput("reservation_until", "in_the_past")
    if until is not None and until > last:
        raise InvalidInput("reservation_until", "after_closing")
