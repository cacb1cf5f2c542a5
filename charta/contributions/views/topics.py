# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Topics for moderators: the board with its suggestions, and the desk of one topic."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from charta.contributions import similar, words
from charta.contributions.queries import listing, screening
from charta.contributions.queries import topics as queries
from charta.contributions.queries.around import Around
from charta.contributions.queries.screening import Line, Wanted
from charta.contributions.queries.topics import Shown, TopicLine
from charta.contributions.rules import State
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening import surroundings
from charta.contributions.views.screening_forms import SeenForm, TogetherForm, TopicAnswerForm, TopicForm
from charta.errors import NotFound
from charta.permissions import Permission
from charta.web.access import access
from charta.web.choices import choice
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor

BUNDLES_SHOWN = 8
SHOWN: Mapping[str, Shown] = {"offen": Shown.OPEN, "beantwortet": Shown.ANSWERED, "alle": Shown.ALL}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Contributions that may be about one matter, with a title to begin with."""

    title: str
    lines: Sequence[Line]


@blueprint.get("/moderation/themen")
@access(Permission.READ_SCREENING)
def topic_board() -> ResponseReturnValue:
    """Show topics, suggested bundles, and the contributions that belong to none yet."""
    around = surroundings()
    shown = request.args.get("stand", "") if request.args.get("stand", "") in SHOWN else "offen"
    number = key_argument("feld")
    field_id = next((field.id for field in around.fields if field.number == number), None)
    forum_id = key_argument("forum")
    topics = cut(
        queries.board(shown=SHOWN[shown], field_id=field_id, before=key_argument("vor")),
        queries.PAGE_SIZE,
        lambda item: item.id,
    )
    loose = cut(
        screening.desk(
            actor(),
            Wanted(states=(State.ACCEPTED,), is_unbundled=True, field_id=field_id, forum_id=forum_id),
            after=key_argument("ab"),
        ).lines,
        screening.PAGE_SIZE,
        lambda line: line.row.id,
    )
    return render_template(
        "contributions/topic_board.html",
        around=around,
        topics=topics,
        loose=loose,
        suggestions=suggestions(forum_id, field_id) if loose.items else [],
        shown=shown,
        field_number=number if field_id else None,
        forum_id=forum_id,
        form=TogetherForm(formdata=None),
        words=words,
    )


def suggestions(forum_id: int | None, field_id: int | None) -> list[Suggestion]:
    """Return the suggested bundles with their contributions (three statements)."""
    bundles = similar.suggested_bundles(forum_id=forum_id, field_id=field_id, limit=BUNDLES_SHOWN)
    found = screening.by_ids(actor(), {ident for bundle in bundles for ident in bundle.ids})
    return [
        Suggestion(", ".join(bundle.words), [found[ident] for ident in bundle.ids if ident in found])
        for bundle in bundles
    ]


@blueprint.get("/moderation/themen/<id:topic_id>")
@access(Permission.READ_SCREENING)
def topic_desk(topic_id: int) -> ResponseReturnValue:
    """Show one topic with its contributions; one that became part of another leads there."""
    topic = topic_line(topic_id)
    if topic.merged_into_id is not None:
        return redirect(url_for("contributions.topic_desk", topic_id=topic.merged_into_id), 303)
    return show_topic(topic, TopicAnswerForm(formdata=None), TopicForm(formdata=None))


def topic_line(topic_id: int) -> TopicLine:
    """Return a topic by the number of the address, or raise `NotFound`."""
    found = queries.topic(topic_id)
    if found is None:
        raise NotFound(kind="topic", id=topic_id)
    return found


def show_topic(topic: TopicLine, answer: TopicAnswerForm, form: TopicForm) -> Response:
    """Render the desk of one topic; forms that came back with errors keep what was typed."""
    around = surroundings()
    lines = cut(
        listing.rows(actor(), topic_id=topic.id, after=key_argument("ab")),
        listing.PAGE_SIZE,
        lambda row: row.id,
    )
    html = render_template(
        "contributions/topic_desk.html",
        topic=topic,
        around=around,
        lines=lines,
        answer=prefilled_answer(answer, topic),
        form=prefilled(form, topic, around),
        deed=SeenForm(formdata=None),
        words=words,
    )
    return Response(html, max(answer.status_code, form.status_code))


def prefilled_answer(form: TopicAnswerForm, topic: TopicLine) -> TopicAnswerForm:
    """Put the stored answer into a form that was not sent."""
    if form.answer.data is None:
        form.answer.data = topic.answer
    return form


def prefilled(form: TopicForm, topic: TopicLine, around: Around) -> TopicForm:
    """Put the stored values into a form that was not sent, and the choices into any."""
    form.field.choices = [
        choice("", "–"),
        *(choice(str(item.id), f"{item.number} {item.name}") for item in around.fields),
    ]
    if form.title.data is None:
        form.title.data, form.text.data = topic.title, topic.text
        form.field.data = str(topic.field.id) if topic.field else ""
    return form
