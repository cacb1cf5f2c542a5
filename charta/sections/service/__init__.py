# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing text: the shared steps that make revisions and sections, the import commands, sources.

Steps take `tx`, never commit and ask no permission: the command that calls them does both. The caller holds
the row lock of the section. Steps that change the tree live in `charta.sections.structure`, what is done to
a text before the lock in `charta.sections.texts`; both are offered here too.
"""

from charta.sections.rules import LAST
from charta.sections.service.making import create_section, import_section, import_step
from charta.sections.service.revisions import Origins, write_revision
from charta.sections.service.sources import add_source
from charta.sections.structure import bury_section, lock_tree, place_section
from charta.sections.texts import prepare

__all__ = [
    "LAST",
    "Origins",
    "add_source",
    "bury_section",
    "create_section",
    "import_section",
    "import_step",
    "lock_tree",
    "place_section",
    "prepare",
    "write_revision",
]
