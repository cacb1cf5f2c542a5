# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Writing a change of a text: the form, saving while typing, the live comparison.

Opening the form writes nothing; the first thing sent makes the draft. Every button sends the whole form, so
whatever is pressed, nothing typed is lost.
"""

from dataclasses import dataclass

from flask import jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from charta.comments import talking
from charta.comments.queries import answered
from charta.errors import EditConflict, InvalidInput, NotFound
from charta.permissions import Permission, require
from charta.proposals import queries, service, words
from charta.proposals.forms import DeedForm, DraftForm, PreviewForm
from charta.proposals.queries import Editing
from charta.proposals.rules import OPEN, MergeState, ProposalKind, State
from charta.proposals.views import taking_up
from charta.proposals.views.blueprint import (
    Changes,
    blueprint,
    catching_all,
    changes,
    compared,
    new_key,
    require_open,
    typed_wording,
    wants_json,
)
from charta.proposals.views.sending import (
    after_saving,
    kept_arguments,
    number_argument,
    refused,
    remember_edit,
)
from charta.sections import queries as sections
from charta.sections.models import Revision, Section
from charta.text import markdown
from charta.web import words as web_words
from charta.web.access import access
from charta.web.viewer import actor, current_round, policy, site_settings


@dataclass(frozen=True, slots=True)
class Desk:
    """What the edit page shows beside its form."""

    section: Section
    head: Revision
    base: Revision
    editing: Editing | None
    changes: Changes | None
    rivals: int
    paragraph: int | None
    paragraph_count: int
    presence: str = ""  # who else is writing here right now
    restored: int | None = None
    theirs: Changes | None = None

    @property
    def is_moved(self) -> bool:
        """Whether the text has got a new head since the draft was begun."""
        return self.base.id != self.head.id


@blueprint.route("/abschnitte/<id:section_id>/aendern", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def new(section_id: int) -> ResponseReturnValue:
    """Write a change of a section: `absatz` is one numbered paragraph, from 1, `ab` restores a Textstand."""
    found = sections.section_page(section_id)
    if found is None or found.section.is_deleted:
        raise NotFound(kind="section", id=section_id)
    require_open(found.field.number if found.field else None)
    form = DraftForm()
    form.source_ids.choices = source_choices()
    restored = number_argument("ab")
    if request.method == "GET":
        own = queries.own_draft(actor(), section_id, ProposalKind.CHANGE)
        if own is not None and restored is None:
            return redirect(url_for("proposals.edit", number=own, **kept_arguments()), 303)
        _fill(form, found.head.title, found.head.body)
        if restored is not None:
            older = sections.revision(section_id, restored)
            if older is None:
                raise NotFound(kind="revision", id=restored)
            _fill(form, older.title, older.body)
            form.summary.data = _("Textstand %(number)s wiederherstellen", number=restored)
        form.page_key.data = new_key()
    elif form.validate_on_submit():
        with catching_all(form):
            number = service.start(
                actor(),
                kind=ProposalKind.CHANGE,
                section_id=section_id,
                restore_number=restored,
                once_key=form.page_key.data or None,
            )
            return _act(number, form)
    if wants_json():
        return refused(form)
    paragraph = _cut_paragraph(form)
    desk = Desk(
        section=found.section,
        head=found.head,
        base=found.head,
        editing=None,
        changes=_changes_of(form, found.head, found.head) if form.is_submitted() or restored else None,
        rivals=queries.rivals(actor(), site_settings(), section_id),
        presence=words.presence(queries.writing_now(actor(), section_id=section_id)),
        paragraph=paragraph,
        paragraph_count=found.section.paragraph_count,
        restored=restored,
    )
    return _page(form, desk), form.status_code


@blueprint.route("/vorschlaege/<id:number>/bearbeiten", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def edit(number: int) -> ResponseReturnValue:
    """Go on writing a draft, or write the next version of a proposal that is handed in."""
    found = queries.editing(actor(), site_settings(), number)
    if found is None:
        raise NotFound(kind="proposal", id=number)
    require(actor(), Permission.EDIT_DRAFT, found.row, policy=policy())
    if found.row.kind is not ProposalKind.CHANGE:
        from charta.proposals.views.structure import edit as edit_structure  # it uses this module

        return edit_structure(found)
    if found.row.state not in OPEN | {State.DRAFT}:
        return redirect(url_for("proposals.show", number=number), 303)
    form = DraftForm()
    form.source_ids.choices = source_choices()
    theirs = None
    if request.method == "GET":
        fill_draft(form, found)
    elif form.validate_on_submit():
        with catching_all(form):
            try:
                return _act(number, form)
            except EditConflict as error:
                theirs = _theirs(form, error)
    if wants_json():
        return refused(form)
    section = found.section
    if section is None or found.head is None or found.base is None:
        raise NotFound(kind="section", id=0)
    paragraph = _cut_paragraph(form)
    body = form.whole_body
    desk = Desk(
        section=section,
        head=found.head,
        base=found.base,
        editing=found,
        changes=_changes_of(form, found.base, found.head),
        rivals=queries.rivals(actor(), site_settings(), section.id),
        presence=words.presence(queries.writing_now(actor(), section_id=section.id)),
        paragraph=paragraph,
        paragraph_count=len(markdown.paragraphs(body)) if paragraph else 0,
        theirs=theirs,
    )
    return _page(form, desk), form.status_code


def fill_draft(form: DraftForm, found: Editing) -> None:
    """Put a draft, or the version that would be edited next, into the form."""
    draft = found.draft
    text = draft or found.version
    assert text is not None
    form.title.data, form.body.data = text.title, text.body
    form.summary.data, form.reason.data = text.summary, text.reason
    form.source_ids.data = list(found.source_ids)
    form.seen_edit.data = draft.edit_number if draft is not None else 0
    form.page_key.data = new_key()


def _fill(form: DraftForm, title: str, body: str) -> None:
    form.title.data, form.body.data = title, body
    form.source_ids.data = []
    form.seen_edit.data = 0


def source_choices() -> list[SelectChoice]:
    """Return the sources that can be ticked, by number."""
    return [SelectChoice(str(source.id), source.name) for source in sections.sources()]


def _cut_paragraph(form: DraftForm) -> int | None:
    """Show only the paragraph of the address; what stands around it goes into hidden fields."""
    wanted = number_argument("absatz")
    if wanted is None:
        return None
    if form.before.data or form.after.data or form.is_submitted():
        return wanted
    body = form.body.data or ""
    found = markdown.paragraphs(body)
    if wanted > len(found):
        return None
    place = found[wanted - 1]
    form.before.data, form.after.data = body[: place.start], body[place.end :]
    form.body.data = body[place.start : place.end]
    return wanted


def _changes_of(form: DraftForm, base: Revision, head: Revision) -> Changes | None:
    try:
        typed = typed_wording(form.title.data or "", form.whole_body)
    except InvalidInput:
        return None  # said beside the field
    return changes(base, head, typed)


def _theirs(form: DraftForm, error: EditConflict) -> Changes:
    """Say that a colleague saved meanwhile, and return how the own text differs from theirs.

    The next save knows what it replaces: the person has seen it.
    """
    form.refuse(
        "",
        _(
            "Inzwischen wurde dieser Entwurf an anderer Stelle gespeichert. Ihr Text steht noch im Formular. "
            "Unten sehen Sie, worin er vom gespeicherten Stand abweicht. Speichern Sie noch einmal, gilt Ihr "
            "Text."
        ),
        status_code=409,
    )
    remember_edit(form, int(error.data["edit_number"]))
    old = typed_wording(error.data["title"], error.data["body"])
    new = typed_wording(form.title.data or "", form.whole_body)
    return Changes(
        old,
        new,
        compared(old, new),
        MergeState.CLEAN,
        _("Gespeicherter Stand"),
        "",
        _("Ihr Text"),
    )


def _page(form: DraftForm, desk: Desk) -> str:
    row = desk.editing.row if desk.editing else None
    return render_template(
        "proposals/edit.html",
        form=form,
        desk=desk,
        row=row,
        deed=DeedForm(formdata=None),
        standing=words.standing(row, actor(), current_round()) if row else None,
        words=words,
        takes_up=taking_up.block(row.number if row else None),
        answers=answered.of_proposals(actor(), site_settings(), [row.number]).get(row.number, [])
        if row
        else [],
        comment_author=talking.author,
        can_share=actor().organisation_id is not None,
        saved_at=desk.editing.draft.saved_at if desk.editing and desk.editing.draft else None,
        saved_by=desk.editing.saved_by
        if desk.editing and desk.editing.draft and desk.editing.draft.saved_by_id != actor().id
        else "",
        is_author=row is None or row.author_id == actor().id,
    )


def _act(number: int, form: DraftForm) -> ResponseReturnValue:
    """Save what was typed, then do what the button says."""
    edit_number = service.save_draft(
        actor(),
        number,
        title=form.title.data or "",
        body=form.whole_body,
        summary=form.summary.data or "",
        reason=form.reason.data or "",
        source_ids=form.source_ids.data or [],
        seen_edit=form.seen_edit.data or 0,
        page_key=form.page_key.data or None,
    )
    return after_saving(number, edit_number, form)


@blueprint.post("/vorschlaege/vorschau")
@access(Permission.PROPOSE)
def preview() -> ResponseReturnValue:
    """Return the comparison of what is typed with the present text, as a piece of HTML; writes nothing."""
    form = PreviewForm()
    if not form.validate_on_submit():
        return jsonify(errors=[_("Diese Angabe ist nicht gültig.")]), 422
    base = head = None
    if form.number.data:
        found = queries.editing(actor(), site_settings(), form.number.data)
        if found is None:
            raise NotFound(kind="proposal", id=form.number.data)
        base, head = found.base, found.head
    elif form.section_id.data:
        page = sections.section_page(form.section_id.data)
        if page is None:
            raise NotFound(kind="section", id=form.section_id.data)
        base = head = page.head
    try:
        typed = typed_wording(form.title.data or "", form.whole_body)
    except InvalidInput as error:
        return jsonify(errors=[web_words.input_error(error.code, error.data)]), 422
    found_changes = changes(base, head, typed)
    return jsonify(html=render_template("proposals/_preview.html", changes=found_changes, words=words))
