# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""People: the list, one person, and what can be done with an account."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts import queries
from charta.accounts.rules import Voting
from charta.accounts.service import people as commands
from charta.admin import words
from charta.admin.forms import PersonForm
from charta.admin.views.blueprint import blueprint
from charta.db import utcnow
from charta.errors import NotFound
from charta.permissions import Permission, Role
from charta.web.access import access
from charta.web.forms import catching
from charta.web.pager import cut, key_argument
from charta.web.urls import external
from charta.web.viewer import actor
from charta.web.words import ROLES


@blueprint.get("/verwaltung/personen")
@access(Permission.MANAGE_PEOPLE)
def people() -> ResponseReturnValue:
    """List the accounts by name; the filters stand in the address."""
    search = request.args.get("suche", "").strip()[:120]
    role = next((role for role in Role if role.value == request.args.get("rolle")), None)
    is_deactivated = request.args.get("gesperrt") == "1"
    after_id = key_argument()
    rows = cut(
        queries.people(search=search, role=role, is_deactivated=is_deactivated, after_id=after_id),
        queries.PAGE_SIZE,
        lambda row: row.id,
    )
    kept: dict[str, Any] = {
        "suche": search or None,
        "rolle": role,
        "gesperrt": "1" if is_deactivated else None,
    }
    return render_template(
        "admin/people.html",
        people=rows.items,
        roles=[(role, ROLES[role]) for role in Role],
        role_words=ROLES,
        voting_words=words.VOTING,
        search=search,
        role=role,
        is_deactivated=is_deactivated,
        is_filtered=bool(search or role or is_deactivated),
        first_url=url_for("admin.people", **kept) if after_id else None,
        next_url=url_for("admin.people", **kept, nach=rows.next_key) if rows.next_key else None,
    )


@blueprint.route("/verwaltung/personen/<id:person_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    """Show and change one person."""
    found = queries.person(person_id)
    if found is None:
        raise NotFound(kind="person", id=person_id)
    form = PersonForm()
    organisations = [one for one in queries.organisations() if one.id != found.organisation_id]
    form.offer([found.organisation, *organisations] if found.organisation else organisations)
    if request.method == "GET":
        form.name.data, form.role.data = found.name, found.role.value
        form.organisation_id.data, form.voting.data = found.organisation_id, found.voting.value
    if form.validate_on_submit():
        with catching(form):
            commands.change_person(
                actor(),
                person_id,
                name=form.name.data or "",
                role=Role(form.role.data),
                organisation_id=form.organisation_id.data,
                voting=Voting(form.voting.data),
            )
            flash(_("Die Angaben sind gespeichert."), "success")
            return redirect(url_for("admin.person", person_id=person_id), 303)
    return (
        render_template(
            "admin/person.html",
            form=form,
            person=found,
            is_self=found.id == actor().id,
            role_word=ROLES[found.role],
            invitation=None if found.joined_at else queries.open_invitation(found.id),
            session_count=len(queries.sessions_of(found.id)),
            now=utcnow(),
        ),
        form.status_code,
    )


@blueprint.post("/verwaltung/personen/<id:person_id>/sperren")
@access(Permission.MANAGE_PEOPLE)
def deactivate(person_id: int) -> ResponseReturnValue:
    """Lock somebody out."""
    commands.deactivate(actor(), person_id)
    flash(_("Das Konto ist gesperrt. Alle Sitzungen sind beendet."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/verwaltung/personen/<id:person_id>/freigeben")
@access(Permission.MANAGE_PEOPLE)
def reactivate(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    commands.reactivate(actor(), person_id)
    flash(_("Das Konto ist wieder frei."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/verwaltung/personen/<id:person_id>/abmelden")
@access(Permission.MANAGE_PEOPLE)
def end_sessions(person_id: int) -> ResponseReturnValue:
    """End every session of somebody."""
    commands.end_sessions_of(actor(), person_id)
    flash(_("Alle Sitzungen dieser Person sind beendet."), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@blueprint.post("/verwaltung/personen/<id:person_id>/passwort-link")
@access(Permission.MANAGE_PEOPLE)
def reset_link(person_id: int) -> ResponseReturnValue:
    """Make a link for a new password and show it once: its key is stored nowhere, so no redirect."""
    key = commands.make_reset_link(actor(), person_id)
    found = queries.person(person_id)
    assert found is not None
    endpoint = "accounts.reset_password" if found.joined_at else "accounts.accept_invitation"
    return render_template(
        "admin/link_once.html", person=found, link=external(endpoint, key=key), is_reset=bool(found.joined_at)
    )
