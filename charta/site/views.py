# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of the installation: legal pages, news and dates, and the files feed readers and calendars fetch."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from charta.db import utcnow
from charta.forums.entries import calendar_entry
from charta.forums.queries import forums
from charta.forums.rules import ForumState
from charta.permissions import Permission
from charta.site import queries
from charta.site.calendar import Event, calendar
from charta.site.templates import page_template
from charta.site.words import page_titles
from charta.web.access import access
from charta.web.i18n import locale_code
from charta.web.pager import cut, key_argument
from charta.web.prose import page_html
from charta.web.urls import external
from charta.web.viewer import site_settings

blueprint = Blueprint("site", __name__)


@blueprint.get("/<any(impressum,datenschutz,barrierefreiheit,'ueber-uns',kontakt):slug>")
@access(Permission.READ_PUBLIC)
def page(slug: str) -> ResponseReturnValue:
    """Show a page administrators edit; a legal one nobody has stored yet shows its template."""
    found = queries.page(slug, locale_code()) or page_template(slug)
    return render_template(
        "site/page.html",
        title=found.title if found else page_titles()[slug],
        page=found,
        body=page_html(found.body) if found else "",
        slug=slug,
    )


@blueprint.get("/aktuelles")
@access(Permission.READ_PUBLIC)
def news() -> ResponseReturnValue:
    """List the news, newest first."""
    before_id = key_argument()
    items = cut(queries.news_page(before_id=before_id), queries.PAGE_SIZE, lambda item: item.id)
    return render_template(
        "site/news.html",
        items=[(item, page_html(item.body, prefix=f"n{item.id}-")) for item in items.items],
        next_url=url_for("site.news", nach=items.next_key) if items.next_key else None,
        first_url=url_for("site.news") if before_id else None,
    )


@blueprint.get("/aktuelles.atom")
@access(Permission.READ_PUBLIC)
def news_feed() -> Response:
    """Return the newest news for feed readers (Atom, RFC 4287)."""
    items = queries.news(limit=20)
    base = external("site.news")
    return _file(
        render_template(
            "site/news.xml",
            entries=[
                {
                    "id": f"{base}#n{item.id}",
                    "title": item.title,
                    "at": item.published_at.isoformat(timespec="seconds"),
                    "html": str(page_html(item.body, prefix=f"n{item.id}-")),
                }
                for item in items
            ],
            updated=max((item.published_at for item in items), default=utcnow()).isoformat(
                timespec="seconds"
            ),
            self_url=external("site.news_feed"),
            base_url=base,
        ),
        "application/atom+xml",
    )


@blueprint.get("/termine")
@access(Permission.READ_PUBLIC)
def dates() -> ResponseReturnValue:
    """List the coming dates and forums, and behind a fold the past ones."""
    found, now = _all_dates(), utcnow()
    return render_template(
        "site/dates.html",
        coming=[one for one in found if (one.ends_at or one.starts_at) >= now],
        past=[one for one in reversed(found) if (one.ends_at or one.starts_at) < now][:20],
    )


@dataclass(frozen=True, slots=True)
class DateRow:
    """A date of the list: one of its own or that of a forum, which has a page."""

    anchor: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    slug: str = ""
    is_cancelled: bool = False


def _all_dates() -> list[DateRow]:
    """Return past and coming dates with those of the forums, soonest first."""
    found = [
        DateRow(f"t{item.id}", item.title, item.place, item.starts_at, item.ends_at)
        for item in (*queries.past_dates(limit=20), *queries.coming_dates(limit=100))
    ]
    found += [
        DateRow(
            f"f{forum.id}",
            forum.title,
            forum.place,
            forum.starts_at,
            forum.ends_at,
            forum.slug,
            forum.state is ForumState.CANCELLED,
        )
        for forum in forums.dated()
        if forum.starts_at is not None
    ]
    return sorted(found, key=lambda row: (row.starts_at, row.anchor))


@blueprint.get("/termine.ics")
@access(Permission.READ_PUBLIC)
def calendar_file() -> Response:
    """Return the dates for calendars to subscribe to."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "charta"
    found = [*queries.past_dates(limit=20), *queries.coming_dates(limit=100)]
    own = [
        Event(
            uid=f"termin-{item.id}@{host}",
            title=item.title,
            place=item.place,
            starts_at=item.starts_at,
            ends_at=item.ends_at,
            url=f"{external('site.dates')}#t{item.id}",
        )
        for item in found
    ]
    of_forums = [calendar_entry(forum) for forum in forums.dated()]
    text = calendar(
        sorted([*own, *of_forums], key=lambda event: (event.starts_at, event.uid)),
        name=site_settings().name,
        made_at=utcnow(),
    )
    return _file(text, "text/calendar")


def _file(text: str, mimetype: str) -> Response:
    return make_response(text, {"Content-Type": f"{mimetype}; charset=utf-8"})
