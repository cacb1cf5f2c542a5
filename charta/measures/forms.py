# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of the form for a measure's attributes."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms import (
    Form as PlainForm,
)
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from charta.measures.queries import MeasurePage, OrganisationRef
from charta.measures.rules import INDICATORS_MAX, IndicatorFigures, MeasureStatus
from charta.measures.words import STATUS
from charta.web.forms import Form

_SPARE_ROWS = 2
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")


def read_figure(raw: str) -> Decimal | None:
    """Return a typed number: „1.250,5“, „1250,5“ or „1250.5“; None for nothing. Raises `ValueError`."""
    text = raw.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace("\u2212", "-")
    if not text:
        return None
    if _GROUPED.fullmatch(text):
        text = text.replace(".", "")
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(raw) from None
    if not found.is_finite():
        raise ValueError(raw)
    return found.quantize(Decimal("0.01")).normalize() if abs(found) < Decimal(10) ** 12 else found


class FigureField(StringField):
    """A number as people write it here; `data` is a `Decimal` or None."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data.normalize():f}".replace(".", ",")

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = None
        if valuelist:
            try:
                self.data = read_figure(str(valuelist[0]))
            except ValueError:
                raise ValueError(_("Bitte geben Sie eine Zahl ein, zum Beispiel 12,5.")) from None


class IndicatorForm(PlainForm):
    """One row of figures; an empty row is left out."""

    name = StringField(_l("Kennzahl"))
    unit = StringField(_l("Einheit"))
    baseline = FigureField(_l("Ausgangswert"))
    target = FigureField(_l("Ziel"))
    current = FigureField(_l("Stand"))


class AttributesForm(Form):
    """Everything about a measure that is not its wording."""

    measure_status = RadioField(_l("Stand"), validators=[InputRequired()])
    responsible_id = SelectField(_l("Verantwortlich"), coerce=int)
    participant_ids = SelectMultipleField(
        _l("Beteiligte Organisationen"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    starts_on = DateField(_l("Beginn"), validators=[Optional()])
    ends_on = DateField(_l("Ende"), validators=[Optional()])
    indicators = FieldList(FormField(IndicatorForm), max_entries=INDICATORS_MAX)
    seen_version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def offer(self, organisations: Sequence[OrganisationRef]) -> None:
        """Fill the lists that are chosen from."""
        self.measure_status.choices = [(status.value, str(word)) for status, word in STATUS.items()]
        self.responsible_id.choices = [(0, _("noch niemand"))] + [(one.id, one.name) for one in organisations]
        self.participant_ids.choices = [(one.id, one.name) for one in organisations]

    def fill(self, page: MeasurePage) -> None:
        """Show what is stored now, with spare rows for further indicators."""
        self.measure_status.data = page.status.value
        self.responsible_id.data = page.responsible.id if page.responsible else 0
        self.participant_ids.data = [one.id for one in page.participants]
        self.starts_on.data, self.ends_on.data = page.starts_on, page.ends_on
        self.seen_version.data = page.version
        for one in page.indicators:
            self.indicators.append_entry(
                {
                    "name": one.name,
                    "unit": one.unit,
                    "baseline": one.baseline,
                    "target": one.target,
                    "current": one.current,
                }
            )
        self.add_spare_rows()

    def add_spare_rows(self) -> None:
        """Offer empty rows as long as more indicators are possible."""
        used = len(self.indicators.entries)
        for _row in range(min(_SPARE_ROWS, INDICATORS_MAX - used)):
            self.indicators.append_entry()

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Validate, and say above the form too that a figure is wrong."""
        if super().validate_on_submit(extra_validators):
            return True
        if self.is_submitted() and any(row.form.errors for row in self.indicators):
            message = _("Bei den Kennzahlen ist eine Angabe keine Zahl.")
            self.indicators.errors = (*self.indicators.errors, message)
        return False

    @property
    def figures(self) -> tuple[IndicatorFigures, ...]:
        """The typed indicators."""
        return tuple(
            IndicatorFigures(
                row.form.name.data or "",
                row.form.unit.data or "",
                row.form.baseline.data,
                row.form.target.data,
                row.form.current.data,
            )
            for row in self.indicators
        )

    @property
    def chosen_status(self) -> MeasureStatus:
        """The chosen status."""
        return MeasureStatus(self.measure_status.data)
