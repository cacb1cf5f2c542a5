# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The calendar entry of a forum, for views: the same name in every file and mail."""

from charta.forums.models import Forum
from charta.forums.rules import ForumState
from charta.site.calendar import Event
from charta.web.mails import calendar_uid
from charta.web.urls import external


def has_calendar_entry(forum: Forum) -> bool:
    """Whether a forum stands in calendars: its date is sure, or was."""
    return forum.starts_at is not None and forum.state is not ForumState.PLANNED and not forum.is_always_open


def calendar_entry(forum: Forum) -> Event:
    """Return the entry of a forum with a date; its version is the sequence number."""
    assert forum.starts_at is not None
    return Event(
        uid=calendar_uid("forum", forum.id),
        title=forum.title,
        place=", ".join(part for part in (forum.place, forum.address) if part),
        starts_at=forum.starts_at,
        ends_at=forum.ends_at,
        url=external("forums.show", slug=forum.slug),
        sequence=forum.version,
        is_cancelled=forum.state is ForumState.CANCELLED,
    )
