# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading an invitation list from a file or a spreadsheet: upload, preview, taking in."""

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.contributions.service import drafts
from charta.errors import InvalidInput
from charta.forums.invitees import check_rows, guess_mapping
from charta.forums.inviting_words import size_word
from charta.forums.queries import forums, invitations
from charta.forums.service import inviting as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.inviting_forms import (
    COLUMNS,
    MappingForm,
    TableForm,
)
from charta.permissions import Permission
from charta.web import tables
from charta.web import words as web_words
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.uploads import takes_files
from charta.web.viewer import actor

DRAFT_KIND = "invitations"
REFUSED_SHOWN = 100


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
    html = render_template(
        "forums/invitations_preview.html",
        forum=forum,
        form=form,
        draft=draft,
        checked=checked,
        refused=[(one.number, one.words, _reason(one.error)) for one in checked.refused[:REFUSED_SHOWN]],
        has_addresses="email" in mapping,
        size_word=size_word,
    )
    return no_store(Response(html, form.status_code))


def _reason(error: InvalidInput) -> str:
    labels = {column.value: str(word) for column, word in COLUMNS.items()}
    field = labels.get(error.field, "")
    sentence = web_words.input_error(error.code, error.data)
    return _("%(column)s: %(sentence)s", column=field, sentence=sentence) if field else sentence
