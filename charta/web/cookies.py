# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The signed cookie: Flask's own, kept away from static files."""

from flask import Flask, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin


class CookieInterface(SecureCookieSessionInterface):
    """Answers of static files say nothing about cookies.

    Flask-Login looks into the session after every request; Flask then adds `Vary: Cookie`, and a browser
    would fetch styles and scripts anew after each change of the cookie.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie when it has changed."""
        if request.endpoint != "static":
            super().save_session(app, session, response)
