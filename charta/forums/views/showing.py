# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The public page of a forum: before it, while the hall is open, and after it; its calendar entry."""

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from charta.contributions.queries.listing import counts
from charta.db import utcnow
from charta.errors import NotFound
from charta.forums import words
from charta.forums.entries import calendar_entry, has_calendar_entry
from charta.forums.queries import forums, registrations
from charta.forums.rules import RegistrationState
from charta.forums.views.blueprint import blueprint
from charta.permissions import Permission
from charta.site.calendar import calendar
from charta.votes.queries import polls
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.downloads import download
from charta.web.prose import page_html
from charta.web.qr import qr_svg
from charta.web.urls import external
from charta.web.viewer import actor, current_viewer, site_settings


@blueprint.get("/foren/<slug>")
@access(Permission.READ_PUBLIC)
def show(slug: str) -> ResponseReturnValue:
    """Show a forum: what it is, and the one thing that can be done now."""
    row = forums.row(slug)
    forum, now = row.forum, utcnow()
    is_open = forums.is_open(forum, now)
    code = forums.code_of(forum.id) if is_open else None
    own = registrations.of_address(forum.id, current_viewer().email)
    is_over = words.is_over(forum, now)
    return render_template(
        "forums/show.html",
        forum=forum,
        row=row,
        words=words,
        standing=words.standing(row),
        watching=button.of(WatchKind.FORUM, forum.id),
        text=page_html(forum.text, "text-"),
        agenda=page_html(forum.agenda, "ablauf-"),
        is_open=is_open,
        is_over=is_over,
        takes_registrations=forums.takes_registrations(forum, now),
        code=code,
        qr=join_qr(code) if code else None,
        own=own if own is not None and own.state is not RegistrationState.UNCONFIRMED else None,
        counts=counts(actor(), forum_id=forum.id) if is_open or is_over else None,
        has_polls=(is_open or is_over) and polls.has_results(forum.id),
    )


def join_url(code: str) -> str:
    """Return the full address that a code on the wall stands for."""
    return external("forums.join", code=code)


def join_qr(code: str) -> object:
    """Return the picture of the address of a code."""
    return qr_svg(join_url(code), label=join_url(code))


@blueprint.get("/foren/<slug>.ics")
@access(Permission.READ_PUBLIC)
def calendar_file(slug: str) -> Response:
    """Return the calendar entry of a forum with a date."""
    forum = forums.load(slug)
    if not has_calendar_entry(forum):
        raise NotFound(kind="calendar", slug=slug)
    text = calendar([calendar_entry(forum)], name=site_settings().name, made_at=forum.changed_at)
    return download(text.encode(), f"{slug}.ics")
