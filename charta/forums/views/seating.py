# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables of a forum, their codes, and the sheets to print: one for the wall, one for each table."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.fields import queries as fields
from charta.forums import words
from charta.forums.models import Forum
from charta.forums.queries import forums
from charta.forums.rules import TABLES_MAX
from charta.forums.service import seating as service
from charta.forums.service.seating import TableRow
from charta.forums.views.blueprint import blueprint
from charta.forums.views.planning_forms import AddTablesForm, number_or_none
from charta.forums.views.showing import join_url
from charta.permissions import Permission
from charta.web.access import access
from charta.web.downloads import download
from charta.web.forms import Form, catching
from charta.web.i18n import locale_code
from charta.web.pdf import pdf
from charta.web.qr import qr_svg
from charta.web.urls import MAX_ID
from charta.web.viewer import actor, site_settings


@blueprint.route("/foren/<slug>/tische", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def tables(slug: str) -> ResponseReturnValue:
    """List the tables with their codes; name them and preset their fields."""
    forum = forums.load(slug)
    form = Form()
    if form.validate_on_submit():
        with catching(form):
            service.change_tables(actor(), forum.id, _typed_rows())
            flash(_("Die Tische sind gespeichert."), "success")
            return redirect(url_for("forums.tables", slug=slug), 303)
    return _page(forum, form, AddTablesForm(formdata=None)), form.status_code


def _typed_rows() -> list[TableRow]:
    """Return the rows of the form; a row with a nonsensical number is left out."""
    rows = []
    for raw in request.form.getlist("table")[:TABLES_MAX]:
        if not (raw.isascii() and raw.isdigit() and 0 < int(raw) <= MAX_ID):
            continue
        try:
            field_id = number_or_none(request.form.get(f"field-{raw}", ""))
        except ValueError:
            field_id = None
        if field_id is not None and not 0 < field_id <= MAX_ID:
            field_id = None
        rows.append(TableRow(int(raw), request.form.get(f"name-{raw}", ""), field_id))
    return rows


@blueprint.post("/foren/<slug>/tische/neu")
@access(Permission.MANAGE_FORUMS)
def add_tables(slug: str) -> ResponseReturnValue:
    """Set up further tables."""
    forum = forums.load(slug)
    form = AddTablesForm()
    if form.validate_on_submit():
        with catching(form):
            service.add_tables(actor(), forum.id, count=form.count.data or 0)
            return redirect(url_for("forums.tables", slug=slug), 303)
    return _page(forum, Form(formdata=None), form), form.status_code


@blueprint.post("/foren/<slug>/tische/<id:table_id>/entfernen")
@access(Permission.MANAGE_FORUMS)
def remove_table(slug: str, table_id: int) -> ResponseReturnValue:
    """Take a table away."""
    forum = forums.load(slug)
    form = Form()
    if form.validate_on_submit():
        with catching(form):
            service.remove_table(actor(), forum.id, table_id)
            return redirect(url_for("forums.tables", slug=slug), 303)
    if form.status_code == 409:
        form.form_errors = [_("An diesem Tisch saß schon jemand. Er kann nicht mehr entfernt werden.")]
    return _page(forum, form, AddTablesForm(formdata=None)), form.status_code


def _page(forum: Forum, form: Form, add_form: AddTablesForm) -> str:
    return render_template(
        "forums/tables.html",
        forum=forum,
        form=form,
        add_form=add_form,
        tables=forums.tables(forum.id),
        fields=fields.fields(),
        code=forums.code_of(forum.id),
        words=words,
    )


@blueprint.get("/foren/<slug>/aushang.pdf")
@access(Permission.RUN_FORUM)
def wall_sheet(slug: str) -> Response:
    """Return the sheet for the wall: a large code to read and to scan."""
    forum = forums.load(slug)
    code = forums.code_of(forum.id) or ""
    return download(_sheets(forum, [_sheet(forum, code)]), f"{_('aushang')}-{slug}.pdf")


@blueprint.get("/foren/<slug>/tischschilder.pdf")
@access(Permission.RUN_FORUM)
def table_sheets(slug: str) -> Response:
    """Return a sign for each table; without tables the sheet for the wall."""
    forum = forums.load(slug)
    names = {one.id: one.name for one in fields.fields()}
    found = [
        _sheet(
            forum,
            code,
            table=_("Tisch %(number)s", number=table.number),
            name=table.name,
            field=names.get(table.field_id, "") if table.field_id else "",
        )
        for table, code in forums.tables(forum.id)
    ]
    pages = found or [_sheet(forum, forums.code_of(forum.id) or "")]
    return download(_sheets(forum, pages), f"{_('tischschilder')}-{slug}.pdf")


def _sheet(forum: Forum, code: str, *, table: str = "", name: str = "", field: str = "") -> dict[str, str]:
    url = join_url(code)
    return {
        "title": forum.title,
        "when": words.date_line(forum),
        "table": table,
        "name": name,
        "field": field,
        "code": code,
        "url": url.partition("://")[2],
        "qr": str(qr_svg(url, label=url)),
    }


def _sheets(forum: Forum, pages: list[dict[str, str]]) -> bytes:
    return pdf(
        "signs",
        {
            "lang": locale_code(),
            "title": forum.title,
            "house": site_settings().name,
            "pages": pages,
            "call": _("Jetzt mitmachen"),
            "scan": _("Scannen Sie das Bild mit der Kamera Ihres Telefons"),
            "or_type": _("oder öffnen Sie die Adresse"),
            "code_label": _("Code"),
            "no_mail": _("Ein Name genügt, eine E-Mail-Adresse brauchen Sie nicht."),
        },
    )
