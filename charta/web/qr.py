# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""QR codes: as inline SVG for pages, as rows of modules for PDF files."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup

_QUIET_ZONE = 2  # the standard asks for four; two are enough on the white ground the picture brings along


@lru_cache(maxsize=256)
def qr_module_matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules row by row, True for black, without a quiet zone.

    Error correction M or better where the size stays the same. Raises `ValueError` when the text is too long
    for any code.
    """
    import segno  # only who prints a code pays for it

    code = segno.make(text, error="m", micro=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def qr_svg(text: str, *, label: str, border: int = _QUIET_ZONE) -> Markup:
    """Return a picture that says `label` to those who do not see it.

    Always black on white, in dark mode too: many readers of codes know nothing else.
    """
    rows = qr_module_matrix(text)
    size = len(rows) + 2 * border
    path = "".join(
        f"M{start + border} {y + border}h{length}v1h-{length}z"
        for y, row in enumerate(rows)
        for start, length in _runs(row)
    )
    return Markup(
        '<svg class="ch-qr" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        'shape-rendering="crispEdges"><title>{label}</title>'
        '<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#000" d="{path}"/></svg>'
    ).format(size=size, label=label, path=path)


def _runs(row: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield (start, length) of each run of black modules."""
    start = None
    for x, black in enumerate((*row, False)):
        if black and start is None:
            start = x
        elif not black and start is not None:
            yield start, x - start
            start = None
