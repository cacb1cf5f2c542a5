# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Publishing an edition, after a page that names what is published."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.editions import rules, service, words
from charta.editions.forms import PublishForm
from charta.editions.rules import Decision, EditionState
from charta.editions.views.blueprint import blueprint
from charta.editions.views.composing import found
from charta.errors import WrongState
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor


@blueprint.route("/charta/fassungen/<id:edition_id>/freigeben", methods=["GET", "POST"])
@access(Permission.PUBLISH_EDITION)
def publish(edition_id: int) -> ResponseReturnValue:
    """Put an edition in force."""
    form = PublishForm()
    row = found(edition_id)
    if not form.is_submitted():
        form.fassung.data = str(row.version)
    if form.validate_on_submit():
        with catching(form):
            try:
                service.publish(
                    actor(), edition_id, seen_version=form.seen_version(), reason=form.reason.data or ""
                )
            except WrongState as error:
                form.refuse("", words.wrong_state(error), status_code=409)
            else:
                flash(_("Die Fassung %(name)s ist freigegeben.", name=row.name), "success")
                return redirect(url_for("editions.show", name=row.name), 303)
        row = found(edition_id)
    html = render_template(
        "editions/publish.html",
        form=form,
        edition=row,
        is_free=row.state is EditionState.COMPOSED and row.held_by_ballot is None,
        needs_reason=row.decision is not Decision.ADOPTED,
        next_step=words.next_step(row),
        reason_max=rules.REASON_MAX,
    )
    return html, form.status_code
