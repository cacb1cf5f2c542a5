# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms of proposals; what is complete and allowed is said by the service."""

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from charta.web.forms import Form

MAX_NUMBER = 2**31 - 1


def chosen(message: object) -> Callable[[Any, Any], None]:
    """Return a validator of radio buttons: one of them has to be chosen, none is chosen beforehand."""

    def check(_form: Any, field: Any) -> None:
        if not field.raw_data or not field.raw_data[0]:
            field.errors[:] = []  # "not a valid choice" says the same less kindly
            raise StopValidation(str(message))

    return check


class HiddenNumber(IntegerField):
    """A number the page remembers."""

    widget = HiddenInput()  # type: ignore[assignment]


class Sources(SelectMultipleField):
    """Sources to tick."""

    widget = ListWidget(prefix_label=False)  # type: ignore[assignment]
    option_widget = CheckboxInput()  # type: ignore[assignment]


class DraftForm(Form):
    """What a draft is made of; `before` and `after` hold the rest when one paragraph is edited."""

    title = StringField(_l("Überschrift"))
    body = TextAreaField(_l("Text"))
    before = HiddenField()
    after = HiddenField()
    summary = StringField(_l("Was ändern Sie? In einer Zeile"))
    reason = TextAreaField(_l("Begründung"))
    source_ids = Sources(_l("Greift auf"), coerce=int, choices=[])
    codes = StringField(_l("Beitrag: Nummer oder Worte"))
    target = SelectField(_l("Stelle"), choices=[], validate_choice=False)
    target_field_id = SelectField(_l("Handlungsfeld"), choices=[], validate_choice=False)
    seen_edit = HiddenNumber(validators=[Optional(), NumberRange(min=0, max=MAX_NUMBER)], default=0)
    page_key = HiddenField(validators=[Length(max=64)])

    @property
    def whole_body(self) -> str:
        """The whole text: the paragraph that was edited between the rest."""
        return f"{self.before.data or ''}{self.body.data or ''}{self.after.data or ''}"


class DecisionForm(Form):
    """One of four decisions, with its reason and what was seen."""

    decision = RadioField(
        _l("Entscheidung"),
        choices=[
            SelectChoice("approve", _l("Übernehmen")),  # type: ignore[arg-type]
            SelectChoice("adapt", _l("Angepasst übernehmen")),  # type: ignore[arg-type]
            SelectChoice("request_changes", _l("Überarbeitung erbitten")),  # type: ignore[arg-type]
            SelectChoice("reject", _l("Nicht übernehmen")),  # type: ignore[arg-type]
        ],
        validators=[chosen(_l("Bitte wählen Sie eine Entscheidung."))],
    )
    reason = TextAreaField(_l("Begründung"))
    seen_version = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])
    seen_head = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])
    weiter = HiddenField()


class AdaptForm(Form):
    """A moderator's version of a proposal."""

    title = StringField(_l("Überschrift"))
    body = TextAreaField(_l("Text"))
    target = SelectField(_l("Stelle"), choices=[], validate_choice=False)
    reason = TextAreaField(_l("Begründung"))
    seen_version = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])
    seen_head = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])


class AnswerForm(Form):
    """The author's answer to an adapted version."""

    answer = RadioField(
        _l("Ihre Antwort"),
        choices=[
            SelectChoice("agree", _l("Zustimmen")),  # type: ignore[arg-type]
            SelectChoice("refuse", _l("Ablehnen")),  # type: ignore[arg-type]
        ],
        validators=[chosen(_l("Bitte wählen Sie eine Antwort."))],
    )
    reason = TextAreaField(_l("Warum nicht?"))
    seen_version = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])


class DeedForm(Form):
    """A button without fields: support, withdraw, take on."""


class PasteForm(Form):
    """Formatted text from the clipboard."""

    html = TextAreaField()


class PreviewForm(Form):
    """What the live comparison is made of."""

    section_id = HiddenNumber(validators=[Optional(), NumberRange(min=1, max=MAX_NUMBER)])
    number = HiddenNumber(validators=[Optional(), NumberRange(min=1, max=MAX_NUMBER)])
    title = StringField()
    body = TextAreaField()
    before = HiddenField()
    after = HiddenField()

    @property
    def whole_body(self) -> str:
        """The whole text: the paragraph that was edited between the rest."""
        return f"{self.before.data or ''}{self.body.data or ''}{self.after.data or ''}"


class OverlapForm(Form):
    """The choices of the overlap page are read by number; this holds the rest."""

    reason = TextAreaField(_l("Begründung für die Verfasserin oder den Verfasser"))
    seen_version = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])
    seen_head = HiddenNumber(validators=[InputRequired(), NumberRange(min=0, max=MAX_NUMBER)])
