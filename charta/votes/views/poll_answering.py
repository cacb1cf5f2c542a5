# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answering a poll on the phone: in the hall page, which asks what runs now, or on a page of its own."""

from flask import current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import NotFound, WrongState
from charta.permissions import Permission
from charta.votes import poll_words
from charta.votes.poll_forms import AnswerForm, answer_form, filled_form, hint
from charta.votes.poll_phone import stand, stand_tag
from charta.votes.queries import polls_live
from charta.votes.queries.polls_live import OnPhone, Phone
from charta.votes.rules import WORDS_MAX, PollState
from charta.votes.service.poll_answering import answer
from charta.votes.views.blueprint import blueprint
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import no_store, not_modified
from charta.web.viewer import actor


@blueprint.get("/foren/<slug>/umfrage")
@access(Permission.ANSWER_POLL)
def poll_stand(slug: str) -> ResponseReturnValue:
    """Return the polls of the hall page as a piece of HTML; 304 while nothing of them has changed."""
    phone = polls_live.on_phone(actor(), slug, utcnow())
    if phone.attendance is None:
        raise NotFound(kind="poll", id=None)
    tag = stand_tag(phone)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    # Outside of `render_template`, whose menus would cost statements every few seconds.
    template = current_app.jinja_env.get_template("votes/_poll_place.html")
    response = make_response(template.render(**stand(phone)))
    response.set_etag(tag, weak=True)
    return response


@blueprint.route("/foren/<slug>/umfragen/<id:poll_id>/antwort", methods=["GET", "POST"])
@access(Permission.ANSWER_POLL)
def poll_answer(slug: str, poll_id: int) -> ResponseReturnValue:
    """Answer one poll, or change the answer, on a page of its own."""
    poll, forum = polls_live.load(poll_id, slug)
    if poll.state is PollState.READY:
        raise NotFound(kind="poll", id=poll_id)
    form = answer_form(poll)
    if form.validate_on_submit():
        with catching(form):
            try:
                answer(actor(), poll_id, choices=form.chosen(), words=form.written())
            except WrongState as error:
                form.refuse("", _sentence(error.state), status_code=409)
            else:
                flash(_("Danke. Ihre Antwort ist gezählt."), "success")
                return redirect(url_for("forums.hall", slug=slug, _anchor="umfrage"), 303)
    phone = polls_live.of_person_at(actor(), forum, poll, utcnow())
    if phone.attendance is None and not form.is_submitted():
        return redirect(url_for("forums.enter_code"), 303)
    return _page(phone, form)


def _sentence(state: str) -> str:
    if state == "not_there":
        return _(
            "Antworten kann nur, wer im Forum dabei ist. Bitte geben Sie zuerst den Code des Forums ein."
        )
    if state == "answered":
        return _("Sie haben im Forum schon geantwortet. Diese Antwort gilt und bleibt, wie sie ist.")
    if state == "shown":
        return _(
            "Ihre erste Antwort steht schon im gezeigten Ergebnis. Sie bleibt, wie sie ist: "
            "Eine einzelne Änderung wäre sonst zu erkennen."
        )
    return _("Die Umfrage ist beendet. Diese Antwort wurde nicht mehr gezählt.")


def _why_not(phone: Phone) -> str:
    one = phone.polls[0]
    if phone.attendance is None:
        return "not_there"
    if one.result.poll.state is PollState.STOPPED or not one.has_answered:
        return "over"
    return "shown" if one.is_settled else "answered"


def _page(phone: Phone, form: AnswerForm) -> ResponseReturnValue:
    one: OnPhone = phone.polls[0]
    if not form.is_submitted():
        form = filled_form(one)
    elif form.status_code == 422 and not (one.takes_answers and phone.attendance):
        # There are no fields on the page in which something could be put right.
        form = answer_form(one.result.poll, formdata=None)
        form.refuse("", _sentence(_why_not(phone)), status_code=409)
    html = render_template(
        "votes/poll_answer.html",
        forum=phone.forum,
        one=one,
        poll=one.result.poll,
        form=form,
        poll_words=poll_words,
        hint=hint,
        words_max=WORDS_MAX,
        is_there=phone.attendance is not None,
    )
    return no_store(make_response(html, form.status_code))
