# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words for people: all of them go through gettext, whole sentences, and English is complete."""

import ast
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import jinja2
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2 import nodes

from charta.permissions import Role

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted([*(ROOT / "templates").rglob("*.html"), *(ROOT / "templates").rglob("*.txt")])
PYTHON = sorted((ROOT / "charta").rglob("*.py"))
ENGLISH = ROOT / "charta" / "translations" / "en" / "LC_MESSAGES" / "messages.po"
GETTEXT = {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext", "pgettext", "npgettext"}
PLURALS = {"ngettext", "lazy_ngettext", "npgettext"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def environment() -> jinja2.Environment:
    return jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


# ---------------------------------------------------------------------------------- whole sentences only


def test_messages_in_python_are_constants() -> None:
    """No f-string, no variable, no `+`: what is put together cannot be translated."""
    found = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in GETTEXT:
                continue
            wanted = 2 if getattr(node.func, "id", "") in PLURALS else 1
            if not all(
                isinstance(argument, ast.Constant) and isinstance(argument.value, str)
                for argument in node.args[:wanted]
            ):
                found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


def test_messages_in_templates_are_constants() -> None:
    found = []
    for path in TEMPLATES:
        tree = environment().parse(path.read_text(encoding="utf-8"))
        for call in tree.find_all(nodes.Call):
            is_message = isinstance(call.node, nodes.Name) and call.node.name in GETTEXT
            if is_message and not isinstance(call.args[0], nodes.Const):
                found.append(f"{name_of(path)}:{call.lineno}")
    assert found == []


def test_sentences_are_not_put_together_in_python() -> None:
    found = []
    for path in PYTHON:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
                sides = (node.left, node.right)
                if any(isinstance(s, ast.Call) and getattr(s.func, "id", "") in GETTEXT for s in sides):
                    found.append(f"{name_of(path)}:{node.lineno}")
    assert found == []


# ------------------------------------------------------------------------- no word beside gettext


class _Texts(HTMLParser):
    """Collects what people would read in a template: texts, and attributes with words."""

    READ_ALOUD = ("title", "alt", "aria-label", "placeholder", "aria-description", "label")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.tag = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag
        self.found += [value for name, value in attrs if name in self.READ_ALOUD and value]

    def handle_data(self, data: str) -> None:
        if self.tag not in {"style", "code", "kbd"}:
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.tag = ""


def bare_words(source: str) -> Iterator[str]:
    """Yield words that stand in a template outside of gettext."""
    lexer = environment().lexer
    text, inside, depth = [], False, 0
    for _, kind, value in lexer.tokeniter(source, None):
        if kind == "block_begin":
            inside = True
            first = True
        elif kind == "block_end":
            inside = False
        elif inside and kind == "name" and first:
            depth += {"trans": 1, "endtrans": -1}.get(value, 0)
            first = False
        elif kind == "data" and depth == 0:
            text.append(value)
        # Something stands here: no words, but it may be the name of a tag or lie between attributes.
        if kind == "variable_begin":
            text.append("x0")
        elif kind == "block_end":
            text.append(" ")
    parser = _Texts()
    parser.feed("".join(text))
    for part in parser.found:
        # Names of classes stand in blocks of their own (page_class), away from any tag.
        yield from re.findall(r"[^\W\d_]{2,}", re.sub(r"\bch-[\w-]+", "", part))


# Names, units and signs that are the same in every language.
SAME_EVERYWHERE = {"Charta", "DE", "EN", "Deutsch", "English", "kB", "MB", "px", "Atom", "iCal"}


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_hold_no_words_outside_of_gettext(path: Path) -> None:
    assert set(bare_words(path.read_text(encoding="utf-8"))) - SAME_EVERYWHERE == set()


def test_the_search_for_bare_words_finds_them() -> None:
    source = (
        '{# Kommentar #}<p title="Hinweis">{{ _("Gut") }} Nackt {% trans %}auch gut{% endtrans %}</p>'
        '<a aria-label="{{ _("ja") }}">{% if x %}Wort{% endif %}</a>'
    )
    assert set(bare_words(source)) == {"Hinweis", "Nackt", "Wort"}


# ------------------------------------------------------------------------------- what templates know


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_name_no_roles(path: Path) -> None:
    """Templates ask `can(...)`; a role in a comparison would be a second permission table."""
    roles = {role.value for role in Role}
    found = []
    for compare in environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Compare):
        constants = {node.value for node in compare.find_all(nodes.Const)}
        attributes = {node.attr for node in compare.find_all(nodes.Getattr)}
        if constants & roles or "role" in attributes:
            found.append(compare.lineno)
    assert found == []


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_templates_mark_nothing_as_safe(path: Path) -> None:
    """User text passes one renderer, which answers with Markup already."""
    tree = environment().parse(path.read_text(encoding="utf-8"))
    found = [node.lineno for node in tree.find_all(nodes.Filter) if node.name in {"safe", "forceescape"}]
    found += [node.lineno for node in tree.find_all(nodes.MarkSafe)]
    assert found == []
    assert "{% autoescape" not in path.read_text(encoding="utf-8")


# ---------------------------------------------------------------------------------------- the catalogue


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """What `pybabel extract` finds in the source tree now."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    done = subprocess.run(
        [
            *(sys.executable, "-m", "babel.messages.frontend", "-q", "extract"),
            *("-F", "babel.cfg", "-k", "_l", "-k", "lazy_gettext", "-k", "lazy_ngettext:1,2"),
            *("-o", str(target), "."),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    with target.open("rb") as file:
        return read_po(file)


@pytest.fixture(scope="module")
def english() -> Catalog:
    if not ENGLISH.exists():
        pytest.skip("there is no English catalogue yet")
    with ENGLISH.open("rb") as file:
        return read_po(file, locale="en")


def texts(identifier: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (identifier,) if isinstance(identifier, str) else tuple(identifier)


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)", text)) | {
        name for _, name, _, _ in string.Formatter().parse(re.sub(r"%\(\w+\)\w", "", text)) if name
    }


def test_every_message_can_be_extracted(extracted: Catalog) -> None:
    assert len(extracted) > 100


def test_english_has_every_message(extracted: Catalog, english: Catalog) -> None:
    missing = []
    for message in extracted:
        if not message.id:
            continue
        found = english.get(message.id, message.context)
        if found is None or not all(texts(found.string)) or found.fuzzy:
            missing.append(texts(message.id)[0])
    assert missing == []


def test_english_has_nothing_superfluous(extracted: Catalog, english: Catalog) -> None:
    old = [
        texts(message.id)[0]
        for message in english
        if message.id and extracted.get(message.id, message.context) is None
    ]
    assert old == []


def test_english_keeps_the_placeholders(english: Catalog) -> None:
    wrong = []
    for message in english:
        if not message.id:
            continue
        wanted = set().union(*(placeholders(text) for text in texts(message.id)))
        wrong += [
            (texts(message.id)[0], translation)
            for translation in texts(message.string)
            if not placeholders(translation) <= wanted
            or (isinstance(message.id, str) and placeholders(translation) != wanted)
        ]
    assert wrong == []


def test_english_is_english(english: Catalog) -> None:
    """A German sentence copied into the English catalogue."""
    german = re.compile(r"\b(und|oder|nicht|wird|wurde|Sie|Ihre|bitte|eine|einen)\b")
    assert [m.string for m in english if m.id and any(german.search(t) for t in texts(m.string))] == []
