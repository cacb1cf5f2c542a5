# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Tables people bring and take along: any bytes get an answer, nothing written is ever calculated."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charta.errors import InvalidInput
from charta.web import words
from charta.web.downloads import download
from charta.web.tables import Cell, Table, read_table, write_csv, write_xlsx

GERMAN = "Feld;Text\nMobilität;„Fachkräfte“ für große Betriebe – 5 €\n"


def refusal(data: bytes, **options: int) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        read_table(data, "karten.csv", **options)
    assert refused.value.field == "file"
    assert words.input_error(refused.value.code, refused.value.data) != str(words._ANY_INPUT_ERROR)
    return refused.value


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    """Return a workbook in which some parts are others."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, changes.get(name, old.read(name)))
        for name in changes.keys() - set(old.namelist()):
            new.writestr(name, changes[name])
    return target.getvalue()


# --------------------------------------------------------------------------------------------------- CSV


@pytest.mark.parametrize(
    "data",
    [
        GERMAN.encode("utf-8"),
        GERMAN.encode("utf-8-sig"),
        GERMAN.encode("utf-16"),
        b"\xfe\xff" + GERMAN.encode("utf-16-be"),
        GERMAN.encode("windows-1252"),
        GERMAN.replace("\n", "\r\n").encode(),
        GERMAN.replace("\n", "\r").encode(),
        GERMAN.replace(";", "\t").encode(),
        GERMAN.replace(";", ",").encode(),
        ("sep=;\r\n" + GERMAN).encode(),
    ],
)
def test_german_csv_is_read_in_its_usual_forms(data: bytes) -> None:
    table = read_table(data, "karten.csv")
    assert table.columns == ("Feld", "Text")
    assert table.rows == (("Mobilität", "„Fachkräfte“ für große Betriebe – 5 €"),)


@pytest.mark.parametrize("encoding", ["cp850", "cp437", "mac_roman", "utf-32", "utf-16-le"])
def test_an_encoding_that_cannot_be_told_is_refused(encoding: str) -> None:
    assert refusal("Feld;Text\nMärz;Übung schön für Große\n".encode(encoding)).code == "encoding"


def test_utf8_with_a_broken_place_is_no_windows_text() -> None:
    assert refusal("Text\nFachkräfte für\n".encode() + b"\xe4\n").code == "encoding"


def test_quoted_cells_hold_separators_line_breaks_and_quotation_marks() -> None:
    table = read_table(b'Text,Feld\r\n"eins; zwei,\r\n""drei""",A\r\n\r\nvier,B\r\n', "x.csv")
    assert table.rows == (('eins; zwei,\n"drei"', "A"), ("vier", "B"))
    assert table.numbers == (2, 4)  # as a spreadsheet counts, the empty row included


def test_one_column_is_a_table_whatever_its_texts_contain() -> None:
    table = read_table(b"Text\nMehr Busse, mehr Bahnen; und Rad\n", "x.csv")
    assert table == Table(("Text",), (("Mehr Busse, mehr Bahnen; und Rad",),), (2,))


def test_cells_beyond_the_headings_are_kept_and_short_rows_filled() -> None:
    table = read_table(b"A;B\n1;2;3\n4\n", "x.csv")
    assert table.columns == ("A", "B", "")
    assert table.rows == (("1", "2", "3"), ("4", "", ""))


def test_a_quotation_mark_that_never_ends_is_named_with_its_line() -> None:
    error = refusal(b'Text;Feld\n"eins;A\nzwei;B\n')
    assert (error.code, error.data["line"]) == ("broken_line", 3)


def test_limits_name_both_numbers() -> None:
    rows = b"Text\n" + b"x\n" * 5000
    assert len(read_table(rows, "x.csv").rows) == 5000
    error = refusal(rows + b"y\n")
    assert (error.code, error.data) == (
        "too_many_rows",
        {"field": "file", "code": "too_many_rows", "length": 5001, "limit": 5000},
    )
    sentence = words.input_error(error.code, error.data)
    assert all(number in sentence.replace(".", "") for number in ("5001", "5000"))
    assert refusal(b"a;" * 101 + b"b\n1\n").code == "too_many_columns"
    assert refusal(b"x" * 20_000_001).code == "too_large"


@pytest.mark.parametrize(
    "data,code",
    [
        (b"", "empty"),
        (b" \r\n\n", "empty"),
        (b"Text;Feld\n", "empty"),
        (b"Text;Feld\n;;\n", "empty"),
        (b"%PDF-1.7\n\xe2\xe3", "not_a_table"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "not_a_table"),  # the old .xls
        (b"Text\nab\x00c und noch mehr\n", "not_a_table"),
        (b"PK\x03\x04 nothing", "broken"),
        (b"Text\nF\x81r\n", "encoding"),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, code: str) -> None:
    assert refusal(data).code == code


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.binary(max_size=300), st.text(max_size=300).map(lambda t: t.encode("utf-8"))))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        table = read_table(data, "x")
    except InvalidInput:
        return
    assert all(len(row) == len(table.columns) for row in table.rows)


# -------------------------------------------------------------------------------------------------- XLSX


def test_workbook_values_are_read_as_a_german_spreadsheet_shows_them() -> None:
    data = xlsx([["Text", "Zahl", "Tag", "Ja", "Formel"], ["Ä\r\nb", 3.5, date(2026, 5, 24), True, "=1+1"]])
    table = read_table(data, "karten.xlsx")
    assert table.columns == ("Text", "Zahl", "Tag", "Ja", "Formel")
    # A formula that was never calculated is empty.
    assert table.rows == (("Ä\nb", "3,5", "24.05.2026", "WAHR", ""),)


def test_workbook_limits() -> None:
    assert refusal(xlsx([["Text"], *[["x"]] * 5001])).data["length"] == 5001
    assert refusal(xlsx([["Text"] * 101, ["x"]])).code == "too_many_columns"
    assert refusal(xlsx([["Text"]])).code == "empty"


SHEET = "xl/worksheets/sheet1.xml"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def sheet(rows: str, *, before: str = "") -> bytes:
    return f'<?xml version="1.0"?>{before}<worksheet xmlns="{SPREADSHEET}">{rows}</worksheet>'.encode()


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "changes,code",
    [
        ({"xl/media/bomb.bin": bytes(40_000_000)}, "too_large"),  # unpacks to more than it may
        ({SHEET: sheet("<sheetData>" + "<row><c/></row>" * 500_001 + "</sheetData>")}, "too_large"),
        ({f"xl/{n}.xml": b"<x/>" for n in range(600)}, "too_large"),  # too many parts
        ({SHEET: sheet("<sheetData/>", before=BILLION)}, "broken"),  # entities
        ({SHEET: sheet("<sheetData/>", before=BILLION).decode().encode("utf-16")}, "broken"),  # hidden
        ({SHEET: sheet("<sheetData><row>")}, "broken"),  # tags that do not match
        ({"[Content_Types].xml": b"<Types/>"}, "broken"),
        ({"xl/workbook.xml": b"nothing"}, "broken"),
    ],
)
def test_exploding_and_broken_workbooks_are_refused(changes: dict[str, bytes], code: str) -> None:
    assert refusal(repacked(xlsx([["Text"], ["x"]]), changes)).code == code


def test_a_declared_size_that_lies_does_not_help() -> None:
    data = repacked(xlsx([["Text"], ["x"]]), {"xl/media/bomb.bin": bytes(40_000_000)})
    lying = data.replace((40_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != data
    assert refusal(lying).code == "broken"


def test_row_numbers_and_dimensions_that_lie_cost_nothing() -> None:
    rows = (
        '<dimension ref="A1:XFD1048576"/><sheetData>'
        '<row r="1"><c r="A1" t="inlineStr"><is><t>T</t></is></c></row>'
        '<row r="2"><c r="A2"><v>1</v></c></row>'
        '<row r="999999999"><c r="A999999999"><v>2</v></c></row></sheetData>'
    )
    table = read_table(repacked(xlsx([["x"]]), {SHEET: sheet(rows)}), "x.xlsx")
    assert table == Table(("T",), (("1",),), (2,))


def test_one_long_text_in_many_cells_is_refused() -> None:
    book = write_xlsx(["Text", "x" * 30_000], [["y", "z"]] * 2000, sheet="x")
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        cells = archive.read(SHEET)
    assert cells.count(b"<v>3</v>") == 2000
    assert refusal(repacked(book, {SHEET: cells.replace(b"<v>3</v>", b"<v>1</v>")})).code == "too_large"


# ----------------------------------------------------------------------------------------------- writing

DANGEROUS = [
    "=1+1",
    "+49 371",
    "-5",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\ufeff=1",
]


@pytest.mark.parametrize("cell", DANGEROUS)
def test_what_a_spreadsheet_would_calculate_is_written_as_text(cell: str) -> None:
    text = write_csv(["Text", cell], [[cell, 1]]).decode("utf-8-sig")
    workbook = openpyxl.load_workbook(io.BytesIO(write_xlsx(["Text", cell], [[cell, 1]], sheet="x"))).active
    assert workbook is not None
    assert text.count("'" + cell.rstrip("\r")[:1]) == 2
    assert all(str(workbook.cell(*place).value).startswith("'") for place in ((1, 2), (2, 1)))
    assert workbook.cell(2, 1).data_type == "s"


@pytest.mark.parametrize("write", [write_csv, lambda c, r: write_xlsx(c, r, sheet="Karten [1]: 'x'" * 9)])
def test_what_is_written_is_read_again_as_it_was(write: "object") -> None:
    rows: list[list[Cell]] = [["=1+1", 'ä; „b“\n"c"', -5], ["a\x00b\x1f\ud800", "<script>", None]]
    data = write(["Text", "Größe", "Zahl"], rows)  # type: ignore[operator]
    table = read_table(data, "x")
    assert table.columns == ("Text", "Größe", "Zahl")
    assert table.rows == (("=1+1", 'ä; „b“\n"c"', "-5"), ("ab", "<script>", ""))


def test_csv_is_what_a_german_spreadsheet_opens_by_double_click() -> None:
    assert write_csv(["Ä", "B"], [["x;y", -1]]) == b'\xef\xbb\xbf\xc3\x84;B\r\n"x;y";-1\r\n'


def test_names_of_files_keep_umlauts_and_cannot_break_the_header() -> None:
    response = download(b"x", 'Größe "1"\r\nSet-Cookie: x/..\\a.csv')
    assert response.headers["Content-Disposition"] == (
        'attachment; filename="Grosse -1-Set-Cookie- x-..-a.csv"; '
        "filename*=UTF-8''Gr%C3%B6%C3%9Fe%20-1-Set-Cookie-%20x-..-a.csv"
    )
    assert response.headers["Cache-Control"] == "no-store"
    assert response.mimetype == "text/csv"
