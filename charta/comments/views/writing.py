# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing comments: new ones, answers, changes, taking back; and whom one can name."""

import secrets

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.comments.forms import CommentForm, DeedForm, EditForm
from charta.comments.queries import mentioning, subjects
from charta.comments.queries.rows import Row
from charta.comments.rules import BODY_MAX, SubjectKind, may_still_edit
from charta.comments.service import writing
from charta.comments.talking import who_reads
from charta.comments.views.addresses import after
from charta.comments.views.blueprint import blueprint
from charta.comments.views.showing import load_own
from charta.db import utcnow
from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.pager import key_argument
from charta.web.urls import local_target
from charta.web.viewer import actor, site_settings


@blueprint.post("/kommentare")
@access(Permission.COMMENT)
def write() -> ResponseReturnValue:
    """Write a comment or an answer; a refused one comes back on a page of its own with its words."""
    form = CommentForm()
    kind, number, answered = form.kind(), form.number("nr"), form.number("antwort_auf")
    if answered is None and (kind is None or number is None):
        raise NotFound(kind="subject")
    back = local_target(form.weiter.data, url_for("pages.home"))
    if form.validate_on_submit():
        with catching(form):
            try:
                comment = writing.write(
                    actor(),
                    body=form.body.data or "",
                    once_key=form.schluessel.data or secrets.token_urlsafe(12),
                    section_id=number if kind is SubjectKind.SECTION else None,
                    proposal_id=number if kind is SubjectKind.PROPOSAL else None,
                    version=form.number("fassung"),
                    contribution_id=number if kind is SubjectKind.CONTRIBUTION else None,
                    place=form.place(),
                    paragraph=form.number("absatz"),
                    start=form.number("von"),
                    end=form.number("bis"),
                    seen_revision_id=form.number("textstand"),
                    thread_id=answered,
                )
            except InvalidInput as error:
                if error.field == "place":  # sent again as it was, it would be refused for ever
                    form.forget_place()
                raise
            except WrongState:
                form.refuse(
                    "",
                    _("Hier kann nicht mehr kommentiert werden. Ihr Text steht noch im Feld."),
                    status_code=409,
                )
            else:
                flash(_("Ihr Kommentar ist veröffentlicht."), "success")
                return redirect(after(form.weiter.data, None, comment.id), 303)
    page = render_template(
        "comments/write.html",
        form=form,
        back=back,
        limit=BODY_MAX,
        who_reads=who_reads(kind) if kind else "",
    )
    return page, form.status_code


@blueprint.route("/kommentare/<id:comment_id>/bearbeiten", methods=["GET", "POST"])
@access(Permission.EDIT_COMMENT)
def edit(comment_id: int) -> ResponseReturnValue:
    """Change the words of the own comment within fifteen minutes."""
    row = load_own(comment_id)
    form = EditForm()
    in_time = _is_in_time(row)
    if form.validate_on_submit():
        with catching(form):
            try:
                writing.edit(actor(), comment_id, body=form.body.data or "")
            except WrongState:
                in_time = False
                form.refuse("", too_late(), status_code=409)
            else:
                flash(_("Ihre Änderung ist gespeichert."), "success")
                return redirect(after(form.weiter.data, row, comment_id), 303)
    elif not form.is_submitted():
        form.body.data, form.weiter.data = row.body, request.args.get("weiter", "")
    page = render_template(
        "comments/edit.html",
        form=form,
        row=row,
        in_time=in_time,
        too_late=too_late(),
        limit=BODY_MAX,
        back=after(form.weiter.data, row, comment_id),
    )
    return page, form.status_code


def _is_in_time(row: Row) -> bool:
    return may_still_edit(utcnow(), row.created_at) and not row.is_hidden


def too_late() -> str:
    """Return why the words of a comment can no longer be changed."""
    return _(
        "Kommentare lassen sich fünfzehn Minuten lang ändern, damit Antworten zu dem passen, "
        "worauf sie antworten. Sie können antworten oder den Kommentar löschen."
    )


@blueprint.post("/kommentare/<id:comment_id>/loeschen")
@access(Permission.EDIT_COMMENT)
def remove(comment_id: int) -> ResponseReturnValue:
    """Take the own comment back."""
    row = load_own(comment_id)
    form = DeedForm()
    if form.validate_on_submit():
        writing.remove(actor(), comment_id)
        flash(_("Ihr Kommentar ist gelöscht."), "success")
    return redirect(after(form.weiter.data, row, comment_id), 303)


@blueprint.get("/kommentare/erwaehnen")
@access(Permission.COMMENT)
def mention() -> ResponseReturnValue:
    """List whom a comment can name: as a page to look a name up, as data for the field."""
    search = request.args.get("suche", "").strip()[:80]
    thread_id = key_argument("faden")
    if thread_id is not None and not subjects.is_visible(actor(), site_settings(), thread_id):
        thread_id = None  # who takes part in it is not for this viewer
    found = mentioning.people(actor(), search=search, thread_id=thread_id)
    if request.args.get("format") == "json":
        return jsonify([{"name": one.name, "organisation": one.organisation_short} for one in found])
    return render_template("comments/mention.html", found=found, search=search, most=mentioning.LIST_MAX)
