# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The own sentence of a contribution, besides the answer of its topic."""

from charta.contributions import rules
from charta.contributions.models import Contribution
from charta.contributions.rules import LISTED, Verb
from charta.contributions.service import steps, telling
from charta.contributions.service.entering import enter, once, one, record
from charta.db import transaction
from charta.errors import InvalidInput, WrongState
from charta.permissions import Actor, Permission


def answer(actor: Actor, contribution_id: int, *, seen: int, text: str) -> None:
    """Answer one accepted contribution; another text replaces the answer, and is told again.

    Raises `InvalidInput("answer", ...)`, `EditConflict`, `WrongState`.
    """
    cleaned = rules.clean_text(text, field="answer", limit=rules.ANSWER_MAX)
    with transaction() as tx:
        actor = enter(tx, actor, Permission.ANSWER_TOPIC)

        def deed(row: Contribution) -> None:
            if row.state not in LISTED:
                raise WrongState(Verb.ANSWER.value, row.state.value)
            if row.answer == cleaned:
                raise InvalidInput("answer", "same_answer")
            row.answer, row.answered_at = cleaned, tx.now
            steps.note(tx, Verb.ANSWER, by_id=actor.id, contribution_id=row.id, reason=cleaned)

        row = one(tx, contribution_id, seen, deed)
        telling.tell(tx, "answered", [row], once=once("answered", [row]), reason=cleaned)
        record(tx, actor, "answer_contribution", [row])
