# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Registering for a forum, and the personal page that the link of the mail opens."""

from flask import Response, current_app, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts.throttle import FreeAttempts
from charta.db import utcnow
from charta.errors import NotFound, WrongState
from charta.forums import words
from charta.forums.models import Forum, Registration
from charta.forums.queries import forums, registrations
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service import registering as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.registering_forms import RegistrationForm
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.i18n import locale_code
from charta.web.viewer import actor, current_viewer, remote_address


@blueprint.route("/foren/<slug>/anmelden", methods=["GET", "POST"])
@access(Permission.REGISTER_FOR_FORUM)
def register(slug: str) -> ResponseReturnValue:
    """Register for a place, for the queue, or as interested while no date is sure."""
    row = forums.row(slug)
    form = RegistrationForm()
    viewer = current_viewer()
    if not form.is_submitted():
        form.name.data, form.email.data = viewer.name, viewer.email
        form.organisation_name.data = viewer.organisation_name
    elif form.validate_on_submit():
        with catching(form):
            key = service.register(
                actor(),
                row.forum.id,
                name=form.name.data or "",
                email=form.email.data or "",
                organisation_name=form.organisation_name.data or "",
                group=form.chosen_group,
                locale=locale_code(),
                address=remote_address(),
                free=_free_attempts(),
            )
            if key is not None:
                return redirect(url_for("forums.registration", key=key), 303)
            return redirect(url_for("forums.register_sent", slug=slug), 303)
    page = render_template(
        "forums/register.html",
        form=form,
        row=row,
        forum=row.forum,
        words=words,
        is_possible=forums.takes_registrations(row.forum, utcnow()),
    )
    return page, form.status_code


def _free_attempts() -> FreeAttempts:
    """Return how many registrations cost nothing: an office, or a hall, shares one address of the network."""
    return FreeAttempts(
        current_app.config["SIGN_IN_FREE_ATTEMPTS"], current_app.config["SIGN_IN_FREE_ATTEMPTS_PER_ADDRESS"]
    )


@blueprint.get("/foren/<slug>/anmelden/gesendet")
@access(Permission.REGISTER_FOR_FORUM)
def register_sent(slug: str) -> ResponseReturnValue:
    """Say that a mail is on its way: the same words whether the address was known or not."""
    return render_template("forums/register_sent.html", forum=forums.load(slug))


@blueprint.get("/foren/anmeldung/<key>")
@access(Permission.REGISTER_FOR_FORUM)
def registration(key: str) -> Response:
    """Show the personal page of a registration: how it stands and what can be done now."""
    row = registrations.by_key(key)
    if row is None:
        return _private(render_template("forums/link_gone.html"), 404)
    found, forum = row
    now = utcnow()
    is_open = forums.is_open(forum, now)
    can_settle = forums.takes_registrations(forum, now) and (
        found.state in {RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED}
        or (found.state is RegistrationState.INTERESTED and forum.state is not ForumState.PLANNED)
    )
    return _private(
        render_template(
            "forums/registration.html",
            registration=found,
            forum=forum,
            words=words,
            standing=words.registration_standing(
                forum, found.state, queue_place=registrations.queue_place(found)
            ),
            can_settle=can_settle,
            can_cancel=found.state in service.FOLLOWING
            and found.checked_in_at is None
            and not words.is_over(forum, now),
            is_open=is_open and found.state in {RegistrationState.REGISTERED, RegistrationState.WAITING},
            is_over=words.is_over(forum, now),
            key=key,
        )
    )


@blueprint.post("/foren/anmeldung/<key>/bestaetigen")
@access(Permission.REGISTER_FOR_FORUM)
def confirm_registration(key: str) -> ResponseReturnValue:
    """Confirm the address, or take a place."""
    _found(key)
    try:
        found = service.confirm(key)
    except WrongState:
        flash(_("Die Anmeldung ist nicht mehr möglich. Sie ist inzwischen geschlossen."), "warning")
    else:
        flash(
            {
                RegistrationState.REGISTERED: _("Ihr Platz ist reserviert."),
                RegistrationState.WAITING: _("Alle Plätze sind vergeben. Sie stehen auf der Warteliste."),
            }.get(found.state, _("Ihr Interesse ist vorgemerkt.")),
            "success",
        )
    return redirect(url_for("forums.registration", key=key), 303)


@blueprint.post("/foren/anmeldung/<key>/absagen")
@access(Permission.REGISTER_FOR_FORUM)
def cancel_registration(key: str) -> ResponseReturnValue:
    """Give the place back."""
    _found(key)
    service.cancel(key)
    flash(_("Sie sind abgemeldet. Danke, dass Sie Bescheid gesagt haben."), "success")
    return redirect(url_for("forums.registration", key=key), 303)


def _found(key: str) -> tuple[Registration, Forum]:
    found = registrations.by_key(key)
    if found is None:
        raise NotFound(kind="registration", id=None)
    return found


def _private(html: str, status: int = 200) -> Response:
    """Let no cache keep the page and no other page learn the key from the referrer."""
    response = no_store(make_response(html, status))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
