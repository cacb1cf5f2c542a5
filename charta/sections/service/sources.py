# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sources of text."""

from datetime import date

from sqlalchemy import select

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import transaction
from charta.errors import InvalidInput
from charta.permissions import Actor, Permission, require
from charta.sections.models import Source
from charta.sections.rules import SOURCE_NAME_MAX, SOURCE_SHORT_MAX, SourceKind, clean_line


def add_source(
    actor: Actor, *, number: int, kind: SourceKind, name: str, short: str, dated_on: date | None = None
) -> int:
    """Add a source of text and return its id; `InvalidInput` "taken" for a number or name in use."""
    clean_name = clean_line(name, "name", SOURCE_NAME_MAX)
    clean_short = clean_line(short, "short", SOURCE_SHORT_MAX)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.MANAGE_SOURCES)
        same = tx.session.scalars(
            select(Source).where((Source.number == number) | (Source.name == clean_name))
        ).first()
        if same is not None:
            raise InvalidInput("number" if same.number == number else "name", "taken")
        source = Source(number=number, kind=kind, name=clean_name, short=clean_short, dated_on=dated_on)
        tx.session.add(source)
        tx.session.flush()
        activity.record(tx, actor, "add_source", "source", source.id, number=number)
        return source.id
