# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settling and reporting threads, hiding comments, and the moderation's list of them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.comments import talking
from charta.comments.forms import DeedForm, HideForm, ReportForm, SeveralForm
from charta.comments.queries import moderation
from charta.comments.queries.moderation import Shown
from charta.comments.queries.threads import PAGE_SIZE
from charta.comments.rules import REASON_MAX
from charta.comments.service import moderating
from charta.comments.views.addresses import after
from charta.comments.views.blueprint import blueprint
from charta.comments.views.showing import load_row
from charta.errors import InvalidInput, NotFound
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.pager import cut, key_argument
from charta.web.urls import MAX_ID
from charta.web.viewer import actor

_FILTERS = {"gemeldet": Shown.REPORTED, "ausgeblendet": Shown.HIDDEN, "alle": Shown.ALL}


@blueprint.post("/kommentare/<id:comment_id>/erledigt")
@access(Permission.RESOLVE_COMMENT)
def resolve(comment_id: int) -> ResponseReturnValue:
    """Call a thread settled."""
    form, row = DeedForm(), load_row(comment_id)
    if form.validate_on_submit():
        moderating.resolve(actor(), comment_id)
        flash(_("Das Gespräch ist als erledigt markiert."), "success")
    return redirect(after(form.weiter.data, row, comment_id), 303)


@blueprint.post("/kommentare/<id:comment_id>/oeffnen")
@access(Permission.RESOLVE_COMMENT)
def reopen(comment_id: int) -> ResponseReturnValue:
    """Say that a thread is not settled after all."""
    form, row = DeedForm(), load_row(comment_id)
    if form.validate_on_submit():
        moderating.reopen(actor(), comment_id)
        flash(_("Das Gespräch ist wieder offen."), "success")
    return redirect(after(form.weiter.data, row, comment_id), 303)


@blueprint.route("/kommentare/<id:comment_id>/melden", methods=["GET", "POST"])
@access(Permission.REPORT_COMMENT)
def report(comment_id: int) -> ResponseReturnValue:
    """Ask the moderation to look at a comment."""
    row = load_row(comment_id)
    if row.is_gap:
        raise NotFound(kind="comment", id=comment_id)
    form = ReportForm()
    if form.validate_on_submit():
        with catching(form):
            moderating.report(actor(), comment_id, reason=form.reason.data or "")
            flash(_("Danke. Die Moderation sieht sich den Kommentar an."), "success")
            return redirect(after(form.weiter.data, row, comment_id), 303)
    elif not form.is_submitted():
        form.weiter.data = request.args.get("weiter", "")
    page = render_template(
        "comments/report.html",
        form=form,
        row=row,
        is_reported=moderation.is_reported_by(actor(), comment_id),
        limit=REASON_MAX,
        back=after(form.weiter.data, row, comment_id),
    )
    return page, form.status_code


@blueprint.route("/kommentare/<id:comment_id>/ausblenden", methods=["GET", "POST"])
@access(Permission.HIDE_COMMENT)
def hide(comment_id: int) -> ResponseReturnValue:
    """Hide a comment with a reason."""
    row = load_row(comment_id)
    if row.is_deleted:
        raise NotFound(kind="comment", id=comment_id)
    form = HideForm()
    if form.validate_on_submit():
        with catching(form):
            moderating.hide(actor(), comment_id, reason=form.reason.data or "")
            flash(_("Der Kommentar ist ausgeblendet."), "success")
            return redirect(after(form.weiter.data, row, comment_id), 303)
    elif not form.is_submitted():
        form.weiter.data = request.args.get("weiter", "")
    page = render_template(
        "comments/hide.html",
        form=form,
        row=row,
        author=talking.author,
        limit=REASON_MAX,
        back=after(form.weiter.data, row, comment_id),
    )
    return page, form.status_code


@blueprint.post("/kommentare/<id:comment_id>/zeigen")
@access(Permission.HIDE_COMMENT)
def unhide(comment_id: int) -> ResponseReturnValue:
    """Show a hidden comment again."""
    form, row = DeedForm(), load_row(comment_id)
    if form.validate_on_submit():
        moderating.show(actor(), comment_id)
        flash(_("Der Kommentar ist wieder zu lesen."), "success")
    return redirect(after(form.weiter.data, row, comment_id), 303)


# ------------------------------------------------------------------------------------------------ the desk


@blueprint.route("/moderation/kommentare", methods=["GET", "POST"])
@access(Permission.HIDE_COMMENT)
def desk() -> ResponseReturnValue:
    """List reported, hidden or all comments; hide several or say that they are in order."""
    form = SeveralForm()
    chosen = _ids("kommentar")
    if form.validate_on_submit():
        with catching(form):
            _do(form, chosen)
            return redirect(url_for("comments.desk", zeige=request.args.get("zeige")), 303)
    shown = request.args.get("zeige", "gemeldet")
    shown = shown if shown in _FILTERS else "gemeldet"
    found = moderation.lines(actor(), _FILTERS[shown], before=key_argument("vor"))
    page = render_template(
        "comments/desk.html",
        form=form,
        shown=shown,
        page=cut(found, PAGE_SIZE, lambda line: line.row.id),
        chosen=chosen if form.errors else [],
        reported=moderation.count_of_reported(),
        limit=REASON_MAX,
        author=talking.author,
    )
    return page, form.status_code


def _ids(name: str) -> list[int]:
    """Return the ids of comments in a field of the form; nonsense is left out."""
    raws = request.form.getlist(name)
    return [
        int(raw)
        for raw in raws
        if raw.isascii() and raw.isdigit() and len(raw) < 11 and 0 < int(raw) <= MAX_ID
    ]


def _do(form: SeveralForm, chosen: list[int]) -> None:
    """Do what the pressed button says; that of a single comment leaves the ticked ones alone."""
    if "bleibt" in request.form:
        _settle(_ids("bleibt"))
        return
    match request.form.get("tat", ""):
        case "ausblenden":
            count = moderating.hide_all(actor(), chosen, reason=form.reason.data or "")
            flash(
                ngettext("%(num)s Kommentar ausgeblendet.", "%(num)s Kommentare ausgeblendet.", count),
                "success",
            )
        case "in-ordnung":
            _settle(chosen)
        case _:
            raise InvalidInput("tat", "invalid")


def _settle(comment_ids: list[int]) -> None:
    """Say that these comments are in order."""
    count = moderating.settle_all(actor(), comment_ids)
    flash(
        ngettext(
            "Eine Meldung ist geklärt, der Kommentar bleibt stehen.",
            "%(num)s Meldungen sind geklärt, die Kommentare bleiben stehen.",
            count,
        ),
        "success",
    )
