# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Default deny: every view declares the permission that opens it, or the application does not start."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, abort, current_app, request

from charta.errors import NotFound, NotPermitted
from charta.permissions import Permission, may, role_may
from charta.web.viewer import actor, policy

View = TypeVar("View", bound=Callable[..., object])

_ATTRIBUTE = "charta_access"
# Pages whose condition depends on settings, not on a subject: the gate asks the full question.
_ASKED_AT_THE_GATE = frozenset({Permission.READ_DRAFT})


def access(permission: Permission) -> Callable[[View], View]:
    """Declare which permission opens a view; place it directly above the function."""

    def declare(view: View) -> View:
        setattr(view, _ATTRIBUTE, permission)
        return view

    return declare


def declared_access(app: Flask, endpoint: str) -> Permission | None:
    """Return what a view declares; static files are public."""
    if endpoint == "static":
        return Permission.READ_PUBLIC
    found: Permission | None = getattr(app.view_functions[endpoint], _ATTRIBUTE, None)
    return found


def check_every_view_is_declared(app: Flask) -> None:
    """Raise when a view has no permission: the application refuses to start."""
    missing = sorted(name for name in app.view_functions if declared_access(app, name) is None)
    if missing:
        raise RuntimeError(f"views without a permission: {', '.join(missing)}")


def gate() -> None:
    """Refuse the request unless the viewer's role opens the endpoint (before_request)."""
    if "\0" in request.path or b"%00" in request.query_string:
        raise NotFound(kind="address")  # no text of ours holds NUL, and PostgreSQL refuses to look for it
    if request.endpoint is None:
        return  # unknown address: the 404 page
    permission = declared_access(current_app, request.endpoint)
    if permission is None:
        abort(403)
    if permission is Permission.READ_PUBLIC:
        return
    if permission in _ASKED_AT_THE_GATE:
        answer = may(actor(), permission, policy=policy())
    else:
        answer = role_may(actor(), permission)
    if not answer:
        raise NotPermitted(answer.reason, permission=permission.value)
