# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the hall: hand in, see similar ones, the receipt, support, what others said, and one's own."""

import secrets

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.accounts.rules import PublicName
from charta.contributions.queries import listing
from charta.contributions.queries import supporting as queries
from charta.contributions.rules import TEXT_MAX, State
from charta.contributions.service import handing_in as service
from charta.contributions.similar import Similar, similar
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.handing_in_forms import HandInForm
from charta.contributions.words import standing
from charta.db import utcnow
from charta.errors import WrongState
from charta.fields.queries import fields
from charta.forums.queries import joining
from charta.forums.queries.forums import load
from charta.forums.queries.joining import Seat
from charta.permissions import Permission
from charta.proposals.queries import taken_up
from charta.web.access import access
from charta.web.forms import catching, presentable
from charta.web.headers import no_store
from charta.web.pager import cut, key_argument
from charta.web.urls import local_target
from charta.web.viewer import actor, current_viewer

SIMILAR_SHOWN = 3
# Fewer signs say too little to be like anything.
SIMILAR_FROM = 20


@blueprint.route("/foren/<slug>/beitrag", methods=["GET", "POST"])
@access(Permission.HAND_IN)
def hand_in(slug: str) -> ResponseReturnValue:
    """Hand in a contribution; similar ones can be supported instead, and the text stays."""
    seat = joining.seat(actor(), slug)
    if seat.attendance is None:
        return redirect(url_for("forums.enter_code"), 303)
    if service.open_state(seat.forum, utcnow()) and request.method == "GET":
        return redirect(url_for("forums.hall", slug=slug), 303)
    form = HandInForm()
    form.offer(organisation_name=seat.attendance.organisation_name, name=current_viewer().name)
    if request.method == "GET":
        _preset(form, seat)
        return _form_page(form, seat)
    if "unterstuetzen" in request.form:
        return _support_here(form, slug)
    if "aehnliche" in request.form:
        return _form_page(form, seat, found=_similar_to(form.text.data), was_asked=True)
    if form.validate_on_submit():
        with catching(form):
            made = service.hand_in(
                actor(),
                seat.forum.id,
                text=form.text.data or "",
                field_id=form.chosen_field,
                kind=form.chosen_kind,
                public_name=PublicName(form.public_name.data),
                once_key=form.once_key.data or None,
            )
            receipt = url_for("contributions.received", code=made.code)
            return jsonify(url=receipt) if _wants_json() else redirect(receipt, 303)
    return _form_page(form, joining.seat(actor(), slug))


def _preset(form: HandInForm, seat: Seat) -> None:
    """Fill in what the table says; nothing is shown to others unless somebody chooses so."""
    form.field_id.data = str(seat.table.field_id or "") if seat.table else ""
    form.kind.data = ""
    form.public_name.data = PublicName.NONE.value
    form.once_key.data = secrets.token_urlsafe(16)


def _support_here(form: HandInForm, slug: str) -> ResponseReturnValue:
    """Support a similar one from the form without a script; what was typed stays."""
    message = ""
    with catching(form):
        service.support(actor(), request.form["unterstuetzen"])
        message = _("Sie unterstützen diesen Beitrag. Ihr eigener Text ist noch nicht eingereicht.")
    return _form_page(
        form,
        joining.seat(actor(), slug),
        found=_similar_to(form.text.data),
        was_asked=True,
        message=message,
    )


def _form_page(
    form: HandInForm,
    seat: Seat,
    *,
    found: list[Similar] | None = None,
    was_asked: bool = False,
    message: str = "",
) -> ResponseReturnValue:
    known_fields = fields()
    form.offer_fields(known_fields)
    for field in (form.text, form.field_id, form.kind):
        field.data = presentable(field.data or "")
    html = render_template(
        "contributions/hand_in.html",
        form=form,
        forum=seat.forum,
        seat=seat,
        fields=known_fields,
        text_max=TEXT_MAX,
        found=[] if found is None else _offered(found),
        was_asked=was_asked,
        message=message,
    )
    return no_store(make_response(html, form.status_code))


def _similar_to(text: str | None) -> list[Similar]:
    """Return accepted contributions that say nearly the same, none for a text that is too short or long."""
    typed = (text or "").replace("\0", "")
    return similar(typed, limit=SIMILAR_SHOWN) if SIMILAR_FROM <= len(typed.strip()) <= 2 * TEXT_MAX else []


def _offered(found: list[Similar]) -> list[dict[str, object]]:
    """Return similar contributions as page and script show them, with the viewer's own part in them."""
    ids = [one.id for one in found]
    supported = queries.supported_by(actor(), ids)
    mine = queries.own_among(actor(), ids)
    return [
        {
            "code": one.code,
            "title": one.title,
            "url": url_for("contributions.show", code=one.code),
            "support_url": url_for("contributions.support", code=one.code),
            "count": supporters_words(one.supporters),
            "is_supported": one.id in supported,
            "is_own": one.id in mine,
        }
        for one in found
    ]


def supporters_words(count: int) -> str:
    """Return how many support a contribution, in words."""
    if not count:
        return _("Noch keine Unterstützung")
    return ngettext("%(num)s Unterstützung", "%(num)s Unterstützungen", count)


@blueprint.post("/foren/<slug>/aehnliche")
@access(Permission.HAND_IN)
def similar_ones(slug: str) -> ResponseReturnValue:
    """Return what is like the text somebody types; the script of the form asks. Nothing is stored."""
    load(slug)
    return no_store(jsonify(items=_offered(_similar_to(request.form.get("text")))))


# ---------------------------------------------------------------------------------------------- receipt


@blueprint.get("/b/<code>/danke")
@access(Permission.READ_PUBLIC)
def received(code: str) -> ResponseReturnValue:
    """Show the receipt to who handed in; everybody else is led to the page of the contribution."""
    found = queries.own(actor(), code)
    if found is None:
        return redirect(url_for("contributions.show", code=code), 303)
    contribution, forum = found
    html = render_template(
        "contributions/received.html",
        contribution=contribution,
        forum=forum,
        promises=contribution.answer_until is not None and contribution.answer_until > utcnow(),
        more=not service.open_state(forum, utcnow()),
        email=current_viewer().email,
    )
    return no_store(make_response(html))


# ---------------------------------------------------------------------------------------------- support


@blueprint.post("/b/<code>/unterstuetzen")
@access(Permission.SUPPORT_CONTRIBUTION)
def support(code: str) -> ResponseReturnValue:
    """Support a contribution of somebody else; twice is no error."""
    try:
        count = service.support(actor(), code)
    except WrongState as error:
        sentence = (
            _("Den eigenen Beitrag können Sie nicht unterstützen.")
            if error.state == "own"
            else _("Diesen Beitrag kann man zurzeit nicht unterstützen. Warum, steht auf seiner Seite.")
        )
        if _wants_json():
            return make_response(jsonify(error=sentence), 409)
        flash(sentence, "error")
        return _back(code)
    return _supported(code, count, is_supported=True)


@blueprint.post("/b/<code>/unterstuetzung-zuruecknehmen")
@access(Permission.SUPPORT_CONTRIBUTION)
def withdraw_support(code: str) -> ResponseReturnValue:
    """Take the own support back; without it nothing changes."""
    return _supported(code, service.withdraw_support(actor(), code), is_supported=False)


def _supported(code: str, count: int, *, is_supported: bool) -> ResponseReturnValue:
    if _wants_json():
        return jsonify(count=supporters_words(count), is_supported=is_supported)
    flash(
        _("Sie unterstützen diesen Beitrag.")
        if is_supported
        else _("Ihre Unterstützung ist zurückgenommen."),
        "success",
    )
    return _back(code)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _back(code: str) -> Response:
    """Lead back to the page with the button, else to that of the contribution."""
    target = local_target(request.form.get("weiter"), url_for("contributions.show", code=code))
    return make_response(redirect(target, 303))


# ------------------------------------------------------------------------------------------------- lists


@blueprint.get("/foren/<slug>/beitraege")
@access(Permission.READ_PUBLIC)
def in_hall(slug: str) -> ResponseReturnValue:
    """Show what others in this hall said, newest first, each with a button to support it."""
    seat = joining.seat(actor(), slug)
    page = cut(
        listing.rows(actor(), forum_id=seat.forum.id, after=key_argument()),
        listing.PAGE_SIZE,
        lambda row: row.id,
    )
    html = render_template(
        "contributions/in_hall.html",
        forum=seat.forum,
        seat=seat,
        page=page,
        supported=queries.supported_by(actor(), [row.id for row in page.items]),
        supporters_words=supporters_words,
        here=request.full_path if request.query_string else request.path,
    )
    return make_response(html)


@blueprint.get("/mein-bereich/beitraege")
@access(Permission.USE_ACCOUNT)
def mine() -> ResponseReturnValue:
    """Show the own contributions with what happens next, and the forums one joined or registered for."""
    viewer = current_viewer()
    page = cut(
        listing.rows(actor(), is_mine=True, states=tuple(State), after=key_argument()),
        listing.PAGE_SIZE,
        lambda row: row.id,
    )
    outcomes = taken_up.outcomes([row.id for row in page.items])
    forums = joining.joined_by(actor().id or 0)
    html = render_template(
        "contributions/mine.html",
        page=page,
        own=[(row, standing(row, outcomes.get(row.id, ()))) for row in page.items],
        forums=forums,
        open_forum=next((forum for forum in forums if not service.open_state(forum, utcnow())), None),
        registered=joining.registered_as(actor().id or 0),
        keeps=bool(viewer.email),
    )
    return no_store(make_response(html))
