# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cards on paper: numbering and printing them, and typing them in one after the other."""

import secrets
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.accounts.rules import PublicName
from charta.contributions import words
from charta.contributions.queries import paper as queries
from charta.contributions.rules import CARDS_MAX, TEXT_MAX, Kind
from charta.contributions.service import paper as service
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.paper_forms import PrintForm, RecordForm
from charta.errors import NotFound
from charta.fields import queries as fields
from charta.forums import words as forum_words
from charta.forums.models import Forum
from charta.forums.queries import forums
from charta.forums.rules import ForumState
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching, presentable
from charta.web.i18n import locale_code
from charta.web.pdf import pdf, pdf_response
from charta.web.qr import qr_svg
from charta.web.urls import MAX_ID
from charta.web.viewer import actor

PRESET_COUNT = 40
SURE = frozenset({ForumState.CONFIRMED, ForumState.MOVED, ForumState.HELD})


@blueprint.route("/foren/<slug>/karten", methods=["GET", "POST"])
@access(Permission.RECORD_CONTRIBUTION)
def cards(slug: str) -> ResponseReturnValue:
    """List the cards of a forum and number new ones."""
    forum = forums.load(slug)
    form = PrintForm()
    if form.validate_on_submit():
        with catching(form):
            numbers = service.print_cards(actor(), forum.id, count=form.count.data or 0)
            flash(
                ngettext(
                    "%(num)s neue Karte ist angelegt. Laden Sie jetzt die Druckdatei.",
                    "%(num)s neue Karten sind angelegt. Laden Sie jetzt die Druckdatei.",
                    len(numbers),
                ),
                "success",
            )
            return redirect(url_for("contributions.cards", slug=slug), 303)
    elif not form.is_submitted():
        form.count.data = PRESET_COUNT
    return (
        render_template(
            "contributions/cards.html",
            forum=forum,
            form=form,
            batches=queries.batches(forum.id),
            most=CARDS_MAX,
        ),
        form.status_code,
    )


@blueprint.get("/foren/<slug>/karten.pdf")
@access(Permission.RECORD_CONTRIBUTION)
def cards_pdf(slug: str) -> Response:
    """Return the sheets of cards that were numbered before, four on a page."""
    forum = forums.load(slug)
    first, last = _number("von"), _number("bis")
    found = queries.cards(forum.id, first=first, last=last)
    if not found:
        raise NotFound(kind="cards", first=first, last=last)
    return pdf_response(pdf("cards", _sheet(forum, found)), f"karten-{slug}-{first}-{last}.pdf")


@blueprint.route("/foren/<slug>/karten/erfassen", methods=["GET", "POST"])
@access(Permission.RECORD_CONTRIBUTION)
def record_card(slug: str) -> ResponseReturnValue:
    """Type in one card and go on with the next."""
    forum = forums.load(slug)
    known_fields = fields.fields()
    form = RecordForm()
    form.offer(known_fields)
    if form.validate_on_submit():
        with catching(form):
            made = service.record_card(
                actor(),
                forum.id,
                card=form.card.data or "",
                text=form.text.data or "",
                field_id=form.chosen_field,
                kind=form.chosen_kind,
                public_name=PublicName(form.public_name.data),
                name=form.name.data or "",
                organisation=form.organisation.data or "",
                once_key=form.once_key.data or None,
            )
            flash(_("Erfasst: Beitrag %(code)s. Jetzt die nächste Karte.", code=made.code), "success")
            return redirect(url_for("contributions.record_card", slug=slug), 303)
    elif not form.is_submitted():
        form.card.data = presentable(request.args.get("karte", "")[:20])
        form.once_key.data = secrets.token_urlsafe(16)
    if not form.errors:
        # Whoever types in a stack never touches the mouse.
        form.card.render_kw = {"autofocus": True}
    batches = queries.batches(forum.id)
    return (
        render_template(
            "contributions/record.html",
            forum=forum,
            form=form,
            recent=queries.just_recorded(forum.id, actor().id or 0),
            printed=sum(batch.count for batch in batches),
            recorded=sum(batch.recorded for batch in batches),
            text_max=TEXT_MAX,
        ),
        form.status_code,
    )


def _number(name: str) -> int:
    raw = request.args.get(name, "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 11 and 0 < int(raw) <= MAX_ID):
        raise NotFound(kind="cards")
    return int(raw)


def _sheet(forum: Forum, found: Any) -> dict[str, Any]:
    """Return what the typst file needs, all words in the language of the page."""
    base = str(current_app.config["BASE_URL"])
    shown = base.split("://", 1)[-1]
    is_sure = forum.state in SURE and not forum.is_always_open
    when = forum_words.date_line(forum) if is_sure else ""  # what may still move is not printed
    return {
        "lang": locale_code(),
        "title": _("Beitragskarten: %(forum)s", forum=forum.title),
        "forum": forum.title,
        "place": ", ".join(part for part in (when, forum.place) if part),
        "heading": _("Karte Nr."),
        "question": _("Ihre Herausforderung, Ihr Bedarf, Ihre Empfehlung"),
        "kinds": [words.kind(kind) for kind in Kind],
        "field_label": _("Handlungsfeld (freiwillig)"),
        "fields": [f"{field.number} {field.short_name}" for field in fields.fields()],
        "name_label": _("Was soll neben Ihrem Beitrag stehen?"),
        "names": [_("kein Name"), _("Organisation"), _("Name und Organisation")],
        "name_line": _("Name, Organisation:"),
        "follow": _("Was daraus wird, lesen Sie hier:"),
        "code_label": _("Code"),
        "privacy": _(
            "Ihr Text wird veröffentlicht. Bitte nennen Sie darin keine anderen Personen. "
            "Name und Organisation zeigen wir nur, wenn Sie es ankreuzen. Datenschutz:"
        ),
        "privacy_address": f"{shown}/datenschutz",
        "cards": [
            {
                "number": number,
                "code": code,
                "address": f"{shown}/b/{code}",
                "link": f"{base}/b/{code}",
                "qr": str(qr_svg(f"{base}/b/{code}", label=code, border=0)),
                "alt": _("QR-Code zur Seite von Beitrag %(code)s", code=code),
            }
            for number, code in found
        ],
    }
