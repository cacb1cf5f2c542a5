# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses of static files with a hash of their content, so that browsers may keep them for ever."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from flask import current_app, has_request_context, request, url_for


@lru_cache(maxsize=256)
def _digest(path: str, changed_ns: int) -> str:
    del changed_ns  # part of the key only: a changed file gets a new address without a restart
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=256)
def _address(folder: str, name: str, changed_ns: int, root: str) -> str:
    del root  # part of the key only: where the application is mounted
    return url_for("static", filename=name, v=_digest(f"{folder}/{name}", changed_ns))


def asset(name: str) -> str:
    """Return the address of a static file, such as `css/charta.css`."""
    folder = current_app.static_folder or ""
    changed_ns = os.stat(f"{folder}/{name}").st_mtime_ns  # noqa: PTH116 -- a Path costs more than the rest
    return _address(folder, name, changed_ns, request.script_root if has_request_context() else "")
