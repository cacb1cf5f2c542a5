# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Splitting a contribution that says several things: the original stays and says where its parts are."""

from collections.abc import Sequence
from dataclasses import dataclass

from charta.contributions import rules
from charta.contributions.models import Contribution
from charta.contributions.rules import PARTS_MAX, Kind, Origin, State, Verb
from charta.contributions.service import telling
from charta.contributions.service.entering import Note, check_field, enter, move, once, one, record, write
from charta.contributions.service.handing_in import NewContribution, add_all
from charta.db import transaction
from charta.errors import InvalidInput
from charta.permissions import Actor, Permission

PARTS_MIN = 2


@dataclass(frozen=True, slots=True)
class Part:
    """One of the things a contribution says."""

    text: str
    field_id: int | None = None
    kind: Kind | None = None
    title: str = ""


def split(actor: Actor, contribution_id: int, *, seen: int, parts: Sequence[Part]) -> list[str]:
    """Make two to ten accepted contributions of one and return their codes; they keep its author and date.

    Raises `EditConflict`, `WrongState`, `InvalidInput` (parts: too_few, too_many; part_1 ...: required,
    too_long; field: not_found).
    """
    if len(parts) < PARTS_MIN:
        raise InvalidInput("parts", "too_few_parts", minimum=PARTS_MIN)
    if len(parts) > PARTS_MAX:
        raise InvalidInput("parts", "too_many", limit=PARTS_MAX)
    texts = [rules.clean_text(part.text, field=f"part_{n}") for n, part in enumerate(parts, 1)]
    titles = [rules.clean_title(part.title) for part in parts]
    with transaction() as tx:
        actor = enter(tx, actor, Permission.SCREEN_CONTRIBUTION)
        for field_id in {part.field_id for part in parts}:
            check_field(tx, field_id)

        def deed(row: Contribution) -> list[Note]:
            move(tx, row, Verb.SPLIT)
            return [Note(Verb.SPLIT)]

        original = one(tx, actor, contribution_id, seen, deed)
        made = add_all(
            tx,
            [
                NewContribution(
                    forum_id=original.forum_id,
                    text=text,
                    title=title,
                    origin=Origin.SPLIT,
                    author_id=original.author_id,
                    recorded_by_id=original.recorded_by_id,
                    author_name=original.author_name,
                    organisation_name=original.organisation_name,
                    group=original.group,
                    public_name=original.public_name,
                    table_id=original.table_id,
                    people=original.people,
                    field_id=part.field_id,
                    kind=part.kind,
                    state=State.ACCEPTED,
                    topic_id=original.topic_id,
                    split_from_id=original.id,
                    source_id=original.source_id,
                    answer_until=original.answer_until,
                    received_at=original.received_at,
                )
                for part, text, title in zip(parts, texts, titles, strict=True)
            ],
        )
        for row in made:
            row.screened_at = tx.now
        write(tx, actor, [(row, Note(Verb.ACCEPT)) for row in made])
        telling.tell(tx, "split", [original], once=once("split", [original]), parts=made)
        record(tx, actor, "split_contribution", [original], parts=[row.id for row in made])
        return [row.code for row in made]
