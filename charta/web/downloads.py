# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Files to keep: the same headers for tables, PDF and calendar entries."""

import re
import unicodedata
from urllib.parse import quote

from flask import Response

from charta.web.headers import no_store

_KINDS = {
    ".csv": "text/csv; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".json": "application/json",
    ".pdf": "application/pdf",
    ".py": "text/x-python; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What file systems or headers understand as something else.
_UNSAFE = re.compile(
    '[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff"*/:<>?\\\\|\u200b-\u200f\u202a-\u202e\u2060-\u206f]+'
)
_ATTRIBUTE_CHARACTERS = "!#$&+-.^_`|~"  # RFC 5987, attr-char


def download(content: bytes, filename: str) -> Response:
    """Answer with a file to keep under this name; nothing on the way may store it."""
    name = _UNSAFE.sub("-", filename).strip(" .-") or "charta"
    response = Response(content, content_type=_KINDS.get(_ending(name), "application/octet-stream"))
    plain = unicodedata.normalize("NFKD", name.replace("ß", "ss")).encode("ascii", "ignore").decode()
    disposition = f'attachment; filename="{plain}"'
    if plain != name:
        disposition += f"; filename*=UTF-8''{quote(name, safe=_ATTRIBUTE_CHARACTERS)}"
    response.headers["Content-Disposition"] = disposition
    return no_store(response)


def _ending(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()
