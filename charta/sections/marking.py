# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Marks the passages of a text by where they come from: colour, pattern and number, in the rendered HTML.

The runs of provenance count characters of the Markdown; HTML has lost that count. So a sign from the private
use area goes into the Markdown before the first word of every run, the one renderer writes the HTML, and the
signs, found again between the tags, say which words belong to which run. Pure; no database.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from markupsafe import Markup

from charta.sections.texts import RenderedParagraph
from charta.text import render

# One sign per run; nobody types these planes, and a text that holds one is shown without marks.
_FIRST_SIGN = 0xF0000
_MOST_RUNS = 0xFFFD
_SIGNS = re.compile("[\U000f0000-\U000ffffd]")
# A sign may stand only where it cannot change the meaning of the Markdown: directly before a word.
_WORD = re.compile(r"[^\W_]")
_LINE_START = re.compile(r"^", re.MULTILINE)
# Link targets, references and footnote labels are no words of the text; a table's ruler has none.
_UNTOUCHED = re.compile(
    r"\]\([^)\n]*\)|\[\^[^\]\n]*\]:?|&#?\w+;|^[ \t]*\d+[.)]|^\|[ \t:|-]+\|$", re.MULTILINE
)
_TAG = re.compile(r"(<[^>]*>)")

Run = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """How the words of an origin are marked: number of the source, and what is spoken after a passage.

    Without a number (0) the words are highlighted, as one speaks of them.
    """

    number: int
    spoken: str


def marked(
    body: str, runs: Sequence[Run], mark_of: Callable[[str], Mark | None], *, prefix: str = ""
) -> list[RenderedParagraph]:
    """Return the HTML of a text, block by block, with its passages marked.

    `runs` are (start, end, origin) over the whole body; `mark_of` returns None for an origin without a mark.
    """
    return painted(_rendered(body, prefix), signed(body, runs, prefix=prefix), runs, mark_of)


def signed(body: str, runs: Sequence[Run], *, prefix: str = "") -> tuple[str, ...]:
    """Return the HTML of the blocks with the sign of its run before every passage, or nothing.

    The heavy half of `marked`; it depends on the text and its runs only, so it can be kept.
    """
    if len(runs) > _MOST_RUNS or _SIGNS.search(body):
        return ()
    return tuple(str(block.html) for block in _rendered(_with_signs(body, runs), prefix))


def painted(
    original: Sequence[RenderedParagraph],
    with_signs: Sequence[str],
    runs: Sequence[Run],
    mark_of: Callable[[str], Mark | None],
) -> list[RenderedParagraph]:
    """Return the blocks with their passages marked, from the HTML without and with signs."""
    if not with_signs:
        return list(original)
    marks = [mark_of(origin) for _, _, origin in runs]
    result = []
    for block, html in zip(original, with_signs, strict=True):
        # Should a sign have changed what the Markdown means, the block stays as it is, without marks.
        is_same = _SIGNS.sub("", html) == block.html
        own = Markup(_painted(html, marks)) if is_same else block.html  # noqa: S704 -- spans only
        result.append(RenderedParagraph(block.index, block.start, block.end, block.kind, own))
    return result


def shares(body: str, runs: Sequence[Run], start: int = 0, end: int | None = None) -> dict[str, int]:
    """Return how many characters (blanks do not count) of body[start:end] come from each origin."""
    end = len(body) if end is None else end
    found: dict[str, int] = {}
    for first, last, origin in runs:
        words = body[max(first, start) : min(last, end)]
        count = sum(not char.isspace() for char in words)
        if count:
            found[origin] = found.get(origin, 0) + count
    return found


def letter_places(body: str, start: int, end: int) -> list[int]:
    """Return where the letters and digits of body[start:end] stand that a reader sees.

    Link targets, references to footnotes and the numbers of lists are no words of the text.
    """
    closed = (range(*found.span()) for found in _UNTOUCHED.finditer(body, start, end))
    hidden = {at for span in closed for at in span}
    return [at for at in range(start, end) if body[at].isalnum() and at not in hidden]


def percentages(counts: Collection[int]) -> list[int]:
    """Return whole percentages that add up to 100 (largest remainders), in the order given."""
    total = sum(counts)
    if not total:
        return [0 for _ in counts]
    exact = [100 * count / total for count in counts]
    whole = [int(value) for value in exact]
    by_rest = sorted(range(len(exact)), key=lambda at: (whole[at] - exact[at], at))
    for at in by_rest[: 100 - sum(whole)]:
        whole[at] += 1
    return whole


def _rendered(body: str, prefix: str) -> list[RenderedParagraph]:
    return [
        RenderedParagraph(block.index, block.start, block.end, block.kind, html)
        for block, html in render.paragraphs_html(body, prefix=prefix)
    ]


def _with_signs(body: str, runs: Sequence[Run]) -> str:
    """Put the sign of its run before the first word of every run and of every line."""
    closed = [found.span() for found in _UNTOUCHED.finditer(body)]
    wanted = {start for start, _, _ in runs} | {found.start() for found in _LINE_START.finditer(body)}
    places: dict[int, int] = {}
    at_run = 0
    for start in sorted(wanted):
        at = _next_word(body, start, closed)
        if at is None:
            break
        while at_run + 1 < len(runs) and runs[at_run][1] <= at:
            at_run += 1
        places[at] = at_run
    pieces: list[str] = []
    last = 0
    for at, run in sorted(places.items()):
        pieces += [body[last:at], chr(_FIRST_SIGN + run)]
        last = at
    return "".join([*pieces, body[last:]])


def _next_word(body: str, start: int, closed: Sequence[tuple[int, int]]) -> int | None:
    at = start
    while True:
        found = _WORD.search(body, at)
        if found is None:
            return None
        inside = next((span for span in closed if span[0] <= found.start() < span[1]), None)
        if inside is None:
            return found.start()
        at = inside[1]


@dataclass(slots=True)
class _Piece:
    """Words between two tags or signs; `run` is None where nothing is marked (footnote numbers)."""

    text: str
    run: int | None
    tags: str = ""  # what stands before the words


def _pieces(html: str) -> Iterator[_Piece]:
    run: int | None = None
    quiet_until = ""  # the end of a footnote's number or of its way back
    tags = ""
    for token in _TAG.split(html):
        if token.startswith("<"):
            tags += token
            if token.startswith("<sup"):
                quiet_until = "</sup>"
            elif 'class="ch-fnback"' in token:
                quiet_until = "</a>"
            elif token == quiet_until:
                quiet_until = ""
            continue
        at = 0
        for sign in [*_SIGNS.finditer(token), None]:
            text = token[at : sign.start() if sign else len(token)]
            if text or tags:
                yield _Piece(text, None if quiet_until else run, tags)
                tags = ""
            if sign:
                run, at = ord(sign.group()) - _FIRST_SIGN, sign.end()
    if tags:
        yield _Piece("", None, tags)


def _painted(html: str, marks: Sequence[Mark | None]) -> str:
    pieces = list(_pieces(html))
    own = [marks[piece.run] if piece.run is not None and piece.text.strip() else None for piece in pieces]
    speaking = [at for at, mark in enumerate(own) if mark is not None]
    ends = set()
    for at, following in zip_longest(speaking, speaking[1:]):
        if following is None or own[following] != own[at] or "<li" in pieces[following].tags:
            ends.add(at)
    return "".join(
        piece.tags + (piece.text if mark is None else _span(piece.text, mark, is_end=at in ends))
        for at, (piece, mark) in enumerate(zip(pieces, own, strict=True))
    )


def _span(text: str, mark: Mark, *, is_end: bool) -> str:
    core = text.strip()
    lead, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    if not mark.number:
        said = f'<span class="ch-vh"> ({mark.spoken})</span>' if is_end else ""
        return f'{lead}<mark class="ch-hl">{core}{said}</mark>{tail}'
    css = f"ch-src ch-s{(mark.number - 1) % 6 + 1}"
    if not is_end:
        return f'{lead}<span class="{css}">{core}</span>{tail}'
    before, blank, last = core.rpartition(" ")
    spoken = f'<span class="ch-vh"> ({mark.spoken})</span>'
    end = f'<span class="ch-src__end" data-n="{mark.number}">{last}{spoken}</span>'
    return f'{lead}<span class="{css}">{before}{blank}{end}</span>{tail}'
