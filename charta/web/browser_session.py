# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Putting a session into the cookie: after signing in, and after joining a forum by code."""

from flask import session
from flask_login import login_user

from charta.accounts import service
from charta.web.viewer import Viewer, current_viewer, load_viewer


def start_browser_session(key: str) -> None:
    """Put a new session key into the cookie; what was there before goes, on the server too."""
    before = current_viewer()
    if isinstance(before, Viewer):
        service.sign_out(before.key)
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    session.permanent = True
    viewer = load_viewer(key)
    if viewer is not None:
        login_user(viewer)
