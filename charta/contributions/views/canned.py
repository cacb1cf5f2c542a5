# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The prepared answers of the moderation."""

from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions.queries import topics as queries
from charta.contributions.rules import CannedFor
from charta.contributions.service import canned
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening import surroundings
from charta.contributions.views.screening_forms import PURPOSES, CannedForm
from charta.errors import NotFound
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import Form, catching
from charta.web.pager import key_argument
from charta.web.viewer import actor


@blueprint.get("/moderation/antworten")
@access(Permission.READ_SCREENING)
def canned_answers() -> ResponseReturnValue:
    """Show the prepared answers; one of them, or a new one, in a form."""
    return _page(key_argument("nr"), CannedForm(formdata=None))


@blueprint.post("/moderation/antworten")
@access(Permission.SCREEN_CONTRIBUTION)
def create_canned() -> ResponseReturnValue:
    """Keep a new prepared answer."""
    form = CannedForm()
    if form.validate_on_submit():
        with catching(form):
            canned.create(actor(), **_values(form))
            return _saved(_("Die Antwort ist gespeichert."))
    return _page(None, form)


@blueprint.post("/moderation/antworten/<id:canned_id>")
@access(Permission.SCREEN_CONTRIBUTION)
def change_canned(canned_id: int) -> ResponseReturnValue:
    """Store a prepared answer anew."""
    form = CannedForm()
    if form.validate_on_submit():
        with catching(form):
            canned.change(actor(), canned_id, **_values(form))
            return _saved(_("Die Antwort ist gespeichert."))
    return _page(canned_id, form)


@blueprint.post("/moderation/antworten/<id:canned_id>/platz")
@access(Permission.SCREEN_CONTRIBUTION)
def move_canned(canned_id: int) -> ResponseReturnValue:
    """Move a prepared answer up or down, or drop it."""
    if Form().validate_on_submit():
        match request.form.get("platz"):
            case "hoch":
                canned.move_up(actor(), canned_id)
            case "runter":
                canned.move_down(actor(), canned_id)
            case "weg":
                canned.delete(actor(), canned_id)
                return _saved(_("Die Antwort ist gelöscht."))
    return redirect(url_for("contributions.canned_answers"), 303)


def _values(form: CannedForm) -> dict[str, Any]:
    return {
        "purpose": CannedFor(form.purpose.data),
        "title": form.title.data or "",
        "text": form.text.data or "",
    }


def _saved(message: str) -> ResponseReturnValue:
    flash(message, "success")
    return redirect(url_for("contributions.canned_answers"), 303)


def _page(canned_id: int | None, form: CannedForm) -> Response:
    answers = queries.canned_answers()
    chosen = next((one for one in answers if one.id == canned_id), None)
    if canned_id is not None and chosen is None:
        raise NotFound(kind="canned_answer", id=canned_id)
    if chosen is not None and form.title.data is None:
        form.purpose.data, form.title.data, form.text.data = chosen.purpose.value, chosen.title, chosen.text
    html = render_template(
        "contributions/canned_answers.html",
        around=surroundings(),
        groups=[
            (PURPOSES[purpose], [one for one in answers if one.purpose is purpose]) for purpose in CannedFor
        ],
        chosen=chosen,
        form=form,
        place=Form(formdata=None),
    )
    return Response(html, form.status_code)
