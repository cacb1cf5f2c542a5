# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Around a proposal: who is on it, who supports it, taking it back, and the hold of a ballot."""

from charta.db import Transaction, transaction
from charta.errors import NotFound, WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals.models import Proposal, ProposalSupport
from charta.proposals.rules import OPEN, State, Verb
from charta.proposals.service import steps
from charta.proposals.service.steps import Context


def withdraw(actor: Actor, number: int) -> None:
    """Take the own proposal back; it stays readable like a decided one. Doing it twice is no error."""
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.WITHDRAW_PROPOSAL, proposal, policy=context.policy)
        if proposal.state is State.WITHDRAWN:
            return
        steps.change_state(tx, proposal, section, Verb.WITHDRAW)
        steps.clear_adaptation(proposal)
        steps.record(tx, context.actor, proposal, Verb.WITHDRAW, version=proposal.version)


def take_on(actor: Actor, number: int) -> None:
    """Say that this moderator is on the proposal; takes it over from another one."""
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        require(context.actor, Permission.TAKE_ON_PROPOSAL, proposal, policy=context.policy)
        if proposal.state not in OPEN:
            raise WrongState("take_on", proposal.state.value)
        if proposal.assignee_id != context.actor_id:
            proposal.assignee_id, proposal.assigned_at = context.actor_id, tx.now


def hand_back(actor: Actor, number: int) -> None:
    """Say that nobody is on the proposal any more."""
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        require(context.actor, Permission.TAKE_ON_PROPOSAL, proposal, policy=context.policy)
        proposal.assignee_id = proposal.assigned_at = None


def support(actor: Actor, number: int) -> int:
    """Support an open proposal of somebody else and return how many do; twice is no error."""
    with transaction() as tx:
        context, proposal = _open_to_support(tx, actor, number)
        if proposal.author_id == context.actor_id:
            raise WrongState("support", "own")
        known = tx.session.get(ProposalSupport, (number, context.actor_id))
        if known is None:
            tx.session.add(ProposalSupport(proposal_id=number, person_id=context.actor_id, at=tx.now))
            proposal.supporters += 1
        return proposal.supporters


def withdraw_support(actor: Actor, number: int) -> int:
    """Take the own support back and return how many are left; without support nothing changes."""
    with transaction() as tx:
        context, proposal = _open_to_support(tx, actor, number)
        known = tx.session.get(ProposalSupport, (number, context.actor_id))
        if known is not None:
            tx.session.delete(known)
            proposal.supporters -= 1
        return proposal.supporters


def _open_to_support(tx: Transaction, actor: Actor, number: int) -> tuple[Context, Proposal]:
    """Return an open proposal under its lock, for somebody who may support proposals."""
    context = steps.enter(tx, actor)
    proposal = steps.lock_alone(tx, context, number)
    require(context.actor, Permission.SUPPORT_PROPOSAL, proposal, policy=context.policy)
    if proposal.state not in OPEN:
        raise WrongState("support", proposal.state.value)
    return context, proposal


def hold(tx: Transaction, number: int) -> None:
    """Freeze the version under decision while a ballot on it is open; the ballot's command calls this.

    Raises `WrongState` unless the proposal awaits a decision and nobody else holds it.
    """
    proposal = _held_subject(tx, number)
    if proposal.state is not State.SUBMITTED or proposal.is_held or proposal.adapted_version is not None:
        raise WrongState("hold", "held" if proposal.is_held else proposal.state.value)
    proposal.is_held = True


def release(tx: Transaction, number: int) -> None:
    """End the hold of a ballot; without a hold nothing changes."""
    _held_subject(tx, number).is_held = False


def _held_subject(tx: Transaction, number: int) -> Proposal:
    proposal = tx.lock(Proposal, number)
    if proposal is None:
        raise NotFound(kind="proposal", id=number)
    return proposal
