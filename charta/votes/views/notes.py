# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A partner's note on a passage („Protokollnotiz“): writing it, and taking it back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from charta.errors import NotFound
from charta.measures import queries as measures
from charta.permissions import Permission
from charta.sections import queries as sections
from charta.sections import texts
from charta.sections.frames import Frame, frame_of
from charta.sections.rules import SectionKind
from charta.sections.texts import RenderedParagraph
from charta.votes.queries import margins
from charta.votes.rules import NOTE_MAX
from charta.votes.service import dissent
from charta.votes.views.blueprint import blueprint
from charta.web.access import access
from charta.web.forms import Form, catching
from charta.web.pager import key_argument
from charta.web.viewer import actor


class NoteForm(Form):
    """The words of a note, and the text that was on the screen."""

    body = TextAreaField(_l("Ihre Protokollnotiz"))
    textstand = HiddenField()


class WithdrawForm(Form):
    """The button that takes a note back."""


@blueprint.route("/abschnitte/<id:section_id>/protokollnotiz", methods=["GET", "POST"])
@access(Permission.NOTE_DISSENT)
def note(section_id: int) -> ResponseReturnValue:
    """Write a note on the paragraph `absatz` (from 1) of the present text."""
    number = key_argument("absatz")
    found = _frame(section_id)
    head = found.page.head
    blocks = texts.rendered(head.content_hash, head.body)
    block = next((one for one in blocks if number and one.index == number - 1), None)
    form = NoteForm()
    if number is None or (block is None and not form.is_submitted()) or found.section.is_deleted:
        raise NotFound(kind="paragraph", section_id=section_id)
    if not form.is_submitted():
        form.textstand.data = str(head.id)
    elif form.validate_on_submit():
        seen = form.textstand.data or ""
        with catching(form):
            dissent.note(
                actor(),
                section_id,
                paragraph=number - 1,
                seen_revision_id=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else 0,
                text=form.body.data or "",
            )
            flash(_("Die Protokollnotiz steht jetzt an der Stelle."), "success")
            return redirect(_place(found, number - 1), 303)
    return _page(found, block, form, number)


def _page(found: Frame, block: RenderedParagraph | None, form: NoteForm, number: int) -> ResponseReturnValue:
    return render_template(
        "votes/note.html",
        frame=found,
        block=block,
        form=form,
        number=number,
        note_max=NOTE_MAX,
        back=_place(found, number - 1),
    ), form.status_code


@blueprint.route("/protokollnotizen/<id:note_id>/zurueckziehen", methods=["GET", "POST"])
@access(Permission.NOTE_DISSENT)
def withdraw_note(note_id: int) -> ResponseReturnValue:
    """Take a note of the own organisation back; a button, because opening a link must not write."""
    shown = margins.note_of(note_id, organisation_id=actor().organisation_id)
    if shown is None:
        raise NotFound(kind="note", id=note_id)
    form = WithdrawForm()
    if request.method == "POST" and form.validate_on_submit():
        with catching(form):
            section_id = dissent.withdraw(actor(), note_id)
            flash(_("Die Protokollnotiz ist zurückgezogen."), "success")
            return redirect(_text(_frame(section_id)), 303)
    return render_template("votes/note_withdraw.html", note=shown, form=form), form.status_code


def _frame(section_id: int) -> Frame:
    """Read a section with its Randnummern; raises `NotFound`."""
    page = sections.section_page(section_id)
    if page is None:
        raise NotFound(kind="section", id=section_id)
    is_measure = page.section.kind is SectionKind.MEASURE
    measure_id = measures.id_of_section(section_id) if is_measure else None
    tree = () if is_measure else sections.tree()
    return frame_of(page, tree, measure_id, sees_open_proposals=False)


def _text(found: Frame) -> str:
    if found.measure_id is not None:
        return url_for("measures.show", measure_id=found.measure_id)
    return url_for("sections.show", section_id=found.section.id)


def _place(found: Frame, index: int) -> str:
    """Return the address of the panel of a paragraph."""
    first = 1 if found.measure_id is not None else found.first_rn
    return _text(found) if first is None else f"{_text(found)}?rn={first + index}#rn{first + index}"
