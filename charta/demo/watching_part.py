# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What people of the demonstration watch, what they were told of it, and how much of that they have read."""

import logging
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from charta.activity.models import ActivityEntry
from charta.db import session, transaction
from charta.demo import files
from charta.demo.keys import Step, actor, days_before, field_id, forum_id, section_id
from charta.errors import NotFound, NotPermitted
from charta.notifications.models import Notice
from charta.watching.rules import WatchKind
from charta.watching.service import telling, watching

log = logging.getLogger(__name__)

Row = dict[str, Any]

# Before what the demonstration tells of: who begins to watch later does not hear of it.
_SINCE_DAYS = 40
# What is older has been read, and no digest brings it.
_UNREAD_DAYS = 6


def steps(started_at: datetime) -> list[Step]:
    """Return the steps: people watch something, are told of everything so far, and have read most of it."""
    rows = files.rows("watching", "watch")
    found = [
        Step(days_before(started_at, _SINCE_DAYS, step=number), partial(_watch, row))
        for number, row in enumerate(rows)
    ]
    return [*found, Step(started_at, partial(_tell, started_at - timedelta(days=_UNREAD_DAYS)))]


def _watch(row: Row) -> None:
    """Watch something; an installed demonstration may have lost it."""
    try:
        kind, subject_id = _subject(row)
        watching.watch(actor(row["by"]), kind, subject_id)
        if row.get("muted"):
            watching.mute(actor(row["by"]), kind, subject_id)
    except (NotFound, NotPermitted) as error:
        log.info("demonstration: %s watches less: %r", row["by"], error)


def _subject(row: Row) -> tuple[str, int]:
    if "field" in row:
        found = WatchKind.FIELD, field_id(row["field"])
    elif "section" in row:
        found = WatchKind.SECTION, section_id(row["section"])
    else:
        found = WatchKind.FORUM, forum_id(row["forum"])
    if found[1] is None:
        raise NotFound(kind="subject", key=str(row))
    return found[0].value, found[1]


def _tell(read_before: datetime) -> None:
    """Tell of all deeds so far as the worker does; nobody gets mail about a pretended past."""
    while telling.tell_next():
        pass
    old = select(ActivityEntry.seq).where(ActivityEntry.at < read_before)
    with transaction() as tx:
        tx.session.execute(
            update(Notice)
            .where(Notice.read_at.is_(None), Notice.seq.in_(old))
            .values(read_at=tx.now, digested_at=tx.now)
            .execution_options(synchronize_session=False)
        )
    session.rollback()
