# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The examples in the docstrings of the text engine run and are true."""

import doctest
import importlib
import pkgutil

import pytest

import charta.text

MODULES = sorted(module.name for module in pkgutil.iter_modules(charta.text.__path__))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"charta.text.{name}"))
    assert result.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    found = [test for name in MODULES for test in finder.find(importlib.import_module(f"charta.text.{name}"))]
    assert sum(len(test.examples) for test in found) >= 20
