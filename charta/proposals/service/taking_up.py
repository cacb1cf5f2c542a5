# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a proposal takes up: contributions are linked, left out, and a proposal is begun from them.

The link of a decided proposal is kept for good. The sources of the contributions become sources of the
proposal, so that the origin of its words names the forum.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from charta.activity import service as activity
from charta.contributions.models import Contribution, Topic
from charta.contributions.rules import State as ContributionState
from charta.contributions.rules import clean_code
from charta.contributions.service import telling
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import Actor, Permission, may, require
from charta.proposals.models import (
    DraftSource,
    Proposal,
    ProposalContribution,
    ProposalDraft,
    ProposalSource,
    ProposalVersion,
)
from charta.proposals.rules import EDITABLE, OPEN, ProposalKind, State
from charta.proposals.service import steps
from charta.proposals.service.beginning import begin
from charta.proposals.service.steps import Context
from charta.sections.rules import BODY_MAX, REASON_MAX, SUMMARY_MAX, TITLE_MAX

# More would be a petition; the topic holds the rest together.
LINKED_MAX = 200
# One merged into one that was merged, and so on: further than anybody merges.
_MERGED_DEPTH = 4


def take_up(actor: Actor, number: int, codes: Sequence[str]) -> int:
    """Link contributions to a proposal by their codes and return how many are new; twice is no error.

    A merged one stands for where it went. Authors do it while the proposal is open, the moderation also with
    proposals of others. Raises `InvalidInput("codes", "no_such_code")`, `WrongState` once it is decided.
    """
    wanted = _clean(codes)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        _require_editing(context, proposal, "take_up")
        found = _by_codes(tx, wanted)
        return _link(tx, context, proposal, found)


def leave_out(actor: Actor, number: int, contribution_id: int) -> None:
    """Take back that a proposal takes up a contribution; without a link nothing changes."""
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        _require_editing(context, proposal, "leave_out")
        link = tx.session.get(ProposalContribution, (number, contribution_id))
        if link is not None:
            tx.session.delete(link)
            if proposal.state is not State.DRAFT:
                proposal.changed_at = tx.now
                activity.record(
                    tx,
                    context.actor,
                    "leave_out_contribution",
                    "proposal",
                    number,
                    contribution_id=contribution_id,
                )


@dataclass(frozen=True, slots=True)
class Prefilled:
    """What a new draft begins with; texts over a limit are cut, they are only a beginning."""

    title: str = ""
    body: str = ""
    summary: str = ""
    reason: str = ""


def start_from(
    actor: Actor,
    *,
    kind: ProposalKind,
    codes: Sequence[str] = (),
    topic_id: int | None = None,
    section_id: int | None = None,
    field_id: int | None = None,
    parent_id: int | None = None,
    after_id: int | None = None,
    prefilled: Prefilled | None = None,
    once_key: str | None = None,
) -> int:
    """Begin a draft that takes up contributions, or all accepted ones of a topic; return its number.

    An own draft that is found instead (see `start`) keeps its words and gets the links. Raises what `start`
    and `take_up` raise.
    """
    wanted = _clean(codes)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        begun = begin(
            tx,
            context,
            kind=kind,
            section_id=section_id,
            field_id=field_id,
            parent_id=parent_id,
            after_id=after_id,
            once_key=once_key,
        )
        if begun.draft is not None and begun.proposal is not None:
            _prefill(begun.proposal, begun.draft, prefilled or Prefilled())
        proposal = begun.proposal or steps.lock_alone(tx, context, begun.number)
        if proposal.state not in EDITABLE:
            return begun.number  # the same form again: what it began is decided meanwhile
        found = _by_codes(tx, wanted)
        if topic_id is not None:
            found += _of_topic(tx, topic_id, {item.id for item in found})
        if not found:
            raise InvalidInput("codes", "required")
        _link(tx, context, proposal, found, topic_id=topic_id)
        return begun.number


def _prefill(proposal: Proposal, draft: ProposalDraft, words: Prefilled) -> None:
    if words.title and proposal.kind is not ProposalKind.CHANGE:
        draft.title = words.title[:TITLE_MAX]
    if words.body and proposal.kind is not ProposalKind.CHANGE:
        draft.body = words.body[:BODY_MAX]
    draft.summary = proposal.summary = words.summary[:SUMMARY_MAX]
    draft.reason = words.reason[:REASON_MAX]


def _require_editing(context: Context, proposal: Proposal, deed: str) -> None:
    """Refuse unless the actor may write this proposal, or screens contributions and it is handed in."""
    screens = may(context.actor, Permission.SCREEN_CONTRIBUTION) and proposal.state is not State.DRAFT
    if not screens:
        require(context.actor, Permission.EDIT_DRAFT, proposal, policy=context.policy)
    if proposal.state not in EDITABLE:
        raise WrongState(deed, proposal.state.value)


def _clean(codes: Iterable[str]) -> list[str]:
    cleaned: list[str] = []
    for raw in codes:
        code = clean_code(raw)
        if code is None:
            raise InvalidInput("codes", "no_such_code", wanted=raw.strip()[:20])
        if code not in cleaned:
            cleaned.append(code)
    if len(cleaned) > LINKED_MAX:
        raise InvalidInput("codes", "too_many", limit=LINKED_MAX)
    return cleaned


def _by_codes(tx: Transaction, codes: Sequence[str]) -> list[Contribution]:
    """Return accepted contributions by their codes; a merged one is where it went."""
    if not codes:
        return []
    stored = tx.session.scalars(select(Contribution).where(Contribution.code.in_(codes)))
    rows = {item.code: item for item in stored}
    known = {item.id: item for item in rows.values()}
    for _link in range(_MERGED_DEPTH):
        missing = {item.merged_into_id for item in known.values() if item.merged_into_id is not None}
        missing -= set(known)
        if not missing:
            break
        targets = tx.session.scalars(select(Contribution).where(Contribution.id.in_(sorted(missing))))
        known |= {item.id: item for item in targets}
    found: dict[int, Contribution] = {}
    for code in codes:
        item = rows.get(code)
        while item is not None and item.merged_into_id is not None:
            item = known.get(item.merged_into_id)
        if item is None or item.state is not ContributionState.ACCEPTED:
            raise InvalidInput("codes", "no_such_code", wanted=code)
        found[item.id] = item
    return list(found.values())


def _of_topic(tx: Transaction, topic_id: int, besides: set[int]) -> list[Contribution]:
    if tx.session.get(Topic, topic_id) is None:
        raise NotFound(kind="topic", id=topic_id)
    return [
        item
        for item in tx.session.scalars(
            select(Contribution)
            .where(Contribution.topic_id == topic_id, Contribution.state == ContributionState.ACCEPTED)
            .order_by(Contribution.id)
            .limit(LINKED_MAX)
        )
        if item.id not in besides
    ]


def _link(
    tx: Transaction,
    context: Context,
    proposal: Proposal,
    found: Sequence[Contribution],
    *,
    topic_id: int | None = None,
) -> int:
    """Add the missing links and sources; who is concerned hears of it once the proposal is handed in."""
    tx.session.flush()
    known = set(
        tx.session.scalars(
            select(ProposalContribution.contribution_id).where(
                ProposalContribution.proposal_id == proposal.id
            )
        )
    )
    new = [item for item in found if item.id not in known]
    if len(known) + len(new) > LINKED_MAX:
        raise InvalidInput("codes", "too_many", limit=LINKED_MAX)
    if not new:
        return 0
    tx.session.add_all(
        ProposalContribution(
            proposal_id=proposal.id,
            contribution_id=item.id,
            topic_id=topic_id if topic_id is not None and item.topic_id == topic_id else None,
            by_id=context.actor_id,
            at=tx.now,
        )
        for item in new
    )
    _add_sources(tx, proposal, {item.source_id for item in new if item.source_id is not None})
    if proposal.state is not State.DRAFT:
        proposal.changed_at = tx.now
        tell_taken_up(tx, proposal, new)
        activity.record(tx, context.actor, "take_up_contributions", "proposal", proposal.id, count=len(new))
    return len(new)


def _add_sources(tx: Transaction, proposal: Proposal, source_ids: set[int]) -> None:
    """Name sources with the draft where there is one, and with the version that is decided about."""
    if not source_ids:
        return
    tx.session.flush()
    if tx.session.get(ProposalDraft, proposal.id) is not None:
        known = set(
            tx.session.scalars(select(DraftSource.source_id).where(DraftSource.proposal_id == proposal.id))
        )
        tx.session.add_all(
            DraftSource(proposal_id=proposal.id, source_id=ident) for ident in sorted(source_ids - known)
        )
    if proposal.state in OPEN:
        version_id = tx.session.scalar(
            select(ProposalVersion.id).where(
                ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == proposal.candidate
            )
        )
        if version_id is not None:
            named = set(
                tx.session.scalars(
                    select(ProposalSource.source_id).where(ProposalSource.version_id == version_id)
                )
            )
            tx.session.add_all(
                ProposalSource(version_id=version_id, source_id=ident) for ident in sorted(source_ids - named)
            )


# ------------------------------------------------------------------------------- steps of other commands


def taken_up(tx: Transaction, proposal_id: int) -> list[Contribution]:
    """Return the contributions that a proposal takes up."""
    return list(
        tx.session.scalars(
            select(Contribution)
            .join(ProposalContribution, ProposalContribution.contribution_id == Contribution.id)
            .where(ProposalContribution.proposal_id == proposal_id)
            .order_by(Contribution.id)
        )
    )


def tell_taken_up(tx: Transaction, proposal: Proposal, contributions: Sequence[Contribution]) -> None:
    """Tell whom the contributions concern that a proposal takes them up."""
    if not contributions:
        return
    numbers = f"{contributions[0].id}-{contributions[-1].id}-{len(contributions)}"
    telling.tell(
        tx,
        "taken_up",
        contributions,
        once=f"taken_up:{proposal.id}:{numbers}",
        besides=proposal.author_id,
        data={"number": proposal.id, "summary": proposal.summary},
    )
