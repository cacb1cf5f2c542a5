# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Invitations: a list to paste, a preview, the links shown once, and what is still open."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts import invitees, queries
from charta.accounts.rules import Voting
from charta.accounts.service import people as commands
from charta.accounts.service.people import Invitee
from charta.admin.forms import InviteForm
from charta.admin.views.blueprint import blueprint
from charta.admin.words import LINE_ERRORS
from charta.db import utcnow
from charta.permissions import Permission, Role
from charta.web.access import access
from charta.web.forms import catching
from charta.web.pager import cut, key_argument
from charta.web.urls import external
from charta.web.viewer import actor
from charta.web.words import ROLES


@blueprint.get("/verwaltung/einladungen")
@access(Permission.MANAGE_PEOPLE)
def invitations() -> ResponseReturnValue:
    """List the invitations nobody has accepted yet."""
    before_id = key_argument()
    rows = cut(queries.open_invitations(before_id=before_id), queries.PAGE_SIZE, lambda row: row[0].id)
    return render_template(
        "admin/invitations.html",
        rows=[
            {"token": token, "person": person, "is_expired": token.expires_at <= utcnow()}
            for token, person in rows.items
        ],
        role_words=ROLES,
        first_url=url_for("admin.invitations") if before_id else None,
        next_url=url_for("admin.invitations", nach=rows.next_key) if rows.next_key else None,
    )


@blueprint.route("/verwaltung/einladungen/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Invite one or many: check the list, look at it, send.

    The last step answers with the links instead of a redirect: they are stored nowhere and shown once.
    """
    form = InviteForm()
    form.offer(queries.organisations())
    if request.method == "GET":
        form.role.data, form.voting.data = Role.PARTNER.value, Voting.NONE.value
    lines: list[invitees.Line] = []
    if form.validate_on_submit():
        with catching(form):
            text = form.people.data or ""
            lines = invitees.read(text, taken=queries.taken_emails(invitees.emails_in(text)))
            if any(line.code for line in lines):
                form.refuse("people", _("Bitte ändern oder löschen Sie die markierten Zeilen."))
            elif request.form.get("schritt") == "einladen":
                made = commands.invite(
                    actor(),
                    [Invitee(line.email, line.name) for line in lines],
                    role=Role(form.role.data),
                    organisation_id=form.organisation_id.data,
                    voting=Voting(form.voting.data),
                )
                return _links(made)
    return (
        render_template(
            "admin/invite.html",
            form=form,
            lines=[(line, LINE_ERRORS.get(line.code)) for line in lines],
            is_good=bool(lines) and not form.errors,
        ),
        form.status_code,
    )


def _links(made: list[commands.Invitation]) -> ResponseReturnValue:
    return render_template(
        "admin/invited.html",
        invitations=[(one, external("accounts.accept_invitation", key=one.key)) for one in made],
    )


@blueprint.post("/verwaltung/personen/<id:person_id>/einladung")
@access(Permission.MANAGE_PEOPLE)
def renew_invitation(person_id: int) -> ResponseReturnValue:
    """Send a new link; the old one ends."""
    return _links([commands.renew_invitation(actor(), person_id)])


@blueprint.post("/verwaltung/personen/<id:person_id>/einladung/zurueckziehen")
@access(Permission.MANAGE_PEOPLE)
def revoke_invitation(person_id: int) -> ResponseReturnValue:
    """Take an invitation back; the account that was never used goes."""
    commands.revoke_invitation(actor(), person_id)
    flash(_("Die Einladung ist zurückgezogen, die Adresse ist gelöscht."), "success")
    return redirect(url_for("admin.invitations"), 303)
