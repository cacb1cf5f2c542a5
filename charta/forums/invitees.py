# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Lists of people to invite, as spreadsheets bring them: what a column is, which rows are good. Pure."""

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from charta.accounts.rules import NAME_MAX, clean_email, clean_name
from charta.errors import InvalidInput
from charta.forums.rules import CompanySize

DISTRICT_MAX = 60


class Column(StrEnum):
    """What a column of the list can be; a name may stand in one column or in two."""

    EMAIL = "email"
    NAME = "name"
    FIRST_NAME = "first_name"
    FUNCTION = "function"
    COMPANY = "company"
    DISTRICT = "district"
    SIZE = "size"


# Headings, folded: letters only, without accents.
_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.EMAIL: ("email", "emailadresse", "mail", "mailadresse", "emails", "eadresse"),
    Column.FIRST_NAME: ("vorname", "firstname", "givenname"),
    Column.NAME: (
        "name", "nachname", "familienname", "ansprechpartner", "ansprechpartnerin", "ansprechperson",
        "kontakt", "person", "vorundnachname", "vornamenachname", "fullname", "lastname", "surname",
        "contact",
    ),
    Column.FUNCTION: ("funktion", "position", "rolle", "aufgabe", "function", "role", "jobtitle"),
    Column.COMPANY: (
        "unternehmen", "firma", "betrieb", "organisation", "firmenname", "unternehmensname", "company",
        "organization", "einrichtung",
    ),
    Column.DISTRICT: ("landkreis", "kreis", "region", "ort", "stadt", "district", "sitz", "landkreisstadt"),
    Column.SIZE: (
        "grosse", "groesse", "grossenklasse", "unternehmensgrosse", "mitarbeiter", "mitarbeitende",
        "mitarbeiterzahl", "beschaftigte", "beschaftigtenzahl", "size", "employees", "headcount",
    ),
}  # fmt: skip

_SIZE_WORDS: Mapping[str, CompanySize] = {
    "micro": CompanySize.MICRO, "kleinst": CompanySize.MICRO, "kleinstunternehmen": CompanySize.MICRO,
    "small": CompanySize.SMALL, "klein": CompanySize.SMALL, "kleinunternehmen": CompanySize.SMALL,
    "kleinesunternehmen": CompanySize.SMALL, "medium": CompanySize.MEDIUM, "mittel": CompanySize.MEDIUM,
    "mittleres": CompanySize.MEDIUM, "mittleresunternehmen": CompanySize.MEDIUM, "large": CompanySize.LARGE,
    "gross": CompanySize.LARGE, "grossunternehmen": CompanySize.LARGE, "grosses": CompanySize.LARGE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to put on the list; `name` is empty when only the company is known."""

    email: str
    name: str
    function: str = ""
    company: str = ""
    district: str = ""
    size: CompanySize | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be taken in: its number in the spreadsheet, what was read, and why not."""

    number: int
    words: str
    error: InvalidInput


@dataclass(slots=True)
class Checked:
    """What a list would bring; `known` are rows whose address stands on the list already."""

    good: list[Invitee] = field(default_factory=list)
    known: int = 0
    refused: list[Refused] = field(default_factory=list)
    unread_sizes: int = 0


def guess_mapping(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return which column is what, from the headings; the addresses also from what stands below.

    >>> guess_mapping(["Firma", "Vorname", "Nachname", "Kontaktweg"], [["A", "B", "C", "d@example.org"]])
    {'company': 0, 'first_name': 1, 'name': 2, 'email': 3}
    """
    found: dict[str, int] = {}
    folded = [_folded(heading) for heading in columns]
    for place, heading in enumerate(folded):
        for column, headings in _HEADINGS.items():
            if heading in headings and column not in found:
                found[column.value] = place
                break
    if Column.EMAIL not in found:
        sample = rows[:50]
        for place in range(len(columns)):
            cells = [row[place] for row in sample if place < len(row) and row[place]]
            if cells and sum("@" in cell for cell in cells) * 2 > len(cells):
                found[Column.EMAIL.value] = place
                break
    return found


def read_size(raw: str) -> CompanySize | None:
    """Return the size class of a word or of a number of employees; None when it is neither.

    >>> read_size("ca. 120"), read_size("10-49"), read_size("> 250"), read_size("Großunternehmen")
    (<CompanySize.MEDIUM: 'medium'>, <CompanySize.SMALL: 'small'>, <CompanySize.LARGE: 'large'>, \
<CompanySize.LARGE: 'large'>)
    """
    if word := _SIZE_WORDS.get(_folded(raw)):
        return word
    numbers = [int(found.replace(".", "")) for found in re.findall(r"\d{1,3}(?:\.\d{3})+|\d+", raw)]
    if not numbers or max(numbers) > 10_000_000:
        return None
    if re.search(r"<|unter|weniger|bis zu", raw, re.IGNORECASE):
        employees = numbers[0] - (0 if "bis zu" in raw.lower() else 1)
    elif re.search(r">|über|mehr", raw, re.IGNORECASE):
        employees = numbers[0] + 1
    else:
        employees = numbers[0]
    return size_of(employees)


def size_of(employees: int) -> CompanySize:
    """Return the size class of a number of employees (European recommendation 2003/361/EC)."""
    if employees < 10:
        return CompanySize.MICRO
    if employees < 50:
        return CompanySize.SMALL
    return CompanySize.MEDIUM if employees < 250 else CompanySize.LARGE


def clean_invitee(
    *,
    email: str,
    name: str,
    function: str = "",
    company: str = "",
    district: str = "",
    size: CompanySize | None = None,
) -> Invitee:
    """Return one line of the list in its stored form; a name or a company is needed.

    Raises `InvalidInput` (email, name, function, company, district).
    """
    cleaned_company = _optional(company, "company", NAME_MAX)
    return Invitee(
        email=clean_email(email),
        name=_optional(name, "name", NAME_MAX) if cleaned_company else clean_name(name),
        function=_optional(function, "function", NAME_MAX),
        company=cleaned_company,
        district=_optional(district, "district", DISTRICT_MAX),
        size=size,
    )


def check_rows(
    rows: Sequence[Sequence[str]],
    numbers: Sequence[int],
    mapping: Mapping[str, int],
    *,
    known: Collection[str],
) -> Checked:
    """Sort the rows of a table into good ones, known ones and refused ones with the reason.

    Of an address that stands in the table twice the first row counts. `known` are the addresses on the list.
    """
    checked, seen = Checked(), set()
    for number, row in zip(numbers, rows, strict=True):
        raw = {column: _at(row, mapping.get(column.value)) for column in Column}
        name = " ".join(part for part in (raw[Column.FIRST_NAME], raw[Column.NAME]) if part)
        size = read_size(raw[Column.SIZE]) if raw[Column.SIZE] else None
        try:
            invitee = clean_invitee(
                email=raw[Column.EMAIL],
                name=name,
                function=raw[Column.FUNCTION],
                company=raw[Column.COMPANY],
                district=raw[Column.DISTRICT],
                size=size,
            )
            if invitee.email in seen:
                raise InvalidInput("email", "twice")
        except InvalidInput as error:
            words = ", ".join(part for part in (name, raw[Column.COMPANY], raw[Column.EMAIL]) if part)
            checked.refused.append(Refused(number, words, error))
            continue
        seen.add(invitee.email)
        if invitee.email in known:
            checked.known += 1
            continue
        checked.good.append(invitee)
        if raw[Column.SIZE] and size is None:
            checked.unread_sizes += 1
    return checked


def _at(row: Sequence[str], place: int | None) -> str:
    return row[place] if place is not None and 0 <= place < len(row) else ""


def _optional(raw: str, name: str, limit: int) -> str:
    return clean_name(raw, field=name, limit=limit) if raw.strip() else ""


def _folded(heading: str) -> str:
    text = unicodedata.normalize("NFKD", heading.lower().replace("ß", "ss"))
    return "".join(char for char in text if "a" <= char <= "z")
