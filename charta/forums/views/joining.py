# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The way into the hall by phone: enter a code, say a name, and what can be done then."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Response, flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions.queries.supporting import counts_in_hall
from charta.contributions.service.handing_in import open_state
from charta.db import utcnow
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums import rules
from charta.forums.guesses import wrong_codes
from charta.forums.models import Forum, ForumTable
from charta.forums.queries import joining as queries
from charta.forums.queries.forums import code_of, is_open, window
from charta.forums.service import joining as service
from charta.forums.service.joining import Guest, Joined, refusal
from charta.forums.views.blueprint import blueprint
from charta.forums.views.joining_forms import GuestForm, JoinForm, TableForm
from charta.permissions import Permission, role_may
from charta.votes.poll_phone import stand, stand_tag
from charta.votes.queries import polls_live
from charta.web import words
from charta.web.access import access
from charta.web.browser_session import start_browser_session
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.i18n import locale_code
from charta.web.viewer import actor, current_viewer, remote_address


@blueprint.get("/f")
@access(Permission.JOIN_FORUM)
def enter_code() -> ResponseReturnValue:
    """Ask for the code on the wall; a right one leads to its hall."""
    raw = request.args.get("code", "").strip()
    if not raw:
        return render_template("forums/enter_code.html", code="", error="")
    if queries.by_code(raw) is None:
        return unknown_code(raw)
    return redirect(url_for("forums.join", code=rules.clean_code(raw)), 303)


def unknown_code(raw: str) -> Response:
    """Say that a code opens nothing; who tries many is asked to wait, but a right code always opens."""
    seconds = wrong_codes.wrong(remote_address())
    error = (
        _(
            "Das waren zu viele falsche Codes. Ein richtiger Code gilt weiterhin. "
            "Er steht an der Wand und auf Ihrem Tisch."
        )
        if seconds
        else _("Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn mit dem an der Wand.")
    )
    html = render_template("forums/enter_code.html", code=raw[:40], error=error)
    response = make_response(html, 429 if seconds else 404)
    if seconds:
        response.headers["Retry-After"] = str(seconds)
    return response


@blueprint.route("/f/<code>", methods=["GET", "POST"])
@access(Permission.JOIN_FORUM)
def join(code: str) -> ResponseReturnValue:
    """Join by the code on the wall, or change to the table of a code; who is in goes straight on."""
    found = queries.by_code(code)
    if found is None:
        return unknown_code(code)
    forum, table = found
    present = queries.attendance(actor(), forum.id)
    if present is not None and request.method == "GET":
        if table is None or present.table_id == table.id:
            return redirect(url_for("forums.hall", slug=forum.slug), 303)
        return render_template("forums/change_table.html", forum=forum, table=table, code=code)
    return _join(
        forum,
        table,
        code=rules.clean_code(code),
        is_in=present is not None,
        enter=lambda form, guest: service.join(
            actor(),
            code,
            guest=guest,
            organisation_name=form.organisation_name.data or "",
            group=form.chosen_group,
        ),
    )


@blueprint.route("/foren/anmeldung/<key>/da", methods=["GET", "POST"])
@access(Permission.JOIN_FORUM)
def join_registered(key: str) -> ResponseReturnValue:
    """Join by the personal link of a registration: what was said there is filled in."""
    found = queries.registration_by_key(key)
    if found is None:
        raise NotFound(kind="registration", id=None)
    forum, registration = found
    is_in = queries.attendance(actor(), forum.id) is not None
    if is_in and request.method == "GET":
        return redirect(url_for("forums.hall", slug=forum.slug), 303)
    return _join(
        forum,
        None,
        code="",
        is_in=is_in,
        preset={
            "name": registration.name,
            "organisation_name": registration.organisation_name,
            "group": registration.group.value if registration.group else "",
        },
        enter=lambda form, guest: service.join_registered(
            actor(),
            key,
            guest=guest,
            organisation_name=form.organisation_name.data or "",
            group=form.chosen_group,
        ),
    )


def _join(
    forum: Forum,
    table: ForumTable | None,
    *,
    code: str,
    is_in: bool,
    enter: Callable[[JoinForm, Guest | None], Joined],
    preset: dict[str, str] | None = None,
) -> ResponseReturnValue:
    """Show the form of a hall that is open, take it, and say why not where it is closed."""
    closed = "" if is_in else refusal(forum, utcnow())
    if closed:
        return _closed(forum, closed)
    if is_in:  # another table, or a form sent again: nothing is asked
        return redirect(url_for("forums.hall", slug=enter(JoinForm(formdata=None), None).slug), 303)
    is_guest = not current_viewer().is_authenticated
    form: JoinForm = GuestForm(data=preset) if is_guest else JoinForm(data=preset or _own())
    if form.validate_on_submit():
        try:
            with _catching_input(form):
                joined = enter(form, _guest(form) if isinstance(form, GuestForm) else None)
                if joined.session_key is not None:
                    start_browser_session(joined.session_key)
                return redirect(url_for("forums.hall", slug=joined.slug), 303)
        except WrongState as error:
            if error.state != "full":
                return _closed(forum, error.state)
            form.refuse("", _full(), status_code=409)
    html = render_template(
        "forums/join.html",
        form=form,
        forum=forum,
        table=table,
        code=code,
        is_guest=is_guest,
        here=request.path,
    )
    return html, form.status_code


def _own() -> dict[str, str]:
    return {"organisation_name": current_viewer().organisation_name}


def _guest(form: GuestForm) -> Guest:
    """Return who joins; the token of the cookie names this browser, also when the form is sent again."""
    return Guest(
        name=form.name.data or "",
        locale=locale_code(),
        user_agent=request.user_agent.string,
        once_key=str(session.get("csrf_token") or secrets.token_urlsafe(32)),
    )


@contextmanager
def _catching_input(form: JoinForm) -> Iterator[None]:
    """As `catching` for what was typed; a hall that is closed or full passes: it has words of its own."""
    try:
        yield
    except InvalidInput as error:
        form.refuse(error.field, words.input_error(error.code, error.data))


def _full() -> str:
    return _(
        "Alle Plätze dieses Codes sind vergeben. Bitte sprechen Sie jemanden von der Moderation an: "
        "Wer die Veranstaltung leitet, kann sofort weitere freigeben."
    )


def _closed(forum: Forum, state: str) -> ResponseReturnValue:
    """Say when the hall opens, or that it is over, with the way to the page of the forum."""
    opening = window(forum)
    html = render_template(
        "forums/join_closed.html", forum=forum, state=state, opens_at=opening[0] if opening else None
    )
    return make_response(html, 200 if request.method == "GET" else 409)


@blueprint.get("/foren/<slug>/mitmachen")
@access(Permission.JOIN_FORUM)
def hall(slug: str) -> ResponseReturnValue:
    """Show what can be done in the hall: one big button each."""
    seat = queries.seat(actor(), slug)
    if seat.attendance is None:
        # Who runs the forum knows its code anyway.
        code = code_of(seat.forum.id) if role_may(actor(), Permission.RUN_FORUM) else None
        return redirect(url_for("forums.join", code=code) if code else url_for("forums.enter_code"), 303)
    listed, own = counts_in_hall(actor(), seat.forum.id)
    answers = bool(role_may(actor(), Permission.ANSWER_POLL))
    phone = polls_live.on_phone(actor(), slug, utcnow()) if answers else None
    html = render_template(
        "forums/hall.html",
        seat=seat,
        state=open_state(seat.forum, utcnow()),
        listed=listed,
        own=own,
        keeps=bool(current_viewer().email),
        follows=phone is not None and is_open(seat.forum, utcnow()),
        polls_tag=f'W/"{stand_tag(phone)}"' if phone else "",
        **(stand(phone) if phone else {"polls": [], "forum": seat.forum}),
    )
    return no_store(make_response(html))


@blueprint.route("/foren/<slug>/tisch", methods=["GET", "POST"])
@access(Permission.JOIN_FORUM)
def table(slug: str) -> ResponseReturnValue:
    """Begin or stop writing for the table."""
    seat = queries.seat(actor(), slug)
    if seat.attendance is None:
        return redirect(url_for("forums.enter_code"), 303)
    if seat.table is None:
        raise NotFound(kind="forum_table", id=None)
    form = TableForm(data={"people": seat.table.people})
    stops = "aufhoeren" in request.form
    if form.is_submitted() and stops:
        service.sit(actor(), seat.forum.id, is_scribe=False)
        flash(_("Ihre Beiträge gelten wieder für Sie allein."), "success")
        return redirect(url_for("forums.hall", slug=slug), 303)
    if form.validate_on_submit():
        number = seat.table.number
        with catching(form):
            service.sit(actor(), seat.forum.id, is_scribe=True, people=form.people.data)
            flash(_("Sie schreiben jetzt für Tisch %(number)s.", number=number), "success")
            return redirect(url_for("contributions.hand_in", slug=slug), 303)
    return (
        render_template("forums/table.html", form=form, forum=seat.forum, seat=seat),
        form.status_code,
    )
