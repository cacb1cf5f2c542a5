# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The overview with its tasks, the state of the operation, and the log."""

from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta import __version__
from charta.accounts import queries as accounts
from charta.activity import queries as activity
from charta.admin import queries, words
from charta.admin.views.blueprint import blueprint
from charta.db import session
from charta.fields import queries as fields
from charta.notifications import queries as notifications
from charta.notifications import service as outbox
from charta.permissions import Permission, role_may
from charta.site import queries as site
from charta.site.rules import SLUGS
from charta.web.access import access
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor, current_round


@blueprint.get("/verwaltung")
@access(Permission.MANAGE_PEOPLE)
def index() -> ResponseReturnValue:
    """Show what waits for the administration, and whether everything runs."""
    mails = notifications.outbox_state()
    open_invitations, expired = accounts.count_of_open_invitations()
    checked = {page.slug for page in site.pages() if not page.is_template}
    unchecked = [slug for slug in SLUGS if slug not in checked]
    tasks = []
    if mails.failed:
        tasks.append(
            (
                ngettext(
                    "%(num)s Nachricht konnte nicht zugestellt werden",
                    "%(num)s Nachrichten konnten nicht zugestellt werden",
                    mails.failed,
                ),
                url_for("admin.operation"),
            )
        )
    if mails.is_overdue:
        tasks.append((_("Der Versand von Nachrichten steht"), url_for("admin.operation")))
    if expired:
        tasks.append(
            (
                ngettext("%(num)s Einladung ist abgelaufen", "%(num)s Einladungen sind abgelaufen", expired),
                url_for("admin.invitations"),
            )
        )
    field_count = len(fields.fields())
    if not field_count:
        tasks.append((_("Noch ist kein Handlungsfeld angelegt"), url_for("admin.fields")))
    round_ = current_round()
    if round_ is None or not round_.is_open:
        tasks.append((_("Zurzeit ist keine Beteiligungsrunde geöffnet"), url_for("admin.rounds")))
    if unchecked:
        tasks.append(
            (
                ngettext(
                    "%(num)s Seite ist noch zu schreiben oder zu prüfen",
                    "%(num)s Seiten sind noch zu schreiben oder zu prüfen",
                    len(unchecked),
                ),
                url_for("admin.pages"),
            )
        )
    return render_template(
        "admin/index.html",
        tasks=tasks,
        mails=mails,
        people=accounts.count_of_people(),
        field_count=field_count,
        open_invitations=open_invitations,
        version=__version__,
        is_migrated=queries.migration() == current_app.config["MIGRATION_HEAD"],
    )


@blueprint.get("/verwaltung/betrieb")
@access(Permission.MANAGE_SITE)
def operation() -> ResponseReturnValue:
    """Show the outbox and what the program runs on."""
    return render_template(
        "admin/operation.html",
        mails=notifications.outbox_state(),
        unsent=notifications.unsent(),
        dead=notifications.dead_addresses(),
        transport=current_app.config["MAIL_TRANSPORT"],
        transports=words.TRANSPORTS,
        databases=words.DATABASES,
        version=__version__,
        migration=queries.migration(),
        head=current_app.config["MIGRATION_HEAD"],
        database=session.get_bind().dialect.name,
    )


@blueprint.post("/verwaltung/betrieb/erneut-senden")
@access(Permission.MANAGE_SITE)
def send_again() -> ResponseReturnValue:
    """Give one or all given-up mails back to the worker."""
    chosen = request.form.get("nachricht", "")
    one = int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None
    count = outbox.send_again(actor(), one)
    flash(
        ngettext(
            "%(num)s Nachricht wird noch einmal versucht.",
            "%(num)s Nachrichten werden noch einmal versucht.",
            count,
        ),
        "success",
    )
    return redirect(url_for("admin.operation"), 303)


@blueprint.post("/verwaltung/betrieb/<id:mail_id>/verwerfen")
@access(Permission.MANAGE_SITE)
def discard_mail(mail_id: int) -> ResponseReturnValue:
    """Delete a given-up mail."""
    outbox.discard(actor(), mail_id)
    flash(_("Die Nachricht ist verworfen."), "success")
    return redirect(url_for("admin.operation"), 303)


@blueprint.get("/verwaltung/protokoll")
@access(Permission.READ_ACTIVITY)
def log() -> ResponseReturnValue:
    """Show the log, newest first; on request the chain is checked."""
    kind = request.args.get("art")
    kind = kind if kind in words.SUBJECT_KINDS else None
    person = request.args.get("person", "").strip()[:120]
    before_seq = key_argument()
    rows = cut(
        queries.log_page(before_seq=before_seq, kind=kind, person=person),
        activity.PAGE_SIZE,
        lambda row: row[0].seq,
    )
    kept: dict[str, Any] = {"art": kind, "person": person or None}
    return render_template(
        "admin/log.html",
        entries=[
            {
                "seq": entry.seq,
                "at": entry.at,
                "who": name or (_("Ehemaliges Konto") if entry.actor_id else _("Das System")),
                "deed": words.deed(entry),
                "subject": words.subject(entry),
                "url": _subject_url(entry.subject_kind, entry.subject_id),
            }
            for entry, name in rows.items
        ],
        kinds=words.SUBJECT_KINDS,
        kind=kind,
        person=person,
        verification=activity.verify() if request.args.get("pruefen") == "1" else None,
        first_url=url_for("admin.log", **kept) if before_seq else None,
        next_url=url_for("admin.log", **kept, nach=rows.next_key) if rows.next_key else None,
    )


def _subject_url(kind: str, ident: int) -> str | None:
    """Return where the subject of an entry can be looked at, None where this role cannot or nothing is."""
    match kind:
        case "section":
            return url_for("sections.show", section_id=ident)
        case "proposal":
            return url_for("proposals.show", number=ident)
        case "measure":
            return url_for("measures.show", measure_id=ident)
        case "field" if role_may(actor(), Permission.MANAGE_SITE):
            return url_for("admin.edit_field", field_id=ident)
        case "person" if role_may(actor(), Permission.MANAGE_PEOPLE):
            return url_for("admin.person", person_id=ident)
        case "organisation" if role_may(actor(), Permission.MANAGE_ORGANISATIONS):
            return url_for("admin.organisation", organisation_id=ident)
        case _:
            return None
