# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Taking a proposal over with changes: a moderator's version, about which the author is asked."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.errors import InvalidInput, WrongState
from charta.permissions import Permission, require
from charta.proposals import service, words
from charta.proposals.forms import AdaptForm
from charta.proposals.queries import Detail, wording
from charta.proposals.rules import MERGEABLE, TEXT_KINDS, ProposalKind, State
from charta.proposals.views.blueprint import (
    Changes,
    blueprint,
    catching_all,
    changes,
    load,
    typed_wording,
)
from charta.proposals.views.structure import read_slot, slot_choices
from charta.sections import queries as sections
from charta.web.access import access
from charta.web.viewer import actor, policy


@blueprint.route("/vorschlaege/<id:number>/anpassen", methods=["GET", "POST"])
@access(Permission.ADAPT_PROPOSAL)
def adapt(number: int) -> ResponseReturnValue:
    """Write another wording for a proposal and ask its author about it."""
    found = load(number)
    if request.method == "GET":
        return page(found)
    form = AdaptForm()
    if form.validate_on_submit() and request.form.get("tun") != "preview":
        with catching_all(form):
            slot = read_slot(form.target.data)
            service.adapt(
                actor(),
                number,
                seen_version=form.seen_version.data,
                seen_head=form.seen_head.data,
                title=form.title.data or "",
                body=form.body.data or "",
                reason=form.reason.data or "",
                target_parent_id=slot.parent_id,
                target_after_id=slot.after_id,
            )
            flash(
                _(
                    "Die angepasste Fassung liegt vor. Sie gilt, sobald die Verfasserin oder der Verfasser "
                    "zustimmt, oder nach sieben Tagen."
                ),
                "success",
            )
            return redirect(url_for("proposals.show", number=number), 303)
    if form.status_code == 409:
        for field, value in ((form.seen_version, found.row.candidate), (form.seen_head, found.row.seen_head)):
            field.data, field.raw_data = value, None
    return _render(found, form), form.status_code


def page(found: Detail, *, reason: str = "") -> ResponseReturnValue:
    """Show the form, filled with what the proposal makes of the present text."""
    require(actor(), Permission.ADAPT_PROPOSAL, found.row, policy=policy())
    row = found.row
    if row.state is not State.SUBMITTED or row.awaits_author or row.is_held:
        raise WrongState("adapt", "awaits_author" if row.awaits_author else row.state.value)
    if row.kind is ProposalKind.DELETION or row.merge_state not in MERGEABLE:
        raise WrongState("adapt", row.merge_state.value)
    assert found.version is not None
    form = AdaptForm(formdata=None)
    start = (
        changes(found.base, found.head, wording(found.version)).new
        if row.kind is ProposalKind.CHANGE
        else wording(found.version)
    )
    form.title.data, form.body.data, form.reason.data = start.title, start.body, reason
    form.target.data = f"{found.version.target_parent_id or 0}-{found.version.target_after_id or 0}"
    form.seen_version.data, form.seen_head.data = row.candidate, row.seen_head
    return _render(found, form)


def _render(found: Detail, form: AdaptForm) -> str:
    row = found.row
    if row.kind is ProposalKind.MOVE:
        assert row.section is not None
        form.target.choices = slot_choices(list(sections.tree()), row.section.id)
    return render_template(
        "proposals/adapt.html",
        form=form,
        row=row,
        found=found,
        changes=_changes(found, form),
        has_text=row.kind in TEXT_KINDS,
        words=words,
    )


def _changes(found: Detail, form: AdaptForm) -> Changes | None:
    if found.row.kind not in TEXT_KINDS:
        return None
    try:
        typed = typed_wording(form.title.data or "", form.body.data or "")
    except InvalidInput:
        return None
    return changes(found.head, found.head, typed)
