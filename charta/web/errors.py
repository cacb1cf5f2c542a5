# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The one mapping from errors to pages, in the reader's language; nothing typed is ever lost."""

import logging
from typing import Any

from flask import (
    Flask,
    Response,
    current_app,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DatabaseError, IntegrityError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

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
from charta.web.forms import conflict_sentence, presentable, too_many_sentence, wrong_state_sentence
from charta.web.i18n import locale_code

log = logging.getLogger(__name__)

# Never given back on a page, whatever happened to the form.
_NEVER_SHOWN = ("password", "csrf_token", "token", "key")


def typed_text() -> list[tuple[str, str]]:
    """Return what the person had typed into the refused form, without secrets; [] when it cannot be read."""
    try:
        sent = list(request.form.items(multi=True))
    except HTTPException:  # too many parts, or too large ones: reading it again fails again
        return []
    return [
        (presentable(name), presentable(value))
        for name, value in sent
        if not any(part in name for part in _NEVER_SHOWN)
    ]


def page(status: int, title: str, text: str, *, resend: bool = False) -> Response:
    """Render an error page; with `resend` the typed text stands in a form that can be sent again."""
    typed = typed_text() if request.method == "POST" and (request.content_length or 0) < 1_000_000 else []
    long = [(name, value) for name, value in typed if len(value) > 80 or "\n" in value]
    try:
        html = render_template(
            "errors/page.html",
            error_title=title,
            text=text,
            status=status,
            typed=typed,
            resend=resend,
            long=long,
        )
    except Exception as error:  # noqa: BLE001 -- the frame of a page asks the database, which may be the trouble
        log.error("error page failed: %s", type(error).__name__)  # noqa: TRY400 -- the first error has its trace
        # Past render_template: no viewer, no settings, no addresses.
        bare = current_app.jinja_env.get_template("errors/bare.html")
        html = bare.render(error_title=title, text=text, long=long, locale=locale_code())
    return make_response(html, status)


def foreign_host(error: SecurityError) -> Response:
    """Answer under a name that is not ours: no page, for its addresses could not be built."""
    del error
    return make_response("unknown host\n", 400, {"Content-Type": "text/plain; charset=utf-8"})


def not_permitted(error: NotPermitted) -> Response:
    """Send a stranger to the sign-in page and tell everybody else why not."""
    if error.reason != "sign_in":
        return page(403, _("Das ist nicht möglich"), words.reason(error.reason))
    if request.method in {"GET", "HEAD"}:
        target = request.full_path if request.query_string else request.path
        return make_response(redirect(url_for("accounts.sign_in", weiter=target), 303))
    return page(401, _("Bitte melden Sie sich an"), words.reason(error.reason))


def not_found(error: Exception) -> Response:
    """Answer for what is not there and for what the viewer may not see."""
    del error
    return missing()


def wrong_state(error: WrongState) -> Response:
    """Answer when a deed came too late."""
    return page(409, _("Das ist nicht mehr möglich"), wrong_state_sentence(error))


def edit_conflict(error: EditConflict) -> Response:
    """Answer when somebody else was quicker."""
    return page(409, _("Jemand war schneller"), conflict_sentence(error))


def invalid_input(error: InvalidInput) -> Response:
    """Answer when a value outside of any form breaks a rule."""
    return page(422, _("Eine Angabe fehlt oder passt nicht"), words.input_error(error.code, error.data))


def too_many(error: TooManyAttempts) -> Response:
    """Ask to wait."""
    response = page(429, _("Bitte warten Sie einen Moment"), too_many_sentence(error))
    response.headers["Retry-After"] = str(error.seconds)
    return response


def wrong_csrf_token(error: CSRFError) -> Response:
    """Give the typed text back in a form with a fresh token."""
    del error
    session.pop("csrf_token", None)
    g.pop("csrf_token", None)
    return page(
        400,
        _("Diese Seite war zu lange offen"),
        _(
            "Zum Schutz Ihres Kontos wurde nichts gespeichert. "
            "Ihre Eingaben stehen unten, Sie können sie noch einmal absenden."
        ),
        resend=True,
    )


def busy(error: Exception) -> Response:
    """Say that the database could not take the write; trying again is safe."""
    log.error("database refused: %s", type(error).__name__)
    database.rollback()
    response = page(
        503,
        _("Gerade ist zu viel los"),
        _("Ihre Eingabe wurde nicht gespeichert. Bitte versuchen Sie es in ein paar Sekunden noch einmal.")
        if request.method == "POST"
        else _("Bitte versuchen Sie es in ein paar Sekunden noch einmal."),
        resend=True,
    )
    response.headers["Retry-After"] = "2"
    return response


def unreadable(error: DatabaseError) -> Response:
    """Answer when the database is damaged; subclasses are defects of ours (wrong SQL, wrong value)."""
    if type(error) is not DatabaseError:
        return unexpected(error)
    log.critical("the database cannot be read", exc_info=error)
    return busy(error)


def integrity(error: IntegrityError) -> Response:
    """Answer when a constraint of the database refused what two people did at once."""
    log.warning("constraint refused a write: %s", type(error.orig).__name__)
    database.rollback()
    return edit_conflict(EditConflict())


def too_large(error: HTTPException) -> Response:
    """Answer a body over the limit; it was not read."""
    del error
    return page(413, _("Das ist zu groß"), _("Eine Eingabe darf höchstens 1 MB groß sein."))


def other(error: HTTPException) -> Response | HTTPException:
    """Answer every other HTTP error of the framework."""
    code = error.code or 500
    if code < 400:
        return error
    title, text = {
        400: (
            _("Die Anfrage ist nicht verständlich"),
            _("Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
        ),
        405: (_("So geht es nicht"), _("Diese Adresse kennt diesen Aufruf nicht.")),
    }.get(code, (_("Das hat nicht geklappt"), _("Bitte versuchen Sie es noch einmal.")))
    response = page(code, title, text)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(error.valid_methods)
    return response


def unexpected(error: Exception) -> Response:
    """Log a defect of ours and say so."""
    log.error("unexpected error on %s", request.endpoint, exc_info=error)
    database.rollback()
    return page(
        500,
        _("Da ist uns ein Fehler passiert"),
        _("Der Fehler ist festgehalten. Bitte versuchen Sie es später noch einmal."),
    )


HANDLERS: dict[type[Exception] | int, Any] = {
    NotPermitted: not_permitted,
    NotFound: not_found,
    404: not_found,
    WrongState: wrong_state,
    EditConflict: edit_conflict,
    InvalidInput: invalid_input,
    TooManyAttempts: too_many,
    CSRFError: wrong_csrf_token,
    Busy: busy,
    OperationalError: busy,
    InterfaceError: busy,
    DatabaseError: unreadable,
    IntegrityError: integrity,
    413: too_large,
    SecurityError: foreign_host,
    HTTPException: other,
    Exception: unexpected,
}


def register(app: Flask) -> None:
    """Attach every handler to the application."""
    for error, handler in HANDLERS.items():
        app.register_error_handler(error, handler)


def missing() -> Response:
    """Render the 404 page: what is invisible looks the same as what is not there."""
    return page(
        404,
        _("Diese Seite gibt es nicht"),
        _("Vielleicht wurde sie verschoben, oder Sie müssen sich anmelden, um sie zu sehen."),
    )
