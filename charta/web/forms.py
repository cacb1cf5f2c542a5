# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The base of all forms, and the one place where domain errors become field errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import request
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.form import _Auto
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField
from wtforms.i18n import get_translations

from charta.errors import ChartaError, EditConflict, InvalidInput, TooManyAttempts, WrongState
from charta.web import words

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


class Form(FlaskForm):
    """A form in the reader's language; `status_code` is what the page that shows it answers with."""

    status_code: int = 200

    class Meta(FlaskForm.Meta):
        @property  # type: ignore[override]
        def locales(self) -> list[str]:
            locale = get_locale()
            return [str(locale) if locale else "de"]

        @locales.setter
        def locales(self, value: Any) -> None:
            """Flask-WTF sets its own list; the language is ours to choose."""

        def get_translations(self, form: Any) -> Any:
            del form
            return get_translations(self.locales)

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """Read what was typed, and files where the form has a field for them: nowhere else, and no JSON.

            Flask-WTF (1.2) hands over any file and any JSON value under the name of any field, and a field of
            text does not expect them.
            """
            if formdata is not _Auto:
                return formdata
            if not form.is_submitted():
                return None
            wanted = {name for name, field in form._fields.items() if isinstance(field, FileField)}
            files = MultiDict(item for item in request.files.items(multi=True) if item[0] in wanted)
            return CombinedMultiDict((files, request.form)) if files else request.form or None

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Validate a submitted form; an invalid one makes the page answer 422."""
        if not self.is_submitted():
            return False
        if self.validate(extra_validators=extra_validators):
            return True
        self.status_code = 422
        self._show_forbidden()
        return False

    def refuse(self, field: str, message: str, *, status_code: int = 422) -> None:
        """Put an error beside a field, or above the form when it has no such field."""
        self.status_code = status_code
        if field in self._fields and self._fields[field].type not in {"HiddenField", "CSRFTokenField"}:
            errors = self._fields[field].errors
            self._fields[field].errors = [*errors, message]
        else:
            self.form_errors = [*self.form_errors, message]
        self._show_forbidden()

    def _show_forbidden(self) -> None:
        """Give refused text back with a mark where a character cannot even be put on a page."""
        for field in self._fields.values():
            if isinstance(field.data, str):
                field.data = presentable(field.data)
            # Numbers and boxes show what was typed.
            if field.raw_data:
                field.raw_data = [presentable(raw) if isinstance(raw, str) else raw for raw in field.raw_data]


def presentable(text: str) -> str:
    """Return typed text with U+FFFD for what no page may contain, such as control characters."""
    return _FORBIDDEN.sub("\ufffd", text)


@contextmanager
def catching(form: Form) -> Iterator[None]:
    """Turn domain errors of the block into errors of the form, so that the typed text stays on the page.

    `NotPermitted` and `NotFound` pass: they have pages of their own.
    """
    try:
        yield
    except InvalidInput as error:
        form.refuse(error.field, words.input_error(error.code, error.data))
    except EditConflict as error:
        form.refuse("", conflict_sentence(error), status_code=409)
    except WrongState as error:
        form.refuse("", wrong_state_sentence(error), status_code=409)
    except TooManyAttempts as error:
        form.refuse("", too_many_sentence(error), status_code=429)


def conflict_sentence(error: ChartaError) -> str:
    """Return what to say when somebody else was quicker."""
    del error
    return _(
        "Inzwischen hat jemand anderes hier etwas geändert. Ihre Eingaben stehen noch im Formular. "
        "Bitte laden Sie den aktuellen Stand und prüfen Sie ihn."
    )


def wrong_state_sentence(error: ChartaError) -> str:
    """Return what to say when the deed does not fit the state any more."""
    del error
    return _("Das ist im jetzigen Stand nicht mehr möglich. Wahrscheinlich war jemand anderes schneller.")


def too_many_sentence(error: TooManyAttempts) -> str:
    """Return what to say when the throttle asks to wait."""
    return _("Zu viele Versuche. Bitte warten Sie %(seconds)s Sekunden.", seconds=error.seconds)
