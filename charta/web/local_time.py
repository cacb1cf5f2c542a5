# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A form field for a moment in German time; stored in UTC.

In the night of a clock change an hour is missing or comes twice. Both are refused with a sentence, because
guessing would move a deadline by an hour without anybody noticing.
"""

from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.widgets import DateTimeLocalInput

from charta.errors import InvalidInput
from charta.web import words
from charta.web.dates import ZONE

_FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M")


def from_local(naive: datetime) -> datetime:
    """Return the UTC moment of a German wall-clock time.

    Raises `InvalidInput` (no_such_time, ambiguous_time) in the hours of a clock change.
    """
    first, second = naive.replace(tzinfo=ZONE, fold=0), naive.replace(tzinfo=ZONE, fold=1)
    if first.astimezone(UTC).astimezone(ZONE).replace(tzinfo=None) != naive:
        raise InvalidInput("", "no_such_time")
    if first.utcoffset() != second.utcoffset():
        raise InvalidInput("", "ambiguous_time")
    return first.astimezone(UTC)


class BerlinTimeField(Field):
    """Date and time of day in Germany; `data` is an aware UTC moment or None."""

    widget = DateTimeLocalInput()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.type = "DateTimeLocalField"  # the form macro knows this kind by its name

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.astimezone(ZONE).strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; an empty field is None, required or not is said by the validators."""
        self.data = None
        typed = " ".join(valuelist).strip()
        if not typed:
            return
        naive = _parse(typed)
        try:
            self.data = from_local(naive)
        except InvalidInput as error:
            raise ValueError(words.input_error(error.code, error.data)) from error


def _parse(typed: str) -> datetime:
    for form in _FORMATS:
        try:
            found = datetime.strptime(typed, form)  # noqa: DTZ007 -- wall-clock time, made aware below
        except ValueError:
            continue
        if 2000 <= found.year <= 2100:
            return found
    raise ValueError(_("Bitte geben Sie Tag und Uhrzeit an, zum Beispiel 24.05.2026 18:00."))


class WallClockField(BerlinTimeField):
    """Date and time of day as the clock on the wall shows them; `data` is naive or None.

    For forms that ask which of the two equal hours is meant: the moment follows from `votes.rules.moment_of`.
    """

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return self.data.strftime("%Y-%m-%dT%H:%M") if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        typed = " ".join(valuelist).strip()
        self.data = _parse(typed) if typed else None
