# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the files beside the code lie: in the source tree, or inside an installed wheel."""

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent


def data_root() -> Path:
    """Return the folder that holds `templates/`, `static/`, `migrations/` and `config.py`.

    An installed wheel carries them in `charta/_bundle`; in the source tree they are the top level.
    """
    bundle = PACKAGE / "_bundle"
    return bundle if bundle.is_dir() else PACKAGE.parent
