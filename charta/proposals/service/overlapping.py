# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Overlaps settled: by the author with a new version, by a moderator with one the author is asked about."""

from collections.abc import Sequence

from charta import events
from charta.db import Transaction, transaction
from charta.errors import WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals.fitting import wording
from charta.proposals.merging import merged
from charta.proposals.models import Proposal, ProposalVersion
from charta.proposals.rules import NEW_KINDS, MergeState, ProposalKind, Verb, check_reason
from charta.proposals.service import steps
from charta.proposals.service.adapting import adapted_version, ask_author, target_of
from charta.proposals.service.handing_in import store_version
from charta.proposals.service.steps import Context, Texts
from charta.proposals.service.taking_over import reason_of
from charta.sections.models import Section


def resolve_overlap(
    actor: Actor,
    number: int,
    *,
    choices: Sequence[str],
    seen_version: int,
    seen_head: int,
    reason: str = "",
) -> int:
    """Settle every overlap with the chosen words and return the number of the version this makes.

    `choices` are the words for each conflict in reading order (`merging.Merged.conflicts`). The author's
    choice is a new version based on the present text, a moderator's an adapted version that the author is
    asked about. Deletions and moves have no words to choose: they are said again about the present state.
    Raises `InvalidInput` (choices: unresolved, contained), `WrongState` when there is nothing to settle.
    """
    note = reason_of(reason)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.RESOLVE_OVERLAP, proposal, policy=context.policy)
        is_author = proposal.author_id == context.actor_id
        if not is_author:
            require(context.actor, Permission.ADAPT_PROPOSAL, proposal, policy=context.policy)
            check_reason(Verb.ADAPT, note)
        if (
            proposal.merge_state
            not in {
                MergeState.CONFLICT,
                MergeState.EDITED_SINCE,
                MergeState.BOTH_MOVED,
            }
            or proposal.kind in NEW_KINDS
        ):
            raise WrongState("resolve_overlap", proposal.merge_state.value)
        steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        found = steps.texts_of(tx, proposal)
        version = _settled_version(tx, context, proposal, section, found, choices)
        if not is_author:
            return ask_author(tx, context, proposal, section, version, found, note)
        steps.change_state(tx, proposal, section, Verb.RESUBMIT)
        store_version(tx, proposal, version, found.source_ids)
        events.publish(
            tx, events.ProposalResubmitted(proposal.id, version.number, previous=found.version.number)
        )
        steps.clear_adaptation(proposal)
        proposal.version = version.number
        proposal.merge_state = MergeState.CLEAN
        steps.record(tx, context.actor, proposal, Verb.RESUBMIT, version=version.number)
        return version.number


def _settled_version(
    tx: Transaction,
    context: Context,
    proposal: Proposal,
    section: Section | None,
    found: Texts,
    choices: Sequence[str],
) -> ProposalVersion:
    old = found.version
    title, body = old.title, old.body
    if proposal.kind is ProposalKind.CHANGE:
        assert found.base is not None
        assert found.head is not None
        result = merged(wording(found.base), wording(found.head), wording(old))
        title, body = result.resolved(choices)
    version = adapted_version(tx, context, proposal, section, found, title, body, target_of(old))
    version.author_id = context.actor_id
    return version
