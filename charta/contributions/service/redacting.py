# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Taking words out of what everybody reads; the moderators keep them."""

from collections.abc import Sequence

from charta.contributions import rules, similar
from charta.contributions.models import Contribution
from charta.contributions.redaction import phrases_of, redacted
from charta.contributions.rules import Verb
from charta.contributions.service.entering import Note, enter, one, record
from charta.db import transaction
from charta.errors import InvalidInput
from charta.permissions import Actor, Permission


def redact(actor: Actor, contribution_id: int, *, seen: int, phrases: Sequence[str], reason: str) -> None:
    """Show a gap in place of these words, in the title too, and of no others; the reason is public.

    The words are looked for in the text as it was handed in, so that the same command takes a gap back: left
    out, its words are shown again. Raises `InvalidInput` (phrases: words_missing, too_many, unchanged;
    reason), `EditConflict`.
    """
    rules.check_reason(Verb.REDACT, reason)
    with transaction() as tx:
        actor = enter(tx, actor, Permission.SCREEN_CONTRIBUTION)

        def deed(row: Contribution) -> list[Note]:
            kept = row.original_text or row.text
            shown = redacted(kept, phrases)
            if shown == row.text:
                raise InvalidInput("phrases", "nothing_redacted")
            row.text, row.original_text = shown, (kept if shown != kept else None)
            row.title = _title_without(row.title, phrases)
            return [Note(Verb.REDACT, reason.strip())]

        row = one(tx, actor, contribution_id, seen, deed)
        similar.index(tx, [(row.id, similar.indexed_text(row.title, row.text))])
        record(
            tx, actor, "redact_contribution", [row], gaps=len(phrases_of(row.original_text or "", row.text))
        )


def _title_without(title: str, phrases: Sequence[str]) -> str:
    for phrase in phrases:
        if phrase.strip():
            try:
                title = redacted(title, [phrase])
            except InvalidInput:  # these words do not stand in the title
                continue
    return title
