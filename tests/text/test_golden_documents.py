# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Canonical Markdown, rendering, pasted HTML, block comparison, anchors and provenance on German cases."""

import pytest

from charta.text import anchor, markdown, provenance, render
from charta.text.diff import BlockKind, Comparison, compare
from charta.text.hashing import content_hash
from charta.text.normalise import normalise, single_line

CANONICAL = [
    ("# Ziel", "### Ziel\n"),  # headings begin at level 3
    ("##### Tief", "##### Tief\n"),  # deeper ones stay
    ("Ziel\n====", "Ziel ====\n"),  # no underlined headings
    ("__fett__ und _kursiv_", "**fett** und *kursiv*\n"),  # one sign for each mark
    ("*a **b** c*", "*a **b** c*\n"),  # nested marks
    ("** nicht fett **", "\\*\\* nicht fett \\*\\*\n"),  # signs that mark nothing stay visible
    ("Bürger*innen und Mieter*innen", "Bürger*innen und Mieter*innen\n"),  # gender stars are no italics
    ("Kolleg_innen", "Kolleg_innen\n"),  # nor are underscores inside words
    ("3 * 4 * 5", "3 * 4 * 5\n"),  # nor free-standing stars
    ("* eins\n* zwei", "- eins\n- zwei\n"),  # one sign for lists
    ("- eins\n\n- zwei", "- eins\n- zwei\n"),  # lists are tight
    ("3) drei\n4) vier", "3. drei\n4. vier\n"),  # one sign for numbered lists, the start stays
    ("- eins\n    - innen\n", "- eins\n  - innen\n"),  # indentation
    ("2030. Das Jahr", "2030. Das Jahr\n"),  # read as a list that starts at 2030
    ("> Zitat\nweiter", "> Zitat weiter\n"),  # lazy lines
    ("eine\nZeile", "eine Zeile\n"),  # a single line end is a blank
    ("[IHK](https://example.org/a_(b))", "[IHK](https://example.org/a_%28b%29)\n"),  # addresses are encoded
    ("[Post](mailto:a@example.org)", "[Post](mailto:a@example.org)\n"),  # mail addresses
    ("[böse](javascript:alert(1))", "böse (javascript:alert(1))\n"),  # refused addresses stay readable
    ("[alt](http://example.org)", "alt (http://example.org)\n"),  # no http
    ("![Bild](https://example.org/b.png)", "![Bild](https://example.org/b.png)\n"),  # no image: a link
    ("<b>fett</b> & &amp;", "<b>fett</b> & &amp;\n"),  # HTML is text
    ("`code`", "`code`\n"),  # no code
    ("    eingerückt", "eingerückt\n"),  # no code blocks
    ("---", "---\n"),  # no rules
    ("|a|b|\n|-|-:|\n|1|2|", "| a | b |\n| --- | ---: |\n| 1 | 2 |\n"),  # tables
    ("Text[^x].\n\n[^x]: Quelle", "Text[^1].\n\n[^1]: Quelle\n"),  # footnotes are numbered
    ("[^2]: zwei\n[^1]: eins\n\na[^1] b[^2]", "a[^1] b[^2]\n\n[^1]: eins\n\n[^2]: zwei\n"),  # by reference
    ("[^1]: verwaist", "\\[^1]: verwaist\n"),  # a footnote nobody refers to stays visible
    ("a[^9]", "a\\[^9]\n"),  # a reference to nothing stays visible
    ("ein **halbes", "ein \\*\\*halbes\n"),  # an open mark
    ("a\u00adb\ufeff", "ab\n"),  # invisible signs go
    ("", ""),  # nothing stays nothing
]


@pytest.mark.parametrize("typed, canonical", CANONICAL)
def test_canonical_spelling(typed: str, canonical: str) -> None:
    assert markdown.canonical(typed) == canonical
    assert markdown.canonical(canonical) == canonical


PASTED = [
    ("<p>Gute <strong>Arbeit</strong></p>", "Gute **Arbeit**\n"),  # a browser
    ("<b style='font-weight:normal'><p>Text</p></b>", "Text\n"),  # Google Docs wraps everything in b
    ("<span style='font-weight:700'>fett</span>", "**fett**\n"),  # marks as styles
    ("<ol start=3><li>c<li>d</ol>", "3. c\n4. d\n"),  # a list without closing tags
    ("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b\n"),  # an inner list beside its item
    ("<h1>T</h1><p>x<br>y<br><br>z", "### T\n\nx y\n\nz\n"),  # line ends
    ("<table><tr><th>A<th>B<tr><td>1<td>2</table>", "| A | B |\n| --- | --- |\n| 1 | 2 |\n"),  # a table
    ("<table><tr><td>nur Layout</table>", "nur Layout\n"),  # a table for layout
    ("<script>x</script><style>y</style><p onclick=z>Text", "Text\n"),  # nothing active
    ("<a href='javascript:x'>k</a><a href='https://e.org'>L</a>", "k[L](https://e.org)\n"),  # links
    ("<p style='mso-list:l0 level1 lfo1'><![if !supportLists]>1.<![endif]>A</p>", "1. A\n"),  # Word
    ("a &lt;b&gt; *c* <img src=x alt=y>", "a <b> \\*c\\*\n"),  # text that looks like syntax
    ("<blockquote>Zitat</blockquote>&nbsp;<p>&nbsp;</p>", "> Zitat\n"),  # empty paragraphs
]


@pytest.mark.parametrize("html, text", PASTED)
def test_pasted_html_keeps_words_and_structure(html: str, text: str) -> None:
    assert markdown.from_html(html) == text


RENDERED = [
    ("### Ziel", "<h3>Ziel</h3>\n"),  # a heading
    ("**a** *b*", "<p><strong>a</strong> <em>b</em></p>\n"),  # marks
    ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"),  # HTML is shown
    ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),  # a list
    ("2. a", '<ol start="2">\n<li>a</li>\n</ol>\n'),  # a start number
    ("> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),  # a quote
    ("a\u202eb", '<p>a<span class="ch-bidi" title="U+202E">⭾</span>b</p>\n'),  # a bidi control
    ("[x](https://e.org/?a=1&b=2)",
     '<p><a href="https://e.org/?a=1&amp;b=2" rel="nofollow noopener">x</a></p>\n'),  # a link
    ("![x](https://e.org/p.png)",
     '<p>!<a href="https://e.org/p.png" rel="nofollow noopener">x</a></p>\n'),  # no image
]  # fmt: skip


@pytest.mark.parametrize("text, html", RENDERED)
def test_rendering(text: str, html: str) -> None:
    assert str(render.to_html(text)) == html


def test_table_headers_have_a_scope() -> None:
    html = str(render.to_html("| a | b |\n| --- | ---: |\n| 1 | 2 |\n"))
    assert html.count('<th scope="col"') == 2
    assert '<td class="ch-right">2</td>' in html


def test_footnotes_link_both_ways_with_a_prefix() -> None:
    html = str(render.to_html("a[^1] b[^1]\n\n[^1]: Quelle\n", prefix="s3-"))
    assert html.count('id="s3-fnref-1"') == 1
    assert html.count('href="#s3-fn-1"') == 2
    assert 'id="s3-fn-1"' in html
    assert 'href="#s3-fnref-1"' in html


TEXT = "### Ziel\n\nErster Absatz.\n\n- a\n- b\n\n> Zitat\n\n| x | y |\n| --- | --- |\n| 1 | 2 |\n\nLetzter[^1].\n\n[^1]: Q\n"  # noqa: E501


def test_numbered_blocks_are_paragraphs_lists_quotes_and_tables() -> None:
    kinds = [
        (p.index, p.kind, TEXT[p.start : p.end].split("\n", maxsplit=1)[0]) for p in markdown.blocks(TEXT)
    ]
    assert kinds == [
        (-1, "heading", "### Ziel"),
        (0, "paragraph", "Erster Absatz."),
        (1, "list", "- a"),
        (2, "quote", "> Zitat"),
        (3, "table", "| x | y |"),
        (4, "paragraph", "Letzter[^1]."),
        (-1, "footnotes", "[^1]: Q"),
    ]
    assert [p.index for p, _ in render.paragraphs_html(TEXT)] == [-1, 0, 1, 2, 3, 4, -1]


def shown(comparison: Comparison) -> list[str]:
    signs = {"=": "{}", "-": "[-{}-]", "+": "{{+{}+}}"}
    return [
        f"{block.kind.value}{''.join(' ' + code.value for code in block.structure)}: "
        + " | ".join("".join(signs[run.op].format(run.text) for run in cell) for cell in block.cells)
        for block in comparison.blocks
    ]


LONG = "Dieser Absatz wird verschoben und ist lang genug, um erkannt zu werden."
COMPARED = [
    ("a\n", "a\n", ["unchanged: a"]),  # nothing
    ("Bis 2030.\n", "Bis 2035.\n", ["changed: Bis [-2030-]{+2035+}."]),  # a word
    ("wort\n", "**wort**\n", ["changed formatting: wort"]),  # only a mark
    ("- eins\n", "eins\n", ["changed now_paragraph: eins"]),  # a list becomes a paragraph
    ("- eins\n- zwei\n", "1. eins\n2. zwei\n",
     ["changed now_numbered_list: eins", "changed now_numbered_list: zwei"]),  # bullets become numbers
    ("### Ziel\n", "#### Ziel\n", ["changed heading_level: Ziel"]),  # a level
    ("Ziel\n", "### Ziel\n", ["changed now_heading: Ziel"]),  # a paragraph becomes a heading
    ("Ziel\n", "> Ziel\n", ["changed now_quote: Ziel"]),  # a quotation
    ("[a](https://x.de)\n", "[a](https://y.de)\n", ["changed link: a"]),  # an address
    ("- a\n- b\n", "- a\n  - b\n", ["unchanged: a", "changed indentation: b"]),  # a step inwards
    ("1. a\n", "4. a\n", ["changed numbering: a"]),  # another first number
    ("a[^1]\n\n[^1]: IHK 2023\n", "a[^1]\n\n[^1]: IHK 2024\n",
     ["unchanged: a", "changed: IHK [-2023-]{+2024+}"]),  # a footnote
    ("| a | b |\n| --- | --- |\n| 1 | 2 |\n", "| a | b |\n| --- | --- |\n| 1 | 3 |\n",
     ["unchanged: a | b", "changed: 1 | [-2-]{+3+}"]),  # a cell
    ("| a | b |\n| --- | --- |\n| 1 | 2 |\n", "| a | n | b |\n| --- | --- | --- |\n| 1 | 9 | 2 |\n",
     ["changed columns: a | {+n+} | b", "changed columns: 1 | {+9+} | 2"]),  # a column
    (f"{LONG}\n\nEins bleibt hier stehen.\n\nZwei bleibt auch hier stehen, ganz sicher und ohne Zweifel.\n",
     f"Eins bleibt hier stehen.\n\nZwei bleibt auch hier stehen, ganz sicher und ohne Zweifel.\n\n{LONG}\n",
     [f"moved: {LONG}", "unchanged: Eins bleibt hier stehen.",
      "unchanged: Zwei bleibt auch hier stehen, ganz sicher und ohne Zweifel.", f"moved: {LONG}"]),  # a move
    ("Eins.\n\nDrei.\n", "Eins.\n\nZwei kommt neu dazu.\n\nDrei.\n",
     ["unchanged: Eins.", "inserted: {+Zwei kommt neu dazu.+}", "unchanged: Drei."]),  # an insertion
    ("Eins.\n\nZwei geht.\n", "Eins.\n", ["unchanged: Eins.", "deleted: [-Zwei geht.-]"]),  # a deletion
]  # fmt: skip


@pytest.mark.parametrize("old, new, blocks", COMPARED)
def test_comparison_names_what_happened(old: str, new: str, blocks: list[str]) -> None:
    assert shown(compare(old, new)) == blocks


def test_a_moved_and_edited_paragraph_shows_its_words() -> None:
    rest = "Eins bleibt hier stehen.\n\nZwei bleibt auch hier stehen, ganz sicher und ohne Zweifel.\n"
    found = compare(f"{LONG}\n\n{rest}", f"{rest}\n{LONG.replace('lang', 'gut')}\n")
    moved = [block for block in found.blocks if block.kind is BlockKind.MOVED]
    assert [(run.op, run.text) for run in moved[1].runs if run.op != "="] == [("-", "lang"), ("+", "gut")]
    assert (found.words_inserted, found.words_deleted) == (1, 1)


OLD = "Die Region sichert gute Arbeit bis 2030. Sie fördert die Ausbildung. Alle berichten einmal im Jahr.\n"
ANCHORED = [
    ("gute Arbeit", OLD, ("in_place", "gute Arbeit")),  # nothing changed
    ("gute Arbeit", "Neu. " + OLD, ("in_place", "gute Arbeit")),  # text before it
    ("gute Arbeit", OLD.replace("Region", "ganze Region"), ("in_place", "gute Arbeit")),  # inside its sentence  # noqa: E501
    ("sichert gute Arbeit", OLD.replace("gute", "sichere"), ("changed", "sichert sichere Arbeit")),  # a word
    ("Sie fördert die Ausbildung.", OLD.replace(" Sie fördert die Ausbildung.", ""), ("orphan", None)),  # gone  # noqa: E501
    ("Sie fördert die Ausbildung.", OLD.replace("die Ausbildung", "die gute Ausbildung"),
     ("changed", "Sie fördert die gute Ausbildung.")),  # a word more
    ("Alle berichten einmal im Jahr.", "Alle berichten einmal im Jahr. " + OLD.replace(
        " Alle berichten einmal im Jahr.", ""), ("moved", "Alle berichten einmal im Jahr.")),  # moved
    ("bis 2030", OLD.replace("bis 2030", "bis\u00a02030"), ("in_place", "bis\u00a02030")),  # another blank
    ("Jahr", "Jahr für Jahr.\n", ("orphan", None)),  # a short word elsewhere is another word
]  # fmt: skip


@pytest.mark.parametrize("quote, new, expected", ANCHORED)
def test_anchors_stay_on_their_words(quote: str, new: str, expected: tuple[str, str | None]) -> None:
    start = OLD.index(quote)
    found = anchor.locate(anchor.make_anchor(OLD, start, start + len(quote)), new, OLD)
    assert found.quote == quote
    assert (found.state.value, None if found.start is None else new[found.start : found.end]) == expected


def origins(*revisions: str) -> list[tuple[str, int]]:
    return provenance.blame(list(revisions))


ONE = "Die Region sichert gute Arbeit für alle Menschen."
TWO = "Der Verkehr wird in allen Gemeinden klimafreundlich."
THREE = "Schulen und Betriebe bilden gemeinsam die Jugend aus."


def test_moved_passages_keep_their_origin() -> None:
    assert origins(f"{ONE}\n\n{TWO}\n", f"{TWO}\n\n{ONE}\n\n{THREE}\n") == [
        (f"{TWO}\n\n{ONE}\n\n", 0),
        (f"{THREE}\n", 1),
    ]


def test_returned_passages_keep_their_origin() -> None:
    assert origins(f"{ONE} {TWO}\n", f"{ONE}\n", f"{ONE} {TWO}\n") == [(f"{ONE} {TWO}\n", 0)]


def test_an_edited_word_is_new_and_the_rest_is_not() -> None:
    runs = origins(ONE, ONE.replace("gute", "sichere"))
    assert runs == [("Die Region sichert ", 0), ("sichere", 1), (" Arbeit für alle Menschen.", 0)]


def test_a_moved_and_edited_sentence_keeps_its_words() -> None:
    edited = TWO.replace("allen", "fünfzig")
    runs = origins(f"{ONE}\n\n{TWO}\n\n{THREE}\n", f"{edited}\n\n{ONE}\n\n{THREE}\n")
    assert [text.strip() for text, origin in runs if origin == 1] == ["fünfzig"]


def test_a_merged_revision_inherits_from_head_and_proposal() -> None:
    base = provenance.update(provenance.empty_state(), f"{ONE}\n\n{TWO}\n", "Entwurf")
    head = provenance.update(base, f"{ONE}\n\n{TWO}\n\n{THREE}\n", "Vorschlag 1")
    proposed = provenance.update(base, f"{ONE.replace('gute', 'sichere')}\n\n{TWO}\n", "Vorschlag 2")
    merged = f"{ONE.replace('gute', 'sichere')}\n\n{TWO}\n\n{THREE}\n"
    state = provenance.update(head, merged, "Zusammenführung", inherit=[proposed])
    assert {
        merged[s:e].strip(): origin for s, e, origin in provenance.runs(state) if origin != "Entwurf"
    } == {
        "sichere": "Vorschlag 2",
        THREE: "Vorschlag 1",
    }


def test_an_explicit_source_overrides_and_is_remembered() -> None:
    text = f"{ONE}\n\n{TWO}\n"
    start = text.index(TWO)
    state = provenance.update(provenance.empty_state(), text, "Entwurf")
    state = provenance.update(state, text, "x", sources=[(start, start + len(TWO), "Beitrag 7")])
    assert (start, start + len(TWO) + 1, "Beitrag 7") in provenance.runs(state)
    state = provenance.update(state, f"{TWO}\n\n{ONE}\n", "y")
    assert provenance.runs(state)[0] == (0, len(TWO) + 2, "Beitrag 7")


def test_the_hash_depends_on_title_and_body_and_where_they_meet() -> None:
    hashes = {
        content_hash(title, body) for title, body in (("a", "bc"), ("ab", "c"), ("", "abc"), ("abc", ""))
    }
    assert len(hashes) == 4
    assert all(len(value) == 64 for value in hashes)


def test_normalising_keeps_words_and_non_breaking_spaces() -> None:
    assert normalise("Za\u0308hler\u00a05 \r\n\r\n\r\n\r\nEnde") == "Zähler\u00a05\n\nEnde\n"
    assert normalise("\n\n a\u2028b ") == " a\nb\n"
    assert single_line(" Gute\u00a0\t Arbeit\n") == "Gute Arbeit"
    assert single_line("Gute \u202etiebrA\u202c \u2066jetzt\u2069") == "Gute tiebrA jetzt"
