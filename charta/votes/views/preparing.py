# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The moderation's side of ballots: prepare, try out, open, remind, call off, say what follows."""

from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.queries import forums
from charta.permissions import Permission
from charta.votes import rules, service, words
from charta.votes.forms import VoteForm
from charta.votes.preparing_forms import BallotForm, OutcomeForm, ReasonForm
from charta.votes.queries import one_ballot, previews, results
from charta.votes.queries.one_ballot import BallotPage, Subject
from charta.votes.rules import Method, Standing
from charta.votes.views.ballots import page as ballot_page
from charta.votes.views.blueprint import blueprint
from charta.web.access import access
from charta.web.forms import catching
from charta.web.pager import key_argument
from charta.web.viewer import actor

REHEARSAL = timedelta(hours=1)


@blueprint.route("/abstimmungen/vorbereiten", methods=["GET", "POST"])
@access(Permission.MANAGE_BALLOTS)
def prepare() -> ResponseReturnValue:
    """Prepare a ballot on a text (`abschnitt`, `vorschlag`, `fassung`) or a free question."""
    form = BallotForm()
    form.offer(forums.dated())
    if form.is_submitted():
        subject = previews.subject(
            section_id=form.section_id.data or None,
            proposal_id=form.proposal_id.data or None,
            edition_id=form.edition_id.data or None,
        )
        if "weitere" in request.form:
            return _another_question(form, subject, None)
        if form.validate_on_submit():
            with catching(form):
                try:
                    ballot_id = service.prepare(actor(), form.values())
                except WrongState as error:
                    form.refuse("", words.wrong_state(error), status_code=409)
                else:
                    flash(_("Der Entwurf ist gespeichert. So sehen ihn die Stimmberechtigten."), "success")
                    return redirect(url_for("votes.show", ballot_id=ballot_id), 303)
    else:
        subject = previews.subject(
            section_id=key_argument("abschnitt"),
            proposal_id=key_argument("vorschlag"),
            edition_id=key_argument("fassung"),
        )
        form.suggest(subject)
    return _form_page(form, subject, None), form.status_code


@blueprint.route("/abstimmungen/<id:ballot_id>/bearbeiten", methods=["GET", "POST"])
@access(Permission.MANAGE_BALLOTS)
def edit(ballot_id: int) -> ResponseReturnValue:
    """Change a draft; what was opened does not change any more."""
    ballot = one_ballot.load(actor(), ballot_id)
    form = BallotForm()
    form.offer(forums.dated())
    if "weitere" in request.form:
        return _another_question(form, ballot.subject, ballot)
    if form.validate_on_submit():
        with catching(form):
            try:
                service.change(actor(), ballot_id, form.values(), seen_version=form.seen_version.data or 0)
            except WrongState as error:
                form.refuse("", words.wrong_state(error), status_code=409)
            else:
                flash(_("Der Entwurf ist geändert."), "success")
                return redirect(url_for("votes.show", ballot_id=ballot_id), 303)
    elif not form.is_submitted():
        if ballot.standing is not Standing.DRAFT:
            return redirect(url_for("votes.show", ballot_id=ballot_id), 302)
        form.fill(ballot)
        form.offer(forums.dated())
    return _form_page(form, ballot.subject, ballot), form.status_code


def _another_question(form: BallotForm, subject: Subject, ballot: BallotPage | None) -> ResponseReturnValue:
    form.another_question()
    form.offer(forums.dated())
    return _form_page(form, subject, ballot)


def _form_page(form: BallotForm, subject: Subject, ballot: BallotPage | None) -> str:
    return render_template(
        "votes/prepare.html",
        form=form,
        subject=subject,
        ballot=ballot,
        words=words,
        rules=rules,
        usual=[option for option in Method if option is not Method.RANKING],
    )


@blueprint.post("/abstimmungen/<id:ballot_id>/tat")
@access(Permission.MANAGE_BALLOTS)
def deed(ballot_id: int) -> ResponseReturnValue:
    """Do what the pressed button says: open, throw away, try out, end the try, remind."""
    form = VoteForm()
    del form["vorbehalt"]
    wanted = request.form.get("tat", "")
    if form.validate_on_submit():
        with catching(form):
            try:
                return redirect(_do(wanted, ballot_id, form.seen_version()), 303)
            except WrongState as error:
                form.refuse("", words.wrong_state(error), status_code=409)
    ballot = one_ballot.load(actor(), ballot_id)
    if ballot.standing in one_ballot.OVER:
        flash(_("Die Abstimmung ist zu Ende."), "error")
        return redirect(url_for("votes.result", ballot_id=ballot_id), 303)
    return ballot_page(ballot, form), form.status_code


def _do(wanted: str, ballot_id: int, seen_version: int) -> str:
    """Do one deed and return where to go on."""
    here = url_for("votes.show", ballot_id=ballot_id)
    match wanted:
        case "oeffnen":
            service.open_ballot(actor(), ballot_id, seen_version=seen_version)
            flash(_("Die Abstimmung ist geöffnet. Alle Stimmberechtigten bekommen eine E-Mail."), "success")
        case "verwerfen":
            service.discard(actor(), ballot_id)
            flash(_("Der Entwurf ist verworfen."), "success")
            return url_for("votes.index")
        case "probe":
            copy = service.rehearse(actor(), ballot_id, closes_at=utcnow() + REHEARSAL)
            flash(_("Die Probe läuft eine Stunde. Niemand bekommt eine E-Mail."), "success")
            return url_for("votes.show", ballot_id=copy)
        case "probe-beenden":
            service.end_rehearsal(actor(), ballot_id)
            flash(_("Die Probe ist beendet und ausgezählt."), "success")
            return url_for("votes.result", ballot_id=ballot_id)
        case "erinnern":
            service.remind(actor(), ballot_id)
            flash(_("Wer noch nicht abgestimmt hat, bekommt eine E-Mail."), "success")
        case _:
            raise InvalidInput("tat", "invalid")
    return here


@blueprint.route("/abstimmungen/<id:ballot_id>/abbrechen", methods=["GET", "POST"])
@access(Permission.MANAGE_BALLOTS)
def cancel(ballot_id: int) -> ResponseReturnValue:
    """Call a ballot off before its end, with a reason that is mailed."""
    ballot = one_ballot.load(actor(), ballot_id)
    form = ReasonForm()
    if form.validate_on_submit():
        with catching(form):
            try:
                service.cancel(actor(), ballot_id, reason=form.reason.data or "")
            except WrongState as error:
                form.refuse("", words.wrong_state(error), status_code=409)
            else:
                flash(_("Die Abstimmung ist abgebrochen. Nichts wird gezählt."), "success")
                return redirect(url_for("votes.show", ballot_id=ballot_id), 303)
    elif not form.is_submitted() and ballot.standing not in {Standing.OPEN, Standing.SCHEDULED}:
        return redirect(url_for("votes.show", ballot_id=ballot_id), 302)
    html = render_template("votes/cancel.html", form=form, ballot=ballot, limit=rules.REASON_MAX)
    return html, form.status_code


@blueprint.route("/abstimmungen/<id:ballot_id>/folge", methods=["GET", "POST"])
@access(Permission.MANAGE_BALLOTS)
def outcome(ballot_id: int) -> ResponseReturnValue:
    """Write what follows from a result; mailed the first time."""
    found = results.result(actor(), ballot_id)
    ballot = found.ballot
    if ballot.is_test:
        raise NotFound(kind="outcome", id=ballot_id)
    form = OutcomeForm()
    if form.validate_on_submit():
        with catching(form):
            service.state_outcome(
                actor(), ballot_id, words=form.words.data or "", seen_version=form.seen_version.data or 0
            )
            flash(_("Was daraus folgt, steht jetzt beim Ergebnis."), "success")
            return redirect(url_for("votes.result", ballot_id=ballot_id), 303)
    elif not form.is_submitted():
        form.words.data, form.seen_version.data = ballot.outcome, ballot.version
    html = render_template("votes/outcome.html", form=form, ballot=ballot, limit=rules.OUTCOME_MAX)
    return html, form.status_code
