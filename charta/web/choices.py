# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Choices of form fields with words that are translated when the page is made."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, cast

from wtforms.fields.choices import SelectChoice


def choice(value: object, label: object) -> SelectChoice:
    """Return one choice; WTForms says `str` for the label but takes lazy words as well."""
    return SelectChoice(cast("str", value), cast("str", label))


def choices(members: Iterable[StrEnum], words: Mapping[Any, object]) -> list[SelectChoice]:
    """Return a choice for each member of an enum, in the words of the table."""
    return [choice(member.value, words[member]) for member in members]
