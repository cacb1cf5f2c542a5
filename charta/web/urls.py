# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Addresses: ids that are checked in the address itself, and redirects that never leave the house."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, RequestRedirect, ValidationError

MAX_ID = 2**31 - 1


class IdConverter(BaseConverter):
    """An id or number from 1 to 2^31-1; anything else is a 404."""

    regex = r"[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > MAX_ID:
            raise ValidationError
        return number

    def to_url(self, value: object) -> str:
        return str(int(str(value)))


def local_target(target: str | None, default: str) -> str:
    """Return `target` when it is a path of this application that can be fetched, else `default`."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(char) < 32 for char in target):
        return default
    try:
        current_app.create_url_adapter(request).match(parts.path, method="GET")  # type: ignore[union-attr]
    except RequestRedirect:
        return target
    except HTTPException:
        return default
    return target


def external(endpoint: str, **values: Any) -> str:
    """Return a full address for mails, built from BASE_URL whatever the request said.

    Works in a request and in the worker alike: the map is bound here, no request is pretended.
    """
    adapter = current_app.url_map.bind("localhost", script_name="/")
    return str(current_app.config["BASE_URL"]) + adapter.build(endpoint, values)
