# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The personal page of an invitation: yes, no, somebody else; opened by the link of the mail."""

from flask import Response, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import NotFound
from charta.forums import words
from charta.forums.models import Forum, Invitation, Registration
from charta.forums.queries import forums, invitations, registrations
from charta.forums.rules import REASON_MAX, ForumState, InvitationState, RegistrationState
from charta.forums.service import registering
from charta.forums.service import replying as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.inviting_forms import DeclineForm, DeedForm, SubstituteForm
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import Form, catching
from charta.web.headers import no_store
from charta.web.standing import Standing


@blueprint.get("/foren/einladung/<key>")
@access(Permission.REGISTER_FOR_FORUM)
def invitation(key: str) -> ResponseReturnValue:
    """Show the invitation and what was answered; the buttons answer."""
    return _page(key)


@blueprint.post("/foren/einladung/<key>/zusagen")
@access(Permission.REGISTER_FOR_FORUM)
def invitation_accept(key: str) -> ResponseReturnValue:
    """Say yes."""
    _found(key)
    form = DeedForm()
    if form.validate_on_submit():
        with catching(form):
            service.accept(key)
            flash(_("Danke für Ihre Zusage. Sie bekommen eine E-Mail mit allem Weiteren."), "success")
            return redirect(url_for("forums.invitation", key=key), 303)
    return _page(key, deed=form)


@blueprint.post("/foren/einladung/<key>/absagen")
@access(Permission.REGISTER_FOR_FORUM)
def invitation_decline(key: str) -> ResponseReturnValue:
    """Say no, if wanted with a reason."""
    _found(key)
    form = DeclineForm()
    if form.validate_on_submit():
        with catching(form):
            service.decline(key, reason=form.reason.data or "")
            flash(_("Danke für Ihre Antwort. Schade, dass es nicht klappt."), "success")
            return redirect(url_for("forums.invitation", key=key), 303)
    return _page(key, decline=form)


@blueprint.post("/foren/einladung/<key>/vertretung")
@access(Permission.REGISTER_FOR_FORUM)
def invitation_substitute(key: str) -> ResponseReturnValue:
    """Name somebody who comes instead."""
    _found(key)
    form = SubstituteForm()
    if form.validate_on_submit():
        with catching(form):
            service.name_substitute(key, name=form.name.data or "", email=form.email.data or "")
            flash(_("Danke. Ihre Vertretung bekommt eine eigene Einladung."), "success")
            return redirect(url_for("forums.invitation", key=key), 303)
    return _page(key, substitute=form)


@blueprint.post("/foren/einladung/<key>/keine-einladungen")
@access(Permission.REGISTER_FOR_FORUM)
def invitation_refuse(key: str) -> ResponseReturnValue:
    """Wish for no more invitations to any forum."""
    _found(key)
    form = DeedForm()
    if form.validate_on_submit():
        with catching(form):
            service.refuse_invitations(key)
            flash(_("Sie bekommen von uns keine Einladungen mehr."), "success")
            return redirect(url_for("forums.invitation", key=key), 303)
    return _page(key, deed=form)


@blueprint.get("/foren/einladung/<key>/abbestellen")
@access(Permission.REGISTER_FOR_FORUM)
def invitation_unsubscribe(key: str) -> ResponseReturnValue:
    """Lead to the button on the personal page: opening the link of a mail ends nothing."""
    _found(key)
    return redirect(url_for("forums.invitation", key=key), 303)


@blueprint.post("/foren/einladung/<key>/abbestellen")
@access(Permission.REGISTER_FOR_FORUM)
def invitation_unsubscribe_now(key: str) -> ResponseReturnValue:
    """Wish for no more invitations by the button of a mail program (RFC 8058); the key is what counts."""
    _found(key)
    service.refuse_invitations(key)
    response = make_response("OK\n")
    response.mimetype = "text/plain"
    return no_store(response)


def _page(
    key: str,
    *,
    deed: DeedForm | None = None,
    decline: DeclineForm | None = None,
    substitute: SubstituteForm | None = None,
) -> Response:
    found, forum, registered = _found(key)
    now = utcnow()
    is_over = words.is_over(forum, now) or (forum.starts_at is not None and forum.starts_at <= now)
    can_answer = not is_over and forum.state is not ForumState.CANCELLED
    can_register = can_answer and forums.takes_registrations(forum, now)
    can_name = can_register and found.substitute_for_id is None
    if (decline and not can_answer) or (substitute and not can_name):
        # Its form is no longer on the page: say that it is too late, not which field was empty.
        decline = substitute = None
        deed = DeedForm(formdata=None)
        deed.refuse("", _("Das ist nicht mehr möglich."), status_code=409)
    if decline is None:
        decline = DeclineForm(formdata=None, data={"reason": found.answer_reason})
    if substitute is None:
        substitute = SubstituteForm(
            formdata=None, data={"name": found.substitute_name, "email": found.substitute_email or ""}
        )
    has_place = registered is not None and registered.state in registering.FOLLOWING
    forms: list[Form] = [form for form in (deed, decline, substitute) if form is not None]
    response = make_response(
        render_template(
            "forums/invitation.html",
            key=key,
            invitation=found,
            forum=forum,
            words=words,
            standing=_standing(forum, found, registered),
            has_place=has_place,
            can_answer=can_answer,
            can_register=can_register,
            can_name=can_name,
            is_over=is_over,
            is_closed=invitations.is_closed(found.email),
            deed=deed or DeedForm(formdata=None),
            decline=decline,
            substitute=substitute,
            reason_max=REASON_MAX,
        ),
        max([200, *(form.status_code for form in forms)]),
    )
    response.headers["Referrer-Policy"] = "no-referrer"
    return no_store(response)


def _found(key: str) -> tuple[Invitation, Forum, Registration | None]:
    found = invitations.by_key(key)
    if found is None:
        raise NotFound(kind="invitation")
    return found


def _standing(forum: Forum, found: Invitation, registered: Registration | None) -> Standing | None:
    """Return what was answered, None before; a registration that was cancelled since counts as a no."""
    match found.state:
        case InvitationState.YES if registered is not None:
            if registered.state is RegistrationState.CANCELLED:
                return Standing("stop", "stop", _("Abgesagt"), _("Sie haben Ihre Anmeldung zurückgenommen."))
            return words.registration_standing(
                forum, registered.state, queue_place=registrations.queue_place(registered)
            )
        case InvitationState.NO:
            return Standing(
                "stop",
                "stop",
                _("Abgesagt"),
                _("Falls es doch klappt, können Sie bis zum Beginn des Forums noch zusagen."),
            )
        case InvitationState.SUBSTITUTE:
            return Standing(
                "ok",
                "people",
                _("Vertretung genannt"),
                _("%(name)s hat eine eigene Einladung bekommen.", name=found.substitute_name),
            )
        case _:
            return None
