# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the viewer was told: by day, all or unread; marking as read. Looking at the list marks nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.notifications.queries import UNREAD_MAX
from charta.permissions import Permission, may
from charta.watching import words
from charta.watching.addresses import url_of
from charta.watching.queries import notices as queries
from charta.watching.queries.notices import Line
from charta.watching.reasons import why_of
from charta.watching.service import reading
from charta.watching.views.blueprint import blueprint
from charta.web.access import access
from charta.web.dates import local
from charta.web.pager import cut, key_argument
from charta.web.urls import local_target
from charta.web.viewer import actor, current_viewer, policy, site_settings

ONLY_UNREAD = "ungelesen"


@dataclass(frozen=True, slots=True)
class Day:
    """The notices of one day in Germany, newest first."""

    at: datetime
    lines: Sequence[Line]


@blueprint.get("/mein-bereich/nachrichten")
@access(Permission.WATCH)
def notices() -> ResponseReturnValue:
    """Show what the viewer was told, newest first by day, each with why."""
    only_unread = request.args.get("nur") == ONLY_UNREAD
    before = key_argument("vor")
    page = cut(
        queries.lines(
            actor(),
            site_settings(),
            reads_text=bool(may(actor(), Permission.READ_DRAFT, policy=policy())),
            only_unread=only_unread,
            before=before,
        ),
        queries.PAGE_SIZE,
        lambda line: line.seq,
    )
    kept: dict[str, Any] = {"nur": ONLY_UNREAD} if only_unread else {}
    unread = current_viewer().unread
    return render_template(
        "watching/notices.html",
        days=[Day(group[0].at, group) for group in _by_day(page.items)],
        only_unread=only_unread,
        unread=unread,
        unread_words=unread_words(unread),
        segments=[
            {"label": _("Alle"), "url": url_for("watching.notices"), "current": not only_unread},
            {
                "label": _("Ungelesen"),
                "url": url_for("watching.notices", nur=ONLY_UNREAD),
                "current": only_unread,
                "count": short(unread) if unread else None,
            },
        ],
        # Only what the viewer has seen: what came in meanwhile stays unread.
        newest=max(line.seq for line in page.items) if page.items and before is None else None,
        next_url=url_for("watching.notices", **kept, vor=page.next_key) if page.next_key else None,
        first_url=url_for("watching.notices", **kept) if before is not None else None,
        here=request.full_path if request.query_string else request.path,
        words=words,
        why=why_of,
        url_of=lambda deed: url_of(deed, url_for),
    )


def _by_day(lines: Sequence[Line]) -> list[list[Line]]:
    # The log is in order of time, except where a demonstration wrote its past afterwards.
    ordered = sorted(lines, key=lambda line: (line.at, line.seq), reverse=True)
    return [list(group) for _date, group in groupby(ordered, key=lambda line: local(line.at).date())]


def short(unread: int) -> str:
    """Return the number at the bell: „99+“ where counting stopped."""
    return f"{UNREAD_MAX - 1}+" if unread >= UNREAD_MAX else str(unread)


def unread_words(unread: int) -> str:
    """Return how many are unread, in words."""
    if unread >= UNREAD_MAX:
        return _("Mehr als %(number)s Nachrichten sind ungelesen.", number=UNREAD_MAX - 1)
    if not unread:
        return _("Sie haben alles gelesen.")
    return ngettext("%(num)s Nachricht ist ungelesen.", "%(num)s Nachrichten sind ungelesen.", unread)


@blueprint.post("/mein-bereich/nachrichten/gelesen")
@access(Permission.WATCH)
def read_all() -> ResponseReturnValue:
    """Mark all the viewer has seen as read."""
    raw = request.form.get("bis", "")
    until = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 19 else 0
    if reading.mark_all_read(actor(), until=until):
        flash(_("Alle Nachrichten sind als gelesen gekennzeichnet."), "success")
    return redirect(_back(), 303)


@blueprint.post("/mein-bereich/nachrichten/<id:notice_id>/gelesen")
@access(Permission.WATCH)
def read_one(notice_id: int) -> ResponseReturnValue:
    """Mark one of the viewer's notices as read; one of somebody else stays as it is."""
    reading.mark_read(actor(), notice_id)
    return redirect(_back(), 303)


def _back() -> str:
    return local_target(request.form.get("weiter"), url_for("watching.notices"))
