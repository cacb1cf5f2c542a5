# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of static files with a hash of their content, so that browsers may keep them for ever."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import current_app, url_for


@lru_cache(maxsize=256)
def _digest(path: str, changed_ns: int) -> str:
    del changed_ns  # part of the key only: a changed file gets a new address without a restart
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """Return the address of a static file, such as `css/charta.css`."""
    path = Path(current_app.static_folder or "") / name
    return url_for("static", filename=name, v=_digest(str(path), path.stat().st_mtime_ns))
