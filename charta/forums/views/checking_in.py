# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The list of a forum at the door: who comes, who is there, whose phone is whose; also on paper."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.errors import NotFound
from charta.forums import words
from charta.forums.queries import forums, registrations
from charta.forums.queries.registrations import SHOWN, Guest, nearest
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service import attending as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.registering_forms import AtTheDoorForm, DeedForm
from charta.permissions import Actor, Permission
from charta.web import tables
from charta.web import words as general
from charta.web.access import access
from charta.web.dates import local
from charta.web.downloads import download
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.viewer import actor

_EXPECTED = (RegistrationState.REGISTERED, RegistrationState.WAITING)
_OTHERS = (RegistrationState.INTERESTED, RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED)
_VIEWS = {"": _EXPECTED, "warteliste": (RegistrationState.WAITING,), "uebrige": _OTHERS}


@blueprint.get("/foren/<slug>/anmeldungen")
@access(Permission.READ_ATTENDANCE)
def guests(slug: str) -> ResponseReturnValue:
    """Show the list with one button per person; the address holds search and filter."""
    return _list(slug, AtTheDoorForm(formdata=None))


def _list(slug: str, form: AtTheDoorForm) -> ResponseReturnValue:
    row = forums.row(slug)
    search = request.values.get("suche", "").replace("\0", "").strip()[:120]
    only = request.values.get("nur", "")
    found = registrations.guests(
        row.forum.id, search=search, states=_VIEWS.get(only, _EXPECTED), limit=SHOWN + 1
    )
    counts = registrations.counts(row.forum.id)
    form.suche.data = search
    page = render_template(
        "forums/guests.html",
        row=row,
        forum=row.forum,
        words=words,
        general=general,
        guests=found[:SHOWN],
        is_cut=len(found) > SHOWN,
        counts=counts,
        phones=registrations.phones(row.forum.id, limit=SHOWN) if counts.phones else [],
        search=search,
        only=only if only in _VIEWS else "",
        views=[
            {
                "label": _("Erwartet und da"),
                "url": url_for("forums.guests", slug=slug),
                "current": only not in {"warteliste", "uebrige"},
                "count": counts.registered + counts.waiting,
            },
            {
                "label": _("Warteliste"),
                "url": url_for("forums.guests", slug=slug, nur="warteliste"),
                "current": only == "warteliste",
                "count": counts.waiting,
            },
            {
                "label": _("Vorgemerkt, unbestätigt, abgemeldet"),
                "url": url_for("forums.guests", slug=slug, nur="uebrige"),
                "current": only == "uebrige",
            },
        ],
        can_add=row.forum.is_always_open or row.forum.state not in {ForumState.PLANNED, ForumState.CANCELLED},
        form=form,
    )
    return no_store(Response(page, form.status_code))


def _deed(slug: str, registration_id: int, deed: Callable[[Actor, int, int], None]) -> ResponseReturnValue:
    forum = forums.load(slug)
    form = DeedForm()
    if form.validate_on_submit():
        deed(actor(), forum.id, registration_id)
    back = url_for("forums.guests", slug=slug, suche=form.suche.data or None, nur=form.nur.data or None)
    return redirect(f"{back}#g{registration_id}", 303)


@blueprint.post("/foren/<slug>/anmeldungen/<id:registration_id>/da")
@access(Permission.RUN_FORUM)
def check_in(slug: str, registration_id: int) -> ResponseReturnValue:
    """Note that somebody came."""
    return _deed(slug, registration_id, service.check_in)


@blueprint.post("/foren/<slug>/anmeldungen/<id:registration_id>/doch-nicht-da")
@access(Permission.RUN_FORUM)
def undo_check_in(slug: str, registration_id: int) -> ResponseReturnValue:
    """Take a check-in back."""
    return _deed(slug, registration_id, service.undo_check_in)


@blueprint.post("/foren/<slug>/anmeldungen/<id:registration_id>/telefon-loesen")
@access(Permission.RUN_FORUM)
def unlink_phone(slug: str, registration_id: int) -> ResponseReturnValue:
    """Take the link to a phone back."""
    return _deed(slug, registration_id, service.unlink_phone)


@blueprint.get("/foren/<slug>/anmeldungen/<id:registration_id>")
@access(Permission.READ_ATTENDANCE)
def guest(slug: str, registration_id: int) -> ResponseReturnValue:
    """Show what is known about one person of the list, and cancel for who rang or wrote."""
    forum = forums.load(slug)
    found = registrations.guest(forum.id, registration_id)
    if found is None:
        raise NotFound(kind="registration", id=registration_id)
    page = render_template(
        "forums/guest.html",
        forum=forum,
        guest=found,
        standing=words.guest_standing(found),
        general=general,
        form=DeedForm(formdata=None),
    )
    return no_store(Response(page))


@blueprint.post("/foren/<slug>/anmeldungen/<id:registration_id>/abmelden")
@access(Permission.RUN_FORUM)
def take_off(slug: str, registration_id: int) -> ResponseReturnValue:
    """Cancel for somebody."""
    return _deed(slug, registration_id, service.take_off)


@blueprint.route("/foren/<slug>/anmeldungen/<id:registration_id>/telefon", methods=["GET", "POST"])
@access(Permission.RUN_FORUM)
def link_phone(slug: str, registration_id: int) -> ResponseReturnValue:
    """Choose which phone that joined by code is this person's; equal and similar names come first."""
    forum = forums.load(slug)
    guest = registrations.guest(forum.id, registration_id)
    if guest is None:
        raise NotFound(kind="registration", id=registration_id)
    form = DeedForm()
    if form.validate_on_submit():
        raw = request.form.get("telefon", "")
        if raw.isascii() and raw.isdigit() and len(raw) < 10:
            with catching(form):
                service.link_phone(actor(), forum.id, registration_id, attendance_id=int(raw))
                flash(_("Das Telefon ist verbunden, %(name)s ist da.", name=guest.name), "success")
                return redirect(f"{url_for('forums.guests', slug=slug)}#g{registration_id}", 303)
        else:
            form.refuse("", _("Bitte wählen Sie ein Telefon."))
    phones = registrations.phones(forum.id)
    likely = nearest(guest.name, phones)
    page = render_template(
        "forums/link_phone.html",
        form=form,
        forum=forum,
        guest=guest,
        likely=likely,
        others=[one for one in phones if one not in likely][:SHOWN],
    )
    return no_store(Response(page, form.status_code))


@blueprint.post("/foren/<slug>/anmeldungen/hinzufuegen")
@access(Permission.RUN_FORUM)
def add_guest(slug: str) -> ResponseReturnValue:
    """Put somebody who stands at the door on the list, checked in."""
    forum = forums.load(slug)
    form = AtTheDoorForm()
    if form.validate_on_submit():
        with catching(form):
            made = service.add_by_hand(
                actor(),
                forum.id,
                name=form.name.data or "",
                organisation_name=form.organisation_name.data or "",
                group=form.chosen_group,
            )
            flash(_("%(name)s steht auf der Liste und ist da.", name=form.name.data), "success")
            return redirect(f"{url_for('forums.guests', slug=slug)}#g{made}", 303)
    return _list(slug, form)


@blueprint.get("/foren/<slug>/anmeldungen/drucken")
@access(Permission.READ_ATTENDANCE)
def print_guests(slug: str) -> ResponseReturnValue:
    """Show the list for paper: a box to tick for each, those who wait below."""
    row = forums.row(slug)
    found = registrations.guests(row.forum.id, states=_EXPECTED)
    page = render_template(
        "forums/guests_print.html",
        row=row,
        forum=row.forum,
        words=words,
        general=general,
        expected=[one for one in found if one.state is RegistrationState.REGISTERED],
        waiting=[one for one in found if one.state is RegistrationState.WAITING],
        now=utcnow(),
    )
    return no_store(Response(page))


@blueprint.get("/foren/<slug>/anmeldungen.csv")
@access(Permission.READ_ATTENDANCE)
def guests_csv(slug: str) -> Response:
    """Return the list as a CSV file that opens with its umlauts."""
    forum = forums.load(slug)
    found = registrations.guests(forum.id)
    return download(tables.write_csv(_columns(), map(_cells, found)), f"{_('anmeldungen')}-{slug}.csv")


@blueprint.get("/foren/<slug>/anmeldungen.xlsx")
@access(Permission.READ_ATTENDANCE)
def guests_xlsx(slug: str) -> Response:
    """Return the list as a workbook."""
    forum = forums.load(slug)
    found = registrations.guests(forum.id)
    content = tables.write_xlsx(_columns(), map(_cells, found), sheet=_("Anmeldungen"))
    return download(content, f"{_('anmeldungen')}-{slug}.xlsx")


def _columns() -> list[str]:
    return [
        _("Name"),
        _("E-Mail"),
        _("Organisation"),
        _("Gehört zu"),
        _("Stand"),
        _("eingeladen"),
        _("angemeldet am"),
        _("bestätigt am"),
        _("da seit"),
        _("Telefon verbunden"),
    ]


def _cells(guest: Guest) -> list[tables.Cell]:
    return [
        guest.name,
        guest.email,
        guest.organisation_name,
        str(general.GROUPS[guest.group]) if guest.group else "",
        str(words.REGISTRATION_STATES[guest.state]),
        _yes(guest.is_invited),
        _moment(guest.created_at),
        _moment(guest.confirmed_at),
        _moment(guest.checked_in_at),
        _yes(guest.has_phone),
    ]


def _yes(value: object) -> str:
    return _("ja") if value else ""


def _moment(value: datetime | None) -> str:
    return local(value).strftime("%d.%m.%Y %H:%M") if value else ""
