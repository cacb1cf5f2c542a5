# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Contributions from a table: upload, columns, preview, report; each step is a page and works alone."""

from collections.abc import Sequence

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions import words
from charta.contributions.card_rows import Column, Taking, guessed
from charta.contributions.models import ImportDraft
from charta.contributions.paper_words import PUBLIC_NAMES, letter, reason
from charta.contributions.queries import paper as queries
from charta.contributions.queries.paper import Refused
from charta.contributions.rules import IMPORT_ROWS_MAX, TEXT_MAX
from charta.contributions.service import drafts
from charta.contributions.service import paper as service
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.paper_forms import MappingForm, TakingForm, UploadForm
from charta.errors import InvalidInput
from charta.fields import queries as fields
from charta.forums.models import Forum
from charta.forums.queries import forums
from charta.permissions import Permission
from charta.text.normalise import single_line
from charta.web import tables
from charta.web.access import access
from charta.web.forms import catching, presentable
from charta.web.uploads import takes_files
from charta.web.viewer import actor

SHOWN = 100  # of the refused rows; the file holds all
SAMPLES = 5
SELDOM = (Column.TITLE, Column.PUBLIC_NAME, Column.NAME, Column.ORGANISATION, Column.PEOPLE)


@blueprint.route("/foren/<slug>/beitraege/einlesen", methods=["GET", "POST"])
@takes_files
@access(Permission.RECORD_CONTRIBUTION)
def import_upload(slug: str) -> ResponseReturnValue:
    """Take a file and keep its table for the next steps."""
    forum = forums.load(slug)
    form = UploadForm()
    if form.validate_on_submit():
        with catching(form):
            upload = form.file.data
            if not upload:
                raise InvalidInput("file", "no_file")
            name = presentable(upload.filename or "")
            table = tables.read_table(upload.read(tables.MAX_BYTES + 1), name, max_rows=IMPORT_ROWS_MAX)
            draft_id = drafts.keep(
                actor(),
                permission=Permission.RECORD_CONTRIBUTION,
                kind=service.DRAFT,
                forum_id=forum.id,
                file_name=single_line(name.replace("\ufffd", "")),
                columns=list(table.columns),
                rows=[list(row) for row in table.rows],
                numbers=list(table.numbers),
                mapping={"columns": {column.value: at for column, at in guessed(table.columns).items()}},
            )
            return redirect(url_for("contributions.import_columns", slug=slug, draft_id=draft_id), 303)
    return (
        render_template(
            "contributions/import.html", forum=forum, form=form, rows_max=IMPORT_ROWS_MAX, text_max=TEXT_MAX
        ),
        form.status_code,
    )


@blueprint.get("/foren/<slug>/beitraege/vorlage.xlsx")
@access(Permission.RECORD_CONTRIBUTION)
def import_template(slug: str) -> Response:
    """Return an empty table with our headings and the cards that are not typed in yet."""
    forum = forums.load(slug)
    headings = [
        _("Code"),
        _("Text"),
        _("Handlungsfeld"),
        _("Art"),
        _("Name nennen"),
        _("Name"),
        _("Organisation"),
    ]
    rows = [[code] for _number, code in queries.open_cards(forum.id)]
    return tables.table_response(
        tables.write_xlsx(headings, rows, sheet=_("Beiträge")), f"beitraege-{forum.slug}.xlsx"
    )


@blueprint.route("/foren/<slug>/beitraege/einlesen/<id:draft_id>", methods=["GET", "POST"])
@access(Permission.RECORD_CONTRIBUTION)
def import_columns(slug: str, draft_id: int) -> ResponseReturnValue:
    """Say which column means what; guessed from the headings."""
    forum, draft = _draft(slug, draft_id)
    if draft.done_at is not None:
        return _to("import_report", slug, draft_id)
    form = MappingForm()
    headings = [presentable(str(heading)) for heading in draft.columns]
    form.offer(headings)
    if form.validate_on_submit():
        with catching(form):
            if Column.TEXT.value not in form.chosen:
                raise InvalidInput(Column.TEXT.value, "no_text_column")
            drafts.set_mapping(
                actor(),
                draft_id,
                permission=Permission.RECORD_CONTRIBUTION,
                mapping={"columns": form.chosen},
            )
            return _to("import_preview", slug, draft_id)
    elif not form.is_submitted():
        form.fill(service.stored_mapping(draft))
    return (
        render_template(
            "contributions/import_columns.html",
            forum=forum,
            draft=draft,
            form=form,
            has_more=any(form[column.value].data or form[column.value].errors for column in SELDOM),
            headings=[(letter(place), heading) for place, heading in enumerate(headings)],
            samples=[[presentable(str(cell)) for cell in row[1:]] for row in draft.rows[:2]],
        ),
        form.status_code,
    )


@blueprint.route("/foren/<slug>/beitraege/einlesen/<id:draft_id>/vorschau", methods=["GET", "POST"])
@access(Permission.RECORD_CONTRIBUTION)
def import_preview(slug: str, draft_id: int) -> ResponseReturnValue:
    """Show what would be taken in and what not, with the reasons, and take it in."""
    forum, draft = _draft(slug, draft_id)
    if draft.done_at is not None:
        return _to("import_report", slug, draft_id)
    mapping = service.stored_mapping(draft)
    if Column.TEXT not in mapping:
        return _to("import_columns", slug, draft_id)
    examined = queries.examine(forum.id, service.stored_rows(draft), mapping)
    form = TakingForm()
    form.offer(len(examined.good))
    if not form.is_submitted() and not examined.refused:
        form.taking.data = Taking.ALL.value
    if form.validate_on_submit():
        with catching(form):
            report = service.import_draft(actor(), draft_id, taking=Taking(form.taking.data))
            if report.taken:
                return _to("import_report", slug, draft_id)
            raise InvalidInput("taking", "nothing_taken", count=len(report.refused))
    names = {field.id: field.name for field in fields.fields()}
    return (
        render_template(
            "contributions/import_preview.html",
            forum=forum,
            draft=draft,
            form=form,
            good=examined.good[:SAMPLES],
            count=len(examined.good),
            refused=_shown(examined.refused, mapping),
            refused_count=len(examined.refused),
            names=names,
            kind_word=words.kind,
            public_names=PUBLIC_NAMES,
            shown=SHOWN,
        ),
        form.status_code,
    )


@blueprint.get("/foren/<slug>/beitraege/einlesen/<id:draft_id>/bericht")
@access(Permission.RECORD_CONTRIBUTION)
def import_report(slug: str, draft_id: int) -> ResponseReturnValue:
    """Say what was taken in, and why the rest was not."""
    forum, draft = _draft(slug, draft_id)
    if draft.done_at is None:
        return _to("import_preview", slug, draft_id)
    report = service.stored_report(draft)
    return render_template(
        "contributions/import_report.html",
        forum=forum,
        draft=draft,
        taken=report.taken,
        refused=_shown(report.refused, service.stored_mapping(draft)),
        refused_count=len(report.refused),
        shown=SHOWN,
    )


@blueprint.get("/foren/<slug>/beitraege/einlesen/<id:draft_id>/abgewiesen.csv")
@access(Permission.RECORD_CONTRIBUTION)
def import_refused(slug: str, draft_id: int) -> Response:
    """Return the refused rows as they came, each with its reason, to be mended and brought again."""
    forum, draft = _draft(slug, draft_id)
    mapping = service.stored_mapping(draft)
    refused = (
        service.stored_report(draft).refused
        if draft.done_at is not None
        else queries.examine(forum.id, service.stored_rows(draft), mapping).refused
    )
    content = tables.write_csv(
        [_("Zeile"), _("Grund"), *(str(heading) for heading in draft.columns)],
        ([one.number, reason(one), *one.cells] for one in refused),
    )
    return tables.table_response(content, f"abgewiesen-{forum.slug}.csv")


def _draft(slug: str, draft_id: int) -> tuple[Forum, ImportDraft]:
    forum = forums.load(slug)
    return forum, drafts.mine(actor(), draft_id, kind=service.DRAFT, forum_id=forum.id)


def _to(endpoint: str, slug: str, draft_id: int) -> ResponseReturnValue:
    return redirect(url_for(f"contributions.{endpoint}", slug=slug, draft_id=draft_id), 303)


def _shown(refused: Sequence[Refused], mapping: dict[Column, int]) -> list[tuple[int, str, str]]:
    """Return the first refused rows as (number, its words, reason)."""
    at = mapping.get(Column.TEXT, 0)
    return [
        (one.number, presentable(one.cells[at] if at < len(one.cells) else ""), reason(one))
        for one in refused[:SHOWN]
    ]
