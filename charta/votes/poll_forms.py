# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of an answer: the fields follow the method of the poll; what counts is decided by its rules."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charta.votes import poll_words
from charta.votes.models import Poll
from charta.votes.queries.polls_live import OnPhone
from charta.votes.rules import PollMethod
from charta.web.choices import choice
from charta.web.forms import Form


class AnswerForm(Form):
    """An answer to one poll; subclasses add the field or fields of its method."""

    def chosen(self) -> list[int]:
        """Return the places of the chosen options, or the points of each."""
        raise NotImplementedError

    def written(self) -> str:
        """Return the words that were typed."""
        return ""

    @property
    def point_fields(self) -> list[IntegerField]:
        """The fields of points, one per option."""
        return [field for field in self if isinstance(field, IntegerField)]


class OneForm(AnswerForm):
    """One of the options; the choices of a scale are the same."""

    choices = RadioField(_l("Ihre Antwort"), coerce=int, validators=[Optional()], validate_choice=False)

    def chosen(self) -> list[int]:
        """Return the one chosen place."""
        return [self.choices.data] if self.choices.data is not None else []


class SeveralForm(AnswerForm):
    """As many options as fit."""

    choices = SelectMultipleField(
        _l("Ihre Antworten"),
        coerce=int,
        validate_choice=False,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def chosen(self) -> list[int]:
        """Return the chosen places."""
        return list(self.choices.data or [])


class WordsForm(AnswerForm):
    """A word or a short sentence."""

    words = StringField(_l("Ihre Antwort"))

    def chosen(self) -> list[int]:
        """Words have no places."""
        return []

    def written(self) -> str:
        """Return the words that were typed."""
        return self.words.data or ""


class PointsForm(AnswerForm):
    """Points for each option; `answer_form` adds the fields."""

    def chosen(self) -> list[int]:
        """Return the points of each option."""
        return [field.data or 0 for field in self.point_fields]


def answer_form(poll: Poll, **details: Any) -> AnswerForm:
    """Return the form of a poll; forms of several polls may stand on one page."""
    details.setdefault("prefix", f"umfrage{poll.id}-")
    words = poll_words.options(poll)
    if poll.method is PollMethod.WORDS:
        return WordsForm(**details)
    if poll.method is PollMethod.POINTS:
        fields = {
            f"points_{place}": IntegerField(word, validators=[Optional()], default=0)
            for place, word in enumerate(words)
        }
        made: AnswerForm = type("PointsForm", (PointsForm,), fields)(**details)
        return made
    form: OneForm | SeveralForm = (
        SeveralForm(**details) if poll.method is PollMethod.MULTIPLE else OneForm(**details)
    )
    form.choices.choices = [choice(place, word) for place, word in enumerate(words)]
    return form


def filled_form(one: OnPhone) -> AnswerForm:
    """Return the form with the answer that was given before."""
    form = answer_form(one.result.poll, formdata=None)
    if one.own is None:
        return form
    if isinstance(form, WordsForm):
        form.words.data = one.own_words
    elif isinstance(form, PointsForm):
        for field, points in zip(form.point_fields, one.own, strict=False):
            field.data = points
    elif isinstance(form, OneForm):
        form.choices.data = one.own[0] if one.own else None
    elif isinstance(form, SeveralForm):
        form.choices.data = list(one.own)
    return form


def hint(poll: Poll) -> str:
    """Return what somebody has to know to answer."""
    if poll.method is PollMethod.MULTIPLE:
        return _("Sie können mehrere Antworten wählen.")
    if poll.method is PollMethod.POINTS:
        return _("Verteilen Sie bis zu %(points)s Punkte.", points=poll.points or 0)
    if poll.method is PollMethod.WORDS:
        return _("Ein Wort oder ein kurzer Satz. Die Moderation liest mit, bevor es an der Wand steht.")
    return ""
