# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages say about paper: the columns of a table, and why a row was refused."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.accounts.rules import PublicName
from charta.contributions.card_rows import Column
from charta.contributions.queries.paper import Refused
from charta.web import words as web_words

COLUMNS = {
    Column.TEXT: _l("Text des Beitrags"),
    Column.CARD: _l("Code oder Nummer der Karte"),
    Column.TITLE: _l("Titel"),
    Column.FIELD: _l("Handlungsfeld"),
    Column.KIND: _l("Art"),
    Column.PUBLIC_NAME: _l("Was daneben stehen soll"),
    Column.NAME: _l("Name"),
    Column.ORGANISATION: _l("Organisation"),
    Column.PEOPLE: _l("Zahl der Personen"),
}

PUBLIC_NAMES = {
    PublicName.NONE: _l("Kein Name"),
    PublicName.ORGANISATION: _l("Organisation"),
    PublicName.NAME: _l("Name und Organisation"),
}


def reason(refused: Refused) -> str:
    """Return why a row was refused, with the column it fails in."""
    sentence = web_words.input_error(refused.code, dict(refused.data))
    try:
        label = str(COLUMNS[Column(refused.column)])
    except ValueError:
        return sentence
    if refused.code == "required":
        return _("%(column)s: fehlt.", column=label)
    return _("%(column)s: %(sentence)s", column=label, sentence=sentence)


def letter(place: int) -> str:
    """Return how a spreadsheet calls a column, counted from 0.

    >>> letter(0), letter(27)
    ('A', 'AB')
    """
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(65 + rest) + name
    return name
