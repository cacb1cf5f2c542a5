# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Planning forums: series, the form of a forum, the page its moderator works from, moving and calling off."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import InvalidInput, NotFound
from charta.forums import words
from charta.forums.models import Forum
from charta.forums.queries import forums, registrations
from charta.forums.rules import DATED, TRANSITIONS
from charta.forums.service import arranging
from charta.forums.service import planning as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.planning_forms import CancelForm, ForumForm, MoveForm, SeenForm, SeriesForm
from charta.permissions import Permission
from charta.sections import queries as sections
from charta.web import words as general
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor

# -------------------------------------------------------------------------------------------------- series


@blueprint.route("/foren/reihen", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def series() -> ResponseReturnValue:
    """List the series in their order, and make a new one."""
    form = SeriesForm()
    if form.validate_on_submit():
        with catching(form):
            arranging.make_series(actor(), title=form.title.data or "", text=form.text.data or "")
            flash(_("Die Forumsreihe ist angelegt."), "success")
            return redirect(url_for("forums.series"), 303)
    page = render_template(
        "forums/series.html",
        form=form,
        series=forums.series(),
        counts=forums.count_by_series(),
        order_form=SeenForm(),
    )
    return page, form.status_code


@blueprint.route("/foren/reihen/<id:series_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def edit_series(series_id: int) -> ResponseReturnValue:
    """Rename or describe a series."""
    found = forums.series_by_id(series_id)
    if found is None:
        raise NotFound(kind="forum_series", id=series_id)
    form = SeriesForm(obj=found if request.method == "GET" else None)
    if form.validate_on_submit():
        with catching(form):
            arranging.change_series(
                actor(), series_id, title=form.title.data or "", text=form.text.data or ""
            )
            flash(_("Die Forumsreihe ist gespeichert."), "success")
            return redirect(url_for("forums.series"), 303)
    return render_template("forums/edit_series.html", form=form, series=found), form.status_code


@blueprint.post("/foren/reihen/ordnen")
@access(Permission.MANAGE_FORUMS)
def order_series() -> ResponseReturnValue:
    """Let one series change places with the one above it."""
    order = [int(one) for one in request.form.get("order", "").split(",") if _is_id(one)]
    raised = request.form.get("hoch", "")
    if _is_id(raised) and int(raised) in order[1:]:
        place = order.index(int(raised))
        order[place - 1], order[place] = order[place], order[place - 1]
    arranging.order_series(actor(), order)
    return redirect(url_for("forums.series"), 303)


# --------------------------------------------------------------------------------------------------- forums


def _is_id(raw: str) -> bool:
    return raw.isascii() and raw.isdigit() and len(raw) < 10


@blueprint.route("/foren/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def new() -> ResponseReturnValue:
    """Plan a new forum."""
    known = forums.series()
    if not known:
        flash(_("Ein Forum gehört zu einer Reihe. Legen Sie zuerst eine an."), "info")
        return redirect(url_for("forums.series"), 303)
    form = ForumForm()
    form.offer(known, sections.sources())
    if form.validate_on_submit():
        with catching(form):
            made = service.make_forum(actor(), form.details(None))
            flash(_("Das Forum ist geplant. Interessierte können sich vormerken lassen."), "success")
            return redirect(url_for("forums.lead", slug=made.slug), 303)
    return render_template("forums/edit.html", form=form, forum=None), form.status_code


@blueprint.route("/foren/<slug>/bearbeiten", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def edit(slug: str) -> ResponseReturnValue:
    """Change what a forum is; date and place of a sure forum change on a page of their own."""
    forum = forums.load(slug)
    form = ForumForm()
    form.offer(forums.series(), sections.sources())
    form.fit(forum)
    if not form.is_submitted():
        form.fill(forum, forums.code_of(forum.id) or "")
    elif form.validate_on_submit():
        with catching(form):
            stored = service.change_forum(
                actor(), forum.id, form.details(forum), seen_version=form.seen_version.data or 0
            )
            flash(_("Die Angaben sind gespeichert."), "success")
            return redirect(url_for("forums.lead", slug=stored.slug), 303)
    page = render_template(
        "forums/edit.html", form=form, forum=forum, words=words, date_is_fixed=forum.state in DATED
    )
    return page, form.status_code


# -------------------------------------------------------------------------------------- the moderator's page


@blueprint.get("/foren/<slug>/leitung")
@access(Permission.RUN_FORUM)
def lead(slug: str) -> ResponseReturnValue:
    """Show everything around a forum on one page: what to do next, numbers, and ways to each part."""
    return _lead(slug)


def _lead(slug: str, *, error: str = "", status: int = 200) -> ResponseReturnValue:
    row = forums.row(slug)
    page = render_template(
        "forums/lead.html",
        row=row,
        forum=row.forum,
        words=words,
        standing=words.standing(row),
        code=forums.code_of(row.forum.id),
        is_open=forums.is_open(row.forum, utcnow()),
        has_begun=row.forum.starts_at is not None and row.forum.starts_at <= utcnow(),
        counts=registrations.counts(row.forum.id),
        verbs={verb.value for state, verb in TRANSITIONS if state is row.forum.state},
        form=_seen_form(row.forum),
        error=error,
    )
    return page, status


def _seen_form(forum: Forum) -> SeenForm:
    form = SeenForm(formdata=None)
    form.seen_version.data = forum.version
    return form


@blueprint.post("/foren/<slug>/zusagen")
@access(Permission.MANAGE_FORUMS)
def confirm(slug: str) -> ResponseReturnValue:
    """Say that a forum takes place."""
    forum = forums.load(slug)
    form = SeenForm()
    if form.validate_on_submit():
        try:
            service.confirm(actor(), forum.id, seen_version=form.seen_version.data or 0)
        except InvalidInput as error:
            return _lead(slug, error=general.input_error(error.code, error.data), status=422)
        flash(_("Das Forum findet statt. Wer sich vormerken ließ, bekommt eine E-Mail."), "success")
    return redirect(url_for("forums.lead", slug=slug), 303)


@blueprint.post("/foren/<slug>/abschliessen")
@access(Permission.MANAGE_FORUMS)
def close(slug: str) -> ResponseReturnValue:
    """Note that a forum was held."""
    forum = forums.load(slug)
    form = SeenForm()
    if form.validate_on_submit():
        service.close(actor(), forum.id, seen_version=form.seen_version.data or 0)
        flash(_("Das Forum ist abgeschlossen."), "success")
    return redirect(url_for("forums.lead", slug=slug), 303)


@blueprint.route("/foren/<slug>/verlegen", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def move(slug: str) -> ResponseReturnValue:
    """Give a forum another date or place; everybody registered reads the reason."""
    row = forums.row(slug)
    forum = row.forum
    form = MoveForm()
    if not form.is_submitted():
        form.starts_at.data, form.ends_at.data = forum.starts_at, forum.ends_at
        form.place.data, form.address.data = forum.place, forum.address
        form.seen_version.data = forum.version
    elif form.validate_on_submit():
        with catching(form):
            service.move(
                actor(),
                forum.id,
                starts_at=form.starts_at.data,
                ends_at=form.ends_at.data,
                place=form.place.data or "",
                address=form.address.data or "",
                reason=form.reason.data or "",
                seen_version=form.seen_version.data or 0,
            )
            flash(_("Das Forum ist verlegt. Alle Angemeldeten bekommen eine E-Mail."), "success")
            return redirect(url_for("forums.lead", slug=slug), 303)
    page = render_template("forums/move.html", form=form, forum=forum, row=row, words=words)
    return page, form.status_code


@blueprint.route("/foren/<slug>/absagen", methods=["GET", "POST"])
@access(Permission.MANAGE_FORUMS)
def cancel(slug: str) -> ResponseReturnValue:
    """Call a forum off; everybody registered reads the reason."""
    row = forums.row(slug)
    form = CancelForm()
    if not form.is_submitted():
        form.seen_version.data = row.forum.version
    elif form.validate_on_submit():
        with catching(form):
            service.cancel(
                actor(),
                row.forum.id,
                reason=form.reason.data or "",
                seen_version=form.seen_version.data or 0,
            )
            flash(_("Das Forum ist abgesagt. Alle Angemeldeten bekommen eine E-Mail."), "success")
            return redirect(url_for("forums.lead", slug=slug), 303)
    page = render_template("forums/cancel.html", form=form, forum=row.forum, row=row, words=words)
    return page, form.status_code
