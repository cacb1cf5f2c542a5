# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""XLSX files: read with suspicion, written plainly. The packages are loaded by whoever needs them only.

A workbook is a zip file of XML, and both can be made to explode. What really comes out is therefore counted
before anything reads it; declared sizes, dimensions and row numbers are believed by nobody.
"""

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from charta.errors import InvalidInput

MAX_ENTRIES = 500
MAX_UNPACKED_BYTES = 32_000_000
MAX_CELLS = 250_000
MAX_CHARACTERS = 20_000_000  # one long string may stand in many cells
MAX_POSITION = 100_000  # rows below hold, in honest files, a format at most
MAX_CELL_LENGTH = 32_767  # of the format

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")
_OTHER_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_RETURN = re.compile("_x000[dD]_")
_NO_SHEET_NAME = re.compile(r"[\[\]:*?/\\]")


def rows_of(data: bytes, *, max_columns: int) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the first visible sheet as texts, empty ones included; at most one column too many.

    Raises `InvalidInput("file", …)`: not_a_table, broken, too_large.
    """
    _check(data)
    try:
        yield from _rows(data, max_columns)
    except InvalidInput:
        raise
    except Exception as error:  # openpyxl raises whatever a broken file leads it to
        raise InvalidInput("file", "broken") from error


def _check(data: bytes) -> None:
    """Refuse what is no workbook, what unpacks to too much, and what would load something from elsewhere."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise _too_large()
            if "xl/workbook.xml" not in archive.namelist():
                raise InvalidInput("file", "not_a_table")
            left, cells = MAX_UNPACKED_BYTES, 0
            for entry in entries:
                if entry.compress_type not in _METHODS or entry.flag_bits & 1:  # or encrypted
                    raise InvalidInput("file", "broken")
                with archive.open(entry) as part:
                    content = part.read(left + 1)
                left -= len(content)
                if left < 0:
                    raise _too_large()
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _check_xml(content)
                    cells += len(_CELL.findall(content))
            if cells > MAX_CELLS:
                raise _too_large()
    except (
        zipfile.BadZipFile,
        zlib.error,
        NotImplementedError,
        EOFError,
        OSError,
        ValueError,
        RuntimeError,
    ) as error:
        raise InvalidInput("file", "broken") from error


def _check_xml(content: bytes) -> None:
    """Refuse entities, and encodings in which they could hide."""
    if b"\x00" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise InvalidInput("file", "broken")
    if _OTHER_ENCODING.search(content[:500]):
        raise InvalidInput("file", "broken")


def _too_large() -> InvalidInput:
    return InvalidInput("file", "too_large", limit=MAX_UNPACKED_BYTES // 1_000_000)


def _rows(data: bytes, max_columns: int) -> Iterator[tuple[str, ...]]:
    import openpyxl

    # Formats it does not know are none of our business.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not visible:
            raise InvalidInput("file", "empty")
        sheet: Any = visible[0]
        sheet.reset_dimensions()
        left = MAX_CHARACTERS
        for row in sheet.iter_rows(max_row=MAX_POSITION, max_col=max_columns + 1, values_only=True):
            left -= sum(len(value) for value in row if isinstance(value, str))
            if left < 0:
                raise _too_large()
            empty = row.count(None) == len(row)  # gaps are filled up: many rows, quickly passed
            yield () if empty else tuple("" if value is None else _text(value) for value in row)
    finally:
        book.close()


def _text(value: object) -> str:
    """Return a value the way a German spreadsheet shows it."""
    if isinstance(value, bool):
        return "WAHR" if value else "FALSCH"
    if isinstance(value, float):
        return f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return f"{value:%d.%m.%Y}" if midnight else f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, time | timedelta):
        return str(value)
    return _RETURN.sub("", str(value))


# ----------------------------------------------------------------------------------------------- writing


def written(columns: Sequence[object], rows: Iterable[Sequence[object]], sheet: str) -> bytes:
    """Return a workbook with one sheet; a text too long for a cell is cut, with a mark."""
    import xlsxwriter

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet(_sheet_name(sheet))
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        widths = [len(str(name)) for name in columns]
        for column, name in enumerate(columns):
            page.write_string(0, column, _fitting(str(name)), bold)
        last = 0
        for last, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                if isinstance(value, int | float):
                    page.write_number(last, column, value, wrapped)
                elif value is not None:
                    page.write_string(last, column, _fitting(str(value)), wrapped)
                if column < len(widths):
                    widths[column] = max(widths[column], min(60, len(str(value))))
        for column, width in enumerate(widths):
            page.set_column(column, column, max(8, min(60, width + 2)))
        page.freeze_panes(1, 0)
        if columns:
            page.autofilter(0, 0, last, len(columns) - 1)
    return target.getvalue()


def _fitting(text: str) -> str:
    return text if len(text) <= MAX_CELL_LENGTH else text[: MAX_CELL_LENGTH - 1] + "…"


def _sheet_name(name: str) -> str:
    return _NO_SHEET_NAME.sub(" ", name).strip(" '")[:31].strip(" '") or "Charta"
