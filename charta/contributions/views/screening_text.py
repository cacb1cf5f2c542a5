# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Deeds on the words of a contribution, each on a page of its own: splitting, and taking words out."""

from collections.abc import Sequence

from flask import Response, flash, render_template, request
from flask.typing import ResponseReturnValue

from charta.contributions import screening_words
from charta.contributions.queries.screening import Line
from charta.contributions.redaction import phrases_of
from charta.contributions.rules import GAP, PARTS_MAX, Kind
from charta.contributions.service import redacting, splitting
from charta.contributions.service.splitting import PARTS_MIN, Part
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.screening_deeds import go_on, line_of, stay
from charta.contributions.views.screening_filters import Filters
from charta.contributions.views.screening_forms import KINDS, RedactForm, SplitForm, number
from charta.errors import WrongState
from charta.fields import queries as fields
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.viewer import actor


@blueprint.get("/moderation/beitraege/<id:contribution_id>/aufteilen")
@access(Permission.READ_SCREENING)
def split_form(contribution_id: int) -> ResponseReturnValue:
    """Offer as many fields for parts as the text has paragraphs, and one more."""
    line = line_of(contribution_id)
    text = line.row.text.replace(GAP, "…")  # a gap with nothing kept behind it would be no gap
    paragraphs = [part for part in text.splitlines() if part.strip()]
    texts = paragraphs if len(paragraphs) >= PARTS_MIN else [text, ""]
    return _split_page(line, SplitForm(formdata=None), _parts(line, texts[: PARTS_MAX - 1]))


@blueprint.post("/moderation/beitraege/<id:contribution_id>/aufteilen")
@access(Permission.SCREEN_CONTRIBUTION)
def split(contribution_id: int) -> ResponseReturnValue:
    """Split a contribution into the parts that have words; „mehr“ only offers another field."""
    form, line = SplitForm(), line_of(contribution_id)
    parts = [
        Part(text, number(field), Kind(kind) if kind in set(Kind) else None)
        for text, field, kind in zip(
            request.form.getlist("teil")[:PARTS_MAX],
            request.form.getlist("feld"),
            request.form.getlist("art"),
            strict=False,
        )
    ]
    if form.validate_on_submit() and "mehr" not in request.form:
        written = [part for part in parts if part.text.strip()]
        with catching(form):
            try:
                splitting.split(actor(), contribution_id, seen=form.version(), parts=written)
            except WrongState as error:
                form.refuse("", screening_words.wrong_state(error), status_code=409)
            else:
                flash(screening_words.done("aufteilen", line.row.code), "success")
                return go_on(contribution_id)
    return _split_page(line, form, parts)


def _parts(line: Line, texts: Sequence[str]) -> list[Part]:
    field_id = line.row.field.id if line.row.field else None
    return [Part(text, field_id, line.row.kind) for text in texts]


def _split_page(line: Line, form: SplitForm, parts: Sequence[Part]) -> Response:
    empty = Part("", line.row.field.id if line.row.field else None, line.row.kind)
    shown = [*parts, *([empty] if len(parts) < PARTS_MAX and (not parts or parts[-1].text.strip()) else [])]
    html = render_template(
        "contributions/split.html",
        line=line,
        form=form,
        parts=[*shown, *[empty] * (PARTS_MIN - len(shown))],
        limit=PARTS_MAX,
        fields=fields.fields(),
        kinds=KINDS,
        filters=Filters.from_address(),
    )
    return Response(html, form.status_code)


@blueprint.get("/moderation/beitraege/<id:contribution_id>/worte-entfernen")
@access(Permission.READ_SCREENING)
def redact_form(contribution_id: int) -> ResponseReturnValue:
    """Ask which words are not to be read by everybody; those already out are named."""
    line, form = line_of(contribution_id), RedactForm(formdata=None)
    form.phrases.data = "\n".join(phrases_of(line.original_text or "", line.row.text))
    return _redact_page(line, form)


@blueprint.post("/moderation/beitraege/<id:contribution_id>/worte-entfernen")
@access(Permission.SCREEN_CONTRIBUTION)
def redact(contribution_id: int) -> ResponseReturnValue:
    """Take the named words out of what everybody reads."""
    form, line = RedactForm(), line_of(contribution_id)
    if form.validate_on_submit():
        with catching(form):
            redacting.redact(
                actor(),
                contribution_id,
                seen=form.version(),
                phrases=(form.phrases.data or "").splitlines(),
                reason=form.reason.data or "",
            )
            flash(screening_words.done("schwaerzen", line.row.code), "success")
            return stay(contribution_id)
    return _redact_page(line, form)


def _redact_page(line: Line, form: RedactForm) -> Response:
    html = render_template("contributions/redact.html", line=line, form=form, filters=Filters.from_address())
    return Response(html, form.status_code)
