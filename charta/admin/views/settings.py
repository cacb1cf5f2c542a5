# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The settings of the installation, each with what follows from it."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.admin.forms import SettingsForm
from charta.admin.views.blueprint import blueprint
from charta.errors import InvalidInput
from charta.permissions import Permission
from charta.site import queries, service
from charta.site.rules import ProposalsPublic
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor

_PLAIN = (
    "name",
    "region",
    "initiative",
    "claim",
    "lede",
    "next_edition",
    "funding_notice",
    "demo_notice",
    "four_eyes",
    "draft_is_public",
    "attendees_see_proposals",
)


@blueprint.route("/verwaltung/einstellungen", methods=["GET", "POST"])
@access(Permission.MANAGE_SITE)
def settings() -> ResponseReturnValue:
    """Show and change the settings."""
    values = queries.settings()
    form = SettingsForm(obj=values if request.method == "GET" else None)
    if request.method == "GET":
        form.proposals_public.data = values.proposals_public.value
        form.phases.data = "\n".join(
            f"{title}: {sentence}" if sentence else title for title, sentence in values.phases
        )
    if form.validate_on_submit():
        with catching(form):
            phases = phases_from(form.phases.data or "")
            number = form.phase.data or 1
            if phases and number > len(phases):
                raise InvalidInput("phase", "invalid")
            service.change_settings(
                actor(),
                **{key: form[key].data for key in _PLAIN},
                proposals_public=ProposalsPublic(form.proposals_public.data),
                phases=phases,
                phase=number,
            )
            flash(_("Die Einstellungen sind gespeichert und gelten ab sofort."), "success")
            return redirect(url_for("admin.settings"), 303)
    return render_template("admin/settings.html", form=form), form.status_code


def phases_from(text: str) -> list[tuple[str, str]]:
    """Return (title, sentence) of each line „Titel: Satz“."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [line.partition(":") for line in lines]
    return [(title.strip(), sentence.strip()) for title, _colon, sentence in pairs]
