# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Polls at forums: what can be asked, what counts as an answer, what may be shown when. Pure.

Options of a scale stand from agreement to refusal: the first is worth five points, the last one. A scale
without options of its own uses the house's words.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from charta.errors import InvalidInput, WrongState
from charta.text.normalise import single_line
from charta.votes.rules import (
    OPTION_MAX,
    OPTIONS_MAX,
    POINTS_MAX,
    QUESTION_MAX,
    SCALE,
    WORDS_MAX,
    PollMethod,
    PollState,
)

# Two tallies that are shown differ by at least so many answers: nobody sees a single one arrive.
STEP = 5
FOLLOW_UP_MAX = timedelta(days=60)
# As long as answers can be tied to people, a follow-up can be opened; afterwards nobody is recognised.
FOLLOW_UP_WITHIN = timedelta(days=14)
POLLS_MAX = 60
SCALE_SIZE = len(SCALE)

CHOSEN = frozenset({PollMethod.SCALE, PollMethod.SINGLE, PollMethod.MULTIPLE})


class PollVerb(StrEnum):
    """What can be done to a poll."""

    LAUNCH = "launch"
    STOP = "stop"
    OPEN_ONLINE = "open_online"
    CLOSE_ONLINE = "close_online"


# A poll stopped by mistake goes on with the answers it has.
TRANSITIONS: Mapping[tuple[PollState, PollVerb], PollState] = {
    (PollState.READY, PollVerb.LAUNCH): PollState.RUNNING,
    (PollState.STOPPED, PollVerb.LAUNCH): PollState.RUNNING,
    (PollState.RUNNING, PollVerb.STOP): PollState.STOPPED,
    (PollState.STOPPED, PollVerb.OPEN_ONLINE): PollState.FOLLOW_UP,
    (PollState.FOLLOW_UP, PollVerb.CLOSE_ONLINE): PollState.STOPPED,
}


def after(state: PollState, verb: PollVerb) -> PollState:
    """Return the state that follows; raise `WrongState` when the deed does not fit."""
    try:
        return TRANSITIONS[state, verb]
    except KeyError:
        raise WrongState(verb.value, state.value) from None


@dataclass(frozen=True, slots=True)
class Question:
    """What a poll asks, cleaned: `options` is empty for words and for a scale with the house's words."""

    text: str
    method: PollMethod
    options: tuple[str, ...] = ()
    points: int | None = None


def question(
    text: str, method: PollMethod, options: Iterable[str] = (), points: int | None = None
) -> Question:
    """Return a question as it is stored.

    Raises `InvalidInput`: question (required, too_long, forbidden_character), options (required, too_long,
    too_many, twice, scale_options), points (required, between).
    """
    cleaned = single_line(text, "question")
    if not cleaned:
        raise InvalidInput("question", "required")
    if len(cleaned) > QUESTION_MAX:
        raise InvalidInput("question", "too_long", limit=QUESTION_MAX, length=len(cleaned))
    if method is PollMethod.WORDS:
        return Question(cleaned, method)
    found = _options(options)
    if method is PollMethod.SCALE:
        if len(found) not in {0, SCALE_SIZE}:
            raise InvalidInput("options", "scale_options", limit=SCALE_SIZE, length=len(found))
        return Question(cleaned, method, found)
    if len(found) < 2:
        raise InvalidInput("options", "too_few_options", minimum=2)
    if method is not PollMethod.POINTS:
        return Question(cleaned, method, found)
    if points is None:
        raise InvalidInput("points", "required")
    if not 1 <= points <= POINTS_MAX:
        raise InvalidInput("points", "between", minimum=1, limit=POINTS_MAX)
    return Question(cleaned, method, found, points)


def _options(raw: Iterable[str]) -> tuple[str, ...]:
    found = [line for line in (single_line(one, "options") for one in raw) if line]
    if len(found) > OPTIONS_MAX:
        raise InvalidInput("options", "too_many", limit=OPTIONS_MAX)
    for one in found:
        if len(one) > OPTION_MAX:
            raise InvalidInput("options", "too_long", limit=OPTION_MAX, length=len(one))
    if len({one.casefold() for one in found}) < len(found):
        raise InvalidInput("options", "twice")
    return tuple(found)


def size(method: PollMethod, options: Sequence[object]) -> int:
    """Return how many numbers a tally has: one per option, none for words."""
    if method is PollMethod.WORDS:
        return 0
    return SCALE_SIZE if method is PollMethod.SCALE else len(options)


def clean_choices(
    method: PollMethod, options: Sequence[object], points: int | None, choices: Sequence[int]
) -> list[int]:
    """Return the choices as they are stored: places of options (from 0), or the points of each option.

    Raises `InvalidInput("choices", ...)`: required, invalid, one_only, over_budget.
    """
    count = size(method, options)
    if method is PollMethod.WORDS:
        return []
    if method is PollMethod.POINTS:
        if len(choices) != count or any(value < 0 for value in choices):
            raise InvalidInput("choices", "invalid")
        given = sum(choices)
        if given == 0:
            raise InvalidInput("choices", "required")
        if given > (points or 0):
            raise InvalidInput("choices", "over_budget", limit=points or 0, given=given)
        return list(choices)
    found = sorted(set(choices))
    if not found:
        raise InvalidInput("choices", "required")
    if found[0] < 0 or found[-1] >= count:
        raise InvalidInput("choices", "invalid")
    if method is not PollMethod.MULTIPLE and len(found) > 1:
        raise InvalidInput("choices", "one_only")
    return found


def clean_words(method: PollMethod, words: str) -> str:
    """Return what was written, on one line; nothing for other methods.

    Raises `InvalidInput("words", ...)`: required, too_long, forbidden_character.
    """
    if method is not PollMethod.WORDS:
        return ""
    found = single_line(words, "words")
    if not found:
        raise InvalidInput("words", "required")
    if len(found) > WORDS_MAX:
        raise InvalidInput("words", "too_long", limit=WORDS_MAX, length=len(found))
    return found


def tally(
    method: PollMethod, options: Sequence[object], answers: Iterable[tuple[Sequence[int], int]]
) -> list[int]:
    """Add up answers, each with how many gave it: votes per option, or points per option.

    >>> tally(PollMethod.SINGLE, ["a", "b"], [([0], 3), ([1], 2)])
    [3, 2]
    """
    counts = [0] * size(method, options)
    for choices, times in answers:
        if method is PollMethod.POINTS:
            for place, value in enumerate(choices[: len(counts)]):
                counts[place] += value * times
        else:
            for place in choices:
                if 0 <= place < len(counts):
                    counts[place] += times
    return counts


def mean(method: PollMethod, counts: Sequence[int]) -> float | None:
    """Return the mean of a scale, 5 for full agreement and 1 for full refusal; None for other methods."""
    total = sum(counts)
    if method is not PollMethod.SCALE or not total:
        return None
    return sum((SCALE_SIZE - place) * count for place, count in enumerate(counts)) / total


def percents(counts: Sequence[int], base: int) -> list[int]:
    """Return each number as a whole percentage of `base`, half rounded up; zeros when the base is zero."""
    return [(200 * count + base) // (2 * base) if base else 0 for count in counts]


def takes_answers(state: PollState, follow_up_until: datetime | None, now: datetime) -> bool:
    """Say whether a poll can be answered now, in the hall or online."""
    if state is PollState.RUNNING:
        return True
    return state is PollState.FOLLOW_UP and follow_up_until is not None and now < follow_up_until


def shown_while_running(shown: int, given: int) -> int:
    """Return how many answers are shown when `given` have come and `shown` are shown already.

    The first five as soon as they are there; then whole fives, and at least five stay behind. So the end can
    always add as many.

    >>> [shown_while_running(0, given) for given in (4, 5, 9, 10, 15)]
    [0, 5, 5, 5, 10]
    """
    steps = (given - STEP - shown) // STEP
    if shown == 0 and given >= STEP:
        steps = max(steps, 1)
    return shown + STEP * max(steps, 0)


def shown_at_end(shown: int, given: int) -> int:
    """Return how many answers are shown at an end: all, unless that would add fewer than five.

    >>> shown_at_end(0, 4), shown_at_end(0, 7), shown_at_end(5, 9), shown_at_end(5, 10)
    (0, 7, 5, 10)
    """
    return given if given - shown >= STEP else shown


def may_change(method: PollMethod, is_behind: bool) -> bool:
    """Say whether an answer can still be changed: not once it is part of a tally that was shown.

    A recount would show the change of one person. Words stand for themselves and can always be taken back.
    """
    return method is PollMethod.WORDS or is_behind


def is_online_over(state: PollState, follow_up_until: datetime | None, now: datetime) -> bool:
    """Say whether there was an online follow-up whose result can be shown now that it has ended."""
    if follow_up_until is None:
        return False
    return state is PollState.STOPPED or (state is PollState.FOLLOW_UP and now >= follow_up_until)
