# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms about mails: how often, and a button."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField
from wtforms.validators import DataRequired

from charta.notifications.rules import Digest
from charta.web.choices import choice
from charta.web.forms import Form


class MailsForm(Form):
    """How a person wants mail."""

    digest = RadioField(
        _l("Übersicht über das, was Sie beobachten"),
        choices=[
            choice(Digest.DAILY.value, _l("Täglich")),
            choice(Digest.WEEKLY.value, _l("Wöchentlich")),
            choice(Digest.NEVER.value, _l("Nie")),
        ],
        validators=[DataRequired()],
    )
    wants_own = BooleanField(_l("Sofort schreiben, wenn es um Eigenes geht"))


class ButtonForm(Form):
    """A button and nothing else."""
