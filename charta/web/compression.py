# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""gzip for pages and static text: a hall full of phones shares one slow line.

Not behind a reverse proxy, which compresses itself. The cookie is SameSite=Lax, so a foreign page cannot make
a browser fetch a signed-in page again and again and measure its length (the attack known as BREACH).
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Response, current_app, request

_TEXT = frozenset(
    {"text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "application/atom+xml"}
)
_SMALLEST_BYTES = 1_000


@lru_cache(maxsize=64)
def _packed_file(path: str, changed_ns: int) -> bytes:
    del changed_ns  # part of the key only
    return gzip.compress(Path(path).read_bytes(), 9, mtime=0)


def compress(response: Response) -> Response:
    """Pack the body of a text answer when the client takes gzip (after_request)."""
    if (
        current_app.config["REVERSE_PROXY"]
        or response.mimetype not in _TEXT
        or response.status_code != 200
        or "Content-Encoding" in response.headers
    ):
        return response
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0:
        return response
    if request.endpoint == "static":
        path = Path(current_app.static_folder or "") / (request.view_args or {})["filename"]
        packed = _packed_file(str(path), path.stat().st_mtime_ns)
        response.direct_passthrough = False
        response.close()  # the file Flask has opened is not read any more
    elif response.is_streamed or (response.content_length or 0) < _SMALLEST_BYTES:
        return response
    else:
        packed = gzip.compress(response.get_data(), 4, mtime=0)
    response.set_data(packed)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(packed))
    return response
