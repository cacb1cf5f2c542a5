# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Decisions of moderators, and the author's answers to them.

A decision names what was seen: `seen_version` is the version on the page, `seen_head` the number of the
present text (of a move: of the present place, see `rules.seen_head`). When either is stale nothing happens
and `EditConflict` says so: nobody approves what they have not read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from charta.db import Transaction, transaction
from charta.errors import ChartaError, InvalidInput, WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals.models import Proposal, ProposalDecision
from charta.proposals.rules import (
    BULK_MAX,
    MERGEABLE,
    State,
    Verb,
    check_reason,
)
from charta.proposals.service import steps
from charta.proposals.service.steps import Context
from charta.proposals.service.taking_over import (
    Approved,
    approved,
    carry_out,
    reason_of,
    require_no_question,
    warm,
)
from charta.sections.models import Revision


@dataclass(frozen=True, slots=True)
class BulkResult:
    """What became of one proposal of a bulk approval; `error` is None when it was approved."""

    number: int
    approved: Approved | None
    error: ChartaError | None


def approve(actor: Actor, number: int, *, seen_version: int, seen_head: int, reason: str = "") -> Approved:
    """Take a proposal over: one new revision, or a new place, in one transaction.

    The same moderator approving the same version again gets the same answer. Raises `EditConflict` when
    version or text moved on, `WrongState` when it is decided, held, waits for its author, or does not fit.
    """
    note = reason_of(reason)
    warm(number)
    with transaction() as tx:
        return _approve(tx, actor, number, seen_version, seen_head, note)


def approve_clean(actor: Actor, items: Sequence[tuple[int, int, int]]) -> list[BulkResult]:
    """Approve several proposals that fit, each (number, seen_version, seen_head) in its own transaction.

    One that cannot be approved (any more) is told in its result; the others go on. Only proposals whose
    text is clean or moved are taken: an overlap is never decided in bulk.
    Raises `InvalidInput` for more than `BULK_MAX`.
    """
    if len(items) > BULK_MAX:
        raise InvalidInput("items", "too_many", limit=BULK_MAX, length=len(items))
    results: list[BulkResult] = []
    for number, seen_version, seen_head in items:
        warm(number)
        try:
            with transaction() as tx:
                done = _approve(tx, actor, number, seen_version, seen_head, "", only_fitting=True)
            results.append(BulkResult(number, done, None))
        except ChartaError as error:
            results.append(BulkResult(number, None, error))
    return results


def _approve(
    tx: Transaction,
    actor: Actor,
    number: int,
    seen_version: int,
    seen_head: int,
    reason: str,
    *,
    only_fitting: bool = False,
) -> Approved:
    context = steps.enter(tx, actor)
    proposal, section = steps.lock(tx, context, number)
    require(context.actor, Permission.APPROVE_PROPOSAL, proposal, policy=context.policy)
    if proposal.state is State.APPROVED:
        known = _approved_by(tx, context, proposal, seen_version)
        if known is not None:
            return known
    require_no_question(proposal, Verb.APPROVE)
    if proposal.state is State.SUBMITTED:
        steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        if only_fitting and proposal.merge_state not in MERGEABLE:
            raise WrongState(Verb.APPROVE.value, proposal.merge_state.value)
    found = steps.texts_of(tx, proposal)
    steps.change_state(tx, proposal, section, Verb.APPROVE)
    section, revision = carry_out(tx, proposal, section, found, approved_by_id=context.actor_id)
    steps.mail(
        tx,
        proposal.author_id,
        "proposal_approved",
        proposal,
        actor=context.actor,
        reason=reason,
        quiet=found.author_is_quiet,
        section_id=proposal.section_id,
        revision=revision.number if revision else None,
        adapted=False,
    )
    steps.record(
        tx,
        context.actor,
        proposal,
        Verb.APPROVE,
        version=found.version.number,
        reason=reason,
        revision=revision,
    )
    return approved(proposal, revision)


def _approved_by(tx: Transaction, context: Context, proposal: Proposal, seen_version: int) -> Approved | None:
    """Return the answer of the first click when the same person clicked twice."""
    row = tx.session.execute(
        select(ProposalDecision, Revision)
        .outerjoin(Revision, Revision.id == ProposalDecision.revision_id)
        .where(
            ProposalDecision.proposal_id == proposal.id,
            ProposalDecision.verb == Verb.APPROVE,
            ProposalDecision.by_id == context.actor_id,
            ProposalDecision.version == seen_version,
        )
    ).one_or_none()
    return None if row is None else approved(proposal, row[1])


def request_changes(
    actor: Actor, number: int, *, seen_version: int, reason: str, seen_head: int | None = None
) -> None:
    """Ask the author for another wording; the reason is mailed. Raises like `approve`."""
    _turn_down(actor, number, Verb.REQUEST_CHANGES, seen_version, seen_head, reason)


def reject(
    actor: Actor, number: int, *, seen_version: int, reason: str, seen_head: int | None = None
) -> None:
    """Decide that the proposal is not taken over; the reason is mailed. Raises like `approve`."""
    _turn_down(actor, number, Verb.REJECT, seen_version, seen_head, reason)


_TURNING_DOWN = {
    Verb.REQUEST_CHANGES: (Permission.REQUEST_CHANGES, "proposal_changes_requested"),
    Verb.REJECT: (Permission.REJECT_PROPOSAL, "proposal_rejected"),
}


def _turn_down(
    actor: Actor, number: int, verb: Verb, seen_version: int, seen_head: int | None, reason: str
) -> None:
    permission, template = _TURNING_DOWN[verb]
    note = reason_of(reason)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, permission, proposal, policy=context.policy)
        check_reason(verb, note)
        require_no_question(proposal, verb)
        if proposal.state is State.SUBMITTED:
            steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        steps.change_state(tx, proposal, section, verb)
        proposal.assignee_id = proposal.assigned_at = None
        steps.mail(tx, proposal.author_id, template, proposal, actor=context.actor, reason=note)
        steps.record(tx, context.actor, proposal, verb, version=proposal.version, reason=note)
