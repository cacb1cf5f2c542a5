# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From paper: numbering cards, typing one in, taking a table in; what comes twice is known again.

The forum is locked in a way that lets others go on handing in (their rows only point at it). The lock guards
its cards as well: all who write them take it first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select, update

from charta.accounts.rules import PublicName
from charta.accounts.service import reread
from charta.activity import service as activity
from charta.contributions import rules
from charta.contributions.card_rows import (
    Column,
    Taking,
    card_number,
    quotable,
    shown_name,
    shown_organisation,
)
from charta.contributions.models import Contribution, ContributionCard, ImportDraft
from charta.contributions.queries import paper as queries
from charta.contributions.queries.paper import Examined, Good, Refused
from charta.contributions.rules import Kind, Origin
from charta.contributions.service import handing_in
from charta.contributions.service.handing_in import NewContribution
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.permissions import Actor, Permission, require

DRAFT = "contributions"


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did: how many rows were taken in, and each one that was not, with its reason."""

    taken: int
    refused: Sequence[Refused]


def print_cards(actor: Actor, forum_id: int, *, count: int) -> range:
    """Number so many new cards of a forum, each with a code of its own; return their numbers.

    Raises `InvalidInput("count", "too_many" | "invalid")`.
    """
    if count < 1:
        raise InvalidInput("count", "invalid")
    if count > rules.CARDS_MAX:
        raise InvalidInput("count", "too_many", limit=rules.CARDS_MAX)
    with transaction() as tx:
        actor = _enter(tx, actor)
        _locked_forum(tx, forum_id)
        newest = tx.session.scalar(
            select(ContributionCard.number)
            .where(ContributionCard.forum_id == forum_id)
            .order_by(ContributionCard.number.desc())
            .limit(1)
        )
        numbers = range((newest or 0) + 1, (newest or 0) + 1 + count)
        codes = handing_in.draw_codes(tx, count)
        tx.session.execute(
            insert(ContributionCard),
            [
                {
                    "code": code,
                    "forum_id": forum_id,
                    "number": number,
                    "printed_at": tx.now,
                    "printed_by_id": actor.id,
                }
                for number, code in zip(numbers, codes, strict=True)
            ],
        )
        activity.record(
            tx, actor, "print_cards", "forum", forum_id, first=numbers.start, last=numbers.stop - 1
        )
        return numbers


def record_card(
    actor: Actor,
    forum_id: int,
    *,
    card: str,
    text: str,
    field_id: int | None,
    kind: Kind | None,
    public_name: PublicName,
    name: str = "",
    organisation: str = "",
    once_key: str | None = None,
) -> Contribution:
    """Store what stands on a card, or on any sheet where `card` is empty.

    `card` is the code or the number on it. The same card with the same words gives the same contribution, and
    so does the same `once_key`. Raises `InvalidInput` (text, card: card_unknown, card_taken; name,
    organisation: required where they are to be shown; field_id: not_found).
    """
    cleaned = rules.clean_text(text)
    author_name = shown_name(public_name, name)
    organisation_name = shown_organisation(public_name, organisation)
    if once_key and not re.fullmatch(r"[\w-]{1,64}", once_key, re.ASCII):
        raise InvalidInput("once_key", "invalid")
    with transaction() as tx:
        actor = _enter(tx, actor)
        forum = _locked_forum(tx, forum_id)
        printed = _card(tx, forum_id, card) if card.strip() else None
        known = _recorded_before(tx, printed, once_key)
        if known is not None:
            # A second click, or the same card once more: the words decide which.
            if known.text == cleaned and known.forum_id == forum_id:
                return known
            raise InvalidInput("card", "card_taken", value=known.code)
        if field_id is not None and tx.session.get(FieldOfAction, field_id) is None:
            raise InvalidInput("field_id", "not_found")
        made = handing_in.add(
            tx,
            NewContribution(
                forum_id=forum_id,
                text=cleaned,
                origin=Origin.CARD,
                code=printed.code if printed else None,
                recorded_by_id=actor.id,
                author_name=author_name,
                organisation_name=organisation_name,
                public_name=public_name,
                field_id=field_id,
                kind=kind,
                source_id=forum.source_id,
                answer_until=handing_in.promised_until(tx.now),
                once_key=once_key if once_key and printed is None else None,
            ),
        )
        if printed is not None:
            printed.contribution_id = made.id
        activity.record(tx, actor, "record_card", "contribution", made.id, forum_id=forum_id)
        return made


def import_rows(
    actor: Actor,
    forum_id: int,
    rows: Sequence[tuple[int, Sequence[str]]],
    *,
    mapping: Mapping[Column, int],
    taking: Taking,
) -> Report:
    """Take the (number, cells) of a table into a forum and report each row that was refused.

    With `Taking.ALL` one refused row keeps all others out. Importing the same rows again changes nothing.
    Raises `InvalidInput("rows", "too_many_rows")`, `InvalidInput("mapping", "required")` without a column
    of texts.
    """
    _check(rows, mapping)
    with transaction() as tx:
        actor = _enter(tx, actor)
        return _import(tx, actor, forum_id, rows, mapping, taking)


def import_draft(actor: Actor, draft_id: int, *, taking: Taking) -> Report:
    """Take in the table of a draft of one's own; of its rows only the refused ones are kept afterwards.

    Where nothing could be taken in, the draft stays as it is. Raises like `import_rows`, `NotFound`,
    `WrongState` when it was taken in before.
    """
    with transaction() as tx:
        actor = _enter(tx, actor)
        draft = tx.lock(ImportDraft, draft_id)
        if (
            draft is None
            or (draft.created_by_id, draft.kind) != (actor.id, DRAFT)
            or draft.expires_at <= tx.now
        ):
            raise NotFound(kind="import_draft", id=draft_id)
        if draft.done_at is not None:
            raise WrongState("import", "done")
        mapping = stored_mapping(draft)
        rows = stored_rows(draft)
        _check(rows, mapping)
        report = _import(tx, actor, draft.forum_id, rows, mapping, taking)
        if report.taken:
            draft.done_at = tx.now
            draft.rows = [[refused.number, *refused.cells] for refused in report.refused]
            draft.mapping = {
                **draft.mapping,
                "taken": report.taken,
                "reasons": [[one.column, one.code, dict(one.data)] for one in report.refused],
            }
        return report


def stored_mapping(draft: ImportDraft) -> dict[Column, int]:
    """Return which column of a draft means what."""
    return {Column(name): at for name, at in draft.mapping.get("columns", {}).items()}


def stored_rows(draft: ImportDraft) -> list[tuple[int, list[str]]]:
    """Return the rows of a draft with their numbers in the file."""
    return [(row[0], row[1:]) for row in draft.rows]


def stored_report(draft: ImportDraft) -> Report:
    """Return what came of a draft that was taken in."""
    reasons = draft.mapping.get("reasons", [])
    refused = [
        Refused(number, column, code, data, cells)
        for (number, cells), (column, code, data) in zip(stored_rows(draft), reasons, strict=True)
    ]
    return Report(draft.mapping.get("taken", 0), refused)


def _enter(tx: Transaction, actor: Actor) -> Actor:
    actor = reread(tx, actor)
    require(actor, Permission.RECORD_CONTRIBUTION)
    return actor


def _locked_forum(tx: Transaction, forum_id: int) -> Forum:
    found = tx.session.get(Forum, forum_id, with_for_update={"key_share": True}, populate_existing=True)
    if found is None:
        raise NotFound(kind="forum", id=forum_id)
    return found


def _card(tx: Transaction, forum_id: int, raw: str) -> ContributionCard:
    """Return a printed card of a locked forum by what was read off it: its code or its number.

    A statement of its own: joined to the lock, PostgreSQL would show the card as it was before the wait.
    """
    number = card_number(raw)
    is_it = (
        ContributionCard.number == number
        if number is not None
        else ContributionCard.code == (rules.clean_code(raw) or "")
    )
    found = tx.session.scalar(select(ContributionCard).where(ContributionCard.forum_id == forum_id, is_it))
    if found is None:
        raise InvalidInput("card", "card_unknown", value=quotable(raw))
    return found


def _recorded_before(
    tx: Transaction, printed: ContributionCard | None, once_key: str | None
) -> Contribution | None:
    """Return what came of this card, or of this form where there is no card."""
    if printed is not None:
        ident = printed.contribution_id
        return None if ident is None else tx.session.get(Contribution, ident)
    if not once_key:
        return None
    return tx.session.scalar(select(Contribution).where(Contribution.once_key == once_key))


def _check(rows: Sequence[tuple[int, Sequence[str]]], mapping: Mapping[Column, int]) -> None:
    if len(rows) > rules.IMPORT_ROWS_MAX:
        raise InvalidInput("rows", "too_many_rows", length=len(rows), limit=rules.IMPORT_ROWS_MAX)
    if Column.TEXT not in mapping:
        raise InvalidInput("mapping", "no_text_column")


def _import(
    tx: Transaction,
    actor: Actor,
    forum_id: int,
    rows: Sequence[tuple[int, Sequence[str]]],
    mapping: Mapping[Column, int],
    taking: Taking,
) -> Report:
    forum = _locked_forum(tx, forum_id)
    examined: Examined = queries.examine(forum_id, rows, mapping)
    if not examined.good or (examined.refused and taking is Taking.ALL):
        return Report(0, examined.refused)
    promised = handing_in.promised_until(tx.now)
    made = handing_in.add_all(
        tx,
        [
            NewContribution(
                forum_id=forum_id,
                text=good.row.text,
                title=good.row.title,
                origin=Origin.IMPORT,
                code=good.code,
                recorded_by_id=actor.id,
                author_name=good.row.author_name,
                organisation_name=good.row.organisation_name,
                public_name=good.row.public_name,
                people=good.row.people,
                field_id=good.row.field_id,
                kind=good.row.kind,
                source_id=forum.source_id,
                answer_until=promised,
                once_key=good.once_key,
            )
            for good in examined.good
        ],
    )
    _mark_cards(tx, examined.good, made)
    activity.record(
        tx,
        actor,
        "import_contributions",
        "forum",
        forum_id,
        taken=len(made),
        refused=len(examined.refused),
    )
    return Report(len(made), examined.refused)


def _mark_cards(tx: Transaction, good: Sequence[Good], made: Sequence[Contribution]) -> None:
    """Note which contribution each card became, in one batch."""
    recorded = [
        {"code": item.code, "contribution_id": item.id}
        for one, item in zip(good, made, strict=True)
        if one.code is not None
    ]
    if recorded:
        tx.session.flush()
        tx.session.execute(update(ContributionCard), recorded)
