# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms about invitations: one person, a table, a wave, an answer."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from charta.accounts.forms import looks_like_email
from charta.forums.invitees import Column
from charta.forums.rules import CompanySize
from charta.forums.views.planning_forms import number_or_none
from charta.forums.words import COMPANY_SIZES
from charta.web.choices import choice, choices
from charta.web.forms import Form
from charta.web.local_time import BerlinTimeField

COLUMNS = {
    Column.EMAIL: _l("E-Mail-Adresse"),
    Column.NAME: _l("Name oder Nachname"),
    Column.FIRST_NAME: _l("Vorname"),
    Column.FUNCTION: _l("Funktion"),
    Column.COMPANY: _l("Unternehmen"),
    Column.DISTRICT: _l("Landkreis oder Stadt"),
    Column.SIZE: _l("Größe"),
}
UNKNOWN_SIZE = "unbekannt"


class InviteeForm(Form):
    """One person of a company."""

    email = StringField(_l("E-Mail-Adresse"), validators=[InputRequired(), looks_like_email])
    name = StringField(_l("Name"))
    function = StringField(_l("Funktion"))
    company = StringField(_l("Unternehmen"))
    district = StringField(_l("Landkreis oder Stadt"))
    size = SelectField(_l("Größe"))

    def offer(self) -> None:
        """Fill the list that is chosen from."""
        self.size.choices = [choice("", _l("unbekannt")), *choices(CompanySize, COMPANY_SIZES)]

    @property
    def chosen_size(self) -> CompanySize | None:
        """The chosen size class."""
        return CompanySize(self.size.data) if self.size.data else None


class TableForm(Form):
    """A file, or a table copied from a spreadsheet."""

    file = FileField(_l("Datei (CSV oder Excel)"))
    text = TextAreaField(_l("Oder: Tabelle einfügen"))


class MappingForm(Form):
    """Which column of the table is what."""

    email = SelectField(COLUMNS[Column.EMAIL], coerce=number_or_none)
    name = SelectField(COLUMNS[Column.NAME], coerce=number_or_none)
    first_name = SelectField(COLUMNS[Column.FIRST_NAME], coerce=number_or_none)
    function = SelectField(COLUMNS[Column.FUNCTION], coerce=number_or_none)
    company = SelectField(COLUMNS[Column.COMPANY], coerce=number_or_none)
    district = SelectField(COLUMNS[Column.DISTRICT], coerce=number_or_none)
    size = SelectField(COLUMNS[Column.SIZE], coerce=number_or_none)

    def offer(self, headings: Sequence[str]) -> None:
        """Fill each list with the columns of the table."""
        for column in Column:
            self[column.value].choices = [
                choice("", _("steht nicht in der Tabelle")),
                *(
                    choice(place, heading or _("Spalte %(number)s", number=place + 1))
                    for place, heading in enumerate(headings)
                ),
            ]

    def fill(self, mapping: dict[str, int]) -> None:
        """Show what was guessed or chosen."""
        for column in Column:
            self[column.value].data = mapping.get(column.value)

    @property
    def mapping(self) -> dict[str, int]:
        """What was chosen."""
        return {
            column.value: self[column.value].data for column in Column if self[column.value].data is not None
        }


class LetterForm(Form):
    """Subject and letter of a wave."""

    subject = StringField(_l("Betreff"), validators=[InputRequired()])
    letter = TextAreaField(_l("Brief"), validators=[InputRequired()])


class WaveForm(LetterForm):
    """A new wave: who gets it, and the letter."""

    districts = SelectMultipleField(
        _l("Landkreise und Städte"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    sizes = SelectMultipleField(
        _l("Größe der Unternehmen"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def offer(self, districts: Sequence[tuple[str, int]]) -> None:
        """Fill the lists that are chosen from; a district without a name has the value „-“."""
        self.districts.choices = [
            choice(name or "-", f"{name or _('ohne Angabe')} ({number})") for name, number in districts
        ]
        self.sizes.choices = [*choices(CompanySize, COMPANY_SIZES), choice(UNKNOWN_SIZE, _("unbekannt"))]

    @property
    def chosen_districts(self) -> list[str]:
        """The chosen districts; none means all of them."""
        return ["" if name == "-" else name for name in self.districts.data or []]

    @property
    def chosen_sizes(self) -> list[CompanySize | None]:
        """The chosen size classes; none means all of them."""
        return [None if value == UNKNOWN_SIZE else CompanySize(value) for value in self.sizes.data or []]


class ReminderForm(Form):
    """When those who have not answered are reminded."""

    remind_at = BerlinTimeField(_l("Erinnern am"))


class DeedForm(Form):
    """A button and nothing to fill in."""


class DeclineForm(Form):
    """A no, with a reason if wanted."""

    reason = TextAreaField(_l("Möchten Sie uns sagen, warum?"))


class SubstituteForm(Form):
    """Who comes instead."""

    name = StringField(_l("Name der Vertretung"), validators=[InputRequired()])
    email = StringField(_l("E-Mail-Adresse der Vertretung"), validators=[InputRequired(), looks_like_email])
