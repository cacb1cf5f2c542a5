# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Adapted versions: a moderator words it otherwise, and the author is asked."""

from sqlalchemy import select

from charta import events
from charta.db import Transaction, session, transaction, utcnow
from charta.errors import InvalidInput, WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals.models import Proposal, ProposalVersion
from charta.proposals.rules import (
    ADAPTATION_DAYS,
    MERGEABLE,
    TEXT_KINDS,
    MergeState,
    ProposalKind,
    State,
    Verb,
    check_reason,
)
from charta.proposals.service import steps
from charta.proposals.service.handing_in import store_version
from charta.proposals.service.steps import Context, Texts
from charta.proposals.service.taking_over import (
    Approved,
    approved,
    carry_out,
    reason_of,
    require_no_question,
    warm,
)
from charta.sections import service as sections
from charta.sections.models import Section
from charta.sections.service import prepare


def adapt(
    actor: Actor,
    number: int,
    *,
    seen_version: int,
    seen_head: int,
    title: str,
    body: str,
    reason: str,
    target_parent_id: int | None = None,
    target_after_id: int | None = None,
    target_field_id: int | None = None,
) -> int:
    """Take a proposal over with changes: ask its author about another version; return its number.

    It takes effect when the author agrees, or after seven days. `title` and `body` start from the merged
    text for the head that was seen. For a move only the target counts, for a new section both.
    """
    note = reason_of(reason)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.ADAPT_PROPOSAL, proposal, policy=context.policy)
        check_reason(Verb.ADAPT, note)
        require_no_question(proposal, Verb.ADAPT)
        if proposal.state is State.SUBMITTED:
            steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        if proposal.kind is ProposalKind.DELETION:
            raise WrongState(Verb.ADAPT.value, proposal.kind.value)
        found = steps.texts_of(tx, proposal)
        version = adapted_version(
            tx,
            context,
            proposal,
            section,
            found,
            title,
            body,
            (target_parent_id, target_after_id, target_field_id),
        )
        if version.content_hash == found.version.content_hash and target_of(version) == target_of(
            found.version
        ):
            raise InvalidInput("body", "unchanged")
        return ask_author(tx, context, proposal, section, version, found, note)


def target_of(version: ProposalVersion) -> tuple[int | None, int | None, int | None]:
    """Return the place a version names: parent, the one before, field."""
    return version.target_parent_id, version.target_after_id, version.target_field_id


def adapted_version(
    tx: Transaction,
    context: Context,
    proposal: Proposal,
    section: Section | None,
    found: Texts,
    title: str,
    body: str,
    target: tuple[int | None, int | None, int | None],
) -> ProposalVersion:
    """Return a moderator's version of a proposal, based on the present text."""
    old = found.version
    if proposal.kind in TEXT_KINDS:
        ready = prepare(title, body)
        title, body, digest = ready.title, ready.body, ready.content_hash
        if found.head is not None and digest == found.head.content_hash:
            raise InvalidInput("body", "contained")
    else:
        title, body, digest = old.title, old.body, old.content_hash
    parent_id, after_id, field_id = target if proposal.kind is ProposalKind.MOVE else target_of(old)
    return ProposalVersion(
        proposal_id=proposal.id,
        base_id=found.head.id if found.head is not None else None,
        base_structure=section.structure_number if section is not None else None,
        title=title,
        body=body,
        content_hash=digest,
        summary=old.summary,
        reason=old.reason,
        target_parent_id=parent_id,
        target_after_id=after_id,
        target_field_id=field_id,
        author_id=context.actor_id,
        created_at=tx.now,
    )


def ask_author(
    tx: Transaction,
    context: Context,
    proposal: Proposal,
    section: Section | None,
    version: ProposalVersion,
    found: Texts,
    reason: str,
) -> int:
    """Store a moderator's version and ask the author about it."""
    steps.change_state(tx, proposal, section, Verb.ADAPT)
    store_version(tx, proposal, version, found.source_ids)
    events.publish(tx, events.ProposalResubmitted(proposal.id, version.number, previous=found.version.number))
    proposal.adapted_version = version.number
    proposal.adapted_by_id = context.actor_id
    proposal.adapted_until = tx.now + ADAPTATION_DAYS
    proposal.merge_state = steps.merge_state(tx, proposal, section, version, found.head, found.head)
    steps.mail(
        tx,
        proposal.author_id,
        "proposal_adapted",
        proposal,
        actor=context.actor,
        reason=reason,
        until=proposal.adapted_until.isoformat(),
    )
    steps.record(tx, context.actor, proposal, Verb.ADAPT, version=version.number, reason=reason)
    return version.number


def agree(actor: Actor, number: int, *, seen_version: int) -> Approved:
    """Agree to the adapted version of the own proposal; it takes effect at once.

    Raises `EditConflict` when the moderator has changed it again, `WrongState` when nothing is asked (any
    more) or the text has moved so that it does not fit.
    """
    warm(number)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.ANSWER_ADAPTATION, proposal, policy=context.policy)
        _require_question(proposal, Verb.AGREE)
        steps.check_seen(proposal, section, seen_version=seen_version, seen_head=None)
        return _take_effect(tx, context.actor, proposal, section)


def refuse(actor: Actor, number: int, *, seen_version: int, reason: str) -> None:
    """Refuse the adapted version of the own proposal; it awaits a decision as it was."""
    note = reason_of(reason)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.ANSWER_ADAPTATION, proposal, policy=context.policy)
        check_reason(Verb.REFUSE, note)
        _require_question(proposal, Verb.REFUSE)
        steps.check_seen(proposal, section, seen_version=seen_version, seen_head=None)
        steps.change_state(tx, proposal, section, Verb.REFUSE)
        refused, moderator_id = proposal.candidate, proposal.adapted_by_id
        steps.clear_adaptation(proposal)
        tx.session.flush()
        found = steps.texts_of(tx, proposal)
        # The words under decision are the author's again, and comments stand on those.
        events.publish(tx, events.ProposalResubmitted(proposal.id, found.version.number, previous=refused))
        proposal.merge_state = steps.merge_state(tx, proposal, section, found.version, found.base, found.head)
        assert moderator_id is not None
        steps.mail(
            tx, moderator_id, "proposal_adaptation_refused", proposal, actor=context.actor, reason=note
        )
        steps.record(tx, context.actor, proposal, Verb.REFUSE, version=refused, reason=note)


def _require_question(proposal: Proposal, verb: Verb) -> None:
    if proposal.adapted_version is None or proposal.state is not State.SUBMITTED:
        raise WrongState(verb.value, proposal.state.value)


def _take_effect(
    tx: Transaction, actor: Actor | None, proposal: Proposal, section: Section | None
) -> Approved:
    """Carry out an adapted version, by the author's word or because time ran out (`actor` None)."""
    moderator_id = proposal.adapted_by_id
    assert moderator_id is not None
    found = steps.texts_of(tx, proposal)
    steps.change_state(tx, proposal, section, Verb.AGREE)
    section, revision = carry_out(tx, proposal, section, found, approved_by_id=moderator_id)
    told = (
        (moderator_id, "proposal_adaptation_agreed")
        if actor is not None
        else (proposal.author_id, "proposal_approved")
    )
    steps.mail(
        tx,
        told[0],
        told[1],
        proposal,
        actor=actor,
        section_id=proposal.section_id,
        revision=revision.number if revision else None,
        adapted=True,
    )
    steps.record(tx, actor, proposal, Verb.AGREE, version=found.version.number, revision=revision)
    return approved(proposal, revision)


def settle_adaptation(number: int) -> Approved | None:
    """Let an adapted version take effect whose seven days are over; the worker's deed, without an actor.

    Returns None when nothing is due. When the text has moved so that it does not fit, the question stays
    open without a date and the author is asked to help.
    """
    warm(number)
    with transaction() as tx:
        row = tx.session.execute(
            select(Proposal.section_id, Proposal.kind).where(Proposal.id == number)
        ).one_or_none()
        if row is None:
            return None
        if row[1] is not ProposalKind.CHANGE:
            sections.lock_tree(tx)
        proposal, section = steps.lock_rows(tx, number, row[0])
        is_due = (
            proposal.state is State.SUBMITTED
            and proposal.adapted_until is not None
            and proposal.adapted_until <= tx.now
            and not proposal.is_held
        )
        if not is_due:
            return None
        if proposal.merge_state not in MERGEABLE | {MergeState.ALREADY_CONTAINED}:
            proposal.adapted_until = None
            steps.mail(
                tx,
                proposal.author_id,
                "proposal_needs_help",
                proposal,
                actor=None,
                merge_state=proposal.merge_state.value,
            )
            return None
        return _take_effect(tx, None, proposal, section)


def due_adaptations() -> list[int]:
    """Return the numbers of proposals whose adapted version is due to take effect."""
    return list(
        session.scalars(
            select(Proposal.id)
            .where(
                Proposal.state == State.SUBMITTED,
                Proposal.adapted_until <= utcnow(),
                Proposal.is_held.is_(False),
            )
            .order_by(Proposal.adapted_until)
            .limit(100)
        )
    )
