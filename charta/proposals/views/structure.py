# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proposing what changes the tree: a new section, a new measure, a deletion, a move."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from charta.errors import EditConflict, InvalidInput, NotFound
from charta.fields import queries as fields
from charta.fields.models import FieldOfAction
from charta.permissions import Permission, require
from charta.proposals import queries, service, words
from charta.proposals.forms import DeedForm, DraftForm
from charta.proposals.places import Place, place_words
from charta.proposals.queries import Editing
from charta.proposals.rules import ProposalKind
from charta.proposals.views import taking_up
from charta.proposals.views.blueprint import blueprint, catching_all, new_key, require_open, wants_json
from charta.proposals.views.editing import fill_draft, source_choices
from charta.proposals.views.sending import after_saving, refused, remember_edit
from charta.sections import queries as sections
from charta.sections.queries import Outline
from charta.sections.rules import SectionKind
from charta.web.access import access
from charta.web.viewer import actor, current_round, policy


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the tree: below `parent_id` (None: on the top level), behind `after_id` (None: first)."""

    parent_id: int | None
    after_id: int | None

    def __str__(self) -> str:
        return f"{self.parent_id or 0}-{self.after_id or 0}"


NOWHERE = Slot(None, None)


def read_slot(raw: str | None) -> Slot:
    """Return the slot of a form value; nonsense is no place."""
    parent, dash, after = (raw or "").partition("-")
    numbers = parent + after
    is_written = numbers.isascii() and numbers.isdigit() and len(raw or "") <= 20  # int("²") fails
    if not (dash and parent and after and is_written):
        return NOWHERE
    return Slot(int(parent) or None, int(after) or None)


def slot_choices(outline: list[Outline], moving: int | None = None) -> list[SelectChoice]:
    """Return every place of the outline, grouped by what it stands below.

    A moving section cannot go below itself, and the place it has is not offered.
    """
    entries = [entry for entry in outline if entry.kind is SectionKind.SECTION]
    below = _below(entries, moving)
    choices = [SelectChoice("", _("Bitte wählen"))]
    for parent in [None, *entries]:
        parent_id = parent.id if parent else None
        if parent_id in below:
            continue
        group = _("Oberste Ebene") if parent is None else f"{parent.number} {parent.title}".strip()
        children = [entry for entry in entries if entry.parent_id == parent_id]
        before: int | None = None
        own_place = NOWHERE
        for child in children:
            if child.id == moving:
                own_place = Slot(parent_id, before)
            before = child.id
        slots = [
            Slot(parent_id, None),
            *(Slot(parent_id, child.id) for child in children if child.id != moving),
        ]
        labels = {child.id: f"{child.number} {child.title}".strip() for child in children}
        for slot in slots:
            if slot == own_place or (slot == NOWHERE and children):
                continue  # before the introduction nothing stands
            label = (
                _("an erster Stelle")
                if slot.after_id is None
                else _("nach „%(title)s“", title=labels[slot.after_id])
            )
            choices.append(SelectChoice(str(slot), label, optgroup=group))
    return choices


def _below(entries: list[Outline], section_id: int | None) -> set[int | None]:
    found: set[int | None] = {section_id} if section_id is not None else set()
    for entry in entries:  # in reading order: parents come before their children
        if entry.parent_id is not None and entry.parent_id in found:
            found.add(entry.id)
    return found


# ---------------------------------------------------------------------------------------------- beginning


@blueprint.route("/vorschlaege/neu/abschnitt", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def new_section() -> ResponseReturnValue:
    """Propose a new section; `unter` and `nach` preset its place."""
    form = _form()
    if request.method == "GET":
        form.target.data = f"{_id('unter')}-{_id('nach')}"
    return _begin(ProposalKind.NEW_SECTION, form, None)


@blueprint.route("/vorschlaege/neu/massnahme", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def new_measure() -> ResponseReturnValue:
    """Propose a new measure in a short form; `feld` presets the field of action."""
    form = _form()
    if request.method == "GET":
        chosen = next((item for item in fields.fields() if item.slug == request.args.get("feld")), None)
        form.target_field_id.data = str(chosen.id) if chosen else ""
    return _begin(ProposalKind.NEW_MEASURE, form, None)


@blueprint.route("/abschnitte/<id:section_id>/streichen", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def deletion(section_id: int) -> ResponseReturnValue:
    """Propose to take a section out of the Charta."""
    return _begin_on(ProposalKind.DELETION, section_id)


@blueprint.route("/abschnitte/<id:section_id>/verschieben", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def move(section_id: int) -> ResponseReturnValue:
    """Propose another place for a section."""
    return _begin_on(ProposalKind.MOVE, section_id)


def _begin_on(kind: ProposalKind, section_id: int) -> ResponseReturnValue:
    outline = _outline()
    own = next((entry for entry in outline if entry.id == section_id), None)
    if own is None or (kind is ProposalKind.MOVE and own.kind is SectionKind.MEASURE):
        raise NotFound(kind="section", id=section_id)
    form = _form()
    if request.method == "GET":
        form.summary.data = (
            _("„%(title)s“ streichen", title=own.title)
            if kind is ProposalKind.DELETION
            else _("„%(title)s“ verschieben", title=own.title)
        )
    return _begin(kind, form, own, outline)


def _form() -> DraftForm:
    form = DraftForm()
    form.source_ids.choices = source_choices()
    if request.method == "GET":
        form.page_key.data, form.seen_edit.data, form.source_ids.data = new_key(), 0, []
    return form


def _id(name: str) -> int:
    raw = request.args.get(name, "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0


def _outline() -> list[Outline]:
    return list(sections.tree(with_measures=True))


def _begin(
    kind: ProposalKind, form: DraftForm, own: Outline | None, outline: list[Outline] | None = None
) -> ResponseReturnValue:
    if own is not None:
        require_open(own.field_number)
    require(actor(), Permission.PROPOSE, policy=policy())
    if form.validate_on_submit():
        with catching_all(form):
            slot, field_id = read_slot(form.target.data), _field_id(form)
            number = service.start(
                actor(),
                kind=kind,
                section_id=own.id if own else None,
                field_id=field_id if kind is ProposalKind.NEW_MEASURE else None,
                parent_id=slot.parent_id if kind is ProposalKind.NEW_SECTION else None,
                after_id=slot.after_id if kind is ProposalKind.NEW_SECTION else None,
                once_key=form.page_key.data or None,
            )
            return _send(number, kind, form)
    if wants_json():
        return refused(form)
    return _page(kind, form, own, None, outline if outline is not None else _outline()), form.status_code


def edit(found: Editing) -> ResponseReturnValue:
    """Go on writing such a proposal; reached through `editing.edit`."""
    kind = found.row.kind
    form = _form()
    if request.method == "GET":
        fill_draft(form, found)
        text = found.draft or found.version
        assert text is not None
        form.target.data = str(Slot(text.target_parent_id, text.target_after_id))
        form.target_field_id.data = str(text.target_field_id or "")
    elif form.validate_on_submit():
        with catching_all(form):
            try:
                return _send(found.row.number, kind, form)
            except EditConflict as error:
                remember_edit(form, int(error.data["edit_number"]))
                raise
    if wants_json():
        return refused(form)
    outline = _outline()
    own = next((entry for entry in outline if found.row.section and entry.id == found.row.section.id), None)
    return _page(kind, form, own, found, outline), form.status_code


def _field_id(form: DraftForm) -> int | None:
    raw = str(form.target_field_id.data or "")
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 11 and 0 < int(raw) < 2**31 else None


def _send(number: int, kind: ProposalKind, form: DraftForm) -> ResponseReturnValue:
    """Save, then do what the button says. The short form has no summary: the title is it."""
    slot = read_slot(form.target.data)
    summary = form.summary.data or ""
    if kind is ProposalKind.NEW_MEASURE and not summary.strip():
        summary = (form.title.data or "")[:200]
    edit_number = service.save_draft(
        actor(),
        number,
        title=form.title.data or "",
        body=form.whole_body,
        summary=summary,
        reason=form.reason.data or "",
        source_ids=form.source_ids.data or [],
        target_parent_id=slot.parent_id,
        target_after_id=slot.after_id,
        target_field_id=_field_id(form),
        seen_edit=form.seen_edit.data or 0,
        page_key=form.page_key.data or None,
    )
    try:
        return after_saving(number, edit_number, form)
    except InvalidInput as error:
        if kind is ProposalKind.NEW_MEASURE and (error.field, error.code) == ("summary", "required"):
            raise InvalidInput("title", "required") from error
        raise


def _page(
    kind: ProposalKind,
    form: DraftForm,
    own: Outline | None,
    found: Editing | None,
    outline: list[Outline],
) -> str:
    themes: list[FieldOfAction] = []
    if kind in {ProposalKind.NEW_SECTION, ProposalKind.MOVE}:
        form.target.choices = slot_choices(outline, own.id if own else None)
    if kind is ProposalKind.NEW_SECTION:
        # A field has one section on the top level; the others stand below it.
        rooted = {entry.field_id for entry in outline if entry.kind is SectionKind.SECTION}
        form.target_field_id.choices = [
            SelectChoice("", _("keines: Es geht um die Charta als Ganzes")),
            *(
                SelectChoice(str(item.id), f"{item.number} {item.name}")
                for item in fields.fields()
                if item.id not in rooted
            ),
        ]
    if kind is ProposalKind.NEW_MEASURE:
        themes = list(fields.fields())
    row = found.row if found else None
    return render_template(
        "proposals/structure.html",
        kind=kind,
        form=form,
        own=own,
        row=row,
        editing=found,
        themes=themes,
        chosen_field=_field_id(form),
        children=[entry for entry in outline if own and entry.parent_id == own.id],
        old_place=_old_place(own, outline),
        standing=words.standing(row, actor(), current_round()) if row else None,
        is_author=row is None or row.author_id == actor().id,
        can_share=actor().organisation_id is not None,
        saved_at=found.draft.saved_at if found and found.draft else None,
        cancel_url=_cancel_url(own, row),
        deed=DeedForm(formdata=None),
        takes_up=taking_up.block(row.number if row else None),
        words=words,
    )


def _old_place(own: Outline | None, outline: list[Outline]) -> Place | None:
    if own is None:
        return None
    before = None
    for entry in outline:
        if entry.id == own.id:
            break
        if entry.parent_id == own.parent_id and entry.kind is own.kind:
            before = entry.id
    return place_words({entry.id: entry for entry in outline}, own.parent_id, before)


def _cancel_url(own: Outline | None, row: queries.ProposalRow | None) -> str:
    if row is not None and row.version:
        return url_for("proposals.show", number=row.number)
    return url_for("sections.show", section_id=own.id) if own else url_for("proposals.index")
