# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Snapshots: a text file beside the tests that must equal what the program says: changes are reviewed.

CHARTA_TEST_WRITE=1 .venv/bin/python -m pytest tests/rules tests/architecture    writes them anew
"""

import difflib
import os
from pathlib import Path

import pytest


def check(file: Path, text: str) -> None:
    """Compare with the stored text; fail with the difference, or store it when asked to."""
    if os.environ.get("CHARTA_TEST_WRITE"):
        file.write_text(text, encoding="utf-8")
        return
    stored = file.read_text(encoding="utf-8") if file.exists() else ""
    if stored != text:
        difference = "\n".join(
            difflib.unified_diff(stored.splitlines(), text.splitlines(), "stored", "now", lineterm="", n=0)
        )
        pytest.fail(
            f"{file.name} no longer fits. When the change is meant, look at it and run again with "
            f"CHARTA_TEST_WRITE=1:\n{difference}",
            pytrace=False,
        )
