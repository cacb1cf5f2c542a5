# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Invitation lists of a forum: the list, importing one, waves and reminders."""

from dataclasses import replace

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.contributions.service import drafts
from charta.db import utcnow
from charta.errors import InvalidInput
from charta.forums import words
from charta.forums.invitees import check_rows, clean_invitee, guess_mapping
from charta.forums.inviting_words import INVITATION_STATES, answer, size_word
from charta.forums.models import Forum
from charta.forums.queries import forums, invitations
from charta.forums.queries.invitations import Filters, Line, WaveRow
from charta.forums.rules import LETTER_MAX, CompanySize, ForumState, InvitationState
from charta.forums.service import inviting as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.inviting_forms import (
    COLUMNS,
    UNKNOWN_SIZE,
    DeedForm,
    InviteeForm,
    LetterForm,
    MappingForm,
    ReminderForm,
    TableForm,
    WaveForm,
)
from charta.permissions import Permission
from charta.web import mails, tables
from charta.web import words as web_words
from charta.web.access import access
from charta.web.dates import local
from charta.web.forms import catching
from charta.web.i18n import locale_code
from charta.web.pager import cut, key_argument
from charta.web.uploads import takes_files
from charta.web.viewer import actor

DRAFT_KIND = "invitations"
REFUSED_SHOWN = 100


# ----------------------------------------------------------------------------------------------- the list


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
    return render_template(
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
        can_send=_is_coming(forum),
        deed=DeedForm(formdata=None),
        **_words(),
    )


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
    _flash_errors(form)
    return redirect(url_for("forums.invitations", slug=slug), 303)


# ------------------------------------------------------------------------------------ taking a table in


@blueprint.route("/foren/<slug>/einladungen/einlesen", methods=["GET", "POST"])
@takes_files
@access(Permission.INVITE_TO_FORUM)
def invitations_upload(slug: str) -> ResponseReturnValue:
    """Take a file, or what was copied from a spreadsheet, and keep it for the preview."""
    forum = forums.load(slug)
    form = TableForm()
    if form.validate_on_submit():
        with catching(form):
            upload, text = form.file.data, (form.text.data or "").strip()
            if not upload and not text:
                raise InvalidInput("file", "file_or_text")
            data = upload.read() if upload else text.encode()
            table = tables.read_table(data, upload.filename or "" if upload else "")
            draft_id = drafts.keep(
                actor(),
                permission=Permission.INVITE_TO_FORUM,
                kind=DRAFT_KIND,
                forum_id=forum.id,
                file_name=(upload.filename or "") if upload else "",
                columns=list(table.columns),
                rows=[list(row) for row in table.rows],
                numbers=list(table.numbers),
                mapping=guess_mapping(table.columns, table.rows),
            )
            return redirect(url_for("forums.invitations_preview", slug=slug, draft_id=draft_id), 303)
    return render_template("forums/invitations_upload.html", forum=forum, form=form), form.status_code


@blueprint.route("/foren/<slug>/einladungen/einlesen/<id:draft_id>", methods=["GET", "POST"])
@access(Permission.INVITE_TO_FORUM)
def invitations_preview(slug: str, draft_id: int) -> ResponseReturnValue:
    """Show what the table would bring; columns can be named otherwise before it is taken in."""
    forum = forums.load(slug)
    draft = drafts.mine(actor(), draft_id, kind=DRAFT_KIND, forum_id=forum.id)
    if draft.done_at is not None:
        flash(_("Diese Tabelle ist bereits eingelesen."), "info")
        return redirect(url_for("forums.invitations", slug=slug), 303)
    form = MappingForm()
    form.offer([str(heading) for heading in draft.columns])
    mapping = {str(name): int(place) for name, place in draft.mapping.items()}
    rows = [[str(cell) for cell in row[1:]] for row in draft.rows]
    numbers = [int(row[0]) for row in draft.rows]
    known = invitations.known_addresses(forum.id)
    if not form.is_submitted():
        form.fill(mapping)
    elif form.validate_on_submit():
        with catching(form):
            mapping = form.mapping
            if "email" not in mapping:
                raise InvalidInput("email", "no_email_column")
            if "uebernehmen" not in request.form:
                drafts.set_mapping(actor(), draft_id, permission=Permission.INVITE_TO_FORUM, mapping=mapping)
                return redirect(url_for("forums.invitations_preview", slug=slug, draft_id=draft_id), 303)
            checked = check_rows(rows, numbers, mapping, known=known)
            count = service.put_on_list(actor(), forum.id, checked.good)
            drafts.finish(actor(), draft_id, permission=Permission.INVITE_TO_FORUM)
            flash(
                ngettext(
                    "%(num)s Person steht neu auf der Liste.",
                    "%(num)s Personen stehen neu auf der Liste.",
                    count,
                ),
                "success",
            )
            return redirect(url_for("forums.invitations", slug=slug), 303)
    checked = check_rows(rows, numbers, mapping, known=known)
    return (
        render_template(
            "forums/invitations_preview.html",
            forum=forum,
            form=form,
            draft=draft,
            checked=checked,
            refused=[(one.number, one.words, _reason(one.error)) for one in checked.refused[:REFUSED_SHOWN]],
            has_addresses="email" in mapping,
            size_word=size_word,
        ),
        form.status_code,
    )


def _reason(error: InvalidInput) -> str:
    labels = {column.value: str(word) for column, word in COLUMNS.items()}
    field = labels.get(error.field, "")
    sentence = web_words.input_error(error.code, error.data)
    return _("%(column)s: %(sentence)s", column=field, sentence=sentence) if field else sentence


# ------------------------------------------------------------------------------------------------- waves


@blueprint.route("/foren/<slug>/einladungen/wellen/neu", methods=["GET", "POST"])
@access(Permission.INVITE_TO_FORUM)
def wave_new(slug: str) -> ResponseReturnValue:
    """Choose who is written to next, and write the letter."""
    forum = forums.load(slug)
    districts = invitations.districts(forum.id)
    form = WaveForm()
    form.offer(districts)
    if not form.is_submitted():
        form.subject.data = _("Einladung: %(title)s", title=forum.title)
        form.districts.data = [request.args["kreis"] or "-"] if "kreis" in request.args else []
        form.sizes.data = [request.args["groesse"]] if request.args.get("groesse") else []
    elif form.validate_on_submit():
        with catching(form):
            number = service.plan_wave(
                actor(),
                forum.id,
                subject=form.subject.data or "",
                letter=form.letter.data or "",
                districts=form.chosen_districts,
                sizes=form.chosen_sizes,
            )
            return redirect(url_for("forums.wave", slug=slug, number=number), 303)
    return (
        render_template("forums/wave_new.html", forum=forum, form=form, letter_max=LETTER_MAX),
        form.status_code,
    )


@blueprint.route("/foren/<slug>/einladungen/wellen/<id:number>", methods=["GET", "POST"])
@access(Permission.INVITE_TO_FORUM)
def wave(slug: str, number: int) -> ResponseReturnValue:
    """Show a wave: before it leaves its letter as the mail will read, afterwards what came of it."""
    forum = forums.load(slug)
    row = invitations.wave(forum.id, number)
    form = LetterForm()
    if not form.is_submitted():
        form.subject.data, form.letter.data = row.wave.subject, row.wave.letter
    elif form.validate_on_submit():
        with catching(form):
            service.change_wave(
                actor(), row.wave.id, subject=form.subject.data or "", letter=form.letter.data or ""
            )
            flash(_("Der Brief ist gespeichert."), "success")
            return redirect(url_for("forums.wave", slug=slug, number=number), 303)
    return _wave_page(forum, row, form, ReminderForm(formdata=None, data={"remind_at": row.wave.remind_at}))


@blueprint.post("/foren/<slug>/einladungen/wellen/<id:number>/senden")
@access(Permission.INVITE_TO_FORUM)
def wave_send(slug: str, number: int) -> ResponseReturnValue:
    """Send a wave; a second click sends nothing."""
    forum = forums.load(slug)
    found = invitations.wave(forum.id, number).wave.id
    form = DeedForm()
    if form.validate_on_submit():
        with catching(form):
            count = service.send_wave(actor(), found)
            flash(
                ngettext("%(num)s Einladung geht hinaus.", "%(num)s Einladungen gehen hinaus.", count)
                if count
                else _("Diese Welle ist schon hinausgegangen."),
                "success" if count else "info",
            )
    _flash_errors(form)
    return redirect(url_for("forums.wave", slug=slug, number=number), 303)


@blueprint.post("/foren/<slug>/einladungen/wellen/<id:number>/verwerfen")
@access(Permission.INVITE_TO_FORUM)
def wave_discard(slug: str, number: int) -> ResponseReturnValue:
    """Give up a wave that has not left yet."""
    forum = forums.load(slug)
    found = invitations.wave(forum.id, number).wave.id
    form = DeedForm()
    if form.validate_on_submit():
        with catching(form):
            service.discard_wave(actor(), found)
            flash(_("Die Welle ist verworfen. Alle stehen weiter auf der Liste."), "success")
    _flash_errors(form)
    return redirect(url_for("forums.invitations", slug=slug), 303)


@blueprint.post("/foren/<slug>/einladungen/wellen/<id:number>/erinnerung")
@access(Permission.INVITE_TO_FORUM)
def wave_reminder(slug: str, number: int) -> ResponseReturnValue:
    """Set the date of the reminder, or remind now."""
    forum = forums.load(slug)
    row = invitations.wave(forum.id, number)
    form = ReminderForm()
    if form.validate_on_submit():
        with catching(form):
            if "jetzt" in request.form:
                count = service.remind_now(actor(), row.wave.id)
                flash(
                    ngettext("%(num)s Erinnerung geht hinaus.", "%(num)s Erinnerungen gehen hinaus.", count),
                    "success",
                )
            else:
                service.set_reminder(actor(), row.wave.id, remind_at=form.remind_at.data)
                flash(
                    _("Die Erinnerung ist vorgemerkt.")
                    if form.remind_at.data
                    else _("Es wird nicht erinnert."),
                    "success",
                )
            return redirect(url_for("forums.wave", slug=slug, number=number), 303)
    letter = LetterForm(formdata=None, data={"subject": row.wave.subject, "letter": row.wave.letter})
    return _wave_page(forum, invitations.wave(forum.id, number), letter, form)


def _wave_page(forum: Forum, row: WaveRow, form: LetterForm, reminder: ReminderForm) -> ResponseReturnValue:
    is_sent = row.wave.sent_at is not None
    first = invitations.sample(row.wave.id)
    preview = mails.render(
        "forum_invitation",
        locale=locale_code(),
        recipient=first.name if first else "",
        secret="ihr-schluessel",  # noqa: S106 -- where the key will stand
        data=service.preview(forum, row.wave),
    )
    return (
        render_template(
            "forums/wave.html",
            forum=forum,
            row=row,
            wave=row.wave,
            form=form,
            reminder=reminder,
            preview=preview,
            recipients=row.people if is_sent else invitations.recipients(forum.id, row.wave.id),
            can_send=_is_coming(forum),
            letter_max=LETTER_MAX,
            deed=DeedForm(formdata=None),
        ),
        max(form.status_code, reminder.status_code),
    )


# ------------------------------------------------------------------------------------------------- parts


def _is_coming(forum: Forum) -> bool:
    is_over = forum.state in {ForumState.CANCELLED, ForumState.HELD}
    return not is_over and (forum.starts_at is None or forum.starts_at > utcnow())


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


def _flash_errors(form: DeedForm) -> None:
    for message in form.form_errors:
        flash(message, "warning")
