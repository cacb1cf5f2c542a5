# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a person was told, newest first: each notice with its deed, as far as the person may see it by now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func
from sqlalchemy.orm import aliased

from charta.activity.models import ActivityEntry
from charta.contributions.models import Contribution, Topic
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.notifications.models import Notice
from charta.notifications.rules import NoticeReason
from charta.permissions import Actor
from charta.sections.models import Section
from charta.sections.rules import SectionKind
from charta.site.rules import SiteSettings
from charta.votes.models import Ballot
from charta.watching.queries.deeds import ALL_VERBS, Deed, as_deed, select_deeds, visible

PAGE_SIZE = 50


# What is watched, beside what the deed was done to.
_Contribution = aliased(Contribution)
_Topic = aliased(Topic)
_Forum = aliased(Forum)
_Section = aliased(Section)
_Ballot = aliased(Ballot)
_Field = aliased(FieldOfAction)


@dataclass(frozen=True, slots=True)
class Line:
    """One notice; `deed` is None when what it told of is not for this person any more.

    `watched_name` is how what is watched is called, empty where its kind and number say it.
    """

    id: int
    seq: int
    at: datetime
    reason: NoticeReason
    watched_kind: str
    watched_id: int
    watched_name: str
    is_measure: bool
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
    statement = select_lines(viewer, case((is_visible, 1), else_=0).label("is_visible")).limit(PAGE_SIZE + 1)
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
    return _read(viewer, select_lines(viewer, case((Notice.id > 0, 1))).where(*shown).limit(limit))


def select_lines(viewer: Actor, is_visible: ColumnElement[int]) -> Select[Any]:
    """Return the statement that reads the viewer's notices, with whether (not 0) each deed may be shown."""
    kind, ident = Notice.watched_kind, Notice.watched_id
    name = func.coalesce(
        _Contribution.code,
        _Topic.title,
        _Forum.title,
        _Ballot.title,
        _Field.name,
        _Section.number + " " + _Section.title,
        "",
    )
    return (
        select_deeds(Notice, is_visible, name, _Section.kind, of=Notice)
        .outerjoin(_Contribution, _Contribution.id == case((kind == "contribution", ident)))
        .outerjoin(_Topic, _Topic.id == case((kind == "topic", ident)))
        .outerjoin(_Forum, _Forum.id == case((kind == "forum", ident)))
        .outerjoin(_Ballot, _Ballot.id == case((kind == "ballot", ident)))
        .outerjoin(_Section, _Section.id == case((kind == "section", ident)))
        .outerjoin(_Field, _Field.id == case((kind == "field", ident)))
        .where(Notice.person_id == viewer.id)
        .order_by(Notice.seq.desc())
    )


def _read(viewer: Actor, statement: Select[Any]) -> list[Line]:
    return [as_line(viewer, row) for row in session.execute(statement)]


def as_line(viewer: Actor, row: Sequence[Any]) -> Line:
    """Return a row of `select_lines`."""
    notice, is_visible, name, section_kind = row[-4:]
    return Line(
        id=notice.id,
        seq=notice.seq,
        at=row[1],
        reason=notice.reason,
        watched_kind=notice.watched_kind,
        watched_id=notice.watched_id,
        watched_name=name.strip(),
        is_measure=section_kind is SectionKind.MEASURE,
        is_read=notice.read_at is not None,
        deed=as_deed(viewer, row) if is_visible else None,
    )
