# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The own sentence of a contribution, besides the answer of its topic."""

from charta.contributions import rules
from charta.contributions.models import Contribution
from charta.contributions.rules import LISTED, UNSCREENED, Verb
from charta.contributions.service import telling
from charta.contributions.service.entering import Note, accept_along, enter, once, one, record
from charta.contributions.service.screening import Sorting, putting
from charta.db import transaction
from charta.errors import InvalidInput, WrongState
from charta.permissions import Actor, Permission


def answer(
    actor: Actor, contribution_id: int, *, seen: int, text: str, sorting: Sorting | None = None
) -> None:
    """Answer one contribution; another text replaces the answer, and is told again.

    One that is not screened yet is accepted along, and sorted where `sorting` is given.

    Raises `InvalidInput("answer", ...)`, `EditConflict`, `WrongState`.
    """
    cleaned = rules.clean_text(text, field="answer", limit=rules.ANSWER_MAX)
    with transaction() as tx:
        actor = enter(tx, actor, Permission.ANSWER_TOPIC)
        put = putting(tx, sorting)

        def deed(row: Contribution) -> list[Note]:
            if row.state not in UNSCREENED | LISTED:
                raise WrongState(Verb.ANSWER.value, row.state.value)
            if row.answer == cleaned:
                raise InvalidInput("answer", "same_answer")
            put(row)
            along = accept_along(tx, row)
            row.answer, row.answered_at = cleaned, tx.now
            return [*along, Note(Verb.ANSWER, cleaned)]

        row = one(tx, actor, contribution_id, seen, deed)
        telling.tell(tx, "answered", [row], once=once("answered", [row]), reason=cleaned)
        record(tx, actor, "answer_contribution", [row])
