# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Participation rounds; moderators may manage them too."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.admin.forms import RoundForm
from charta.admin.views.blueprint import blueprint
from charta.db import utcnow
from charta.errors import NotFound
from charta.fields import queries as fields
from charta.permissions import Permission
from charta.site import queries, service
from charta.site.models import Round
from charta.web.access import access
from charta.web.choices import choice
from charta.web.forms import catching
from charta.web.viewer import actor


@blueprint.get("/verwaltung/runden")
@access(Permission.MANAGE_ROUNDS)
def rounds() -> ResponseReturnValue:
    """List the rounds, newest first."""
    now = utcnow()
    return render_template(
        "admin/rounds.html", rounds=[queries.as_round_in_force(entry, now) for entry in queries.rounds()]
    )


@blueprint.route("/verwaltung/runden/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_ROUNDS)
def new_round() -> ResponseReturnValue:
    """Make a round."""
    return _edit(None)


@blueprint.route("/verwaltung/runden/<id:round_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_ROUNDS)
def edit_round(round_id: int) -> ResponseReturnValue:
    """Change a round."""
    found = queries.round_by_id(round_id)
    if found is None:
        raise NotFound(kind="round", id=round_id)
    return _edit(found)


def _edit(found: Round | None) -> ResponseReturnValue:
    form = RoundForm(obj=found if request.method == "GET" else None)
    form.field_numbers.choices = [choice(field.number, field.name) for field in fields.fields()]
    if request.method == "GET" and found is None:
        form.partners_may_propose.data = form.attendees_may_comment.data = True
        form.decision_days.data = 14
        form.field_numbers.data = []
    if form.validate_on_submit():
        with catching(form):
            service.save_round(
                actor(),
                found.id if found else None,
                name=form.name.data or "",
                opens_at=form.opens_at.data,
                closes_at=form.closes_at.data,
                editorial_at=form.editorial_at.data,
                answer_at=form.answer_at.data,
                field_numbers=form.field_numbers.data or [],
                partners_may_propose=form.partners_may_propose.data,
                attendees_may_propose=form.attendees_may_propose.data,
                attendees_may_comment=form.attendees_may_comment.data,
                decision_days=form.decision_days.data or 0,
            )
            flash(_("Die Beteiligungsrunde ist gespeichert."), "success")
            return redirect(url_for("admin.rounds"), 303)
    return render_template("admin/round.html", form=form, found=found), form.status_code
