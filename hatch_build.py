# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Compile the message catalogues: as a hook when a wheel is built, as a script for the source tree (run.py).

The compiled files are not in git: they are made from the `.po` files wherever they are needed.
"""

import sys
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # run.py calls this file with the runtime set, which has no hatchling
    BuildHookInterface = object  # type: ignore[assignment, misc]

TRANSLATIONS = Path(__file__).resolve().parent / "charta" / "translations"


def compile_catalogues(folder: Path = TRANSLATIONS) -> list[Path]:
    """Write a `.mo` beside every `.po` below `folder`; return the files written.

    Written under another name first: a server that starts meanwhile never reads half a file.
    """
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        target = source.with_suffix(".mo")
        unfinished = source.with_suffix(".mo.new")
        with unfinished.open("wb") as file:
            write_mo(file, catalogue)
        unfinished.replace(target)
        written.append(target)
    return written


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg, unused-ignore]
    """hatchling's name for the step before a wheel is packed."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Compile before packing; an editable install gets them into the source tree the same way."""
        compile_catalogues(Path(self.root) / "charta" / "translations")


if __name__ == "__main__":
    compile_catalogues(Path(sys.argv[1]) if len(sys.argv) > 1 else TRANSLATIONS)
