# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Organisations: list, make, change, archive."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts import queries, service
from charta.accounts.rules import Group
from charta.accounts.service import people as commands
from charta.admin import words
from charta.admin.forms import OrganisationForm
from charta.admin.views.blueprint import blueprint
from charta.errors import NotFound
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor


@blueprint.get("/verwaltung/organisationen")
@access(Permission.MANAGE_ORGANISATIONS)
def organisations() -> ResponseReturnValue:
    """List the organisations, partners first."""
    return render_template(
        "admin/organisations.html",
        organisations=queries.organisations(with_archived=True),
        members=queries.count_of_members(),
        groups=words.GROUPS,
    )


@blueprint.route("/verwaltung/organisationen/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_ORGANISATIONS)
def new_organisation() -> ResponseReturnValue:
    """Make an organisation."""
    form = OrganisationForm()
    if form.validate_on_submit():
        with catching(form):
            service.create_organisation(
                actor(),
                name=form.name.data or "",
                short=form.short.data or "",
                group=Group(form.group.data),
                is_partner=form.is_partner.data,
            )
            flash(_("Die Organisation ist angelegt."), "success")
            return redirect(url_for("admin.organisations"), 303)
    return render_template("admin/organisation.html", form=form, organisation=None), form.status_code


@blueprint.route("/verwaltung/organisationen/<id:organisation_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_ORGANISATIONS)
def organisation(organisation_id: int) -> ResponseReturnValue:
    """Show and change an organisation."""
    found = queries.organisation(organisation_id)
    if found is None:
        raise NotFound(kind="organisation", id=organisation_id)
    form = OrganisationForm(obj=found if request.method == "GET" else None)
    if request.method == "GET":
        form.group.data = found.group.value
    if form.validate_on_submit():
        with catching(form):
            commands.change_organisation(
                actor(),
                organisation_id,
                name=form.name.data or "",
                short=form.short.data or "",
                group=Group(form.group.data),
                is_partner=form.is_partner.data,
            )
            flash(_("Die Angaben sind gespeichert."), "success")
            return redirect(url_for("admin.organisations"), 303)
    return render_template("admin/organisation.html", form=form, organisation=found), form.status_code


@blueprint.post("/verwaltung/organisationen/<id:organisation_id>/archivieren")
@access(Permission.MANAGE_ORGANISATIONS)
def archive_organisation(organisation_id: int) -> ResponseReturnValue:
    """Offer an organisation no longer."""
    commands.archive_organisation(actor(), organisation_id)
    flash(_("Die Organisation ist archiviert."), "success")
    return redirect(url_for("admin.organisations"), 303)


@blueprint.post("/verwaltung/organisationen/<id:organisation_id>/aufnehmen")
@access(Permission.MANAGE_ORGANISATIONS)
def restore_organisation(organisation_id: int) -> ResponseReturnValue:
    """Offer an archived organisation again."""
    commands.restore_organisation(actor(), organisation_id)
    flash(_("Die Organisation steht wieder zur Auswahl."), "success")
    return redirect(url_for("admin.organisations"), 303)
