# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Decisions of moderators, who is on a proposal, and the author's answer to an adapted version."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.permissions import Permission
from charta.proposals import service
from charta.proposals.forms import AnswerForm, DecisionForm, DeedForm
from charta.proposals.rules import State
from charta.proposals.views.adapting import page as adapting_page
from charta.proposals.views.blueprint import blueprint, catching_all, load
from charta.proposals.views.showing import render
from charta.web.access import access
from charta.web.urls import local_target
from charta.web.viewer import actor


@blueprint.post("/vorschlaege/<id:number>/entscheiden")
@access(Permission.APPROVE_PROPOSAL)
def decide(number: int) -> ResponseReturnValue:
    """Decide: approve, adapt (goes on to its own page), request changes or reject."""
    form = DecisionForm()
    if form.validate_on_submit():
        with catching_all(form):
            if form.decision.data == "adapt":
                return adapting_page(load(number), reason=form.reason.data or "")
            flash(_decide(number, form), "success")
            default = url_for("proposals.show", number=number)
            return redirect(local_target(form.weiter.data, default), 303)
    found = load(number)
    if found.row.state is State.DRAFT:
        return redirect(url_for("proposals.edit", number=number), 303)
    if form.status_code == 409:
        # The page shows what is new; the decision has to be taken anew, the reason stays.
        form.decision.data = form.decision.raw_data = None
        for field, value in ((form.seen_version, found.row.candidate), (form.seen_head, found.row.seen_head)):
            field.data, field.raw_data = value, None
    return render(found, decision=form), form.status_code


def _decide(number: int, form: DecisionForm) -> str:
    """Do it and return what to say."""
    seen_version, seen_head = form.seen_version.data, form.seen_head.data
    reason = form.reason.data or ""
    if form.decision.data == "approve":
        done = service.approve(actor(), number, seen_version=seen_version, seen_head=seen_head, reason=reason)
        if done.revision_number is not None:
            return _(
                "Vorschlag %(number)s ist übernommen. Textstand %(revision)s ist entstanden.",
                number=number,
                revision=done.revision_number,
            )
        return _("Vorschlag %(number)s ist übernommen.", number=number)
    if form.decision.data == "reject":
        service.reject(actor(), number, seen_version=seen_version, seen_head=seen_head, reason=reason)
        return _("Vorschlag %(number)s ist nicht übernommen. Die Begründung ist unterwegs.", number=number)
    service.request_changes(actor(), number, seen_version=seen_version, seen_head=seen_head, reason=reason)
    return _("Sie haben zu Vorschlag %(number)s um Überarbeitung gebeten.", number=number)


@blueprint.post("/vorschlaege/<id:number>/antworten")
@access(Permission.ANSWER_ADAPTATION)
def answer(number: int) -> ResponseReturnValue:
    """Agree to an adapted version of the own proposal, or refuse it."""
    form = AnswerForm()
    if form.validate_on_submit():
        with catching_all(form):
            if form.answer.data == "agree":
                service.agree(actor(), number, seen_version=form.seen_version.data)
                flash(_("Die angepasste Fassung ist übernommen. Vielen Dank."), "success")
            else:
                service.refuse(
                    actor(), number, seen_version=form.seen_version.data, reason=form.reason.data or ""
                )
                flash(
                    _("Ihre Antwort ist angekommen. Die Moderation entscheidet über Ihre Fassung."), "success"
                )
            return redirect(url_for("proposals.show", number=number), 303)
    found = load(number)
    if found.row.state is State.DRAFT:
        return redirect(url_for("proposals.edit", number=number), 303)
    return render(found, answer=form), form.status_code


@blueprint.post("/vorschlaege/<id:number>/in-arbeit")
@access(Permission.TAKE_ON_PROPOSAL)
def take_on(number: int) -> ResponseReturnValue:
    """Say that the viewer is on a proposal, or that nobody is (tun=zurueck)."""
    default = url_for("proposals.show", number=number)
    if DeedForm().validate_on_submit():
        if request.form.get("tun") == "zurueck":
            service.hand_back(actor(), number)
            flash(_("Vorschlag %(number)s ist wieder frei.", number=number), "success")
        else:
            service.take_on(actor(), number)
            flash(_("Vorschlag %(number)s ist bei Ihnen in Arbeit.", number=number), "success")
    return redirect(local_target(request.form.get("weiter"), default), 303)
