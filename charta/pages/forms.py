# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forms of the moderation queue; buttons say what is decided, hidden fields what was seen."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, TextAreaField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from charta.web.forms import Form
from charta.web.urls import MAX_ID


class DecisionForm(Form):
    """A decision on one proposal: reason, and the version and text the moderator had before the eyes."""

    reason = TextAreaField(_l("Begründung der Entscheidung"))
    seen_version = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, MAX_ID)])
    seen_head = IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, MAX_ID)])
    naechster = HiddenField()  # what opens afterwards


class TogetherForm(Form):
    """The confirmation of a bulk approval; the rows are plain fields `nummer` and `gesehen`."""


class AssignmentForm(Form):
    """Taking a proposal on or handing it back."""
