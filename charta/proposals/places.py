# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A place in the tree in words; for views only."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from charta.sections.queries import Outline


@dataclass(frozen=True, slots=True)
class Place:
    """Where a section stands, in words: below what and after what."""

    parent: str
    after: str


def place_words(outline: Mapping[int, Outline], parent_id: int | None, after_id: int | None) -> Place:
    """Return a place in words."""

    def label(section_id: int) -> str:
        entry = outline.get(section_id)
        return (
            f"{entry.number} {entry.title}".strip() if entry else _("ein Abschnitt, den es nicht mehr gibt")
        )

    return Place(
        label(parent_id) if parent_id is not None else _("oberste Ebene"),
        _("nach „%(title)s“", title=label(after_id)) if after_id is not None else _("an erster Stelle"),
    )
