# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of a cast vote; its answers are read by number, because each ballot asks something else."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField
from wtforms.validators import Optional

from charta.votes.queries.one_ballot import QuestionRow
from charta.votes.rules import Method
from charta.web.forms import Form

DIGITS_MAX = 6


class VoteForm(Form):
    """What belongs to a vote besides its answers; `fassung` is the seat's version as the page showed it."""

    fassung = HiddenField()
    vorbehalt = DateField(_l("Gremienvorbehalt bis"), validators=[Optional()])

    def seen_version(self) -> int:
        """Return the version the voter saw; nonsense counts as never seen."""
        return whole_number(self.fassung.data) if self.fassung.data else -1

    def reserved_until(self) -> date | None:
        """Return until when the own board decides."""
        found: date | None = self.vorbehalt.data
        return found


def whole_number(raw: Any) -> int:
    """Return a typed number; -1, which no rule accepts, for anything else."""
    text = str(raw or "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX else -1


def participant_answers(questions: Sequence[QuestionRow], typed: Mapping[str, str]) -> list[Any]:
    """Return the answers of a submitted form, one per question, as the command wants them.

    What is missing or nonsense stays what the rules refuse, with the name of its question.
    """
    return [_answer(question, typed) for question in questions]


def _answer(question: QuestionRow, typed: Mapping[str, str]) -> Any:
    name = f"frage-{question.position}"
    chosen = typed.get(name, "")
    if question.method is Method.YES_NO:
        return chosen
    if chosen == "enthaltung":
        return None
    if question.method is Method.SCALE:
        return whole_number(chosen) if chosen else ""
    numbers = [typed.get(f"{name}-{place}", "").strip() for place in range(len(question.options))]
    if question.method is Method.POINTS:
        return [whole_number(number) if number else 0 for number in numbers]
    ranks = [whole_number(number) for number in numbers]
    given = [place for place in range(len(ranks)) if ranks[place] > 0]
    doubled = len({ranks[place] for place in given}) < len(given)
    return [] if doubled else sorted(given, key=lambda place: ranks[place])
