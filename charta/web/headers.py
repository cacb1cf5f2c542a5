# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Security headers, caching rules and ETags: the same for every answer."""

import hashlib

from flask import Response, current_app, get_flashed_messages, make_response, request, session
from flask_wtf.csrf import generate_csrf

from charta.web.i18n import locale_code
from charta.web.viewer import current_viewer

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_YEAR = 31_536_000


def add_headers(response: Response) -> Response:
    """Put the headers on an answer (after_request); a view that set Cache-Control keeps it."""
    response.headers.setdefault("Content-Security-Policy", CSP)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if current_app.config["BASE_URL"].startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_YEAR}")
    if request.endpoint == "static":
        if request.args.get("v"):
            response.headers["Cache-Control"] = f"public, max-age={_YEAR}, immutable"
        return response
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "private, no-cache"
    response.vary.add("Cookie")
    return response


def no_store(response: Response) -> Response:
    """Mark an answer as one that no cache may keep: profile, administration, links with keys."""
    response.headers["Cache-Control"] = "no-store"
    return response


def etag(*parts: object) -> str:
    """Return an entity tag over versions, the viewer, the language and the build.

    The session belongs to it: a page kept from an earlier one holds forms whose token no longer fits; and so
    does the number at the bell.
    """
    if current_viewer().is_authenticated and "csrf_token" not in session:
        generate_csrf()  # the page will, and the tag has to know
    who = current_viewer()
    viewer = (who.actor.id or 0, who.session_id, who.unread, session.get("csrf_token", ""))
    text = "\x1f".join(str(part) for part in (*parts, *viewer, locale_code(), current_app.config["BUILD"]))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def not_modified(tag: str) -> Response | None:
    """Return a 304 when the client already has the page of this tag, else None.

    A message that waits to be shown needs the whole page.
    """
    if "_flashes" not in session and request.if_none_match.contains_weak(tag):
        response = make_response("", 304)
        response.set_etag(tag, weak=True)  # the same page packed and unpacked
        return response
    return None


def tagged(html: str, tag: str) -> Response:
    """Return a page with its entity tag; without one when it shows a message that is meant once."""
    response = make_response(html)
    if not get_flashed_messages():
        response.set_etag(tag, weak=True)  # the same page packed and unpacked
    return response
