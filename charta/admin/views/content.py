# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages, news and dates."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.admin.forms import DateForm, NewsForm, PageForm
from charta.admin.views.blueprint import blueprint
from charta.db import utcnow
from charta.errors import EditConflict, NotFound
from charta.permissions import Permission
from charta.site import queries, service
from charta.site.models import CalendarDate, NewsItem
from charta.site.rules import NEWS_MAX, PAGE_MAX, SLUGS
from charta.site.templates import page_template
from charta.site.words import page_titles
from charta.web.access import access
from charta.web.forms import catching, conflict_sentence
from charta.web.i18n import LOCALES
from charta.web.pager import cut, key_argument
from charta.web.prose import page_html
from charta.web.viewer import actor


@blueprint.get("/verwaltung/seiten")
@access(Permission.MANAGE_SITE)
def pages() -> ResponseReturnValue:
    """List the pages of the installation in every language."""
    stored = {(page.slug, page.locale): page for page in queries.pages()}
    titles = page_titles()
    return render_template(
        "admin/pages.html",
        rows=[
            (
                slug,
                titles[slug],
                [(locale, word, stored.get((slug, locale))) for locale, word in LOCALES.items()],
            )
            for slug in SLUGS
        ],
        has_template={slug: page_template(slug) is not None for slug in SLUGS},
    )


@blueprint.route("/verwaltung/seiten/<slug>/<locale>", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def edit_page(slug: str, locale: str) -> ResponseReturnValue:
    """Change a page; the preview is the same page again with the text rendered below."""
    if slug not in SLUGS or locale not in LOCALES:
        raise NotFound(kind="page", slug=slug)
    found = queries.page(slug, locale)
    stored = found if found and found.locale == locale else None
    form = PageForm()
    other = None
    if request.method == "GET":
        start = stored or found or page_template(slug)
        form.title.data = start.title if start else page_titles()[slug]
        form.body.data = start.body if start else ""
        form.is_checked.data = bool(stored and not stored.is_template)
        form.seen_version.data = str(stored.version if stored else 0)
    is_preview = request.form.get("schritt") == "vorschau"
    if form.validate_on_submit() and not is_preview:
        seen = form.seen_version.data or ""
        with catching(form):
            try:
                service.save_page(
                    actor(),
                    slug,
                    locale,
                    title=form.title.data or "",
                    body=form.body.data or "",
                    seen_version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else -1,
                    is_template=not form.is_checked.data,
                )
            except EditConflict as error:
                other = error.data
                form.seen_version.data = str(error.data["version"])
                form.refuse("", conflict_sentence(error), status_code=409)
            else:
                flash(_("Die Seite ist gespeichert."), "success")
                return redirect(url_for("site.page", slug=slug), 303)
    return (
        render_template(
            "admin/page.html",
            form=form,
            slug=slug,
            page_locale=locale,
            language=LOCALES[locale],
            page_name=page_titles()[slug],
            preview=page_html(form.body.data or "") if is_preview else None,
            other=other,
            limit=PAGE_MAX,
        ),
        form.status_code,
    )


@blueprint.get("/verwaltung/aktuelles")
@access(Permission.MANAGE_SITE)
def news() -> ResponseReturnValue:
    """List the news, planned ones included."""
    before_id = key_argument()
    rows = cut(
        queries.news_page(before_id=before_id, with_planned=True), queries.PAGE_SIZE, lambda row: row.id
    )
    return render_template(
        "admin/news.html",
        items=rows.items,
        now=utcnow(),
        first_url=url_for("admin.news") if before_id else None,
        next_url=url_for("admin.news", nach=rows.next_key) if rows.next_key else None,
    )


@blueprint.route("/verwaltung/aktuelles/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def new_news() -> ResponseReturnValue:
    """Publish a piece of news, now or later."""
    return _edit_news(None)


@blueprint.route("/verwaltung/aktuelles/<id:news_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def edit_news(news_id: int) -> ResponseReturnValue:
    """Change a piece of news."""
    found = queries.news_item(news_id)
    if found is None:
        raise NotFound(kind="news", id=news_id)
    return _edit_news(found)


def _edit_news(found: NewsItem | None) -> ResponseReturnValue:
    form = NewsForm(obj=found if request.method == "GET" else None)
    if request.method == "GET" and found is None:
        form.published_at.data = utcnow()
    is_preview = request.form.get("schritt") == "vorschau"
    if form.validate_on_submit() and not is_preview:
        values = {
            "title": form.title.data or "",
            "body": form.body.data or "",
            "published_at": form.published_at.data,
        }
        with catching(form):
            if found is None:
                service.publish_news(actor(), **values)
            else:
                service.change_news(actor(), found.id, **values)
            flash(_("Die Nachricht ist gespeichert."), "success")
            return redirect(url_for("admin.news"), 303)
    return (
        render_template(
            "admin/news_item.html",
            form=form,
            found=found,
            preview=page_html(form.body.data or "") if is_preview else None,
            limit=NEWS_MAX,
        ),
        form.status_code,
    )


@blueprint.post("/verwaltung/aktuelles/<id:news_id>/loeschen")
@access(Permission.MANAGE_SITE)
def delete_news(news_id: int) -> ResponseReturnValue:
    """Delete a piece of news."""
    service.delete_news(actor(), news_id)
    flash(_("Die Nachricht ist gelöscht."), "success")
    return redirect(url_for("admin.news"), 303)


@blueprint.get("/verwaltung/termine")
@access(Permission.MANAGE_SITE)
def dates() -> ResponseReturnValue:
    """List the dates."""
    return render_template(
        "admin/dates.html", coming=queries.coming_dates(limit=100), past=queries.past_dates(limit=50)
    )


@blueprint.route("/verwaltung/termine/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def new_date() -> ResponseReturnValue:
    """Announce a date."""
    return _edit_date(None)


@blueprint.route("/verwaltung/termine/<id:date_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def edit_date(date_id: int) -> ResponseReturnValue:
    """Change a date."""
    found = queries.calendar_date(date_id)
    if found is None:
        raise NotFound(kind="date", id=date_id)
    return _edit_date(found)


def _edit_date(found: CalendarDate | None) -> ResponseReturnValue:
    form = DateForm(obj=found if request.method == "GET" else None)
    if form.validate_on_submit():
        values = {
            "title": form.title.data or "",
            "place": form.place.data or "",
            "starts_at": form.starts_at.data,
            "ends_at": form.ends_at.data,
        }
        with catching(form):
            if found is None:
                service.announce_date(actor(), **values)
            else:
                service.change_date(actor(), found.id, **values)
            flash(_("Der Termin ist gespeichert."), "success")
            return redirect(url_for("admin.dates"), 303)
    return render_template("admin/date.html", form=form, found=found), form.status_code


@blueprint.post("/verwaltung/termine/<id:date_id>/loeschen")
@access(Permission.MANAGE_SITE)
def delete_date(date_id: int) -> ResponseReturnValue:
    """Delete a date."""
    service.delete_date(actor(), date_id)
    flash(_("Der Termin ist gelöscht."), "success")
    return redirect(url_for("admin.dates"), 303)
