# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of one proposal: what it changes, why, where it stands, and what the viewer can do."""

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.comments import talking
from charta.comments.beside import Beside, beside, paragraphs_over
from charta.comments.queries import places
from charta.comments.queries.subjects import Subject
from charta.comments.rules import SubjectKind
from charta.comments.talking import Talk
from charta.db import utcnow
from charta.permissions import Permission, may, role_may
from charta.proposals import queries, service, words
from charta.proposals.forms import AnswerForm, DecisionForm, DeedForm
from charta.proposals.places import Place, place_words
from charta.proposals.queries import Detail, wording
from charta.proposals.rules import MERGEABLE, OPEN, MergeState, ProposalKind, State
from charta.proposals.views import taking_up
from charta.proposals.views.blueprint import Changes, blueprint, changes, compared, load
from charta.sections import queries as sections
from charta.sections import texts
from charta.votes import decided_words
from charta.votes.queries import decided
from charta.votes.queries.on_text import on_text
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.headers import etag, not_modified, tagged
from charta.web.pager import key_argument
from charta.web.viewer import actor, current_round, policy, site_settings


@blueprint.get("/vorschlaege/<id:number>")
@access(Permission.READ_PUBLIC)
def show(number: int) -> ResponseReturnValue:
    """Show a proposal; a draft opens where it is written."""
    found = load(number)
    if found.row.state is State.DRAFT:
        return redirect(url_for("proposals.edit", number=number), 303)
    tag = _tag(found)
    return not_modified(tag) or tagged(render(found), tag)


def _tag(found: Detail) -> str:
    """Return what the page depends on; sentences with „vor 3 Stunden“ change by the hour."""
    row = found.row
    return etag(
        row.number,
        row.changed_at,
        row.candidate,
        row.merge_state,
        row.supporters,
        found.supported,
        found.has_draft,
        row.assignee_id,
        row.assigned_at,
        row.is_held,
        found.head.id if found.head else 0,
        row.section.number if row.section else "",
        found.log,  # comments
        found.watch_state,
        found.next_number,
        found.previous_number,
        current_round(),
        site_settings(),
        utcnow().strftime("%Y%m%d%H"),
        request.query_string,
        browser_session.get("_flashes"),
        browser_session.get("csrf_token"),
    )


def render(
    found: Detail,
    *,
    decision: DecisionForm | None = None,
    answer: AnswerForm | None = None,
) -> str:
    """Render the page, with a form that came back when one did."""
    row, viewer = found.row, actor()
    asked_to_compare = _asked_to_compare()
    versions = queries.versions(viewer, row.number, with_text=asked_to_compare)
    decisions = queries.decisions(viewer, row.number)
    outline = {
        entry.id: entry for entry in sections.tree(with_measures=True, at=sections.version_at(found.log))
    }
    own = outline.get(row.section.id) if row.section else None
    rule = policy()
    may_decide = may(viewer, Permission.APPROVE_PROPOSAL, row, policy=rule)
    office = bool(role_may(viewer, Permission.READ_QUEUE))
    can_decide = (
        row.state is State.SUBMITTED and not row.awaits_author and not row.is_held and bool(may_decide)
    )
    # Both were read with the proposal (`load`).
    on_it, ballots_at = found.more[: decided.WIDTH], found.more[decided.WIDTH :]
    counted = None if row.is_held else decided.decided_in(on_it)
    # A newer version is not what the partners voted on.
    voted = counted if counted is not None and counted.proposal_version == row.version else None
    asked = row.awaits_author and row.author_id == viewer.id
    # A form that came back although its panel is gone: somebody was quicker, the typed reason stays.
    lost = (decision if not can_decide else None) or (answer if not asked else None)
    if can_decide and decision is None:
        decision = DecisionForm(formdata=None)
        decision.seen_version.data, decision.seen_head.data = row.candidate, row.seen_head
        if voted is not None and voted.is_adopted is False:
            decision.reason.data = decided_words.reason(voted)
    if asked and answer is None:
        answer = AnswerForm(formdata=None)
        answer.seen_version.data = row.candidate
    shown = _changes(found)
    said = talk = None
    if shown is not None and key_argument("absatz"):
        said = _said(found)
        talk = said.talk if said else None
    if talk is None:
        subject, back = (
            Subject(SubjectKind.PROPOSAL, row.number),
            url_for("proposals.show", number=row.number),
        )
        talk = talking.talk(subject, back=back, version=row.candidate, answered_by=row.number)
        said = _said(found, talk) if shown else None
    approved = next((entry.revision_number for entry in reversed(decisions) if entry.revision_number), None)
    return render_template(
        "proposals/show.html",
        row=row,
        found=found,
        version=found.version,
        versions=versions,
        current=next((item for item in versions if item.number == row.candidate), None),
        decisions=list(reversed(decisions)),
        changes=shown,
        between=_between(versions, asked_to_compare),
        side_by_side=request.args.get("ansicht") == "gegen",
        first_rn=own.first_rn if own else None,
        outline=outline,
        place=_place(found, outline),
        old_place=_old_place(found, outline),
        standing=words.standing(row, viewer, current_round(), revision_number=approved),
        fit=words.fit(row.merge_state, is_held=row.is_held) if row.is_open else None,
        decision=decision if can_decide else None,
        decides=office and row.state is State.SUBMITTED,
        lost=lost,
        may_decide=may_decide,
        may_approve=row.merge_state in MERGEABLE | {MergeState.ALREADY_CONTAINED},
        adapt_possible=row.kind is not ProposalKind.DELETION and row.merge_state in MERGEABLE,
        can_resolve=row.kind not in {ProposalKind.NEW_SECTION, ProposalKind.NEW_MEASURE}
        and row.merge_state in {MergeState.CONFLICT, MergeState.EDITED_SINCE, MergeState.BOTH_MOVED},
        answer=answer if asked else None,
        is_office=office,
        is_mine=row.author_id == viewer.id,
        watching=button.known(WatchKind.PROPOSAL, row.number, found.watch_state),
        can_edit=row.state in OPEN and row.author_id == viewer.id and not row.is_held,
        can_support=row.state in OPEN
        and row.author_id != viewer.id
        and bool(may(viewer, Permission.SUPPORT_PROPOSAL, row, policy=rule)),
        next_revision=(row.section.head_number + 1) if row.section else 1,
        linked=taking_up.linked_of(row.number),
        can_take_up=row.state in OPEN
        and (row.author_id == viewer.id or bool(role_may(viewer, Permission.SCREEN_CONTRIBUTION))),
        vote=on_text(viewer, proposal_id=row.number, at=ballots_at or found.log) if row.is_held else None,
        counted=counted,
        voted=voted,
        voted_line=decided_words.line,
        who_can_see=words.who_can_see(row, site_settings()),
        talk=talk,
        said=said,
        marks=_marks(found, shown, said) if shown and said else {},
        comment_author=talking.author,
        words=words,
    )


def _changes(found: Detail) -> Changes | None:
    if found.version is None or found.row.kind in {ProposalKind.DELETION, ProposalKind.MOVE}:
        return None
    if found.row.kind is not ProposalKind.CHANGE:
        return changes(None, None, wording(found.version))
    return changes(found.base, found.head, wording(found.version), is_open=found.row.is_open)


def _said(found: Detail, talk: Talk | None = None) -> Beside | None:
    """Return the comments on the words of the version; `absatz` opens a paragraph of it.

    A page that lists the newest threads anyway (`talk`) counts those.
    """
    version = found.version
    if version is None:
        return None
    blocks = texts.rendered(version.content_hash, version.body)
    counted = None
    if talk is not None:
        counted = places.counted(blocks, places.starts_of(talk.page.items, version.number))
    number, opened = found.row.number, key_argument("absatz") if talk is None else None
    return beside(
        Subject(SubjectKind.PROPOSAL, number),
        places.in_version(number, version.number),
        content_hash=version.content_hash,
        body=version.body,
        blocks=blocks,
        index=opened - 1 if opened else None,
        back=url_for("proposals.show", number=number, absatz=opened, _anchor="kommentare"),
        version=version.number,
        counted=counted,
        answered_by=number,
    )


@dataclass(frozen=True, slots=True)
class Marking:
    """The mark beside a paragraph of a comparison; `paragraph` counts those of the version from 1."""

    paragraph: int
    count: int
    url: str


def _marks(found: Detail, shown: Changes, said: Beside) -> dict[int, Marking]:
    """Return the marks of the shown text by its paragraphs (from 0)."""
    version = found.version
    if version is None:
        return {}
    blocks = texts.rendered(version.content_hash, version.body)
    new = shown.new
    over = paragraphs_over(new.content_hash, new.body, version.content_hash, version.body, blocks)
    number = found.row.number
    return {
        at: Marking(
            own + 1,
            said.counts.get(own, 0),
            url_for("proposals.show", number=number, absatz=own + 1, _anchor="kommentare"),
        )
        for at, own in over.items()
    }


def _asked_to_compare() -> tuple[int, ...]:
    """Return the two versions the address asks to compare (?fassungen=1-2), nothing otherwise."""
    old, dash, new = request.args.get("fassungen", "").partition("-")
    numbers = old + new
    if not (dash and old and new and numbers.isascii() and numbers.isdigit() and len(numbers) <= 8):
        return ()
    return int(old), int(new)


def _between(versions: list[queries.VersionRow], asked: tuple[int, ...]) -> Changes | None:
    """Compare the two versions the address asks for, when there are both."""
    texts_of = {item.number: item.text for item in versions}
    both = [texts_of.get(number) for number in asked]
    if not both or both[0] is None or both[1] is None:
        return None
    return Changes(
        both[0],
        both[1],
        compared(both[0], both[1]),
        MergeState.CLEAN,
        words.version_title(asked[0]),
        "",
        words.version_title(asked[1]),
    )


def _place(found: Detail, outline: dict[int, sections.Outline]) -> Place | None:
    """Return the wanted place of a new or moved section."""
    version = found.version
    if version is None or found.row.kind not in {ProposalKind.NEW_SECTION, ProposalKind.MOVE}:
        return None
    return place_words(outline, version.target_parent_id, version.target_after_id)


def _old_place(found: Detail, outline: dict[int, sections.Outline]) -> Place | None:
    own = outline.get(found.row.section.id) if found.row.section else None
    if own is None or found.row.kind is not ProposalKind.MOVE or not found.row.is_open:
        return None
    before = None
    for entry in outline.values():
        if entry.id == own.id:
            break
        if entry.parent_id == own.parent_id and entry.kind is own.kind:
            before = entry.id
    return place_words(outline, own.parent_id, before)


# ------------------------------------------------------------------------------------- deeds of readers


@blueprint.post("/vorschlaege/<id:number>/unterstuetzen")
@access(Permission.SUPPORT_PROPOSAL)
def support(number: int) -> ResponseReturnValue:
    """Support a proposal, or take the support back (tun=zurueck)."""
    if DeedForm().validate_on_submit():
        if request.form.get("tun") == "zurueck":
            service.withdraw_support(actor(), number)
            flash(_("Sie unterstützen Vorschlag %(number)s nicht mehr.", number=number), "success")
        else:
            service.support(actor(), number)
            flash(_("Sie unterstützen Vorschlag %(number)s.", number=number), "success")
    return redirect(url_for("proposals.show", number=number, _anchor="unterstuetzung"), 303)


@blueprint.post("/vorschlaege/<id:number>/zurueckziehen")
@access(Permission.WITHDRAW_PROPOSAL)
def withdraw(number: int) -> ResponseReturnValue:
    """Take the own proposal back."""
    if DeedForm().validate_on_submit():
        service.withdraw(actor(), number)
        flash(_("Vorschlag %(number)s ist zurückgezogen.", number=number), "success")
    return redirect(url_for("proposals.show", number=number), 303)
