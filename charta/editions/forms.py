# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of what is typed to compose and to publish an edition."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired

from charta.web.forms import Form

_FILLED = InputRequired(_l("Bitte füllen Sie dieses Feld aus."))


class SeenForm(Form):
    """A deed on the edition as it was seen."""

    fassung = HiddenField()

    def seen_version(self) -> int:
        """Return the version that was seen, 0 for none."""
        raw = self.fassung.data or ""
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


class ComposeForm(Form):
    """A new edition."""

    name = StringField(_l("Nummer der Fassung"), [_FILLED])
    title = StringField(_l("Titel"), [_FILLED])
    note = TextAreaField(_l("Worte vor dem Text"))


class PublishForm(SeenForm):
    """The last word on an edition."""

    reason = TextAreaField(_l("Grund der Freigabe"))
