# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the buttons of the screening desk do with the open contribution; afterwards the next one opens."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions import screening_words
from charta.contributions.queries import screening as queries
from charta.contributions.queries import topics as topic_queries
from charta.contributions.rules import UNSCREENED, Words
from charta.contributions.service import answering, merging, screening, topics
from charta.contributions.service.entering import Outcome, Seen
from charta.contributions.service.screening import Sorting
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening import show, surroundings
from charta.contributions.views.screening_filters import Filters
from charta.contributions.views.screening_forms import (
    BundleForm,
    ItemForm,
    SeenForm,
    UndoForm,
    number,
    seen_items,
)
from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor

# Deeds that can be taken back, with how.
_REVERSE = {"aufnehmen": "oeffnen", "ablehnen": "oeffnen"}


def line_of(contribution_id: int) -> queries.Line:
    """Return a contribution by the number of the address, or raise `NotFound`."""
    found = queries.one(actor(), contribution_id)
    if found is None:
        raise NotFound(kind="contribution", id=contribution_id)
    return found


def go_on(contribution_id: int, *, reverse: str = "", items: Sequence[Seen] = ()) -> ResponseReturnValue:
    """Open what comes after a contribution in the list, with the way back where there is one."""
    more: dict[str, object] = {"nach": contribution_id, "nr": number(request.form.get("naechster"))}
    if reverse and items:
        more |= {"zurueck": reverse, "wen": [f"{item.id}:{item.version}" for item in items]}
    return redirect(url_for("contributions.screening_desk", **Filters.from_address().arguments(**more)), 303)


@blueprint.post("/moderation/beitraege/<id:contribution_id>")
@access(Permission.SCREEN_CONTRIBUTION)
def screen(contribution_id: int) -> ResponseReturnValue:
    """Decide about one contribution by the button that was pressed."""
    form = ItemForm()
    line = line_of(contribution_id)
    form.offer(surroundings(), None)
    if form.validate_on_submit():
        with catching(form):
            try:
                deed = _screen(contribution_id, form)
            except WrongState as error:
                form.refuse("", screening_words.wrong_state(error), status_code=409)
            else:
                flash(screening_words.done(deed, line.row.code), "success")
                after = [Seen(contribution_id, form.version() + 1)]
                if deed == "speichern":
                    return stay(contribution_id)
                return go_on(contribution_id, reverse=_REVERSE.get(deed, ""), items=after)
    return show(Filters.from_address(), number=contribution_id, form=form)


def stay(contribution_id: int) -> ResponseReturnValue:
    """Show the same contribution again."""
    address = url_for("contributions.screening_desk", **Filters.from_address().arguments(nr=contribution_id))
    return redirect(address, 303)


def _screen(contribution_id: int, form: ItemForm) -> str:
    """Do what the button says and return its name."""
    seen, reason = form.version(), form.reason.data or ""
    deed = request.form.get("tat", "")
    match deed:
        case "aufnehmen":
            if reason.strip():  # no word is dropped in silence
                raise InvalidInput("reason", "accepting_tells_nothing")
            screening.accept(actor(), contribution_id, seen=seen, sorting=form.sorting())
        case "nachfragen":
            screening.ask(actor(), contribution_id, seen=seen, reason=reason, sorting=form.sorting())
        case "ablehnen":
            words = Words.HIDDEN if form.hide.data else Words.SHOWN
            screening.decline(actor(), contribution_id, seen=seen, reason=reason, words=words)
        case "beantworten":
            try:
                answering.answer(actor(), contribution_id, seen=seen, text=reason, sorting=form.sorting())
            except InvalidInput as error:  # the same field serves for reason, question and answer
                field = "reason" if error.field == "answer" else error.field
                raise InvalidInput(field, error.code, **_rest(error)) from None
        case "speichern":
            screening.sort(actor(), contribution_id, seen=seen, sorting=form.sorting())
        case "oeffnen":
            screening.reopen(actor(), contribution_id, seen=seen)
        case "trennen":
            merging.unmerge(actor(), contribution_id, seen=seen)
        case _:
            raise InvalidInput("tat", "invalid")
    return deed


def _rest(error: InvalidInput) -> dict[str, object]:
    return {name: value for name, value in error.data.items() if name not in {"field", "code"}}


@blueprint.post("/moderation/beitraege/<id:contribution_id>/thema")
@access(Permission.ANSWER_TOPIC)
def bundle(contribution_id: int) -> ResponseReturnValue:
    """Put one contribution into the topic of the button, else into the one of this title, new or not."""
    form = BundleForm()
    line = line_of(contribution_id)
    if form.validate_on_submit():
        with catching(form):
            seen = Seen(contribution_id, form.version())
            outcomes, title = put_into_topic([seen], form.topic.data or "", sorting=form.sorting())
            if outcomes[0].error is None:
                message = _("Beitrag %(code)s gehört zum Thema „%(title)s“.", code=line.row.code, title=title)
                flash(message, "success")
                after = [Seen(seen.id, seen.version + 1)]
                reverse = "oeffnen" if line.row.state in UNSCREENED else "herausnehmen"
                return go_on(contribution_id, reverse=reverse, items=after)
            form.refuse("", screening_words.error(outcomes[0].error), status_code=409)
    return show(Filters.from_address(), number=contribution_id, form=ItemForm(formdata=None), bundle=form)


def put_into_topic(
    items: Sequence[Seen], title: str, *, sorting: Sorting | None = None
) -> tuple[list[Outcome], str]:
    """Put contributions into the topic that was named, by number or title; return what became of them."""
    topic_id = number(request.form.get("thema")) or (topic_queries.id_of(title) if title.strip() else None)
    if topic_id is None:
        topic_id, outcomes = topics.create(actor(), title=title, items=items, sorting=sorting)
        return outcomes, title.strip()
    outcomes = topics.add(actor(), topic_id, items, sorting=sorting)
    found = topic_queries.topic(topic_id)
    return outcomes, found.title if found else ""


@blueprint.post("/moderation/beitraege/<id:contribution_id>/zusammenlegen")
@access(Permission.SCREEN_CONTRIBUTION)
def merge(contribution_id: int) -> ResponseReturnValue:
    """Merge one contribution into the one that was chosen."""
    form = SeenForm()
    line = line_of(contribution_id)
    target = number(request.form.get("mit"))
    if form.validate_on_submit() and target is not None:
        with catching(form):
            try:
                merging.merge(actor(), contribution_id, seen=form.version(), into_id=target)
            except WrongState as error:
                form.refuse("", screening_words.wrong_state(error), status_code=409)
            else:
                into = line_of(target)
                message = _(
                    "Beitrag %(code)s ist mit %(other)s zusammengelegt.",
                    code=line.row.code,
                    other=into.row.code,
                )
                flash(message, "success")
                after = [Seen(contribution_id, form.version() + 1)]
                return go_on(contribution_id, reverse="trennen", items=after)
    item = ItemForm(formdata=None)
    for message in form.form_errors or [_("Bitte wählen Sie den Beitrag, mit dem er zusammengehört.")]:
        item.refuse("", str(message), status_code=form.status_code if form.status_code != 200 else 422)
    return show(Filters.from_address(), number=contribution_id, form=item)


@blueprint.post("/moderation/beitraege/<id:contribution_id>/zustaendig")
@access(Permission.SCREEN_CONTRIBUTION)
def assign(contribution_id: int) -> ResponseReturnValue:
    """Take a contribution on, or hand it back."""
    form = SeenForm()
    if form.validate_on_submit():
        if request.form.get("zustaendig") == "niemand":
            screening.hand_back(actor(), contribution_id)
        else:
            screening.take_on(actor(), contribution_id)
    return stay(contribution_id)


@blueprint.post("/moderation/beitraege/zurueck")
@access(Permission.SCREEN_CONTRIBUTION)
def undo_deed() -> ResponseReturnValue:
    """Take the last deed back; what changed since stays as it is and is named."""
    form, items = UndoForm(), seen_items(request.form.getlist("wen"))
    if not form.validate_on_submit() or not items:
        return redirect(url_for("contributions.screening_desk", **Filters.from_address().arguments()), 303)
    match request.form.get("zurueck"):
        case "herausnehmen":
            outcomes = topics.take_out(actor(), items)
        case "trennen":
            merging.unmerge(actor(), items[0].id, seen=items[0].version)
            outcomes = [Outcome(items[0].id, "")]
        case _:
            outcomes = screening.reopen_all(actor(), items)
    tell("zurueck", outcomes)
    return stay(items[0].id)


def tell(deed: str, outcomes: Sequence[Outcome]) -> None:
    """Say what became of several contributions: how many were done, and which were not, and why."""
    done = sum(1 for item in outcomes if item.error is None)
    if done:
        flash(screening_words.done_together(deed, done), "success")
    for sentence in screening_words.left_over(outcomes):
        flash(sentence, "warning")
