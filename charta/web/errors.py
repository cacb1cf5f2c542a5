# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one mapping from errors to pages, in the reader's language; nothing typed is ever lost."""

import logging

from flask import Flask, Response, g, make_response, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError
from werkzeug.exceptions import HTTPException

from charta.db import session as database
from charta.errors import (
    Busy,
    EditConflict,
    InvalidInput,
    NotFound,
    NotPermitted,
    TooManyAttempts,
    WrongState,
)
from charta.web import words
from charta.web.forms import conflict_sentence, too_many_sentence, wrong_state_sentence

log = logging.getLogger(__name__)

# Never given back on a page, whatever happened to the form.
_NEVER_SHOWN = ("password", "csrf_token", "token", "key")


def typed_text() -> list[tuple[str, str]]:
    """Return what the person had typed into the refused form, without secrets."""
    return [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not any(part in name for part in _NEVER_SHOWN)
    ]


def page(status: int, title: str, text: str, *, resend: bool = False) -> Response:
    """Render an error page; with `resend` the typed text stands in a form that can be sent again."""
    typed = typed_text() if request.method == "POST" and (request.content_length or 0) < 1_000_000 else []
    return make_response(
        render_template(
            "errors/page.html",
            error_title=title,
            text=text,
            status=status,
            typed=typed,
            resend=resend,
            long=[(name, value) for name, value in typed if len(value) > 80 or "\n" in value],
        ),
        status,
    )


def register(app: Flask) -> None:
    """Attach every handler to the application."""

    @app.errorhandler(NotPermitted)
    def not_permitted(error: NotPermitted) -> Response:
        if error.reason == "sign_in":
            if request.method in {"GET", "HEAD"}:
                target = request.full_path if request.query_string else request.path
                return make_response(redirect(url_for("accounts.sign_in", weiter=target), 303))
            return page(401, _("Bitte melden Sie sich an"), words.reason("sign_in"), resend=False)
        return page(403, _("Das ist nicht möglich"), words.reason(error.reason))

    @app.errorhandler(NotFound)
    def not_found(error: NotFound) -> Response:
        return missing()

    @app.errorhandler(404)
    def unknown_address(error: HTTPException) -> Response:
        return missing()

    @app.errorhandler(WrongState)
    def wrong_state(error: WrongState) -> Response:
        return page(409, _("Das ist nicht mehr möglich"), wrong_state_sentence(error))

    @app.errorhandler(EditConflict)
    def edit_conflict(error: EditConflict) -> Response:
        return page(409, _("Jemand war schneller"), conflict_sentence(error))

    @app.errorhandler(InvalidInput)
    def invalid_input(error: InvalidInput) -> Response:
        return page(422, _("Eine Angabe fehlt oder passt nicht"), words.input_error(error.code, error.data))

    @app.errorhandler(TooManyAttempts)
    def too_many(error: TooManyAttempts) -> Response:
        response = page(429, _("Bitte warten Sie einen Moment"), too_many_sentence(error))
        response.headers["Retry-After"] = str(error.seconds)
        return response

    @app.errorhandler(CSRFError)
    def wrong_csrf_token(error: CSRFError) -> Response:
        session.pop("csrf_token", None)
        g.pop("csrf_token", None)
        return page(
            400,
            _("Diese Seite war zu lange offen"),
            _(
                "Zum Schutz Ihres Kontos wurde nichts gespeichert. Ihre Eingaben stehen unten, Sie können sie noch einmal absenden."
            ),
            resend=True,
        )

    @app.errorhandler(Busy)
    @app.errorhandler(OperationalError)
    def busy(error: Exception) -> Response:
        log.error("database refused: %s", type(error).__name__)
        database.rollback()
        response = page(
            503,
            _("Gerade ist zu viel los"),
            _(
                "Ihre Eingabe wurde nicht gespeichert. Bitte versuchen Sie es in ein paar Sekunden noch einmal."
            ),
            resend=True,
        )
        response.headers["Retry-After"] = "2"
        return response

    @app.errorhandler(IntegrityError)
    def integrity(error: IntegrityError) -> Response:
        log.warning("constraint refused a write: %s", type(error.orig).__name__)
        database.rollback()
        return page(409, _("Jemand war schneller"), conflict_sentence(EditConflict()))

    @app.errorhandler(413)
    def too_large(error: HTTPException) -> Response:
        return page(413, _("Das ist zu groß"), _("Eine Eingabe darf höchstens 1 MB groß sein."))

    @app.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response | HTTPException:
        code = error.code or 500
        if code < 400:
            return error
        titles = {
            400: (
                _("Die Anfrage ist nicht verständlich"),
                _("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
            ),
            405: (_("So geht es nicht"), _("Diese Adresse kennt diesen Aufruf nicht.")),
        }
        title, text = titles.get(
            code, (_("Das hat nicht geklappt"), _("Bitte versuchen Sie es noch einmal."))
        )
        return page(code, title, text)

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        log.exception("unexpected error on %s", request.endpoint)
        database.rollback()
        return page(
            500,
            _("Da ist uns ein Fehler passiert"),
            _("Der Fehler ist festgehalten. Bitte versuchen Sie es später noch einmal."),
        )


def missing() -> Response:
    """Render the 404 page: what is invisible looks the same as what is not there."""
    return page(
        404,
        _("Diese Seite gibt es nicht"),
        _("Vielleicht wurde sie verschoben, oder Sie müssen sich anmelden, um sie zu sehen."),
    )
