# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`.env.example`, generated from config.py: every setting with its comment and its default, commented out."""

import ast
import re

_HEADER = (
    "# SPDX-FileCopyrightText: 2026 Charta contributors\n"
    "# SPDX-License-Identifier: EUPL-1.2\n"
    "#\n"
    "# Settings are environment variables; each line shows the default.\n"
    "# Generated from config.py by `charta settings --write .env.example`: edit there.\n"
)
_READERS = {"_flag", "_secret", "get", "getenv"}


def settings_with_comments(source: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return (name, comment, [(variable, default)]) of every setting in the source of config.py, in order.

    The comment is what stands in the lines above; settings that follow without a comment of their own share
    the one before.
    """
    lines = source.splitlines()
    found: list[tuple[str, str, list[tuple[str, str]]]] = []
    comment = ""
    last_line = 0
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name = node.targets[0].id
        if not name.isupper():
            continue
        own: list[str] = []
        above = node.lineno - 2
        while above >= 0 and lines[above].startswith("#"):
            own.insert(0, lines[above].removeprefix("#").strip())
            above -= 1
        if own or node.lineno != last_line + 1:
            comment = "\n".join(own)
        last_line = node.end_lineno or node.lineno
        found.append((name, comment, _variables(node.value)))
    return found


def _variables(value: ast.expr) -> list[tuple[str, str]]:
    """Return the environment variables an expression reads, each with its default as text."""
    variables = []
    for call in ast.walk(value):
        if not isinstance(call, ast.Call) or not call.args or not isinstance(call.args[0], ast.Constant):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name not in _READERS or not re.fullmatch(r"[A-Z][A-Z0-9_]*", str(call.args[0].value)):
            continue
        given = call.args[1] if len(call.args) > 1 else None
        default = given.value if isinstance(given, ast.Constant) else ""
        if isinstance(default, bool):
            default = "1" if default else ""
        variables.append((str(call.args[0].value), str(default)))
    return variables


def env_example(source: str) -> str:
    """Return the text of `.env.example` for the source of config.py."""
    parts = [_HEADER]
    shown = ""
    for _, comment, variables in settings_with_comments(source):
        block = ""
        if comment != shown:
            block = "\n" + "".join(f"# {line}\n" for line in comment.splitlines())
            shown = comment
        parts.append(block + "".join(f"#{variable}={default}\n" for variable, default in variables))
    return "".join(parts)
