# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The invitation list of a forum: who is invited, what they answered, one person more or less."""

from dataclasses import replace

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.forums import words
from charta.forums.invitees import clean_invitee
from charta.forums.inviting_words import INVITATION_STATES, answer, size_word
from charta.forums.queries import forums, invitations
from charta.forums.queries.invitations import Filters, Line
from charta.forums.rules import CompanySize, InvitationState
from charta.forums.service import inviting as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.inviting_forms import (
    UNKNOWN_SIZE,
    DeedForm,
    InviteeForm,
)
from charta.forums.views.sending_waves import flash_errors, is_coming
from charta.permissions import Permission
from charta.web import tables
from charta.web.access import access
from charta.web.dates import local
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor


@blueprint.get("/foren/<slug>/einladungen", endpoint="invitations")
@access(Permission.INVITE_TO_FORUM)
def invitations_list(slug: str) -> ResponseReturnValue:
    """Show who is invited, what they answered, and the waves; the address holds the filter."""
    forum = forums.load(slug)
    filters = _filters()
    page = cut(
        invitations.lines(forum.id, filters, after_id=key_argument()),
        invitations.PAGE_SIZE,
        lambda line: line.invitation.id,
    )
    html = render_template(
        "forums/invitations.html",
        forum=forum,
        page=page,
        totals=invitations.totals(forum.id),
        waves=invitations.waves(forum.id),
        districts=invitations.districts(forum.id),
        filters=filters,
        is_filtered=filters != Filters(),
        arguments=_arguments(filters),
        is_first=key_argument() is None,
        can_send=is_coming(forum),
        deed=DeedForm(formdata=None),
        **_words(),
    )
    return no_store(Response(html))


@blueprint.get("/foren/<slug>/einladungen.csv")
@access(Permission.INVITE_TO_FORUM)
def invitations_csv(slug: str) -> Response:
    """Return the list as a CSV file."""
    forum = forums.load(slug)
    found = invitations.all_lines(forum.id, _filters())
    return tables.table_response(
        tables.write_csv(_headings(), map(_cells, found)), f"einladungen-{forum.slug}.csv"
    )


@blueprint.get("/foren/<slug>/einladungen.xlsx")
@access(Permission.INVITE_TO_FORUM)
def invitations_xlsx(slug: str) -> Response:
    """Return the list as a workbook."""
    forum = forums.load(slug)
    found = invitations.all_lines(forum.id, _filters())
    return tables.table_response(
        tables.write_xlsx(_headings(), map(_cells, found), sheet=_("Einladungen")),
        f"einladungen-{forum.slug}.xlsx",
    )


@blueprint.route("/foren/<slug>/einladungen/hinzufuegen", methods=["GET", "POST"])
@access(Permission.INVITE_TO_FORUM)
def invitation_add(slug: str) -> ResponseReturnValue:
    """Put one person on the list."""
    forum = forums.load(slug)
    form = InviteeForm()
    form.offer()
    if form.validate_on_submit():
        with catching(form):
            invitee = clean_invitee(
                email=form.email.data or "",
                name=form.name.data or "",
                function=form.function.data or "",
                company=form.company.data or "",
                district=form.district.data or "",
                size=form.chosen_size,
            )
            service.add(actor(), forum.id, invitee)
            flash(_("%(email)s steht auf der Liste.", email=invitee.email), "success")
            again = "noch" in request.form
            target = "forums.invitation_add" if again else "forums.invitations"
            return redirect(url_for(target, slug=slug), 303)
    return render_template("forums/invitation_add.html", forum=forum, form=form), form.status_code


@blueprint.post("/foren/<slug>/einladungen/<id:invitation_id>/entfernen")
@access(Permission.INVITE_TO_FORUM)
def invitation_remove(slug: str, invitation_id: int) -> ResponseReturnValue:
    """Take somebody off the list who was not written to yet."""
    forum = forums.load(slug)
    form = DeedForm()
    if form.validate_on_submit():
        with catching(form):
            service.take_off_list(actor(), forum.id, invitation_id)
            flash(_("Der Eintrag ist von der Liste genommen."), "success")
    flash_errors(form)
    return redirect(url_for("forums.invitations", slug=slug), 303)


def _filters() -> Filters:
    """Read the filters of this request; unknown values mean everything."""
    size, state = request.args.get("groesse", ""), request.args.get("stand", "")
    wave_number = request.args.get("welle", "")
    filters = Filters(
        district=request.args["kreis"].removesuffix("-") if request.args.get("kreis") else None,
        size=CompanySize(size) if size in set(CompanySize) else None,
        without_size=size == UNKNOWN_SIZE,
        state=InvitationState(state) if state in set(InvitationState) else None,
    )
    is_number = wave_number.isascii() and wave_number.isdigit() and len(wave_number) < 6
    return replace(filters, wave=int(wave_number)) if is_number else filters


def _arguments(filters: Filters) -> dict[str, str | int]:
    """Return the filters as arguments of an address."""
    found: dict[str, str | int | None] = {
        "kreis": None if filters.district is None else filters.district or "-",
        "groesse": UNKNOWN_SIZE if filters.without_size else filters.size and filters.size.value,
        "stand": filters.state and filters.state.value,
        "welle": filters.wave,
    }
    return {name: value for name, value in found.items() if value is not None}


def _words() -> dict[str, object]:
    return {
        "words": words,
        "states": INVITATION_STATES,
        "sizes": words.COMPANY_SIZES,
        "unknown_size": UNKNOWN_SIZE,
        "size_word": size_word,
        "answer": answer,
    }


def _headings() -> list[str]:
    return [
        _("Name"),
        _("E-Mail-Adresse"),
        _("Funktion"),
        _("Unternehmen"),
        _("Landkreis oder Stadt"),
        _("Größe"),
        _("Stand"),
        _("Anmeldung"),
        _("Welle"),
        _("Eingeladen am"),
        _("Erinnert am"),
        _("Geantwortet am"),
        _("Begründung"),
        _("Vertretung"),
        _("E-Mail-Adresse der Vertretung"),
        _("Keine Einladungen erwünscht"),
    ]


def _cells(line: Line) -> list[tables.Cell]:
    one = line.invitation
    days = [
        local(moment).strftime("%Y-%m-%d %H:%M") if moment else ""
        for moment in (one.sent_at, one.reminded_at, one.answered_at)
    ]
    return [
        one.name,
        one.email,
        one.function,
        one.company,
        one.district,
        size_word(one.size) if one.size else "",
        str(INVITATION_STATES[one.state]),
        str(words.REGISTRATION_STATES[line.registered]) if line.registered else "",
        line.wave_number,
        *days,
        one.answer_reason,
        one.substitute_name,
        one.substitute_email or "",
        _("ja") if line.is_closed else "",
    ]
