# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which views take files: everywhere else a request stays small, unread beyond its limit."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

from charta.permissions import role_may
from charta.web.tables import MAX_BYTES
from charta.web.viewer import actor

View = TypeVar("View", bound=Callable[..., object])

_ATTRIBUTE = "charta_takes_files"
_FORM_AROUND = 100_000  # boundaries, token, names


def takes_files(view: View) -> View:
    """Let a view receive files of up to `tables.MAX_BYTES`; place it above `access`."""
    setattr(view, _ATTRIBUTE, True)
    return view


def widen(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Raise the limit of this request where its view takes files and the viewer may send any.

    A preprocessor of addresses, because the check of the form's token already reads the body.
    """
    del values
    if endpoint is None or request.method != "POST":
        return
    view = current_app.view_functions.get(endpoint)
    permission = getattr(view, "charta_access", None)
    if getattr(view, _ATTRIBUTE, False) and permission is not None and role_may(actor(), permission):
        request.max_content_length = MAX_BYTES + _FORM_AROUND
