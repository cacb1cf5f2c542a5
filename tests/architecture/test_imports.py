# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shape of the code: who imports whom, who commits, what carries a docstring."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "charta"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_bundle" not in path.parts)


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_the_import_contract_is_kept() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_only_transaction_commits() -> None:
    """`transaction()` is the only commit; nobody opens a transaction past it."""
    found = [
        f"{name_of(path)}:{node.lineno} {node.attr}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in {"commit", "begin", "begin_nested", "two_phase", "autocommit"}
    ]
    # The write itself, and the settings of a new PostgreSQL connection.
    assert [place.split(":")[0] for place in found] == ["charta/db.py"] * 2, found


def test_no_engine_or_connection_beside_the_session() -> None:
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in {"engine", "raw_connection", "create_engine"}
    ]
    assert [place for place in found if not place.startswith("charta/db.py")] == []


def test_nobody_reads_the_clock_past_utcnow() -> None:
    """One clock: aware, in UTC, movable in tests."""
    found = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"utcnow", "today", "now"}
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in {"datetime", "date"}
    ]
    assert [place for place in found if not place.startswith(("charta/db.py", "charta/smoke/"))] == []


def test_templates_are_files() -> None:
    """`render_template_string` compiles at every call."""
    assert [name_of(path) for path in MODULES if "render_template_string" in path.read_text()] == []


# User text becomes HTML in `text` and nowhere else. Whoever marks something as safe besides was read here.
MARKS_AS_SAFE = {
    "charta/text/render.py",
    "charta/sections/texts.py",  # what the renderer made before, from the cache
    "charta/comments/texts.py",  # the same, without headings and ids
    "charta/sections/marking.py",  # what the renderer made, with marks; an own check keeps every word
    "charta/web/prose.py",  # what the renderer made, with other headings
    "charta/web/dates.py",  # a constant; `format` escapes
    "charta/pages/words.py",  # the same
    "charta/web/i18n.py",  # our own sentences, from the catalogues
    "charta/web/qr.py",  # a constant and numbers; `format` escapes the label
}


def test_markup_is_made_in_few_places() -> None:
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and node.args
        and getattr(node.func, "id", getattr(node.func, "attr", "")) in {"Markup", "mark_safe"}
        and not (isinstance(node.args[0], ast.Constant) and node.args[0].value == "")
    }
    assert found <= MARKS_AS_SAFE, found - MARKS_AS_SAFE


# --------------------------------------------------------------------------------------------- docstrings

LAYERS = ("rules", "queries", "service")


def documented_modules() -> list[Path]:
    return [
        path
        for path in MODULES
        if path.parent.name == "text"
        or path.stem in LAYERS
        or path.parent.name in LAYERS
        or path.name in {"permissions.py", "db.py", "errors.py", "events.py"}
    ]


def public_definitions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node


@pytest.mark.parametrize("path", documented_modules(), ids=name_of)
def test_public_functions_say_what_they_do(path: Path) -> None:
    module = tree(path)
    assert ast.get_docstring(module), "the module says what it is"
    missing = [node.name for node in public_definitions(module) if not ast.get_docstring(node)]
    assert missing == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_every_module_begins_with_licence_and_purpose(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith(("# SPDX-FileCopyrightText", "#!"))
    assert ast.get_docstring(ast.parse(text))
