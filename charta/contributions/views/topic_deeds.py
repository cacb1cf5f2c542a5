# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the buttons of the topics do."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.contributions import screening_words
from charta.contributions.queries import topics as queries
from charta.contributions.service import answering, topics
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening_deeds import put_into_topic, tell
from charta.contributions.views.screening_forms import (
    SeenForm,
    TogetherForm,
    TopicAnswerForm,
    TopicForm,
    number,
    seen_items,
)
from charta.contributions.views.topics import show_topic, topic_line
from charta.errors import ChartaError, InvalidInput, WrongState
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor


def _board() -> ResponseReturnValue:
    kept = {name: request.args[name] for name in ("stand", "feld", "forum") if name in request.args}
    return redirect(url_for("contributions.topic_board", **kept), 303)  # type: ignore[arg-type]


def _topic(topic_id: int, **more: object) -> ResponseReturnValue:
    return redirect(url_for("contributions.topic_desk", topic_id=topic_id, **more), 303)  # type: ignore[arg-type]


@blueprint.post("/moderation/themen")
@access(Permission.ANSWER_TOPIC)
def bundle_together() -> ResponseReturnValue:
    """Put the ticked contributions into the topic of the button, or into one of the typed title."""
    form, items = TogetherForm(), seen_items(request.form.getlist("auswahl"))
    if form.validate_on_submit():
        try:
            outcomes, title = put_into_topic(items, form.topic.data or "")
        except ChartaError as error:
            flash(screening_words.error(error), "warning")
        else:
            tell("buendeln", outcomes)
            if not outcomes:
                flash(_("Das Thema „%(title)s“ ist angelegt.", title=title), "success")
    return _board()


@blueprint.post("/moderation/themen/<id:topic_id>/antwort")
@access(Permission.ANSWER_TOPIC)
def answer_topic(topic_id: int) -> ResponseReturnValue:
    """Answer everything in a topic, and open the next one that waits."""
    form, topic = TopicAnswerForm(), topic_line(topic_id)
    if form.validate_on_submit():
        with catching(form):
            count = topics.answer(actor(), topic_id, seen=form.version(), text=form.answer.data or "")
            flash(
                ngettext(
                    "Thema „%(title)s“: %(num)s Beitrag ist beantwortet.",
                    "Thema „%(title)s“: %(num)s Beiträge sind beantwortet.",
                    count,
                    title=topic.title,
                ),
                "success",
            )
            following = queries.next_open(topic_id)
            return _topic(following) if following else _board()
    return show_topic(topic, form, TopicForm(formdata=None))


@blueprint.post("/moderation/themen/<id:topic_id>")
@access(Permission.ANSWER_TOPIC)
def change_topic(topic_id: int) -> ResponseReturnValue:
    """Store title, description and field of a topic."""
    form, topic = TopicForm(), topic_line(topic_id)
    if form.validate_on_submit():
        with catching(form):
            topics.change(
                actor(),
                topic_id,
                seen=form.version(),
                title=form.title.data or "",
                text=form.text.data or "",
                field_id=number(form.field.data),
            )
            flash(_("Das Thema ist gespeichert."), "success")
            return _topic(topic_id)
    return show_topic(topic, TopicAnswerForm(formdata=None), form)


@blueprint.post("/moderation/themen/<id:topic_id>/beitraege")
@access(Permission.ANSWER_TOPIC)
def topic_members(topic_id: int) -> ResponseReturnValue:
    """Take the ticked contributions out of a topic, or move them into another one."""
    form, items = TogetherForm(), seen_items(request.form.getlist("auswahl"))
    if form.validate_on_submit():
        try:
            if request.form.get("tat") == "herausnehmen":
                tell("herausnehmen", topics.take_out(actor(), items))
            else:
                tell("buendeln", put_into_topic(items, form.topic.data or "")[0])
        except ChartaError as error:
            flash(screening_words.error(error), "warning")
    return _topic(topic_id)


@blueprint.post("/moderation/themen/<id:topic_id>/beitraege/<id:contribution_id>/antwort")
@access(Permission.ANSWER_TOPIC)
def answer_member(topic_id: int, contribution_id: int) -> ResponseReturnValue:
    """Give one contribution of a topic its own sentence."""
    form = TopicAnswerForm()
    if form.validate_on_submit():
        with catching(form):
            seen, text = form.version(), form.answer.data or ""
            answering.answer(actor(), contribution_id, seen=seen, text=text)
            flash(_("Der eigene Satz ist gespeichert."), "success")
            return _topic(topic_id, _anchor=f"beitrag-{contribution_id}")
    page = TopicAnswerForm(formdata=None)
    for message in [*form.answer.errors, *form.form_errors]:
        page.refuse("", str(message), status_code=form.status_code)
    return show_topic(topic_line(topic_id), page, TopicForm(formdata=None))


@blueprint.post("/moderation/themen/<id:topic_id>/zusammenlegen")
@access(Permission.ANSWER_TOPIC)
def merge_topics(topic_id: int) -> ResponseReturnValue:
    """Move everything of a topic into another one."""
    form, topic = SeenForm(), topic_line(topic_id)
    page = TopicAnswerForm(formdata=None)
    if form.validate_on_submit():
        target = number(request.form.get("thema")) or queries.id_of(request.form.get("topic", ""))
        with catching(page):
            try:
                if target is None:
                    raise InvalidInput("topic", "not_found")
                topics.merge(actor(), topic_id, seen=form.version(), into_id=target)
            except WrongState as error:
                page.refuse("", screening_words.wrong_state(error), status_code=409)
            else:
                flash(_("Das Thema „%(title)s“ ist hier aufgegangen.", title=topic.title), "success")
                return _topic(target)
    return show_topic(topic, page, TopicForm(formdata=None))


@blueprint.post("/moderation/themen/<id:topic_id>/zustaendig")
@access(Permission.ANSWER_TOPIC)
def assign_topic(topic_id: int) -> ResponseReturnValue:
    """Take a topic on, or hand it back."""
    if SeenForm().validate_on_submit():
        if request.form.get("zustaendig") == "niemand":
            topics.hand_back(actor(), topic_id)
        else:
            topics.take_on(actor(), topic_id)
    return _topic(topic_id)
