# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of what steers the projector: one form, its buttons say what is wanted."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from charta.fields.models import FieldOfAction
from charta.web.forms import Form
from charta.web.urls import MAX_ID


class SteerForm(Form):
    """Buttons with a value, nothing to fill in."""

    def number(self, name: str) -> int | None:
        """Return the value of a button as an id, None when it is none."""
        raw = request.form.get(name, "")
        is_id = raw.isascii() and raw.isdigit() and 0 < len(raw) < 11 and int(raw) <= MAX_ID
        return int(raw) if is_id else None


class FieldForm(Form):
    """The field of action whose contributions are shown."""

    field_id = SelectField(_l("Beiträge aus"), coerce=int)

    def offer(self, known: Sequence[FieldOfAction]) -> None:
        """Fill the list that is chosen from."""
        self.field_id.choices = [(0, _("allen Handlungsfeldern"))] + [(one.id, one.name) for one in known]
