# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person was told, newest first: each notice with its deed, as far as the person may see it by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case

from charta.activity.models import ActivityEntry
from charta.db import session
from charta.notifications.models import Notice
from charta.notifications.rules import NoticeReason
from charta.permissions import Actor
from charta.site.rules import SiteSettings
from charta.watching.queries.deeds import ALL_VERBS, Deed, as_deed, select_deeds, visible

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One notice; `deed` is None when what it told of is not for this person any more."""

    id: int
    seq: int
    at: datetime
    reason: NoticeReason
    watched_kind: str
    watched_id: int
    is_read: bool
    deed: Deed | None


def lines(
    viewer: Actor,
    settings: SiteSettings,
    *,
    reads_text: bool,
    only_unread: bool = False,
    before: int | None = None,
) -> list[Line]:
    """Return up to `PAGE_SIZE` + 1 notices of the viewer, newest first, before log number `before`.

    One statement. Those whose deed is not visible any more stay in the list, without it: the number at the
    bell counts them.
    """
    is_visible = ActivityEntry.verb.in_(sorted(ALL_VERBS)) & visible(viewer, settings, reads_text=reads_text)
    statement = _of(viewer, case((is_visible, 1), else_=0).label("is_visible")).limit(PAGE_SIZE + 1)
    if only_unread:
        statement = statement.where(Notice.read_at.is_(None))
    if before is not None:
        statement = statement.where(Notice.seq < before)
    return _read(viewer, statement)


def newest_unread(viewer: Actor, settings: SiteSettings, *, reads_text: bool, limit: int) -> list[Line]:
    """Return up to `limit` unread notices whose deeds the viewer may see, newest first (one statement)."""
    shown: list[ColumnElement[bool]] = [
        Notice.read_at.is_(None),
        ActivityEntry.verb.in_(sorted(ALL_VERBS)),
        visible(viewer, settings, reads_text=reads_text),
    ]
    return _read(viewer, _of(viewer, case((Notice.id > 0, 1))).where(*shown).limit(limit))


def _of(viewer: Actor, is_visible: ColumnElement[int]) -> Select[Any]:
    """Return the statement that reads the viewer's notices, with whether each deed may be shown."""
    return (
        select_deeds(Notice, is_visible)
        .join(Notice, Notice.seq == ActivityEntry.seq)
        .where(Notice.person_id == viewer.id)
        .order_by(Notice.seq.desc())
    )


def _read(viewer: Actor, statement: Select[Any]) -> list[Line]:
    return [_line(viewer, row) for row in session.execute(statement)]


def _line(viewer: Actor, row: Sequence[Any]) -> Line:
    notice, is_visible = row[-2:]
    return Line(
        id=notice.id,
        seq=notice.seq,
        at=row[1],
        reason=notice.reason,
        watched_kind=notice.watched_kind,
        watched_id=notice.watched_id,
        is_read=notice.read_at is not None,
        deed=as_deed(viewer, row) if is_visible else None,
    )
