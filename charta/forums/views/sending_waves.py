# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Waves of invitations: choosing who is written to, the letter, sending, the one reminder."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.db import utcnow
from charta.forums.models import Forum
from charta.forums.queries import forums, invitations
from charta.forums.queries.invitations import WaveRow
from charta.forums.rules import LETTER_MAX, ForumState
from charta.forums.service import letters
from charta.forums.service import waves as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.inviting_forms import (
    DeedForm,
    LetterForm,
    ReminderForm,
    WaveForm,
)
from charta.permissions import Permission
from charta.web import mails
from charta.web.access import access
from charta.web.forms import catching
from charta.web.i18n import locale_code
from charta.web.viewer import actor


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
    elif row.wave.sent_at is not None:
        return _too_late(slug, number)
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
    flash_errors(form)
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
    flash_errors(form)
    return redirect(url_for("forums.invitations", slug=slug), 303)


@blueprint.post("/foren/<slug>/einladungen/wellen/<id:number>/erinnerung")
@access(Permission.INVITE_TO_FORUM)
def wave_reminder(slug: str, number: int) -> ResponseReturnValue:
    """Set the date of the reminder, or remind now."""
    forum = forums.load(slug)
    row = invitations.wave(forum.id, number)
    if row.wave.sent_at is None or row.wave.reminded_at is not None or not is_coming(forum):
        return _too_late(slug, number)
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


def _too_late(slug: str, number: int) -> ResponseReturnValue:
    """Go back to a page that no longer shows the form that was sent."""
    flash(_("Das ist nicht mehr möglich."), "warning")
    return redirect(url_for("forums.wave", slug=slug, number=number), 303)


def _wave_page(forum: Forum, row: WaveRow, form: LetterForm, reminder: ReminderForm) -> ResponseReturnValue:
    is_sent = row.wave.sent_at is not None
    first = invitations.sample(row.wave.id)
    preview = mails.render(
        "forum_invitation",
        locale=locale_code(),
        recipient=first.name if first else "",
        secret="ihr-schluessel",  # noqa: S106 -- where the key will stand
        data=letters.preview(forum, row.wave),
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
            can_send=is_coming(forum),
            letter_max=LETTER_MAX,
            deed=DeedForm(formdata=None),
        ),
        max(form.status_code, reminder.status_code),
    )


def is_coming(forum: Forum) -> bool:
    """Whether anybody can still be invited to a forum."""
    is_over = forum.state in {ForumState.CANCELLED, ForumState.HELD}
    return not is_over and (forum.starts_at is None or forum.starts_at > utcnow())


def flash_errors(form: DeedForm) -> None:
    """Say what went wrong on the page that follows."""
    for message in form.form_errors:
        flash(message, "warning")
