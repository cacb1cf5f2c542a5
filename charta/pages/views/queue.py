# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The moderation queue: list left, item right, one decision after the other."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from charta.db import utcnow
from charta.errors import InvalidInput, NotFound, WrongState
from charta.pages import queries
from charta.pages.forms import AssignmentForm, DecisionForm
from charta.pages.forms import number as remembered_number
from charta.pages.views.blueprint import blueprint
from charta.pages.words import age
from charta.permissions import Permission
from charta.proposals import queries as proposals
from charta.proposals import service
from charta.proposals import words as proposal_words
from charta.proposals.merging import Wording, merged
from charta.proposals.queries import Detail, ProposalRow, QueueOrder, wording
from charta.proposals.rules import MERGEABLE, NEW_KINDS, MergeState, ProposalKind, State
from charta.sections import queries as sections
from charta.sections import texts
from charta.sections.models import Source
from charta.sections.queries import Outline
from charta.text import render
from charta.text.diff import BlockKind, Comparison
from charta.web.access import access
from charta.web.dates import local
from charta.web.forms import catching
from charta.web.pager import Page, cut, key_argument
from charta.web.viewer import actor, policy, site_settings

# Filter of the address: a group of merge states each; the words stand in `_fits`.
FITS = {
    "passt": MERGEABLE,
    "ueberschneidung": frozenset({MergeState.CONFLICT}),
    "enthalten": frozenset({MergeState.ALREADY_CONTAINED}),
    "ziel": frozenset(
        {MergeState.TARGET_GONE, MergeState.BOTH_MOVED, MergeState.EDITED_SINCE, MergeState.CYCLE}
    ),
}
ORDERS = {"aelteste": QueueOrder.OLDEST, "neueste": QueueOrder.NEWEST}


@dataclass(frozen=True, slots=True)
class Filters:
    """The part of the queue that is shown, as it stands in the address; unknown values mean everything."""

    field_number: int | None = None
    fit: str = ""
    order: str = "aelteste"
    after: int | None = None

    @classmethod
    def from_address(cls) -> "Filters":
        """Read the filters of this request."""
        fit, order = request.args.get("passung", ""), request.args.get("sortierung", "")
        return cls(
            field_number=key_argument("feld"),
            fit=fit if fit in FITS else "",
            order=order if order in ORDERS else "aelteste",
            after=key_argument("ab"),
        )

    def arguments(self, **more: Any) -> dict[str, Any]:
        """Return them as arguments of an address; what is preset is left out, `more` wins."""
        found: dict[str, Any] = {
            "feld": self.field_number,
            "passung": self.fit or None,
            "sortierung": self.order if self.order != "aelteste" else None,
            "ab": self.after,
        } | more
        return {name: value for name, value in found.items() if value is not None}


@blueprint.get("/moderation")
@access(Permission.READ_QUEUE)
def queue() -> ResponseReturnValue:
    """Show the proposals that await a decision, and one of them in full."""
    return show(Filters.from_address(), number=key_argument("nr"), form=DecisionForm(formdata=None))


@blueprint.get("/moderation/tasten")
@access(Permission.READ_QUEUE)
def queue_keys() -> ResponseReturnValue:
    """Explain the keys of the queue: the same list as its help dialog, without a script."""
    return render_template("pages/queue_keys.html")


@blueprint.post("/moderation/<id:number>/entscheidung")
@access(Permission.READ_QUEUE)
def decide(number: int) -> ResponseReturnValue:
    """Decide one proposal by the button that was pressed, and open the next one."""
    filters, form = Filters.from_address(), DecisionForm()
    if form.validate_on_submit():
        with catching(form):
            try:
                message = _decide(number, form)
            except WrongState as error:
                form.refuse("", proposal_words.wrong_state(error), status_code=409)
            else:
                flash(message, "success")
                after = filters.arguments(nach=number, nr=remembered_number(form.naechster.data))
                return redirect(url_for("pages.queue", **after), 303)
    return show(filters, number=number, form=form)


def _decide(number: int, form: DecisionForm) -> str:
    """Do what the button says and return the message."""
    reason = form.reason.data or ""
    seen_version, seen_head = form.seen("seen_version"), form.seen("seen_head")
    match request.form.get("entscheidung"):
        case "uebernehmen":
            done = service.approve(
                actor(), number, seen_version=seen_version, seen_head=seen_head, reason=reason
            )
            if done.revision_number is None:
                return _("Vorschlag %(number)s ist übernommen.", number=number)
            return _(
                "Vorschlag %(number)s ist übernommen und steht als Textstand %(text)s in der Arbeitsfassung.",
                number=number,
                text=done.revision_number,
            )
        case "ueberarbeiten":
            service.request_changes(
                actor(), number, seen_version=seen_version, seen_head=seen_head, reason=reason
            )
            return _("Zu Vorschlag %(number)s ist um Überarbeitung gebeten.", number=number)
        case "ablehnen":
            service.reject(actor(), number, seen_version=seen_version, seen_head=seen_head, reason=reason)
            return _("Vorschlag %(number)s ist nicht übernommen.", number=number)
        case _:
            raise InvalidInput("entscheidung", "invalid")


@blueprint.post("/moderation/<id:number>/zustaendig")
@access(Permission.TAKE_ON_PROPOSAL)
def assign(number: int) -> ResponseReturnValue:
    """Take a proposal on, or hand it back."""
    form = AssignmentForm()
    if form.validate_on_submit():
        if request.form.get("zustaendig") == "niemand":
            service.hand_back(actor(), number)
        else:
            service.take_on(actor(), number)
    return redirect(url_for("pages.queue", **Filters.from_address().arguments(nr=number)), 303)


# ------------------------------------------------------------------------------------------------ the page


def show(filters: Filters, *, number: int | None, form: DecisionForm) -> ResponseReturnValue:
    """Render the queue with one proposal open: `number`, else the one after `nach`, else the first."""
    overview = queries.queue_overview(actor(), since=today(), four_eyes=policy().four_eyes)
    field = next((item for item in overview.fields if item.number == filters.field_number), None)
    page = cut(
        proposals.queue(
            actor(),
            field_id=field.id if field else None,
            merge_states=FITS.get(filters.fit),
            order=ORDERS[filters.order],
            after=filters.after,
        ),
        proposals.PAGE_SIZE,
        lambda row: row.number,
    )
    chosen, is_missing = choose(page, number, keep=form.status_code != 200)
    return (
        render_template(
            "pages/queue.html",
            filters=filters,
            fits=fit_choices(),
            overview=overview,
            takeable=overview.takeable_in(field.id if field else None),
            page=page,
            item=item_of(chosen, page) if chosen else None,
            missing=number if is_missing else None,
            is_single=number is not None and not is_missing,
            form=form,
            assignment=AssignmentForm(formdata=None),
            fit=proposal_words.fit,
            author=proposal_words.author,
            age=age,
        ),
        form.status_code,
    )


def fit_choices() -> list[tuple[str, str]]:
    """Return the choices of the filter by merge state."""
    return [
        ("", _("Jede Passung")),
        ("passt", _("passt zum Text")),
        ("ueberschneidung", _("Überschneidung")),
        ("enthalten", _("steht schon im Text")),
        ("ziel", _("Stelle geändert")),
    ]


def today() -> datetime:
    """Return the moment this day began in Germany."""
    return local(utcnow()).replace(hour=0, minute=0, second=0, microsecond=0)


def choose(page: Page[ProposalRow], number: int | None, *, keep: bool) -> tuple[Detail | None, bool]:
    """Return the proposal to show, and whether the one asked for no longer waits.

    `keep` shows it all the same: what was typed about it stays with it.
    """
    if number is not None:
        found = proposals.detail(actor(), site_settings(), number)
        if found is None:
            raise NotFound(kind="proposal", id=number)
        if keep or awaits_decision(found.row):
            return found, False
    decided = key_argument("nach")
    numbers = [row.number for row in page.items]
    first = next((item for item in numbers if decided is not None and item > decided), None)
    if first is None and numbers:
        first = numbers[0]
    chosen = proposals.detail(actor(), site_settings(), first) if first is not None else None
    # Coming from a decision it is no news that the one before is decided.
    return chosen, number is not None and decided is None


def awaits_decision(row: ProposalRow) -> bool:
    """Whether a moderator can decide about it now."""
    return row.state is State.SUBMITTED and not row.awaits_author


CODES_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Item:
    """The right side: one proposal with what it would change."""

    row: ProposalRow
    version: str
    reason: Markup
    sources: list[Source]
    codes: list[str]
    title: str
    title_change: tuple[str, str] | None
    comparison: Comparison | None
    new_text: Markup
    first_rn: int | None
    changed_rn: int | None
    place: str
    target: str
    is_waiting: bool
    is_overdue: bool
    is_against_base: bool
    can_be_taken: bool
    following: int | None


def item_of(found: Detail, page: Page[ProposalRow]) -> Item:
    """Return what the right side shows of a proposal."""
    row, version = found.row, found.version
    assert version is not None  # a handed-in proposal has one
    outline = {entry.id: entry for entry in sections.tree(with_measures=True)}
    old, new = change(found)
    here = outline.get(row.section.id) if row.section else None
    numbers = [item.number for item in page.items]
    at = numbers.index(row.number) if row.number in numbers else -1
    comparison = (
        None
        if row.kind is ProposalKind.MOVE or row.kind in NEW_KINDS
        else texts.compared(old.content_hash, old.body, new.content_hash, new.body)
    )
    sources, codes = queries.taken_up_by(version.id)
    return Item(
        row=row,
        version=proposal_words.version(row.version),
        reason=render.to_html(version.reason, prefix="grund-"),
        sources=sources,
        codes=codes[:CODES_SHOWN],
        title=version.title,
        title_change=(old.title, new.title) if old.title != new.title and old.title and new.title else None,
        comparison=comparison,
        new_text=render.to_html(version.body, prefix="neu-") if row.kind in NEW_KINDS else Markup(""),
        first_rn=here.first_rn if here is not None else None,
        changed_rn=_changed_rn(comparison, here),
        place=_place(here),
        target=_target(found, outline),
        is_waiting=awaits_decision(row),
        is_overdue=row.decide_until is not None and row.decide_until < utcnow(),
        is_against_base=row.merge_state is MergeState.CONFLICT,
        can_be_taken=row.merge_state in MERGEABLE
        or (row.merge_state is MergeState.ALREADY_CONTAINED and row.kind is ProposalKind.CHANGE),
        following=numbers[at + 1] if 0 <= at < len(numbers) - 1 else None,
    )


def change(found: Detail) -> tuple[Wording, Wording]:
    """Return the texts to compare: the present one and what it becomes; of an overlap base and proposal."""
    base, head, proposed = wording(found.base), wording(found.head), wording(found.version)
    match found.row.kind:
        case ProposalKind.DELETION:
            return head, wording(None)
        case ProposalKind.CHANGE if found.base is not None and found.head is not None:
            result = merged(base, head, proposed)
            if result.is_clean:
                return head, Wording(result.title, result.body, result.content_hash)
            return base, proposed
        case _:
            return wording(None), proposed


def _changed_rn(comparison: Comparison | None, here: Outline | None) -> int | None:
    """Return the Randnummer of the first paragraph that changes."""
    if comparison is None or here is None:
        return None
    for block in comparison.blocks:
        side = block.old or block.new
        if block.kind is not BlockKind.UNCHANGED and side is not None and side.paragraph >= 0:
            return here.first_rn + side.paragraph
    return None


def _place(entry: Outline | None) -> str:
    return f"{entry.number} {entry.title}".strip() if entry else ""


def _target(found: Detail, outline: dict[int, Outline]) -> str:
    """Return where a new or moved section is to stand, in words."""
    version = found.version
    if version is None or found.row.kind not in {ProposalKind.MOVE, ProposalKind.NEW_SECTION}:
        return ""
    after = outline.get(version.target_after_id or 0)
    parent = outline.get(version.target_parent_id or 0)
    if after is not None:
        return _("hinter %(place)s", place=_place(after))
    if parent is not None:
        return _("am Anfang von %(place)s", place=_place(parent))
    return _("am Anfang der Charta")
