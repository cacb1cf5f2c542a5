# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms about paper: printing cards, typing one in, the steps of an import."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField

from charta.accounts.rules import PublicName
from charta.contributions import words
from charta.contributions.card_rows import Column, Taking
from charta.contributions.paper_words import COLUMNS, PUBLIC_NAMES, letter
from charta.contributions.rules import Kind
from charta.fields.models import FieldOfAction
from charta.web.choices import choice, choices
from charta.web.forms import Form


class PrintForm(Form):
    """How many cards."""

    count = IntegerField(_l("Zahl der Karten"))


class RecordForm(Form):
    """One card, in the order in which it is read: the domain judges what was typed."""

    card = StringField(_l("Code oder Nummer der Karte"))
    text = TextAreaField(_l("Text"))
    field_id = SelectField(_l("Handlungsfeld"))
    kind = SelectField(_l("Art"))
    public_name = SelectField(_l("Was daneben stehen soll"), choices=choices(PublicName, PUBLIC_NAMES))
    name = StringField(_l("Name"))
    organisation = StringField(_l("Organisation"))
    once_key = HiddenField()

    def offer(self, fields: Sequence[FieldOfAction]) -> None:
        """Fill the lists that are chosen from; the number of a field chooses it by one key."""
        self.field_id.choices = [choice("", _("Weiß nicht"))] + [
            choice(str(field.id), f"{field.number} {field.name}") for field in fields
        ]
        self.kind.choices = [choice("", _("Weiß nicht"))] + [
            choice(kind.value, words.kind(kind)) for kind in Kind
        ]

    @property
    def chosen_field(self) -> int | None:
        """The id of the field of action, None for „weiß nicht“."""
        return int(self.field_id.data) if self.field_id.data else None

    @property
    def chosen_kind(self) -> Kind | None:
        """The kind, None for „weiß nicht“."""
        return Kind(self.kind.data) if self.kind.data else None


class UploadForm(Form):
    """A file with a table."""

    file = FileField(_l("Datei (CSV oder Excel)"))


class MappingForm(Form):
    """Which column of the file means what; `mapping` names the errors of the whole."""

    text = SelectField(COLUMNS[Column.TEXT])
    card = SelectField(COLUMNS[Column.CARD])
    title = SelectField(COLUMNS[Column.TITLE])
    field = SelectField(COLUMNS[Column.FIELD])
    kind = SelectField(COLUMNS[Column.KIND])
    public_name = SelectField(COLUMNS[Column.PUBLIC_NAME])
    name = SelectField(COLUMNS[Column.NAME])
    organisation = SelectField(COLUMNS[Column.ORGANISATION])
    people = SelectField(COLUMNS[Column.PEOPLE])

    def offer(self, headings: Sequence[str]) -> None:
        """Fill the lists with the columns of the file, by letter and heading."""
        known = [choice("", _("keine Spalte"))] + [
            choice(str(place), f"{letter(place)}: {heading[:60]}" if heading else letter(place))
            for place, heading in enumerate(headings)
        ]
        for column in Column:
            self._fields[column.value].choices = known

    def fill(self, mapping: Mapping[Column, int]) -> None:
        """Choose what was stored."""
        for column in Column:
            self._fields[column.value].data = str(mapping[column]) if column in mapping else ""

    @property
    def chosen(self) -> dict[str, int]:
        """The columns that were chosen, by what they mean."""
        return {
            column.value: int(self._fields[column.value].data)
            for column in Column
            if self._fields[column.value].data
        }


class TakingForm(Form):
    """What to do when rows are refused."""

    taking = RadioField(_l("Was soll geschehen?"))

    def offer(self, good: int) -> None:
        """Fill the list that is chosen from."""
        self.taking.choices = [
            choice(Taking.GOOD.value, _("Nur die guten Zeilen einlesen (%(count)s)", count=good)),
            choice(Taking.ALL.value, _("Alles oder nichts")),
        ]
