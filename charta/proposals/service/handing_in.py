# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handing a draft in: it becomes an immutable version, complete, different, and at a place that exists."""

from collections.abc import Sequence

from sqlalchemy import delete, select

from charta import events
from charta.db import Transaction, session, transaction
from charta.errors import EditConflict, InvalidInput, WrongState
from charta.permissions import Actor, Permission, require
from charta.proposals import rules
from charta.proposals.fitting import wording
from charta.proposals.merging import Wording, merged
from charta.proposals.models import (
    DraftSource,
    Proposal,
    ProposalDraft,
    ProposalVersion,
)
from charta.proposals.rules import NEW_KINDS, TEXT_KINDS, MergeState, ProposalKind, State, Verb
from charta.proposals.service import steps
from charta.proposals.service.beginning import require_covered
from charta.proposals.service.drafting import draft_sources, typed_in
from charta.proposals.service.steps import Context
from charta.proposals.service.taking_up import taken_up, tell_taken_up
from charta.proposals.service.targets import check_target
from charta.sections.models import Revision, Section
from charta.sections.rules import (
    SUMMARY_MAX,
    SectionKind,
    clean_line,
)
from charta.sections.service import prepare
from charta.text.hashing import content_hash


def submit(actor: Actor, number: int, *, seen_edit: int | None = None) -> int:
    """Hand the draft in as an immutable version and return the version's number.

    Handing the same text in twice returns the same version. `seen_edit` is the save the author has in view.
    Raises `InvalidInput` (summary: required; title, body: required, unchanged, contained; target: unchanged),
    `EditConflict` when a colleague saved meanwhile, `NotPermitted` outside the round.
    """
    _warm_draft(number)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.SUBMIT_PROPOSAL, proposal, policy=context.policy)
        draft = tx.session.get(ProposalDraft, number)
        if draft is None:
            if proposal.state is State.SUBMITTED:
                return proposal.version
            if proposal.state is State.CHANGES_REQUESTED:
                raise InvalidInput("body", "unchanged")
            raise WrongState("submit", proposal.state.value)
        if seen_edit is not None and seen_edit != draft.edit_number:
            raise EditConflict(
                subject="draft",
                edit_number=draft.edit_number,
                title=draft.title,
                body=draft.body,
                summary=draft.summary,
                reason=draft.reason,
            )
        if proposal.state is State.DRAFT:
            require(context.actor, Permission.PROPOSE, policy=context.policy)
            require_covered(tx, context, proposal.field_id)
        return hand_in(tx, context, proposal, section, draft)


def resubmit(actor: Actor, number: int, *, seen_edit: int | None = None) -> int:
    """Hand in the next version of a proposal; the same as `submit`, which sees by the state what to do."""
    return submit(actor, number, seen_edit=seen_edit)


def _warm_draft(number: int) -> None:
    """Merge the draft onto the present text before the lock, so that inside it is only looked up."""
    row = session.execute(
        select(Proposal.kind, Proposal.version, ProposalDraft, Revision, Section.head_id)
        .join(ProposalDraft, ProposalDraft.proposal_id == Proposal.id)
        .join(Section, Section.id == Proposal.section_id)
        .join(Revision, Revision.id == ProposalDraft.base_id)
        .where(Proposal.id == number)
    ).one_or_none()
    if row is None or row[0] is not ProposalKind.CHANGE:
        return
    _, version, draft, base, head_id = row
    head = base if head_id == base.id else session.get(Revision, head_id)
    try:
        ready = prepare(draft.title, draft.body)
    except InvalidInput:
        return  # said again, and then to the person, inside the transaction
    if version:
        events.announce(events.VersionAhead(number, ready.content_hash, ready.body))
    if head is not None:
        merged(wording(base), wording(head), Wording(ready.title, ready.body, ready.content_hash))


def hand_in(
    tx: Transaction, context: Context, proposal: Proposal, section: Section | None, draft: ProposalDraft
) -> int:
    """Make the draft the next version; returns its number, or the present one when nothing differs."""
    base = tx.session.get(Revision, draft.base_id) if draft.base_id is not None else None
    version = _version_of(tx, context, proposal, draft, base)
    present = None
    if proposal.version:
        present = tx.session.scalar(
            select(ProposalVersion).where(
                ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == proposal.candidate
            )
        )
    contributions = taken_up(tx, proposal.id)
    from_forums = {item.source_id for item in contributions if item.source_id is not None}
    source_ids = sorted(draft_sources(tx, proposal.id) | from_forums)
    if present is not None and _is_same(tx, present, version, source_ids):
        if proposal.state is State.CHANGES_REQUESTED:
            raise InvalidInput("body", "unchanged")
        _drop(tx, draft)
        return proposal.version
    head = tx.session.get(Revision, section.head_id) if section is not None and section.head_id else None
    state = steps.merge_state(tx, proposal, section, version, base, head)
    if state is MergeState.ALREADY_CONTAINED and proposal.kind is ProposalKind.CHANGE:
        raise InvalidInput("body", "contained")
    if state is MergeState.CYCLE:
        raise InvalidInput("target", "cycle")
    verb = Verb.SUBMIT if proposal.state is State.DRAFT else Verb.RESUBMIT
    was = proposal.state
    steps.change_state(tx, proposal, section, verb)
    store_version(tx, proposal, version, source_ids)
    proposal.version = version.number
    proposal.summary = version.summary
    proposal.merge_state = state
    steps.clear_adaptation(proposal)
    if was is not State.SUBMITTED:
        proposal.submitted_at = tx.now
        round_ = context.round
        proposal.decide_until = rules.decide_until(
            tx.now,
            editorial_at=round_.editorial_at if round_ else None,
            days=rules.days(round_.decision_days) if round_ else rules.DECISION_DAYS,
        )
    _drop(tx, draft)
    if verb is Verb.SUBMIT:
        tell_taken_up(tx, proposal, contributions)
    elif present is not None:
        events.publish(tx, events.ProposalResubmitted(proposal.id, version.number, present.number))
    steps.record(tx, context.actor, proposal, verb, version=version.number)
    return version.number


def store_version(
    tx: Transaction, proposal: Proposal, version: ProposalVersion, source_ids: Sequence[int]
) -> None:
    """Give a version its number and store it with its sources."""
    version.number = steps.next_version_number(tx, proposal)
    tx.session.add(version)
    steps.add_sources(tx, version, list(source_ids))


def _drop(tx: Transaction, draft: ProposalDraft) -> None:
    tx.session.execute(delete(DraftSource).where(DraftSource.proposal_id == draft.proposal_id))
    tx.session.delete(draft)
    tx.session.flush()


def _version_of(
    tx: Transaction, context: Context, proposal: Proposal, draft: ProposalDraft, base: Revision | None
) -> ProposalVersion:
    """Return the draft as a version without a number; raise `InvalidInput` for what is missing."""
    summary = clean_line(draft.summary, "summary", SUMMARY_MAX)
    title, body, digest = draft.title, draft.body, content_hash(draft.title, draft.body)
    if proposal.kind in TEXT_KINDS:
        ready = prepare(draft.title, draft.body)
        if proposal.kind in NEW_KINDS and not ready.body.strip():
            raise InvalidInput("body", "required")
        title, body, digest = ready.title, ready.body, ready.content_hash
        if base is not None and digest == base.content_hash:
            raise InvalidInput("body", "unchanged")
    if proposal.kind is ProposalKind.DELETION:
        _require_no_children(tx, proposal)
    elif proposal.kind is not ProposalKind.CHANGE:
        _require_target(tx, proposal, draft)
        check_target(tx, proposal, draft)
    return ProposalVersion(
        proposal_id=proposal.id,
        base_id=draft.base_id,
        base_structure=draft.base_structure,
        title=title,
        body=body,
        content_hash=digest,
        summary=summary,
        reason=draft.reason,
        target_parent_id=draft.target_parent_id,
        target_after_id=draft.target_after_id,
        target_field_id=draft.target_field_id,
        author_id=context.actor_id,
        created_at=tx.now,
    )


def _require_target(tx: Transaction, proposal: Proposal, draft: ProposalDraft) -> None:
    """Raise `InvalidInput` when no place is named: below something, or after something on the top level.

    The very first section of an installation has nothing to stand after.
    """
    if proposal.kind is ProposalKind.NEW_MEASURE:
        if draft.target_field_id is None:
            raise InvalidInput("target_field_id", "required")
    elif draft.target_parent_id is None and draft.target_after_id is None:
        present = select(Section.id).where(Section.kind == SectionKind.SECTION, Section.is_deleted.is_(False))
        if tx.session.scalar(present.limit(1)) is not None:
            raise InvalidInput("target", "required")


def _require_no_children(tx: Transaction, proposal: Proposal) -> None:
    """Raise `WrongState` when other sections stand below the one that shall go."""
    below = select(Section.id).where(Section.parent_id == proposal.section_id, Section.is_deleted.is_(False))
    if tx.session.scalar(below.limit(1)) is not None:
        raise WrongState("submit", "has_children")


def _is_same(
    tx: Transaction, present: ProposalVersion, version: ProposalVersion, source_ids: Sequence[int]
) -> bool:
    return (
        typed_in(present) == typed_in(version)
        and present.base_id == version.base_id
        and present.base_structure == version.base_structure
        and sorted(steps.source_ids_of(tx, present)) == list(source_ids)
    )
