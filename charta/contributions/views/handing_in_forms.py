# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of handing in: one text, and three choices that may stay as they are."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField

from charta.accounts.rules import PublicName
from charta.contributions import words
from charta.contributions.rules import Kind
from charta.fields.models import FieldOfAction
from charta.web.choices import choice
from charta.web.forms import Form
from charta.web.urls import MAX_ID


class HandInForm(Form):
    """The text comes without rules of its own here: the domain judges it, also when it is empty."""

    text = TextAreaField(_l("Ihre Herausforderung, Ihr Bedarf oder Ihre Empfehlung"))
    field_id = RadioField(_l("Handlungsfeld"), validate_choice=False)  # the command knows the fields
    kind = RadioField(_l("Art"))
    public_name = RadioField(_l("Was andere daneben lesen"))
    once_key = HiddenField()

    def offer_fields(self, fields: Sequence[FieldOfAction]) -> None:
        """Fill the list of fields that the page shows."""
        self.field_id.choices = [choice("", _("Weiß nicht"))] + [
            choice(str(field.id), field.name) for field in fields
        ]

    def offer(self, *, organisation_name: str, name: str) -> None:
        """Fill the other lists that are chosen from; who named no organisation cannot show one."""
        self.kind.choices = [choice("", _("Weiß nicht"))] + [
            choice(kind.value, words.kind(kind)) for kind in Kind
        ]
        shown = [choice(PublicName.NONE.value, _("Keinen Namen"))]
        if organisation_name:
            shown.append(choice(PublicName.ORGANISATION.value, organisation_name))
            both = _("%(name)s, %(organisation)s", name=name, organisation=organisation_name)
        else:
            both = name
        self.public_name.choices = [*shown, choice(PublicName.NAME.value, both)]

    @property
    def chosen_field(self) -> int | None:
        """The id of the field of action, None for „weiß nicht“."""
        raw = self.field_id.data or ""
        if not raw:
            return None
        is_id = raw.isascii() and raw.isdigit() and len(raw) < 11 and int(raw) <= MAX_ID
        return int(raw) if is_id else 0

    @property
    def chosen_kind(self) -> Kind | None:
        """The kind, None for „weiß nicht“."""
        return Kind(self.kind.data) if self.kind.data else None
