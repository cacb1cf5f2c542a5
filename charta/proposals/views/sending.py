# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happens to the form of a draft once it is sent: it is saved, then the pressed button is obeyed."""

from typing import Any

from flask import flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import NotFound
from charta.permissions import Permission
from charta.proposals import queries, service, words
from charta.proposals.forms import DeedForm, DraftForm
from charta.proposals.rules import State
from charta.proposals.views import taking_up
from charta.proposals.views.blueprint import blueprint, wants_json
from charta.web.access import access
from charta.web.dates import clock
from charta.web.viewer import actor, site_settings


def after_saving(number: int, edit_number: int, form: DraftForm) -> ResponseReturnValue:
    """Answer the script, or do what the pressed button wants after everything is stored."""
    if wants_json():
        return jsonify(
            number=number,
            edit=edit_number,
            saved=_("gespeichert %(time)s", time=clock(utcnow())),
            presence=words.presence(queries.writing_now(actor(), number=number)),
            url=url_for("proposals.edit", number=number, **kept_arguments()),
        )
    remember_edit(form, edit_number)
    deed = request.form.get("tun", "save")
    if deed == "submit":
        version = service.submit(actor(), number, seen_edit=edit_number or None)
        flash(
            _("Vorschlag %(number)s ist eingereicht. Vielen Dank.", number=number)
            if version == 1
            else _("Die neue Fassung von Vorschlag %(number)s ist eingereicht.", number=number),
            "success",
        )
        return redirect(url_for("proposals.show", number=number), 303)
    if deed in {"share", "unshare"}:
        (service.share if deed == "share" else service.unshare)(actor(), number)
        flash(
            _("Kolleginnen und Kollegen Ihrer Organisation können jetzt mitschreiben.")
            if deed == "share"
            else _("Der Entwurf ist nicht mehr geteilt."),
            "success",
        )
    elif deed == "save":
        flash(_("Entwurf gespeichert."), "success")
    if deed == "preview" and form.codes.data:
        deed = "beitrag-suchen"  # the return key in that field presses the first button of the form
    arguments = taking_up.act(number, deed, form)
    if arguments is not None:
        return redirect(url_for("proposals.edit", number=number, **kept_arguments(), **arguments), 303)
    paragraph = deed.removeprefix("absatz-")
    if paragraph != deed and paragraph.isascii() and paragraph.isdigit() and len(paragraph) < 10:
        return redirect(url_for("proposals.edit", number=number, absatz=int(paragraph)), 303)
    kept = {} if deed == "ganz" else kept_arguments()
    anchor = "vorschau" if deed == "preview" else None
    return redirect(url_for("proposals.edit", number=number, _anchor=anchor, **kept), 303)


def number_argument(name: str) -> int | None:
    """Return a number from 1 that stands in the address, None for anything else."""
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 and int(raw) > 0 else None


def kept_arguments() -> dict[str, Any]:
    """Return what stays in the address from page to page: the paragraph that is written."""
    paragraph = number_argument("absatz")
    return {"absatz": paragraph} if paragraph else {}


def remember_edit(form: DraftForm, edit_number: int) -> None:
    """Let the page that comes back know the save it now stands on."""
    form.seen_edit.data, form.seen_edit.raw_data = edit_number, None


def refused(form: DraftForm) -> ResponseReturnValue:
    """Tell the script why nothing was saved."""
    messages = [message for errors in form.errors.values() for message in errors]
    return jsonify(errors=[str(message) for message in messages]), form.status_code


@blueprint.post("/vorschlaege/<id:number>/verwerfen")
@access(Permission.PROPOSE)
def discard(number: int) -> ResponseReturnValue:
    """Throw a draft away."""
    found = queries.by_number(actor(), site_settings(), number)
    if found is None:
        raise NotFound(kind="proposal", id=number)
    if DeedForm().validate_on_submit():
        service.discard_draft(actor(), number)
        flash(_("Der Entwurf ist verworfen."), "success")
    if found.state is not State.DRAFT:
        return redirect(url_for("proposals.show", number=number), 303)
    if found.section is not None:
        return redirect(url_for("sections.show", section_id=found.section.id), 303)
    return redirect(url_for("proposals.index"), 303)
