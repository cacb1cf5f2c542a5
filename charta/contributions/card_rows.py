# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the columns of a brought table mean, and what one of its rows says. Pure."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from charta.accounts.rules import PublicName, clean_name
from charta.contributions import rules
from charta.contributions.rules import Kind
from charta.errors import InvalidInput

T = TypeVar("T")


class Column(StrEnum):
    """What a column can hold; `text` is the only one an import cannot do without."""

    CARD = "card"
    TEXT = "text"
    TITLE = "title"
    FIELD = "field"
    KIND = "kind"
    PUBLIC_NAME = "public_name"
    NAME = "name"
    ORGANISATION = "organisation"
    PEOPLE = "people"


class Taking(StrEnum):
    """What an import does when rows are refused."""

    ALL = "all"
    GOOD = "good"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of action as a cell may name it."""

    id: int
    number: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardRow:
    """What one row says, checked by itself; `card` is as written: a code, or the number on a card."""

    number: int
    card: str
    text: str
    title: str
    field_id: int | None
    kind: Kind | None
    public_name: PublicName
    author_name: str
    organisation_name: str
    people: int | None


# How headings are written, in letters only and in lower case; the first column that fits is taken.
_HEADINGS: Mapping[Column, frozenset[str]] = {
    Column.CARD: frozenset(
        {"code", "karte", "kartencode", "kartennummer", "card", "cardcode", "beitragsnummer"}
    ),
    Column.TEXT: frozenset(
        {"text", "beitrag", "wortlaut", "inhalt", "contribution", "beitragstext", "aussage", "kartentext"}
    ),
    Column.TITLE: frozenset({"titel", "überschrift", "title", "kurztitel", "stichwort"}),
    Column.FIELD: frozenset({"handlungsfeld", "feld", "field", "fieldofaction", "themenfeld", "hf"}),
    Column.KIND: frozenset({"art", "kind", "typ", "type", "kategorie", "artdesbeitrags"}),
    Column.PUBLIC_NAME: frozenset(
        {"namenennen", "öffentlich", "publicname", "namensnennung", "veröffentlichen", "namezeigen"}
    ),
    Column.NAME: frozenset({"name", "person", "von", "author", "verfasser", "verfasserin", "vornamename"}),
    Column.ORGANISATION: frozenset(
        {"organisation", "organization", "unternehmen", "firma", "betrieb", "einrichtung", "company"}
    ),
    Column.PEOPLE: frozenset({"personen", "anzahlpersonen", "people", "anzahl"}),
}
_UNDECIDED = frozenset(
    {"", "weißnicht", "weissnicht", "offen", "unbekannt", "dontknow", "keine", "keineangabe"}
)
_KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("herausforderung", "herausforderungen", "problem", "challenge"), Kind.CHALLENGE),
    **dict.fromkeys(("bedarf", "bedarfe", "need", "bedürfnis"), Kind.NEED),
    **dict.fromkeys(
        ("empfehlung", "empfehlungen", "vorschlag", "idee", "recommendation"), Kind.RECOMMENDATION
    ),
}
_PUBLIC: Mapping[str, PublicName] = {
    **dict.fromkeys(
        ("", "nein", "ohne", "keiner", "keinen", "kein", "keinname", "keinennamen", "ohnenamen", "none", "no",
         "anonym"),
        PublicName.NONE,
    ),
    **dict.fromkeys(
        ("organisation", "organization", "unternehmen", "firma", "betrieb", "nurorganisation"),
        PublicName.ORGANISATION,
    ),
    **dict.fromkeys(("ja", "name", "yes", "mitnamen", "mitname", "nameundorganisation"), PublicName.NAME),
}  # fmt: skip


def guessed(headings: Sequence[str]) -> dict[Column, int]:
    """Return which column probably means what, by the headings; each column once.

    >>> guessed(["Karten-Code", "Ihr Text?", "Text"])
    {<Column.CARD: 'card'>: 0, <Column.TEXT: 'text'>: 2}
    """
    plain = [_plain(heading) for heading in headings]
    return {
        column: next(at for at, heading in enumerate(plain) if heading in known)
        for column, known in _HEADINGS.items()
        if any(heading in known for heading in plain)
    }


def read_row(
    number: int, cells: Sequence[str], mapping: Mapping[Column, int], fields: Iterable[Field]
) -> CardRow:
    """Return what a row says; raise `InvalidInput` with the column and the reason.

    A name is kept only where it may be shown: what nobody is to read need not be stored.
    """

    def cell(column: Column) -> str:
        at = mapping.get(column)
        return cells[at] if at is not None and at < len(cells) else ""

    text = rules.clean_text(cell(Column.TEXT))
    public_name = _choice(Column.PUBLIC_NAME, cell(Column.PUBLIC_NAME), _PUBLIC)
    title = cell(Column.TITLE)
    return CardRow(
        number=number,
        card=cell(Column.CARD).strip(),
        text=text,
        title=rules.clean_title(title),
        field_id=_field(cell(Column.FIELD), fields),
        kind=None
        if _plain(cell(Column.KIND)) in _UNDECIDED
        else _choice(Column.KIND, cell(Column.KIND), _KINDS),
        public_name=public_name,
        author_name=shown_name(public_name, cell(Column.NAME)),
        organisation_name=shown_organisation(public_name, cell(Column.ORGANISATION)),
        people=_people(cell(Column.PEOPLE)),
    )


def shown_name(public_name: PublicName, raw: str) -> str:
    """Return the name to store with a card: none where it is not to be shown.

    Raises `InvalidInput("name", …)`: required where it is to be shown, too_long, mixed_scripts.
    """
    return clean_name(raw, field="name") if public_name is PublicName.NAME else ""


def shown_organisation(public_name: PublicName, raw: str) -> str:
    """Return the organisation to store with a card; required where it is what is to be shown."""
    if public_name is PublicName.ORGANISATION or raw.strip():
        return clean_name(raw, field="organisation")
    return ""


def row_key(forum_id: int, row: CardRow, occurrence: int) -> str:
    """Return by what a row without a card is known again when the same file comes twice.

    `occurrence` counts equal rows within one file: two people may well have written the same.
    """
    parts = ("import", forum_id, row.text, row.author_name, row.organisation_name, occurrence)
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def card_number(raw: str) -> int | None:
    """Return the number of a card where one was written instead of its code.

    >>> card_number("Nr. 17"), card_number("A7K2QF")
    (17, None)
    """
    found = re.fullmatch(r"(?:nr\.?|karte)?\s*0*([1-9][0-9]{0,4})", raw.strip(), re.IGNORECASE | re.ASCII)
    return int(found.group(1)) if found else None


def quotable(raw: str, limit: int = 40) -> str:
    """Return the beginning of what was typed in the form in which a message may quote it."""
    return "".join(char if char.isprintable() else "\ufffd" for char in raw[:limit])


def _plain(words: str) -> str:
    return re.sub(r"[\W\d_]+", "", words).lower()


def _choice(column: Column, raw: str, known: Mapping[str, T]) -> T:
    try:
        return known[_plain(raw)]
    except KeyError:
        raise InvalidInput(column.value, "unknown_choice", value=quotable(raw)) from None


def _field(raw: str, fields: Iterable[Field]) -> int | None:
    """Return the field a cell names: by number, name, short name; None for „weiß nicht“."""
    digits = re.fullmatch(
        r"\s*(?:hf|handlungsfeld|feld)?\s*([0-9]{1,4})\s*\.?\s*", raw, re.IGNORECASE | re.ASCII
    )
    plain = _plain(raw)
    if not digits and plain in _UNDECIDED:
        return None
    for field in fields:
        if (digits and int(digits.group(1)) == field.number) or (
            not digits and plain in {_plain(name) for name in field.names}
        ):
            return field.id
    raise InvalidInput(Column.FIELD.value, "unknown_field", value=quotable(raw))


def _people(raw: str) -> int | None:
    if not raw.strip():
        return None
    if re.fullmatch(r"\s*[0-9]{1,4}\s*", raw, re.ASCII) and 0 < int(raw) <= rules.PEOPLE_MAX:
        return int(raw)
    raise InvalidInput(Column.PEOPLE.value, "unknown_people", limit=rules.PEOPLE_MAX)
