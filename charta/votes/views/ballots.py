# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots for those who vote: the list, one ballot with its form, and casting."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted
from charta.permissions import Permission, Reason, role_may
from charta.site.calendar import Event, calendar
from charta.votes import service, words
from charta.votes.forms import VoteForm, participant_answers
from charta.votes.queries import ballots, one_ballot, previews
from charta.votes.queries.one_ballot import OVER, BallotPage
from charta.votes.rules import Method, Standing
from charta.votes.views.blueprint import blueprint
from charta.votes.views.editions import blocks_of, edition_of
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.downloads import download
from charta.web.errors import typed_text
from charta.web.forms import catching, presentable
from charta.web.headers import etag, no_store, not_modified
from charta.web.mails import calendar_uid
from charta.web.pager import key_argument
from charta.web.urls import external
from charta.web.viewer import actor
from charta.web.words import input_error


@blueprint.get("/abstimmungen")
@access(Permission.READ_BALLOT)
def index() -> ResponseReturnValue:
    """List the ballots the viewer may see: those that wait for a vote first."""
    before = key_argument("vor")
    found = ballots.listing(actor(), before_id=before)
    return render_template(
        "votes/index.html",
        to_do=[row for row in found.current if row.own_state in {"open", "reserved"}],
        current=[row for row in found.current if row.own_state not in {"open", "reserved"}],
        drafts=found.drafts,
        over=found.over,
        next_url=url_for("votes.index", vor=found.over[-1].id) if found.has_more else None,
        first_url=url_for("votes.index") if before else None,
        words=words,
    )


@blueprint.get("/abstimmungen/<id:ballot_id>")
@access(Permission.READ_BALLOT)
def show(ballot_id: int) -> ResponseReturnValue:
    """Show one ballot: question, exact text, rules, and the form of who is on the roll."""
    ballot = one_ballot.load(actor(), ballot_id)
    if ballot.standing in OVER:
        return redirect(url_for("votes.result", ballot_id=ballot_id), 302)
    form = VoteForm()
    if ballot.own is not None:
        form.fassung.data = str(ballot.own.version)
        form.vorbehalt.data = ballot.own.reservation_until
    return no_store(Response(page(ballot, form)))


@blueprint.get("/abstimmungen/<id:ballot_id>/beteiligung")
@access(Permission.MANAGE_BALLOTS)
def turnout(ballot_id: int) -> ResponseReturnValue:
    """Return how many have voted so far, as a piece of the ballot's page; 304 while nothing has changed."""
    numbers = one_ballot.running_turnout(ballot_id)
    tag = etag("turnout", ballot_id, numbers)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    # Outside of `render_template`, whose menus would cost statements every few seconds.
    template = current_app.jinja_env.get_template("votes/_turnout.html")
    response = make_response(template.render(numbers=numbers))
    response.set_etag(tag, weak=True)
    return response


@blueprint.post("/abstimmungen/<id:ballot_id>/stimme")
@access(Permission.READ_BALLOT)
def cast(ballot_id: int) -> ResponseReturnValue:
    """Cast or change a vote; a refused one comes back with what was chosen."""
    ballot = one_ballot.load(actor(), ballot_id)
    if ballot.own is None:
        raise NotPermitted(Reason.NOT_ON_ROLL)
    if not ballot.takes_vote:
        return _too_late(ballot_id)
    form, errors, other = VoteForm(), {}, None
    if ballot.own.kind == "participant":
        del form["vorbehalt"]
    if form.validate_on_submit():
        with catching(form):
            try:
                receipt = _cast(ballot, form)
            except InvalidInput as error:
                field = "vorbehalt" if error.field == "reservation_until" else error.field
                errors = {field: input_error(error.code, error.data)}
                form.refuse(field, errors[field])
            except EditConflict as error:
                other = error.data
                form.fassung.data = str(error.data["version"])
                form.refuse("", _("Ihre Organisation hat inzwischen schon abgestimmt."), status_code=409)
            else:
                flash(
                    _("Ihre Stimme ist geändert.") if receipt.is_changed else _("Ihre Stimme ist abgegeben."),
                    "success",
                )
                return redirect(url_for("votes.show", ballot_id=ballot_id), 303)
        if form.status_code == 409 and other is None:  # it ended, or was cancelled, while the page lay open
            return _too_late(ballot_id)
    html = page(ballot, form, typed=request.form, errors=errors, other=other)
    return no_store(Response(html)), form.status_code


def _cast(ballot: BallotPage, form: VoteForm) -> service.Receipt:
    if ballot.own is not None and ballot.own.kind == "participant":
        answers = participant_answers(ballot.questions, request.form)
        return service.cast(actor(), ballot.id, answers=answers)
    numbers = [question.position for question in ballot.questions]
    return service.cast_for_partner(
        actor(),
        ballot.id,
        choices=[request.form.get(f"frage-{number}", "") for number in numbers],
        reasons=[request.form.get(f"grund-{number}", "") for number in numbers],
        seen_version=form.seen_version(),
        reservation_until=form.reserved_until(),
    )


def _too_late(ballot_id: int) -> ResponseReturnValue:
    """Say that the vote was not counted: the ballot takes none any more (or not yet)."""
    ballot = one_ballot.load(actor(), ballot_id)
    reasons = [text for name, text in typed_text() if name.startswith("grund-") and text.strip()]
    page = render_template(
        "votes/too_late.html", ballot=ballot, standing=words.standing(ballot), reasons=reasons
    )
    return no_store(Response(page)), 409


@blueprint.post("/abstimmungen/<id:ballot_id>/vorbehalt")
@access(Permission.CAST_FOR_PARTNER)
def reserve(ballot_id: int) -> ResponseReturnValue:
    """Note until when the own board decides, or take that back; the vote itself stays open."""
    ballot = one_ballot.load(actor(), ballot_id)
    if ballot.own is None or ballot.own.kind == "participant":
        raise NotPermitted(Reason.NOT_ON_ROLL)
    if not ballot.takes_vote:
        return _too_late(ballot_id)
    form, other = VoteForm(), None
    if form.validate_on_submit():
        with catching(form):
            try:
                service.reserve(
                    actor(), ballot_id, until=form.reserved_until(), seen_version=form.seen_version()
                )
            except InvalidInput as error:
                form.refuse("vorbehalt", input_error(error.code, error.data))
            except EditConflict as error:
                other = error.data
                form.fassung.data = str(error.data["version"])
                form.refuse("", _("Ihre Organisation hat inzwischen schon abgestimmt."), status_code=409)
            else:
                flash(
                    _("Der Gremienvorbehalt ist eingetragen.")
                    if form.reserved_until()
                    else _("Der Gremienvorbehalt ist gestrichen."),
                    "success",
                )
                return redirect(url_for("votes.show", ballot_id=ballot_id), 303)
        if form.status_code == 409 and other is None:
            return _too_late(ballot_id)
    return no_store(Response(page(ballot, form, typed=request.form, other=other))), form.status_code


@blueprint.get("/abstimmungen/<id:ballot_id>.ics")
@access(Permission.READ_BALLOT)
def calendar_file(ballot_id: int) -> Response:
    """Return the end of a ballot as a calendar entry."""
    ballot = one_ballot.load(actor(), ballot_id)
    if ballot.standing not in {Standing.OPEN, Standing.SCHEDULED}:
        raise NotFound(kind="calendar", id=ballot_id)
    entry = Event(
        uid=calendar_uid("ballot", ballot.id),
        title=_("Abstimmung endet: %(title)s", title=ballot.title),
        place="",
        starts_at=ballot.closes_at,
        ends_at=None,
        url=external("votes.show", ballot_id=ballot.id),
        sequence=ballot.version,
    )
    text = calendar([entry], name=ballot.title, made_at=utcnow())
    return download(text.encode(), f"abstimmung-{ballot_id}.ics")


def page(
    ballot: BallotPage,
    form: VoteForm,
    *,
    typed: Mapping[str, str] | None = None,
    errors: dict[str, str] | None = None,
    other: dict[str, Any] | None = None,
) -> str:
    """Return the page of a ballot before its end; a draft shows what opening it would freeze."""
    preview = previews.preview(ballot) if ballot.standing is Standing.DRAFT else None
    if preview is not None:
        ballot = replace(
            ballot,
            text_title=preview.text_title,
            text_body=preview.text_body,
            text_hash=preview.text_hash,
        )
    if "vorbehalt" in form and form.vorbehalt.raw_data:
        form.vorbehalt.raw_data = [presentable(str(raw)) for raw in form.vorbehalt.raw_data]
    return render_template(
        "votes/show.html",
        ballot=ballot,
        standing=words.standing(ballot),
        form=form,
        typed=_presentable(typed) if typed is not None else _as_typed(ballot),
        errors=errors or {},
        links={message: _input_of(ballot, field) for field, message in (errors or {}).items()},
        other=other,
        blocks=blocks_of(ballot),
        edition=edition_of(ballot),
        words=words,
        preview=preview,
        steers=bool(role_may(actor(), Permission.MANAGE_BALLOTS)),
        takes_vote=ballot.takes_vote or other is not None,
        watching=button.known(WatchKind.BALLOT, ballot.id, ballot.watch_state)
        if request.method == "GET" and preview is None
        else None,
    )


def _input_of(ballot: BallotPage, field: str) -> str:
    """Return the id of the input that an error is about: the first choice of a question, or a reason."""
    name, _sep, position = field.rpartition("_")
    if name == "reason":
        return f"grund-{position}"
    question = next((one for one in ballot.questions if str(one.position) == position), None)
    if question is None:
        return "vorbehalt"
    own_partner = ballot.own is not None and ballot.own.is_partner
    if own_partner or question.method is Method.YES_NO:
        return f"frage-{position}-ja"
    return f"frage-{position}-5" if question.method is Method.SCALE else f"frage-{position}-0"


def _presentable(typed: Mapping[str, str]) -> dict[str, str]:
    """Return what was typed, with a mark where a character cannot even be put on a page."""
    return {name: presentable(value) for name, value in typed.items()}


def _as_typed(ballot: BallotPage) -> dict[str, str]:
    """Return the own vote as the form would send it, so that changing begins where it stands."""
    own, typed = ballot.own, {}
    if own is None or own.answers is None:
        return {}
    for question, answer in zip(ballot.questions, own.answers, strict=True):
        name = f"frage-{question.position}"
        if answer is None:
            typed[name] = "enthaltung"
        elif not isinstance(answer, list):
            typed[name] = str(answer)
        elif question.method == "points":
            typed |= {f"{name}-{place}": str(points) for place, points in enumerate(answer)}
        else:
            typed |= {f"{name}-{place}": str(rank) for rank, place in enumerate(answer, start=1)}
    for question, reason in zip(ballot.questions, own.reasons, strict=False):
        typed[f"grund-{question.position}"] = reason
    return typed
