# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Deeds on the ticked contributions of the screening desk."""

from collections.abc import Sequence

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions import screening_words
from charta.contributions.rules import Words
from charta.contributions.service import merging, screening
from charta.contributions.service.entering import Outcome, Seen
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening_deeds import put_into_topic, tell
from charta.contributions.views.screening_filters import Filters
from charta.contributions.views.screening_forms import TogetherForm, number, seen_items
from charta.errors import ChartaError, InvalidInput
from charta.permissions import Permission
from charta.web.access import access
from charta.web.viewer import actor

_REVERSE = {"aufnehmen": "oeffnen", "ablehnen": "oeffnen", "buendeln": "herausnehmen"}


@blueprint.post("/moderation/beitraege/gemeinsam")
@access(Permission.SCREEN_CONTRIBUTION)
def screen_together() -> ResponseReturnValue:
    """Do what the button says with everything that was ticked; each result is told."""
    form, items = TogetherForm(), seen_items(request.form.getlist("auswahl"))
    more: dict[str, object] = {}
    if form.validate_on_submit():
        if not items:
            flash(_("Bitte wählen Sie mindestens einen Beitrag."), "warning")
        else:
            deed = request.form.get("tat", "")
            try:
                outcomes = _together(deed, items, form)
            except ChartaError as error:
                flash(screening_words.error(error), "warning")
            else:
                tell(deed, outcomes)
                more = _way_on(deed, items, outcomes)
    return redirect(url_for("contributions.screening_desk", **Filters.from_address().arguments(**more)), 303)


def _together(deed: str, items: Sequence[Seen], form: TogetherForm) -> list[Outcome]:
    reason = form.reason.data or ""
    match deed:
        case "aufnehmen":
            return screening.accept_all(actor(), items)
        case "ablehnen":
            return screening.decline_all(actor(), items, reason=reason, words=Words.SHOWN)
        case "feld":
            return screening.put_into_field(actor(), items, field_id=number(request.form.get("feld")))
        case "buendeln":
            return put_into_topic(items, form.topic.data or "")[0]
        case "zusammenlegen":
            return merging.merge_all(actor(), items, into_id=number(request.form.get("mit")) or 0)
        case "uebernehmen":
            return screening.take_on_all(actor(), items)
        case _:
            raise InvalidInput("tat", "invalid")


def _way_on(deed: str, items: Sequence[Seen], outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Return where to go on, and how to take the deed back."""
    versions = {item.id: item.version + 1 for item in items}
    done = [f"{item.id}:{versions[item.id]}" for item in outcomes if item.error is None]
    more: dict[str, object] = {"nach": items[-1].id}
    if deed in _REVERSE and done:
        more |= {"zurueck": _REVERSE[deed], "wen": done}
    return more
