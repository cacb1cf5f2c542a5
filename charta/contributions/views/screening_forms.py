# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forms of the screening desk; buttons say what is done, hidden fields what was seen."""

from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from charta.contributions.queries.around import Around
from charta.contributions.queries.screening import Line
from charta.contributions.rules import CannedFor, Kind
from charta.contributions.service.entering import Seen
from charta.contributions.service.screening import Sorting
from charta.errors import InvalidInput
from charta.web.choices import choice, choices
from charta.web.forms import Form
from charta.web.urls import MAX_ID

KINDS = {
    Kind.CHALLENGE: _l("Herausforderung"),
    Kind.NEED: _l("Bedarf"),
    Kind.RECOMMENDATION: _l("Empfehlung"),
}
PURPOSES = {
    CannedFor.ASK: _l("Für Rückfragen"),
    CannedFor.DECLINE: _l("Wenn ein Beitrag nicht aufgenommen wird"),
    CannedFor.ANSWER: _l("Für Antworten"),
}


def number(raw: str | None) -> int | None:
    """Return an id that a page remembered, or None when it is none."""
    if not raw or not (raw.isascii() and raw.isdigit() and len(raw) <= 10):
        return None
    return int(raw) if 1 <= int(raw) <= MAX_ID else None


def seen_items(values: Sequence[str]) -> list[Seen]:
    """Return what was ticked, each „id:version“; what is none is left out."""
    found = []
    for value in values[:200]:
        ident, _, version = value.partition(":")
        first, second = number(ident), number(version)
        if first is not None and second is not None:
            found.append(Seen(first, second))
    return found


class SeenForm(Form):
    """A deed on one contribution or topic: the version that was before the eyes."""

    seen = HiddenField()

    def version(self) -> int:
        """Return the version; `InvalidInput` when the page was tampered with."""
        found = number(self.seen.data)
        if found is None:
            raise InvalidInput("seen", "invalid")
        return found


class ItemForm(SeenForm):
    """The open contribution: where it belongs, and the words for a decision or an answer."""

    field = SelectField(_l("Handlungsfeld"), default="")
    kind = SelectField(_l("Art"), default="")
    title = StringField(_l("Überschrift"))
    reason = TextAreaField(_l("Begründung, Frage oder Antwort"))
    hide = BooleanField(_l("Die Worte nicht zeigen, wenn der Beitrag nicht aufgenommen wird"))

    def offer(self, around: Around, line: Line | None) -> "ItemForm":
        """Fill the choices, and on a page just opened the values of the contribution."""
        self.field.choices = [
            choice("", _l("noch keins")),
            *(choice(str(item.id), f"{item.number} {item.name}") for item in around.fields),
        ]
        self.kind.choices = [choice("", _l("noch offen")), *choices(Kind, KINDS)]
        if line is not None and not self.is_submitted():
            self.field.data = str(line.row.field.id) if line.row.field else ""
            self.kind.data = line.row.kind.value if line.row.kind else ""
            self.title.data = line.own_title
        return self

    def sorting(self) -> Sorting:
        """Return where the contribution is put."""
        kind = Kind(self.kind.data) if self.kind.data else None
        return Sorting(number(self.field.data), kind, self.title.data or "")


class BundleForm(SeenForm):
    """Putting the open contribution into a topic: a button with a number, or a title."""

    topic = StringField(_l("Anderes oder neues Thema"))

    def sorting(self) -> Sorting | None:
        """Return the sorting that the script sends along from the form beside it; None without a script."""
        if "field" not in request.form:
            return None
        kind = request.form.get("kind", "")
        found = Kind(kind) if kind in set(Kind) else None
        return Sorting(number(request.form["field"]), found, request.form.get("title", ""))


class TogetherForm(Form):
    """A deed on the ticked contributions; the ticks are plain fields `auswahl`."""

    topic = StringField(_l("Thema"))
    reason = TextAreaField(_l("Begründung"))


class UndoForm(Form):
    """Taking the last deed back; what it was about are plain fields `wen`."""


class RedactForm(SeenForm):
    """The words to take out, one passage a line, and why."""

    phrases = TextAreaField(_l("Worte, die entfernt werden"))
    reason = TextAreaField(_l("Grund"))


class SplitForm(SeenForm):
    """The parts are plain fields `teil`, `feld` and `art`, as many as there are."""


class TopicForm(SeenForm):
    """Title, description and field of a topic."""

    title = StringField(_l("Überschrift"))
    text = TextAreaField(_l("Worum es geht"))
    field = SelectField(_l("Handlungsfeld"), default="", validate_choice=False)


class TopicAnswerForm(SeenForm):
    """The answer of a whole topic."""

    answer = TextAreaField(_l("Antwort an alle Beiträge dieses Themas"))


class CannedForm(Form):
    """A prepared answer."""

    purpose = SelectField(_l("Wofür"), choices=choices(CannedFor, PURPOSES))
    title = StringField(_l("Name in der Auswahl"))
    text = TextAreaField(_l("Text"))
