# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""PDF files: text stays text, every character finds a place, nothing runs for ever."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from charta.errors import Busy
from charta.paths import data_root
from charta.web import pdf as pdf_module
from charta.web.qr import qr_svg

TEMPLATE = """\
#import "base.typ": data, sheet, prose, qr
#show: sheet.with(title: data.title, lang: "de", foot: data.title)
= #data.title
#prose(data.text)
#qr(data.qr, data.title)
#table(columns: 2, table.header([Feld], [Zahl]), data.title, str(data.number))
"""
SLOW = "#let x = 0\n#for i in range(100000) { for j in range(100000) { x = calc.rem(x + j, 7) } }"
# typst 0.15 panics on this: a long line from right to left in which glyphs are missing.
PANIC = " ".join(chr(code) for code in range(0x6C2, 0x6EF) if chr(code).isprintable())


@pytest.fixture
def make_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., bytes]:
    """Set a text with a template of the tests and the base of all."""
    folder = tmp_path / "templates" / "pdf"
    folder.mkdir(parents=True)
    shutil.copy(data_root() / "templates" / "pdf" / "base.typ", folder)
    (folder / "sample.typ").write_text(TEMPLATE, encoding="utf-8")
    (folder / "slow.typ").write_text(SLOW, encoding="utf-8")
    monkeypatch.setattr(pdf_module, "data_root", lambda: tmp_path)

    def make(text: Any, template: str = "sample") -> bytes:
        code = qr_svg("https://charta.example.org/b/A7K2QF", label="QR-Code")
        return pdf_module.pdf(template, {"title": "Prüfung", "text": text, "number": 7, "qr": code})

    return make


def words_of(content: bytes) -> str:
    """Return what a reader finds, in its order, line breaks as blanks."""
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("no pdftotext (poppler-utils)")
    done = subprocess.run(
        [program, "-enc", "UTF-8", "-", "-"], input=content, capture_output=True, check=True
    )
    return " ".join(done.stdout.decode().split())


def test_text_is_never_read_as_markup(make_pdf: Callable[..., bytes]) -> None:
    hostile = (
        '*fett* _x_ $a^2$ #strong[y] @z <b> \\u{41} `c` // d /* e */ "f" \\ = Titel #import "/etc/passwd"'
    )
    content = make_pdf(hostile + "\n\nzweiter Absatz\nneue Zeile")
    assert content.startswith(b"%PDF-")
    found = words_of(content)
    assert hostile in found
    assert "zweiter Absatz neue Zeile" in found


def test_file_is_tagged_titled_and_in_german(make_pdf: Callable[..., bytes]) -> None:
    content = make_pdf("Donaudampfschifffahrtsgesellschaftskapitänin " * 12)
    assert b"pdfuaid" in content  # says of itself that it is PDF/UA-1; typst refuses to when it is not
    assert b"/Lang(de-DE)" in content
    assert "Donaudampfschifffahrtsgesellschafts" in words_of(content).replace("\xad ", "").replace("- ", "")


@pytest.mark.parametrize(
    "text,expected",
    [
        ("Łódź Ğ Ж α ≥ → „x“ – …", "Łódź Ğ Ж α ≥ → „x“ – …"),
        ("Lachen 😀 Familie 👨‍👩‍👧 漢字 Ende", "□"),
        ("privat \ue000 Steuerung a\x00b\u202ec Ende", "Steuerung abc Ende"),
        (PANIC + " Ende", "Ende"),
    ],
    ids=["letters and signs", "emoji and Chinese", "no characters at all", "a panic"],
)
def test_no_character_makes_it_fail(make_pdf: Callable[..., bytes], text: str, expected: str) -> None:
    content = make_pdf(text)
    assert b"pdfuaid" in content
    assert expected in words_of(content)


def test_what_runs_too_long_is_ended(make_pdf: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module, "SECONDS", 1)
    with pytest.raises(Busy):
        make_pdf("", "slow")


def test_a_mistake_in_a_template_is_a_mistake_of_ours(make_pdf: Callable[..., bytes]) -> None:
    with pytest.raises(RuntimeError, match=r"sample\.typ: TypstError"):
        make_pdf(5)
    with pytest.raises(ValueError, match="base"):
        make_pdf("", "../base")
