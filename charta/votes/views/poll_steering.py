# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The moderator's pages of polls: preparing them, starting and stopping, words, the online follow-up."""

from collections.abc import Callable, Mapping

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.queries import forums
from charta.permissions import Actor, Permission
from charta.votes import poll_words
from charta.votes.models import Poll
from charta.votes.queries import polls, polls_live
from charta.votes.rules import OPTIONS_MAX, QUESTION_MAX, PollMethod, PollState
from charta.votes.service import polling
from charta.votes.views.blueprint import blueprint
from charta.votes.views.poll_steering_forms import DeedForm, OnlineForm, QuestionForm
from charta.web.access import access
from charta.web.forms import catching, wrong_state_sentence
from charta.web.headers import etag, not_modified
from charta.web.urls import local_target
from charta.web.viewer import actor

ID_LENGTH = 32
DEEDS: Mapping[str, Callable[[Actor, int], None]] = {
    "starten": polling.launch,
    "beenden": polling.stop,
    "aufdecken": polling.reveal,
    "zeigen": polling.show,
    "abnehmen": polling.take_down,
    "entfernen": polling.remove,
    "online-beenden": polling.close_online,
}


@blueprint.route("/foren/<slug>/umfragen/vorbereiten", methods=["GET", "POST"])
@access(Permission.RUN_POLL)
def polls_prepare(slug: str) -> ResponseReturnValue:
    """Show the polls of a forum to who runs it, and put another question on the list."""
    forum = forums.load(slug)
    form = QuestionForm()
    form.offer(polls.recurring())
    if form.validate_on_submit():
        with catching(form):
            chosen = form.recurring_id.data or None
            polling.prepare(
                actor(),
                forum.id,
                None if chosen else form.asked(),
                recurring_id=chosen,
                shows_results=bool(form.shows_results.data),
                is_recurring=bool(form.is_recurring.data),
            )
            flash(_("Die Frage steht auf der Liste. Starten können Sie sie auch vom Telefon."), "success")
            return redirect(url_for("votes.polls_prepare", slug=slug), 303)
    return (
        render_template(
            "votes/polls_prepare.html",
            forum=forum,
            form=form,
            polls=polls_live.listed(forum.id),
            poll_words=poll_words,
            question_max=QUESTION_MAX,
            options_max=OPTIONS_MAX,
        ),
        form.status_code,
    )


@blueprint.route("/foren/<slug>/umfragen/<id:poll_id>/bearbeiten", methods=["GET", "POST"])
@access(Permission.RUN_POLL)
def poll_edit(slug: str, poll_id: int) -> ResponseReturnValue:
    """Change a question that was not asked yet."""
    poll, forum = polls_live.load(poll_id, slug)
    form = QuestionForm()
    form.offer(())
    if poll.recurring_id is not None:
        # It is the same everywhere, or its answers could not be compared.
        for name in ("question", "method", "options", "points"):
            del form[name]
    del form["recurring_id"], form["is_recurring"]
    if form.validate_on_submit():
        with catching(form):
            polling.change(
                actor(),
                poll_id,
                form.asked() if poll.recurring_id is None else polls_live.question_of(poll),
                shows_results=bool(form.shows_results.data),
                seen_version=form.seen_version.data or 0,
            )
            flash(_("Die Frage ist geändert."), "success")
            return redirect(url_for("votes.polls_prepare", slug=slug), 303)
    elif not form.is_submitted():
        _fill(form, poll)
    html = render_template(
        "votes/poll_edit.html",
        forum=forum,
        poll=poll,
        form=form,
        poll_words=poll_words,
        question_max=QUESTION_MAX,
        options_max=OPTIONS_MAX,
    )
    return html, form.status_code


def _fill(form: QuestionForm, poll: Poll) -> None:
    if poll.recurring_id is None:
        form.fill(poll)
    else:
        form.shows_results.data, form.seen_version.data = poll.shows_results, poll.version


@blueprint.get("/foren/<slug>/umfragen/zahlen")
@access(Permission.RUN_POLL)
def poll_numbers(slug: str) -> ResponseReturnValue:
    """Return how the running poll goes, as a piece of the steering page; 304 while nothing has changed."""
    numbers = polls_live.numbers(slug)
    tag = etag("poll-numbers", slug, numbers.signature if numbers else "")
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    # Outside of `render_template`, whose menus would cost statements each second.
    template = current_app.jinja_env.get_template("votes/_poll_numbers.html")
    response = make_response(template.render(numbers=numbers))
    response.set_etag(tag, weak=True)
    return response


@blueprint.post("/foren/<slug>/umfragen/<id:poll_id>/tat")
@access(Permission.RUN_POLL)
def poll_deed(slug: str, poll_id: int) -> ResponseReturnValue:
    """Do what the pressed button says, and go back to the page it stands on."""
    polls_live.load(poll_id, slug)
    deed = DEEDS.get(request.form.get("tat", ""))
    if deed is None:
        raise InvalidInput("tat", "invalid")
    try:
        deed(actor(), poll_id)
    except WrongState as error:
        flash(wrong_state_sentence(error), "error")
    back = url_for("contributions.projector_control", slug=slug, _anchor="umfragen")
    return redirect(local_target(request.form.get("weiter"), back), 303)


@blueprint.route("/foren/<slug>/umfragen/<id:poll_id>/online", methods=["GET", "POST"])
@access(Permission.RUN_POLL)
def poll_online(slug: str, poll_id: int) -> ResponseReturnValue:
    """Let those who came and have not answered do so online until a day, or move that day."""
    poll, forum = polls_live.load(poll_id, slug)
    form = OnlineForm()
    if form.validate_on_submit():
        with catching(form):
            polling.open_online(actor(), poll_id, until=form.until.data)
            flash(
                _("Die Umfrage ist online offen. Auf der Mitmachen-Seite des Forums steht sie oben."),
                "success",
            )
            return redirect(url_for("votes.polls_prepare", slug=slug), 303)
    elif not form.is_submitted():
        form.until.data = poll.follow_up_until
    html = render_template("votes/poll_online.html", forum=forum, poll=poll, form=form, poll_words=poll_words)
    return html, form.status_code


@blueprint.route("/foren/<slug>/umfragen/<id:poll_id>/worte", methods=["GET", "POST"])
@access(Permission.RUN_POLL)
def poll_moderate(slug: str, poll_id: int) -> ResponseReturnValue:
    """Read what people answered in words, and let it through to the wall."""
    poll, forum = polls_live.load(poll_id, slug)
    if poll.method is not PollMethod.WORDS or poll.state is PollState.READY:
        raise NotFound(kind="words", id=poll_id)
    form = DeedForm()
    if form.validate_on_submit():
        with catching(form):
            _turn(poll_id)
            return redirect(url_for("votes.poll_moderate", slug=slug, poll_id=poll_id), 303)
    waiting = polls_live.words_of(poll_id, is_hidden=True)
    shown = polls_live.words_of(poll_id, is_hidden=False, after=_answer_id(request.args.get("nach", "")))
    html = render_template(
        "votes/poll_moderate.html",
        forum=forum,
        poll=poll,
        form=form,
        waiting=waiting[: polls_live.PAGE_SIZE],
        has_more_waiting=len(waiting) > polls_live.PAGE_SIZE,
        shown=shown[: polls_live.PAGE_SIZE],
        next_key=shown[polls_live.PAGE_SIZE - 1].id if len(shown) > polls_live.PAGE_SIZE else None,
    )
    return html, form.status_code


def _turn(poll_id: int) -> None:
    """Show or hide the words whose button was pressed, or all that were on the page."""
    if "ausblenden" in request.form:
        polling.hide(actor(), poll_id, answer_ids=[_answer_id(request.form["ausblenden"])])
        return
    if "alle" in request.form:
        ids = [_answer_id(raw) for raw in request.form.getlist("antwort")[: polls_live.PAGE_SIZE]]
    else:
        ids = [_answer_id(request.form.get("zeigen", ""))]
    count = polling.let_through(actor(), poll_id, answer_ids=ids)
    flash(ngettext("%(num)s Antwort wird gezeigt.", "%(num)s Antworten werden gezeigt.", count), "success")


def _answer_id(raw: str) -> str:
    """Return the id of an answer; anything else is that of none."""
    return raw if len(raw) == ID_LENGTH and raw.isascii() and raw.isalnum() else ""
