# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading a list of people to invite: „Name <mail>“ lines or columns pasted from a spreadsheet. Pure."""

import csv
import re
from collections.abc import Set
from dataclasses import dataclass

from charta.accounts.rules import clean_email, clean_name
from charta.errors import InvalidInput

LINES_MAX = 200
_HEADINGS = {"name", "e-mail", "email", "mail", "e-mail-adresse", "vorname", "nachname", "adresse"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list; `code` is empty when the person can be invited."""

    number: int
    raw: str
    name: str = ""
    email: str = ""
    code: str = ""


def read(text: str, *, taken: Set[str] = frozenset()) -> list[Line]:
    """Return every line that says something, with what is wrong about it.

    Codes: no_email, invalid_email, invalid_name, twice, taken. Raises `InvalidInput` (required, too_many).

    >>> [(line.name, line.email) for line in read("Kim Beispiel <kim@example.org>")]
    [('Kim Beispiel', 'kim@example.org')]
    """
    lines = [
        (number, raw.strip())
        for number, raw in enumerate(text.splitlines(), start=1)
        if raw.strip() and not _is_heading(raw)
    ]
    if not lines:
        raise InvalidInput("people", "required")
    if len(lines) > LINES_MAX:
        raise InvalidInput("people", "too_many", limit=LINES_MAX, count=len(lines))
    seen: set[str] = set()
    read_lines = []
    for number, raw in lines:
        line = _read_line(number, raw, taken=taken, seen=seen)
        seen.add(line.email)
        read_lines.append(line)
    return read_lines


def emails_in(text: str) -> set[str]:
    """Return what looks like an address, to ask which of them have an account."""
    return {found.lower() for found in re.findall(r"[^\s<>;,\"]+@[^\s<>;,\"]+", text)[:LINES_MAX]}


def _read_line(number: int, raw: str, *, taken: Set[str], seen: Set[str]) -> Line:
    found = re.fullmatch(r"(?P<name>[^<>]*)<(?P<email>[^<>]+)>\s*[;,]?", raw)
    if found:
        name, email = found["name"].strip(" \t\"'"), found["email"]
    else:
        cells = [cell.strip() for cell in _cells(raw) if cell.strip()]
        at = next((place for place, cell in enumerate(cells) if "@" in cell), None)
        if at is None:
            return Line(number, raw, code="no_email")
        email = cells[at]
        name = " ".join(cell for place, cell in enumerate(cells) if place != at)
    try:
        email = clean_email(email)
    except InvalidInput:
        return Line(number, raw, name, email, "invalid_email")
    try:
        name = clean_name(name or _name_from(email))
    except InvalidInput:
        return Line(number, raw, name, email, "invalid_name")
    if email in seen:
        return Line(number, raw, name, email, "twice")
    return Line(number, raw, name, email, "taken" if email in taken else "")


def _cells(raw: str) -> list[str]:
    delimiter = next((sign for sign in "\t;," if sign in raw), ";")
    return next(csv.reader([raw], delimiter=delimiter), [])


def _name_from(email: str) -> str:
    """Return „Kim Beispiel“ for kim.beispiel@...: the person corrects it when joining."""
    return " ".join(part.capitalize() for part in re.split(r"[._+-]+", email.partition("@")[0]) if part)


def _is_heading(raw: str) -> bool:
    cells = [cell.strip().lower() for cell in _cells(raw)]
    return bool(cells) and all(cell in _HEADINGS for cell in cells)
