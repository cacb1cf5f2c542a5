# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields of action: list, make, change."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts import queries as accounts
from charta.admin.forms import FieldForm
from charta.admin.views.blueprint import blueprint
from charta.errors import NotFound
from charta.fields import queries, service
from charta.fields.models import FieldOfAction
from charta.fields.rules import DESCRIPTION_MAX
from charta.permissions import Permission
from charta.sections import queries as sections
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor


@blueprint.get("/verwaltung/handlungsfelder")
@access(Permission.MANAGE_SITE)
def fields() -> ResponseReturnValue:
    """List the fields of action in their order."""
    return render_template(
        "admin/fields.html", fields=queries.fields(), has_text=bool(sections.tree(with_measures=True))
    )


@blueprint.route("/verwaltung/handlungsfelder/neu", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def new_field() -> ResponseReturnValue:
    """Make a field of action; the next free number stands there already."""
    form = FieldForm()
    form.offer(accounts.organisations())
    if request.method == "GET":
        form.number.data = max((one.number for one in queries.fields()), default=0) + 1
    if form.validate_on_submit():
        with catching(form):
            service.create_field(
                actor(),
                number=form.number.data or 0,
                name=form.name.data or "",
                short_name=form.short_name.data or "",
                description=form.description.data or "",
                lead_organisation_id=form.lead_organisation_id.data,
            )
            flash(_("Das Handlungsfeld ist angelegt."), "success")
            return redirect(url_for("admin.fields"), 303)
    return _page(form, None)


@blueprint.route("/verwaltung/handlungsfelder/<id:field_id>", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def edit_field(field_id: int) -> ResponseReturnValue:
    """Show and change a field of action."""
    found = queries.field(field_id)
    if found is None:
        raise NotFound(kind="field", id=field_id)
    form = FieldForm(obj=found if request.method == "GET" else None)
    lead = found.lead_organisation_id
    form.offer(
        one for one in accounts.organisations(with_archived=True) if one.archived_at is None or one.id == lead
    )
    if request.method == "GET":
        form.seen.data = service.fingerprint(found)
    if form.validate_on_submit():
        with catching(form):
            service.change_field(
                actor(),
                field_id,
                number=form.number.data or 0,
                name=form.name.data or "",
                short_name=form.short_name.data or "",
                description=form.description.data or "",
                lead_organisation_id=form.lead_organisation_id.data,
                seen=form.seen.data or "",
            )
            flash(_("Die Angaben sind gespeichert."), "success")
            return redirect(url_for("admin.fields"), 303)
    return _page(form, found)


def _page(form: FieldForm, found: FieldOfAction | None) -> ResponseReturnValue:
    page = render_template("admin/field.html", form=form, found=found, description_max=DESCRIPTION_MAX)
    return page, form.status_code
