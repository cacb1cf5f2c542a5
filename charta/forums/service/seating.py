# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of a forum, each with a code of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from charta.activity import service as activity
from charta.db import transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.fields.models import FieldOfAction
from charta.forums import rules
from charta.forums.models import Forum, ForumTable, JoinCode
from charta.forums.service import steps
from charta.permissions import Actor


@dataclass(frozen=True, slots=True)
class TableRow:
    """One table as the form gives it back."""

    id: int
    name: str
    field_id: int | None


def add_tables(actor: Actor, forum_id: int, *, count: int) -> None:
    """Set up further tables, each with a code of its own; `InvalidInput("count", ...)`."""
    if count < 1:
        raise InvalidInput("count", "invalid")
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        forum = tx.lock(Forum, forum_id)
        if forum is None:
            raise NotFound(kind="forum", id=forum_id)
        number, last = tx.session.execute(
            select(func.count(), func.coalesce(func.max(ForumTable.number), 0)).where(
                ForumTable.forum_id == forum_id
            )
        ).one()
        if number + count > rules.TABLES_MAX:
            raise InvalidInput("count", "too_many", limit=rules.TABLES_MAX)
        made = [ForumTable(forum_id=forum_id, number=last + step) for step in range(1, count + 1)]
        tx.session.add_all(made)
        tx.session.flush()
        codes = steps.free_codes(tx, count)
        tx.session.add_all(
            JoinCode(code=code, forum_id=forum_id, table_id=table.id)
            for code, table in zip(codes, made, strict=True)
        )
        tx.session.flush()
        activity.record(tx, actor, "add_tables", "forum", forum_id, count=count)


def change_tables(actor: Actor, forum_id: int, rows: Sequence[TableRow]) -> None:
    """Name tables and preset their fields; a table that is gone meanwhile is left out."""
    cleaned = [TableRow(row.id, steps.clean_line(row.name, 60, "name"), row.field_id) for row in rows]
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        tables = {
            one.id: one
            for one in tx.session.scalars(
                select(ForumTable).where(ForumTable.forum_id == forum_id).with_for_update()
            )
        }
        known = set(tx.session.scalars(select(FieldOfAction.id)))
        changed = 0
        for row in cleaned:
            if row.field_id is not None and row.field_id not in known:
                raise InvalidInput("field_id", "not_found")
            table = tables.get(row.id)
            if table is not None and (table.name, table.field_id) != (row.name, row.field_id):
                table.name, table.field_id = row.name, row.field_id
                changed += 1
        if changed:
            tx.session.flush()
            activity.record(tx, actor, "change_tables", "forum", forum_id, count=changed)


def remove_table(actor: Actor, forum_id: int, table_id: int) -> None:
    """Take a table away with its code; `WrongState` once somebody sat at it. Twice is no error."""
    try:
        with transaction() as tx:
            actor = steps.manager(tx, actor)
            table = tx.lock(ForumTable, table_id)
            if table is None or table.forum_id != forum_id:
                return
            number = table.number
            tx.session.execute(delete(JoinCode).where(JoinCode.table_id == table_id))
            tx.session.delete(table)
            tx.session.flush()
            activity.record(tx, actor, "remove_table", "forum", forum_id, number=number)
    except IntegrityError:
        # Contributions stand above and cannot be asked from here; the database knows them.
        raise WrongState("remove_table", "used") from None
