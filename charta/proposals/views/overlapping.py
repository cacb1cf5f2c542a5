# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settling an overlap: base, present text and proposal side by side, one choice each, the result below."""

from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.errors import InvalidInput
from charta.permissions import Permission, require
from charta.proposals import service, words
from charta.proposals.forms import OverlapForm
from charta.proposals.merging import Wording
from charta.proposals.places import place_words
from charta.proposals.queries import Detail, wording
from charta.proposals.rules import OPEN, MergeState, ProposalKind
from charta.proposals.views.blueprint import (
    Changes,
    blueprint,
    catching_all,
    compared,
    load,
    overlap_of,
    typed_wording,
    wants_json,
)
from charta.sections import queries as sections
from charta.text.diff import Comparison, compare
from charta.text.merge import Segment
from charta.web.access import access
from charta.web.viewer import actor, policy

SETTLED_HERE = frozenset({MergeState.CONFLICT, MergeState.EDITED_SINCE, MergeState.BOTH_MOVED})


@dataclass(frozen=True, slots=True)
class Question:
    """One overlap with what was chosen for it so far: "", current, proposal, suggestion or own."""

    index: int
    segment: Segment
    is_title: bool
    current: Comparison
    proposed: Comparison
    choice: str
    own: str

    @property
    def is_open(self) -> bool:
        """Whether nothing is chosen yet."""
        return self.choice not in {"current", "proposal", "own"} and not (
            self.choice == "suggestion" and self.segment.suggestion is not None
        )

    @property
    def chosen(self) -> str:
        """The words that were chosen; an own wording keeps the blanks that stood around the old one."""
        match self.choice:
            case "current":
                return self.segment.ours
            case "suggestion" if self.segment.suggestion is not None:
                return self.segment.suggestion
            case "own":
                return padded(self.own, self.segment.ours or self.segment.theirs)
            case _:
                return self.segment.theirs


def padded(own: str, pattern: str) -> str:
    """Return own words with the blanks and line ends that stand around `pattern`.

    >>> padded("Neu.", "Alt. ")
    'Neu. '
    """
    words_only = own.replace("\r\n", "\n").strip()
    if not words_only:
        return ""
    start = len(pattern) - len(pattern.lstrip())
    end = len(pattern.rstrip())
    return pattern[:start] + words_only + pattern[end:]


@blueprint.route("/vorschlaege/<id:number>/ueberschneidung", methods=["GET", "POST"])
@access(Permission.RESOLVE_OVERLAP)
def overlap(number: int) -> ResponseReturnValue:
    """Settle every overlap of a proposal with the present text."""
    found = load(number)
    row = found.row
    require(actor(), Permission.RESOLVE_OVERLAP, row, policy=policy())
    if row.author_id != actor().id:
        require(actor(), Permission.ADAPT_PROPOSAL, row, policy=policy())
    if row.state not in OPEN or row.merge_state not in SETTLED_HERE:
        return redirect(url_for("proposals.show", number=number), 303)
    form = OverlapForm()
    if request.method == "GET":
        form.seen_version.data, form.seen_head.data = row.candidate, row.seen_head
    questions = _questions(found)
    wanted = request.form.get("tun", "")
    if form.validate_on_submit() and wanted != "preview" and not wants_json():
        with catching_all(form):
            if any(question.is_open for question in questions):
                raise InvalidInput("choices", "unresolved")
            service.resolve_overlap(
                actor(),
                number,
                choices=[question.chosen for question in questions],
                seen_version=form.seen_version.data,
                seen_head=form.seen_head.data,
                reason=form.reason.data or "",
            )
            flash(
                _("Die Überschneidung ist aufgelöst. Ihre neue Fassung passt zum aktuellen Text.")
                if row.author_id == actor().id
                else _("Die angepasste Fassung liegt vor. Die Verfasserin oder der Verfasser wird gefragt."),
                "success",
            )
            return redirect(url_for("proposals.show", number=number), 303)
    result = _result(found, questions)
    if wants_json():
        html = render_template("proposals/_result.html", result=result, questions=questions, words=words)
        return jsonify(html=html, open=sum(question.is_open for question in questions))
    if form.status_code == 409:
        for field, value in ((form.seen_version, row.candidate), (form.seen_head, row.seen_head)):
            field.data, field.raw_data = value, None
    return _render(found, form, questions, result), form.status_code


def _questions(found: Detail) -> list[Question]:
    result = overlap_of(found)
    if result is None:
        return []
    questions = []
    for index, segment in enumerate(result.conflicts, 1):
        own = request.form.get(f"eigen-{index}")
        questions.append(
            Question(
                index=index,
                segment=segment,
                is_title=segment is result.title_conflict,
                current=compare(segment.base, segment.ours),
                proposed=compare(segment.base, segment.theirs),
                choice=request.form.get(f"wahl-{index}", ""),
                own=own if own is not None else (segment.suggestion or segment.theirs).strip(),
            )
        )
    return questions


def _result(found: Detail, questions: list[Question]) -> Changes | None:
    """Compare the present text with what the choices make of it; open questions show the proposal's words."""
    result = overlap_of(found)
    if result is None or found.head is None or not questions:
        return None
    try:
        new: Wording = typed_wording(*result.resolved([question.chosen for question in questions]))
    except InvalidInput:
        return None
    old = wording(found.head)
    return Changes(old, new, compared(old, new), MergeState.CLEAN, _("Aktueller Text"), "", _("Ergebnis"))


def _render(found: Detail, form: OverlapForm, questions: list[Question], result: Changes | None) -> str:
    row = found.row
    since = None
    if row.kind is ProposalKind.DELETION and found.base and found.head:
        old, new = wording(found.base), wording(found.head)
        since = Changes(
            old,
            new,
            compared(old, new),
            MergeState.CLEAN,
            _("Text beim Einreichen"),
            "",
            _("Aktueller Text"),
        )
    outline = {entry.id: entry for entry in sections.tree()} if row.kind is ProposalKind.MOVE else {}
    version = found.version
    return render_template(
        "proposals/overlap.html",
        form=form,
        row=row,
        found=found,
        questions=questions,
        result=result,
        since=since,
        place=place_words(outline, version.target_parent_id, version.target_after_id)
        if outline and version
        else None,
        is_mine=row.author_id == actor().id,
        words=words,
    )
