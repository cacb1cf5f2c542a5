# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""QR codes on pages."""

import re
from xml.etree import ElementTree as ET

import pytest
import segno

from charta.web.qr import qr_module_matrix, qr_svg

ADDRESS = "https://charta.example.org/b/A7K2QF"
SVG = "{http://www.w3.org/2000/svg}"


def painted(path: str) -> set[tuple[int, int]]:
    """Return the squares a path of horizontal bars fills."""
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
    assert "".join(f"M{x} {y}h{n}v1h-{n}z" for x, y, n in bars) == path
    return {(int(x) + dx, int(y)) for x, y, n in bars for dx in range(int(n))}


def test_picture_paints_exactly_the_black_modules() -> None:
    root = ET.fromstring(qr_svg(ADDRESS, label="Zum Beitrag", border=4))
    expected = segno.make(ADDRESS, error="m", micro=False)
    ground, modules = root.findall(f"{SVG}path")
    assert painted(modules.attrib["d"]) == {
        (x, y) for y, row in enumerate(expected.matrix_iter(border=4)) for x, black in enumerate(row) if black
    }
    size = expected.symbol_size(border=4)[0]
    assert root.attrib["viewBox"] == f"0 0 {size} {size}"
    # Black on white whatever the page looks like: readable by a camera in dark mode too.
    assert (ground.attrib["fill"], modules.attrib["fill"]) == ("#fff", "#000")
    assert len(qr_module_matrix(ADDRESS)) == expected.symbol_size(border=0)[0]


def test_picture_says_what_it_is_and_carries_no_style() -> None:
    html = qr_svg(ADDRESS, label='Beitrag <script>"A"</script>')
    root = ET.fromstring(html)
    assert root.attrib["role"] == "img"
    assert root.findtext(f"{SVG}title") == 'Beitrag <script>"A"</script>'
    assert "style" not in html
    assert "<script>" not in html


def test_a_text_too_long_for_any_code_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        qr_svg("x" * 5000, label="")
