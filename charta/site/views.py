# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of the installation: legal pages, news and dates, and the files feed readers and calendars fetch."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from charta.db import utcnow
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
    """List the coming dates, and behind a fold the past ones."""
    return render_template(
        "site/dates.html", coming=queries.coming_dates(limit=100), past=queries.past_dates(limit=20)
    )


@blueprint.get("/termine.ics")
@access(Permission.READ_PUBLIC)
def calendar_file() -> Response:
    """Return the dates for calendars to subscribe to."""
    host = urlsplit(current_app.config["BASE_URL"]).hostname or "charta"
    found = [*queries.past_dates(limit=20), *queries.coming_dates(limit=100)]
    text = calendar(
        (
            Event(
                uid=f"termin-{item.id}@{host}",
                title=item.title,
                place=item.place,
                starts_at=item.starts_at,
                ends_at=item.ends_at,
                url=f"{external('site.dates')}#t{item.id}",
            )
            for item in sorted(found, key=lambda item: (item.starts_at, item.id))
        ),
        name=site_settings().name,
        made_at=utcnow(),
    )
    return _file(text, "text/calendar")


def _file(text: str, mimetype: str) -> Response:
    return make_response(text, {"Content-Type": f"{mimetype}; charset=utf-8"})
