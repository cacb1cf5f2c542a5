# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading comments: the discussion of a section, and one thread on its own page."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from charta.comments import talking
from charta.comments.queries import counting, naming, rows
from charta.comments.queries import threads as queries
from charta.comments.queries.rows import Row
from charta.comments.queries.subjects import Subject
from charta.comments.queries.threads import PAGE_SIZE, Thread
from charta.comments.rules import BODY_MAX, SubjectKind
from charta.comments.views.addresses import subject_url
from charta.comments.views.blueprint import blueprint
from charta.errors import NotFound, NotPermitted
from charta.measures import queries as measures
from charta.permissions import Permission, may
from charta.proposals.queries import rows as proposals
from charta.proposals.rules import State
from charta.sections import queries as sections
from charta.sections.frames import Frame, frame_of, tabs
from charta.sections.rules import SectionKind
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.pager import key_argument
from charta.web.viewer import actor, policy, site_settings


@blueprint.get("/abschnitte/<id:section_id>/diskussion")
@access(Permission.READ_DRAFT)
def of_section(section_id: int) -> ResponseReturnValue:
    """List what is said about a section or measure, newest first."""
    found = frame(section_id)
    subject = Subject(SubjectKind.SECTION, section_id)
    talk = talking.talk(
        subject,
        back=url_for("comments.of_section", section_id=section_id),
        is_closed=found.section.is_deleted,
    )
    return render_template(
        "comments/section.html",
        frame=found,
        tabs=tabs(found, "discussion", comments=counting.count(actor(), site_settings(), subject)),
        talk=talk,
        author=talking.author,
    )


@blueprint.get("/kommentare/<id:comment_id>")
@access(Permission.READ_PUBLIC)
def show(comment_id: int) -> ResponseReturnValue:
    """Show a whole thread; an answer leads to its place in it."""
    thread = load(comment_id, before=key_argument("vor"))
    if thread.id != comment_id:
        return redirect(url_for("comments.show", comment_id=thread.id, _anchor=f"k{comment_id}"), 303)
    first = thread.first
    answer = may(actor(), Permission.COMMENT, policy=policy())
    is_open = not first.is_hidden and not (first.is_deleted and not first.answers)
    name = naming.name_of(actor(), first.subject)
    shown_all = thread.more == 0 or len(thread.answers) < PAGE_SIZE
    return render_template(
        "comments/show.html",
        thread=thread,
        talk=talking.talk(
            first.subject,
            back=url_for("comments.show", comment_id=thread.id),
            ids=[],
            is_closed=name.is_closed,
        ),
        name=name,
        subject_url=subject_url(first.subject, first.id, code=name.code),
        can_answer=bool(answer) and is_open and not name.is_closed,
        why=talking.why_not(answer.reason),
        older=None if shown_all else thread.answers[0].id,
        limit=BODY_MAX,
        author=talking.author,
        watching=button.of(WatchKind.COMMENT, thread.id),
    )


def frame(section_id: int) -> Frame:
    """Read a section with what stands around it; raises `NotFound`."""
    page = sections.section_page(section_id)
    if page is None:
        raise NotFound(kind="section", id=section_id)
    is_measure = page.section.kind is SectionKind.MEASURE
    sees_open = State.SUBMITTED in proposals.visible_states(actor(), site_settings())
    return frame_of(
        page,
        sections.tree(with_measures=is_measure),
        measures.id_of_section(section_id) if is_measure else None,
        sees_open_proposals=sees_open,
    )


def load(comment_id: int, *, before: int | None = None) -> Thread:
    """Return the thread of a comment the viewer may see, or raise `NotFound`; asks to sign in for a draft."""
    found = queries.thread(actor(), site_settings(), comment_id, before=before)
    if found is None:
        raise NotFound(kind="comment", id=comment_id)
    if found.first.subject.kind is SubjectKind.SECTION:
        answer = may(actor(), Permission.READ_DRAFT, policy=policy())
        if not answer:
            raise NotPermitted(answer.reason)
    return found


def load_row(comment_id: int) -> Row:
    """Return one comment the viewer may see, uncut, or raise `NotFound`."""
    found = rows.row(actor(), site_settings(), comment_id)
    if found is None:
        raise NotFound(kind="comment", id=comment_id)
    return found


def load_own(comment_id: int) -> Row:
    """Return a comment of the viewer that is still there, or raise `NotFound`."""
    found = load_row(comment_id)
    if not found.is_own or found.is_deleted:
        raise NotFound(kind="comment", id=comment_id)
    return found
