# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a comment to a proposal, and which comments a proposal answers."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields import SelectChoice

from charta.comments import talking
from charta.comments.forms import DeedForm, ProposeForm
from charta.comments.queries import answered
from charta.comments.queries import proposing as queries
from charta.comments.queries import threads as all_threads
from charta.comments.queries.proposing import OwnProposal
from charta.comments.queries.subjects import Subject
from charta.comments.queries.threads import PAGE_SIZE, Thread
from charta.comments.rules import Place, PlaceState, SubjectKind
from charta.comments.service import proposing
from charta.comments.views.blueprint import blueprint
from charta.comments.views.showing import load
from charta.errors import NotFound, WrongState
from charta.permissions import Permission, require, require_propose_on
from charta.proposals import queries as proposals
from charta.proposals import words as proposal_words
from charta.proposals.queries import ProposalRow
from charta.proposals.rules import EDITABLE, State
from charta.sections import queries as sections
from charta.sections import texts
from charta.sections.queries import SectionPage
from charta.web.access import access
from charta.web.choices import choice
from charta.web.forms import Form, catching
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor, current_round, policy, site_settings

NEW = "neu"


@contextmanager
def _catching(form: Form) -> Iterator[None]:
    """Like `catching`, with the words of proposals for deeds that came too late."""
    with catching(form):
        try:
            yield
        except WrongState as error:
            form.refuse("", proposal_words.wrong_state(error), status_code=409)


@blueprint.route("/kommentare/<id:comment_id>/vorschlag", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def propose(comment_id: int) -> ResponseReturnValue:
    """Make a proposal of a comment: a new draft, or an own one that shall answer it as well."""
    thread = load(comment_id)
    page = _section_of(thread)
    round_, field = current_round(), page.field.number if page.field else None
    require_propose_on(actor(), is_covered=round_ is None or round_.covers(field), policy=policy())
    own = queries.own_on_section(actor(), page.section.id, thread.id)
    form = ProposeForm()
    form.wahl.choices = _choices(own)
    if form.validate_on_submit():
        with _catching(form):
            return _made(form, thread, page)
    elif request.method == "GET":
        form.wahl.data = form.wahl.choices[0].value
        form.schluessel.data = secrets.token_urlsafe(18)
    html = render_template(
        "comments/propose.html",
        form=form,
        thread=thread,
        section=page.section,
        author=talking.author,
    )
    return html, form.status_code


def _section_of(thread: Thread) -> SectionPage:
    """Return the section a thread hangs on; raises `NotFound` where no proposal can come from it."""
    first = thread.first
    if first.subject.kind is not SubjectKind.SECTION or first.is_hidden or first.is_deleted:
        raise NotFound(kind="comment", id=first.id)
    page = sections.section_page(first.subject.id)
    if page is None or page.section.is_deleted:
        raise NotFound(kind="section", id=first.subject.id)
    return page


def _choices(own: Sequence[OwnProposal]) -> list[SelectChoice]:
    """Return what can become of a comment; a section has one draft of a change per person."""
    found = [choice(str(one.number), _choice(one)) for one in own if one.is_draft or not one.is_linked]
    if not any(one.is_draft for one in own):
        found.insert(0, choice(NEW, _("Einen neuen Vorschlag schreiben")))
    return found


def _choice(one: OwnProposal) -> str:
    if one.is_draft and one.is_linked:
        return _("An Ihrem Entwurf %(number)s weiterschreiben, der darauf antwortet", number=one.number)
    if one.is_draft:
        return _("Ihr Entwurf %(number)s soll darauf antworten", number=one.number)
    return _(
        "Ihr Vorschlag %(number)s „%(summary)s“ antwortet darauf", number=one.number, summary=one.summary
    )


def _made(form: ProposeForm, thread: Thread, page: SectionPage) -> ResponseReturnValue:
    if form.wahl.data == NEW:
        paragraph = _paragraph(thread, page)
        made = proposing.make(actor(), thread.id, once_key=form.schluessel.data or None)
        arguments: dict[str, Any] = {"absatz": paragraph} if made.is_new and paragraph else {}
        if made.is_new:
            flash(
                _(
                    "Entwurf %(number)s ist angelegt. Der Kommentar steht in der Begründung.",
                    number=made.number,
                ),
                "success",
            )
        return redirect(url_for("proposals.edit", number=made.number, **arguments), 303)
    number = int(form.wahl.data)
    if proposing.take_up(actor(), number, thread.id):
        flash(_("Vorschlag %(number)s antwortet jetzt auf den Kommentar.", number=number), "success")
    # The page of a draft leads on to where it is written.
    return redirect(url_for("proposals.show", number=number, _anchor="antwortet"), 303)


def _paragraph(thread: Thread, page: SectionPage) -> int | None:
    """Return the paragraph (from 1) the words of a thread stand in; None for none, or for several."""
    anchor, head = thread.anchor, page.head
    if thread.first.place is Place.WHOLE or anchor is None or anchor.state is PlaceState.ORPHAN:
        return None
    if anchor.start_at is None or anchor.end_at is None or anchor.revision_id != head.id:
        return None
    for block in texts.rendered(head.content_hash, head.body):
        if block.index >= 0 and block.start <= anchor.start_at and anchor.end_at <= block.end:
            return block.index + 1
    return None


# ---------------------------------------------------------------------------- the comments a proposal answers


@blueprint.route("/vorschlaege/<id:number>/kommentare", methods=["GET", "POST"])
@access(Permission.PROPOSE)
def answers(number: int) -> ResponseReturnValue:
    """Choose which comments on its section the own proposal answers, before it is decided."""
    row = proposals.by_number(actor(), site_settings(), number)
    if row is None:
        raise NotFound(kind="proposal", id=number)
    require(actor(), Permission.EDIT_DRAFT, row, policy=policy())
    require(actor(), Permission.READ_DRAFT, policy=policy())
    if row.state not in EDITABLE:
        return redirect(url_for("proposals.show", number=number, _anchor="antwortet"), 303)
    form = DeedForm()
    if form.validate_on_submit():
        with _catching(form):
            return _act(row)
    linked = answered.of_proposals(actor(), site_settings(), [number]).get(number, [])
    known = {one.id for one in linked}
    before = key_argument("vor")
    found = _threads_of(row, before)
    listed = cut(found, PAGE_SIZE, lambda one: one.id)
    html = render_template(
        "comments/answers.html",
        form=form,
        row=row,
        is_draft=row.state is State.DRAFT,
        linked=linked,
        others=[
            one
            for one in listed.items
            if one.id not in known and not one.first.is_gap and not one.first.is_hidden
        ],
        next_key=listed.next_key,
        is_first_page=before is None,
        author=talking.author,
    )
    return html, form.status_code


def _threads_of(row: ProposalRow, before: int | None) -> list[Thread]:
    if row.section is None:
        return []
    subject = Subject(SubjectKind.SECTION, row.section.id)
    return all_threads.threads(actor(), site_settings(), subject, before=before)


def _act(row: ProposalRow) -> ResponseReturnValue:
    """Do what the pressed button says: `verbinden-17`, `loesen-17`."""
    deed, _dash, raw = request.form.get("tun", "").partition("-")
    ident = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else 0
    if deed == "loesen":
        proposing.leave_out(actor(), row.number, ident)
        flash(_("Der Kommentar ist nicht mehr mit dem Vorschlag verbunden."), "success")
    elif deed == "verbinden":
        proposing.take_up(actor(), row.number, ident)
        flash(_("Der Vorschlag antwortet jetzt auf den Kommentar."), "success")
    else:
        raise NotFound(kind="deed", id=row.number)
    return redirect(url_for("comments.answers", number=row.number, vor=key_argument("vor")), 303)
