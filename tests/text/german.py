# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""German texts and edits of them for the property tests of the text engine."""

from hypothesis import strategies as st

_WORDS = [
    "Die",
    "Der",
    "Das",
    "Region",
    "Charta",
    "Fachkräfte",
    "Straße",
    "über",
    "bis",
    "2030",
    "2035",
    "nicht",
    "und",
    "z.",
    "B.",
    "Nr.",
    "§",
    "5",
    "Abs.",
    "2",
    "Maßnahme",
    "Maßnahmen",
    "Arbeitsplätze",
    "Bürger*innen",
    "3,5",
    "%",
    "„Zukunft“",
    "über",
    "👩\u200d👧",
    "\uffff",
]

sentences = st.lists(st.sampled_from(_WORDS), min_size=1, max_size=7).map(lambda words: " ".join(words) + ".")
paragraphs = st.lists(sentences, min_size=1, max_size=4).map(" ".join)
blocks = st.one_of(
    paragraphs,
    paragraphs.map(lambda text: "### " + text),
    paragraphs.map(lambda text: "> " + text),
    st.lists(sentences, min_size=1, max_size=3).map(lambda items: "\n".join("- " + item for item in items)),
)
documents = st.lists(blocks, max_size=5).map(lambda parts: "\n\n".join(parts) + ("\n" if parts else ""))

_FRAGMENTS = [
    *[
        "*",
        "**",
        "_",
        "__",
        "`",
        "[",
        "](https://e.org)",
        "](mailto:a@b.de)",
        "[a](https://x.de)",
        "[^1]",
        "[^b]",
        "-",
        "1.",
        "2)",
        ">",
        "#",
        "####",
    ],
    *[
        "|",
        "---",
        "\\",
        "Wort",
        "ä",
        "!",
        "![i](https://u.de)",
        "<b>",
        "&amp;",
        "+",
        ".",
        ":",
        ")",
        "(",
        '"',
        "~~~",
        "===",
        "|-|",
        "|:-",
        "0.",
        "10.",
    ],
    *(" ", "  ", "    ", "\n", "\n\n", "\n  - ", "\n> - ", "\t", "\u00a0", "\u202e", "\u0308"),
    *("| a | b |\n| --- | --- |\n| c | d |\n", "[^1]: Text\n", "[^b]: ", "[^1]: "),
]
# Anything a person might type or paste that looks like Markdown.
markdown_soup = st.lists(st.sampled_from(_FRAGMENTS), max_size=25).map("".join)
any_text = st.one_of(documents, markdown_soup, st.text(max_size=60))


@st.composite
def edits_of(draw: st.DrawFn, base: str) -> str:
    """Draw a text that is `base` with some sentences inserted, removed, replaced or moved."""
    parts = [part.split(". ") for part in base.rstrip("\n").split("\n\n")] if base.strip() else [[]]
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(parts) - 1))
        sentence = draw(sentences).rstrip(".")
        deed = draw(st.sampled_from(["insert", "remove", "replace", "move_paragraph", "new_paragraph"]))
        place = draw(st.integers(0, max(0, len(parts[at]) - 1)))
        if deed == "insert":
            parts[at].insert(place, sentence)
        elif deed == "remove" and parts[at]:
            parts[at].pop(place)
        elif deed == "replace" and parts[at]:
            parts[at][place] = sentence
        elif deed == "move_paragraph":
            parts.insert(draw(st.integers(0, len(parts) - 1)), parts.pop(at))
        elif deed == "new_paragraph":
            parts.insert(at, [sentence])
    text = "\n\n".join(". ".join(part) for part in parts)
    return text + ("\n" if text else "")


@st.composite
def triples(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a base and two independent edits of it."""
    base = draw(documents)
    return base, draw(edits_of(base)), draw(edits_of(base))
