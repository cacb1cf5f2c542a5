# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms around one contribution: an address, an answer, a button."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired

from charta.accounts.forms import looks_like_email
from charta.web.forms import Form


class SubscribeForm(Form):
    """Where the news shall go."""

    email = StringField(_l("E-Mail-Adresse"), validators=[DataRequired(), looks_like_email])


class ReplyForm(Form):
    """The answer to a question; `schluessel` is the key of the mail's link."""

    reply = TextAreaField(_l("Ihre Antwort"), validators=[DataRequired()])
    schluessel = HiddenField()


class ButtonForm(Form):
    """A button and nothing else."""
