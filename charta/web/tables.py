# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables that people bring (CSV, XLSX) and tables they take along. Knows no feature.

Reading answers any bytes with a table or an `InvalidInput` of the field `file`; writing never makes a cell
that a spreadsheet would calculate.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from flask import Response

from charta.errors import InvalidInput
from charta.web import workbooks
from charta.web.downloads import download

if TYPE_CHECKING:
    import _csv

MAX_BYTES = 20_000_000
MAX_ROWS = 5_000
MAX_COLUMNS = 100

Cell = str | int | float | None

_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_UTF_32 = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")
_OTHER_KINDS = (b"%PDF", b"{\\rtf", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b",
                b"Rar!", b"7z\xbc\xaf", b"<!DOCTYPE", b"<html", b"<?xml")  # fmt: skip
# Letters and signs of UTF-8 (ä, „, –, €) that only look like windows-1252: UTF-8 with a broken place.
_BROKEN_UTF8 = re.compile(rb"\xc2[\xa0-\xbf]|\xc3[\x80-\xbf]|\xe2\x80[\x80-\xbf]|\xe2\x82\xac")
# What windows-1252 makes of German from DOS and from old Macintoshes: "M„rz", "fŸr", "€nderung".
_IMPLAUSIBLE = re.compile(
    r"(?<=[^\W\d_])[^\w\s\x00-\x7f’‘´·–—…°\xad]+(?=[^\W\d_])|[a-zà-ÿ][À-ÞŠŽŸ]|[€™](?=[^\W\d_])"
)
_CARON = re.compile("[ŠšŽžŸ]")
_UMLAUT = re.compile("[ÄÖÜäöüß]")

# First characters that make a spreadsheet calculate, full-width ones included.
_CALCULATED = re.compile("[\\s\ufeff\u200b]*[=+\\-@＝＋－＠]|[\t\r]")
_PREFIXED = re.compile("'(?:[\\s\ufeff\u200b]*[=+\\-@＝＋－＠]|[\t\r])")
# What XML has no place for, and lone surrogates, which no file has.
_REFUSED_BY_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Table:
    """Headings and rows of text, all of the same width; `numbers` are the row numbers a spreadsheet shows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


def read_table(data: bytes, filename: str, *, max_rows: int = MAX_ROWS) -> Table:
    """Return the table in a CSV or XLSX file; what it is, its content says, not its name.

    Empty rows are left out, texts stripped, line ends are LF. What `write_csv` put before a cell goes again.
    Raises `InvalidInput("file", code)`: empty, encoding, too_many_rows (length, limit), too_many_columns
    (limit), not_a_table, broken, broken_line (line), too_large (limit, in MB).
    """
    del filename  # endings lie; kept for callers that have nothing else to say which file it was
    if len(data) > MAX_BYTES:
        raise InvalidInput("file", "too_large", limit=MAX_BYTES // 1_000_000)
    if not data.strip():
        raise InvalidInput("file", "empty")
    rows: Iterable[Sequence[str]]
    if data.startswith(b"PK"):
        rows = workbooks.rows_of(data, max_columns=MAX_COLUMNS)
    elif data.lstrip()[:9].startswith(_OTHER_KINDS):
        raise InvalidInput("file", "not_a_table")
    else:
        rows = _csv_rows(_decoded(data))
    return _table(rows, max_rows)


def _table(rows: Iterable[Sequence[str]], max_rows: int) -> Table:
    """Return the table of all rows that hold something; the first one holds the headings."""
    numbers: list[int] = []
    found: list[list[str]] = []
    width = count = 0
    for number, row in enumerate(rows, start=1):
        cells = [_cell(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        width = max(width, len(cells))
        if width > MAX_COLUMNS:
            raise InvalidInput("file", "too_many_columns", limit=MAX_COLUMNS)
        count += 1
        if count <= max_rows + 1:
            numbers.append(number)
            found.append(cells)
    if count <= 1:
        raise InvalidInput("file", "empty")
    if count > max_rows + 1:
        raise InvalidInput("file", "too_many_rows", length=count - 1, limit=max_rows)
    full = [tuple(cells + [""] * (width - len(cells))) for cells in found]
    return Table(full[0], tuple(full[1:]), tuple(numbers[1:]))


def _cell(value: str) -> str:
    value = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    return value[1:] if _PREFIXED.match(value) else value


# --------------------------------------------------------------------------------------------- encodings


def _decoded(data: bytes) -> str:
    """Return the text of the bytes, or raise `encoding` rather than guess."""
    if data.startswith(_UTF_32):
        raise InvalidInput("file", "encoding")
    try:
        for mark, name in _BOMS:
            if data.startswith(mark):
                text = data.removeprefix(mark).decode(name)
                break
        else:
            text = _without_mark(data)
    except UnicodeDecodeError as error:
        raise InvalidInput("file", "encoding") from error
    if "\x00" in text:
        raise InvalidInput("file", "not_a_table")
    return text.removesuffix("\x1a")  # the end of file of DOS


def _without_mark(data: bytes) -> str:
    """Return UTF-8, or windows-1252 where the text reads like it.

    Raises `UnicodeDecodeError` for bytes that are neither, `encoding` for what is probably something else.
    """
    if data.count(0) * 3 > len(data):  # UTF-16 or UTF-32 that does not say so
        raise InvalidInput("file", "encoding")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("windows-1252")
    if _BROKEN_UTF8.search(data) or _IMPLAUSIBLE.search(text):
        raise InvalidInput("file", "encoding")
    if _CARON.search(text) and not _UMLAUT.search(text):  # š may be the ö of a Macintosh
        raise InvalidInput("file", "encoding")
    return text


# ----------------------------------------------------------------------------------------------- reading


def _csv_rows(text: str) -> Iterator[list[str]]:
    """Yield the records of a CSV text; raises `broken_line` where its quotation marks go wrong."""
    first, _newline, rest = text.partition("\n")
    if re.fullmatch(r"sep=[;,\t]\r?", first):
        separator, text = first[4], rest
    else:
        separator = _separator(text)
    reader = _reader(text, separator)
    try:
        yield from reader
    except csv.Error as error:
        raise InvalidInput("file", "broken_line", line=reader.line_num) from error


def _reader(text: str, separator: str) -> "_csv.Reader":
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _separator(text: str) -> str:
    """Return what parts the columns: the separator that gives most of the first records the same width."""
    best, best_score = "\x1f", (0.0, 1)  # none: one column, whatever its texts contain
    for separator in (";", "\t", ","):
        try:
            widths = [len(record) for record in islice(_reader(text, separator), 50) if any(record)]
        except csv.Error:
            continue
        score = (widths.count(widths[0]) / len(widths), widths[0]) if widths else (0.0, 0)
        if score[1] > 1 and score > best_score:
            best, best_score = separator, score
    return best


# ----------------------------------------------------------------------------------------------- writing


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Return a CSV file that spreadsheets open with its umlauts: UTF-8 with mark, semicolons, CRLF."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow([neutral(name) for name in columns])
    writer.writerows([neutral(cell) for cell in row] for row in rows)
    return target.getvalue().encode("utf-8-sig")


def write_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, sheet: str) -> bytes:
    """Return a workbook with one sheet: headings stay in sight, texts are texts, numbers are numbers."""
    return workbooks.written(
        [neutral(name) for name in columns], ([neutral(cell) for cell in row] for row in rows), sheet
    )


def neutral(cell: Cell) -> Cell:
    """Return a cell that no spreadsheet calculates and every file can hold; numbers stay numbers.

    >>> neutral("=1+1"), neutral("-5"), neutral(-5)
    ("'=1+1", "'-5", -5)
    """
    if not isinstance(cell, str):
        return cell
    text = _REFUSED_BY_XML.sub("", cell)
    return f"'{text}" if _CALCULATED.match(text) else text


def table_response(content: bytes, filename: str) -> Response:
    """Answer with a table to keep under this name; its ending decides the type."""
    return download(content, filename)
