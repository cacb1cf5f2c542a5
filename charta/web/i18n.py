# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The language of a page: chosen by the person, else German."""

from gettext import NullTranslations

from babel import Locale
from flask import Flask, g, has_request_context, session
from flask_babel import get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError

from charta.web.viewer import current_viewer

LOCALES = {"de": "Deutsch", "en": "English"}
DEFAULT = "de"


def select_locale() -> str:
    """Return the language of this request: the choice of this browser, of the account, or German."""
    if not has_request_context():
        return DEFAULT
    try:
        chosen = session.get("locale") or current_viewer().locale
    except SQLAlchemyError:
        return DEFAULT  # the page that says so must still be written
    return chosen if chosen in LOCALES else DEFAULT


def locale_code() -> str:
    """Return "de" or "en" for the present context."""
    locale = get_locale()
    return str(locale.language) if locale else DEFAULT


def install_gettext(app: Flask) -> None:
    """Let templates look words up directly: a page asks fifty times, Flask-Babel's way takes 12 µs each."""
    app.jinja_env.globals.update(_=_gettext, gettext=_gettext, ngettext=_ngettext)


def _catalogue() -> NullTranslations:
    """Return the words of the present language, looked up once as long as it stays the same."""
    locale = get_locale()
    known: tuple[Locale | None, NullTranslations] | None = g.get("catalogue")
    if known is None or known[0] is not locale:
        known = g.catalogue = (locale, get_translations())
    return known[1]


@pass_eval_context
def _gettext(context: EvalContext, message: str, /, **values: object) -> str:
    return _filled(context, _catalogue().gettext(message), values)


@pass_eval_context
def _ngettext(context: EvalContext, one: str, many: str, number: int, /, **values: object) -> str:
    return _filled(context, _catalogue().ngettext(one, many, number), {"num": number} | values)


def _filled(context: EvalContext, message: str, values: dict[str, object]) -> str:
    """Put values into a message the way Jinja does: escaped, and with `%%` for a percent sign."""
    text = Markup(message) if context.autoescape else message  # noqa: S704 -- our own words
    return text % values if "%" in message else text
