# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The language of a page: chosen by the person, else German."""

from flask import has_request_context, session
from flask_babel import get_locale
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
