# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Paper: printed cards and what became of them, and what of a brought table can be taken in."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from charta.accounts.models import Person
from charta.contributions.card_rows import CardRow, Column, Field, card_number, quotable, read_row, row_key
from charta.contributions.models import Contribution, ContributionCard
from charta.contributions.rules import CARDS_MAX, IMPORT_ROWS_MAX, Origin, clean_code, first_words
from charta.db import session
from charta.errors import InvalidInput
from charta.fields.models import FieldOfAction

RECENT = 5


# ------------------------------------------------------------------------------------------------- cards


@dataclass(frozen=True, slots=True)
class Batch:
    """Cards printed together: the numbers, how many are typed in, who printed them when."""

    first: int
    last: int
    recorded: int
    printed_at: datetime
    printed_by: str

    @property
    def count(self) -> int:
        """How many cards these are."""
        return self.last - self.first + 1


def batches(forum_id: int) -> Sequence[Batch]:
    """Return the printed cards of a forum by the moment they were printed, the latest first."""
    rows = session.execute(
        select(
            func.min(ContributionCard.number),
            func.max(ContributionCard.number),
            func.count(ContributionCard.contribution_id),
            ContributionCard.printed_at,
            Person.name,
        )
        .join(Person, Person.id == ContributionCard.printed_by_id)
        .where(ContributionCard.forum_id == forum_id)
        .group_by(ContributionCard.printed_at, ContributionCard.printed_by_id, Person.name)
        .order_by(func.max(ContributionCard.number).desc())
    )
    return [Batch(*row) for row in rows]


def cards(forum_id: int, *, first: int, last: int) -> Sequence[tuple[int, str]]:
    """Return (number, code) of the printed cards from `first` to `last`, at most `rules.CARDS_MAX`."""
    rows = session.execute(
        select(ContributionCard.number, ContributionCard.code)
        .where(ContributionCard.forum_id == forum_id, ContributionCard.number.between(first, last))
        .order_by(ContributionCard.number)
        .limit(CARDS_MAX)
    )
    return [(row[0], row[1]) for row in rows]


def open_cards(forum_id: int) -> Sequence[tuple[int, str]]:
    """Return (number, code) of the printed cards that nobody has typed in yet, at most 5,000."""
    rows = session.execute(
        select(ContributionCard.number, ContributionCard.code)
        .where(ContributionCard.forum_id == forum_id, ContributionCard.contribution_id.is_(None))
        .order_by(ContributionCard.number)
        .limit(IMPORT_ROWS_MAX)
    )
    return [(row[0], row[1]) for row in rows]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A card that was just typed in, as the list below the form shows it."""

    code: str
    card_number: int | None
    words: str
    received_at: datetime


def just_recorded(forum_id: int, person_id: int) -> Sequence[Recorded]:
    """Return the last cards that this person typed in at this forum, the latest first."""
    rows = session.execute(
        select(Contribution.code, ContributionCard.number, Contribution.text, Contribution.received_at)
        .outerjoin(ContributionCard, ContributionCard.contribution_id == Contribution.id)
        .where(
            Contribution.forum_id == forum_id,
            Contribution.recorded_by_id == person_id,
            Contribution.origin == Origin.CARD,
        )
        .order_by(Contribution.id.desc())
        .limit(RECENT)
    )
    return [Recorded(code, number, first_words(text), at) for code, number, text, at in rows]


# ------------------------------------------------------------------------------------------------ import


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken in: its number in the file, the column it fails in, and why."""

    number: int
    column: str
    code: str
    data: Mapping[str, Any]
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Good:
    """A row that can be taken in: with the code of its card, or the key by which it is known again."""

    row: CardRow
    code: str | None
    once_key: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """What an import would do."""

    good: list[Good] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def examine(
    forum_id: int, rows: Sequence[tuple[int, Sequence[str]]], mapping: Mapping[Column, int]
) -> Examined:
    """Return which (number, cells) can be taken into a forum and why the others cannot.

    At most three statements however many rows. Taken in already: a card that is typed in, and a row without
    a card that came with the same words before.
    """
    found = Examined()
    fields = _fields()
    read: list[tuple[CardRow, Sequence[str]]] = []
    for number, cells in rows:
        try:
            read.append((read_row(number, cells, mapping, fields), cells))
        except InvalidInput as error:
            found.refused.append(_refused(number, error, cells))
    for row, cells, good in _recognised(forum_id, read):
        if isinstance(good, Good):
            found.good.append(good)
        else:
            found.refused.append(_refused(row.number, good, cells))
    found.refused.sort(key=lambda refused: refused.number)
    return found


def _fields() -> list[Field]:
    rows = session.execute(
        select(
            FieldOfAction.id,
            FieldOfAction.number,
            FieldOfAction.name,
            FieldOfAction.short_name,
            FieldOfAction.slug,
        ).order_by(FieldOfAction.number)
    )
    return [Field(row[0], row[1], (row[2], row[3], row[4])) for row in rows]


def _refused(number: int, error: InvalidInput, cells: Sequence[str]) -> Refused:
    data = {name: value for name, value in error.data.items() if name not in {"field", "code"}}
    return Refused(number, error.field, error.code, data, cells)


def _recognised(
    forum_id: int, read: Sequence[tuple[CardRow, Sequence[str]]]
) -> Iterator[tuple[CardRow, Sequence[str], Good | InvalidInput]]:
    """Yield each row with what it becomes: by its card, or by its words where it names none."""
    printed = _printed(forum_id) if any(row.card for row, _ in read) else {}
    keys = _keys(forum_id, [row for row, _ in read if not row.card])
    known = set(
        session.scalars(select(Contribution.once_key).where(Contribution.once_key.in_(keys.values())))
    )
    used: dict[str, int] = {}
    for row, cells in read:
        if not row.card:
            key = keys[row.number]
            yield row, cells, InvalidInput("text", "row_known") if key in known else Good(row, None, key)
            continue
        number = card_number(row.card)
        code, is_taken = printed.get(clean_code(row.card) or "" if number is None else number, (None, False))
        if code is None:
            yield row, cells, InvalidInput("card", "card_unknown", value=quotable(row.card))
        elif is_taken:
            yield row, cells, InvalidInput("card", "card_taken", value=code)
        elif code in used:
            yield row, cells, InvalidInput("card", "card_twice", value=code, line=used[code])
        else:
            used[code] = row.number
            yield row, cells, Good(row, code, None)


def _printed(forum_id: int) -> dict[str | int, tuple[str, bool]]:
    """Return the cards of a forum by code and by number: the code, and whether it is typed in."""
    rows = session.execute(
        select(ContributionCard.code, ContributionCard.number, ContributionCard.contribution_id).where(
            ContributionCard.forum_id == forum_id
        )
    )
    found: dict[str | int, tuple[str, bool]] = {}
    for code, number, contribution_id in rows:
        found[code] = found[number] = (code, contribution_id is not None)
    return found


def _keys(forum_id: int, rows: Sequence[CardRow]) -> dict[int, str]:
    """Return the key of each row without a card, by its number in the file."""
    seen: Counter[str] = Counter()
    keys: dict[int, str] = {}
    for row in rows:
        plain = row_key(forum_id, row, 0)
        keys[row.number] = row_key(forum_id, row, seen[plain]) if seen[plain] else plain
        seen[plain] += 1
    return keys
