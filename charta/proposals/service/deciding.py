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

from charta.db import Transaction, session, transaction, utcnow
from charta.errors import ChartaError, InvalidInput, WrongState
from charta.measures import service as measures
from charta.permissions import Actor, Permission, require
from charta.proposals import fitting
from charta.proposals.fitting import wording
from charta.proposals.merging import Wording, merged
from charta.proposals.models import Proposal, ProposalDecision, ProposalVersion
from charta.proposals.rules import (
    ADAPTATION_DAYS,
    BULK_MAX,
    MERGEABLE,
    NEW_KINDS,
    TEXT_KINDS,
    MergeState,
    ProposalKind,
    State,
    Verb,
    check_reason,
)
from charta.proposals.service import steps
from charta.proposals.service.drafting import store_version
from charta.proposals.service.steps import Context, Texts
from charta.sections import service as sections
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.sections.rules import LAST, REASON_MAX, Cause, SectionKind, StructureCause, check_length
from charta.sections.service import Origins, prepare
from charta.text.normalise import normalise


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval made: a new text, or a new place (then there is no revision)."""

    number: int
    section_id: int | None
    revision_id: int | None = None
    revision_number: int | None = None


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
    note = _reason(reason)
    _warm(number)
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
        _warm(number)
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
    _require_no_question(proposal, Verb.APPROVE)
    if proposal.state is State.SUBMITTED:
        steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        if only_fitting and proposal.merge_state not in MERGEABLE:
            raise WrongState(Verb.APPROVE.value, proposal.merge_state.value)
    found = steps.texts_of(tx, proposal)
    steps.change_state(tx, proposal, section, Verb.APPROVE)
    section, revision = _carry_out(tx, proposal, section, found, approved_by_id=context.actor_id)
    steps.mail(
        tx,
        proposal.author_id,
        "proposal_approved",
        proposal,
        actor=context.actor,
        reason=reason,
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
    return _approved(proposal, revision)


def _approved(proposal: Proposal, revision: Revision | None) -> Approved:
    return Approved(
        proposal.id,
        proposal.section_id,
        revision.id if revision else None,
        revision.number if revision else None,
    )


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
    return None if row is None else _approved(proposal, row[1])


def _require_no_question(proposal: Proposal, verb: Verb) -> None:
    """Raise `WrongState` while the author is asked about an adapted version."""
    if proposal.adapted_version is not None:
        raise WrongState(verb.value, "awaits_author")


def _carry_out(
    tx: Transaction, proposal: Proposal, section: Section | None, found: Texts, *, approved_by_id: int
) -> tuple[Section | None, Revision | None]:
    """Do what the version wants; the proposal has left the open ones before, so nobody asks about it."""
    version = found.version
    proposal.assignee_id = proposal.assigned_at = None
    proposal.version = version.number
    steps.clear_adaptation(proposal)
    tx.session.flush()
    match proposal.kind:
        case ProposalKind.CHANGE:
            assert section is not None
            return section, _write(tx, proposal, section, found, approved_by_id)
        case ProposalKind.NEW_SECTION | ProposalKind.NEW_MEASURE:
            return _create(tx, proposal, found, approved_by_id)
        case ProposalKind.DELETION:
            assert section is not None
            _require_fit(steps.merge_state(tx, proposal, section, version, found.base, found.head))
            sections.bury_section(
                tx,
                section,
                author_id=proposal.author_id,
                cause=StructureCause.PROPOSAL,
                proposal_id=proposal.id,
            )
        case ProposalKind.MOVE:
            assert section is not None
            fit = steps.merge_state(tx, proposal, section, version, found.base, found.head)
            _require_fit(fit)
            sections.place_section(
                tx,
                section,
                parent_id=version.target_parent_id,
                field_id=version.target_field_id,
                after_id=version.target_after_id if fit is MergeState.CLEAN else LAST,
                author_id=proposal.author_id,
                cause=StructureCause.PROPOSAL,
                proposal_id=proposal.id,
            )
            proposal.field_id = section.field_id
    return section, None


def _require_fit(state: MergeState) -> None:
    if state not in MERGEABLE:
        raise WrongState(Verb.APPROVE.value, state.value)


def _write(
    tx: Transaction, proposal: Proposal, section: Section, found: Texts, approved_by_id: int
) -> Revision | None:
    """Make the merged text the new head; None when the words stand there already."""
    if section.is_deleted or found.base is None or found.head is None:
        raise WrongState(Verb.APPROVE.value, MergeState.TARGET_GONE.value)
    result = merged(wording(found.base), wording(found.head), wording(found.version))
    if not result.is_clean:
        raise WrongState(Verb.APPROVE.value, MergeState.CONFLICT.value)
    if result.state is MergeState.ALREADY_CONTAINED:
        return None
    return sections.write_revision(
        tx,
        section,
        author_id=proposal.author_id,
        title=result.title,
        body=result.body,
        cause=Cause.PROPOSAL,
        proposal_id=proposal.id,
        proposal_version_number=found.version.number,
        approved_by_id=approved_by_id,
        summary=found.version.summary,
        origins=Origins(source_ids=found.source_ids),
    )


def _create(
    tx: Transaction, proposal: Proposal, found: Texts, approved_by_id: int
) -> tuple[Section, Revision]:
    """Make the new section or measure at its place; the proposal then belongs to it."""
    version = found.version
    is_measure = proposal.kind is ProposalKind.NEW_MEASURE
    fit = steps.merge_state(tx, proposal, None, version, None, None)
    _require_fit(fit)
    section = sections.create_section(
        tx,
        kind=SectionKind.MEASURE if is_measure else SectionKind.SECTION,
        parent_id=version.target_parent_id,
        field_id=version.target_field_id,
        after_id=LAST if is_measure or fit is not MergeState.CLEAN else version.target_after_id,
        title=version.title,
        body=version.body,
        author_id=proposal.author_id,
        cause=Cause.PROPOSAL,
        proposal_id=proposal.id,
        proposal_version_number=version.number,
        approved_by_id=approved_by_id,
        summary=version.summary,
        origins=Origins(source_ids=found.source_ids),
    )
    if is_measure:
        measures.create_measure(tx, section)
    proposal.section_id, proposal.field_id = section.id, section.field_id
    revision = tx.session.get(Revision, section.head_id)
    assert revision is not None
    return section, revision


# ----------------------------------------------------------------------------------- the other decisions


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
    note = _reason(reason)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, permission, proposal, policy=context.policy)
        check_reason(verb, note)
        _require_no_question(proposal, verb)
        if proposal.state is State.SUBMITTED:
            steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        steps.change_state(tx, proposal, section, verb)
        proposal.assignee_id = proposal.assigned_at = None
        steps.mail(tx, proposal.author_id, template, proposal, actor=context.actor, reason=note)
        steps.record(tx, context.actor, proposal, verb, version=proposal.version, reason=note)


# ----------------------------------------------------------------------------------------- adapted versions


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
    note = _reason(reason)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.ADAPT_PROPOSAL, proposal, policy=context.policy)
        check_reason(Verb.ADAPT, note)
        _require_no_question(proposal, Verb.ADAPT)
        if proposal.state is State.SUBMITTED:
            steps.check_seen(proposal, section, seen_version=seen_version, seen_head=seen_head)
        if proposal.kind is ProposalKind.DELETION:
            raise WrongState(Verb.ADAPT.value, proposal.kind.value)
        found = steps.texts_of(tx, proposal)
        version = _adapted_version(
            tx,
            context,
            proposal,
            section,
            found,
            title,
            body,
            (target_parent_id, target_after_id, target_field_id),
        )
        if version.content_hash == found.version.content_hash and _target(version) == _target(found.version):
            raise InvalidInput("body", "unchanged")
        return _ask_author(tx, context, proposal, section, version, found, note)


def _target(version: ProposalVersion) -> tuple[int | None, int | None, int | None]:
    return version.target_parent_id, version.target_after_id, version.target_field_id


def _adapted_version(
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
    parent_id, after_id, field_id = target if proposal.kind is ProposalKind.MOVE else _target(old)
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


def _ask_author(
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
    _warm(number)
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal, section = steps.lock(tx, context, number)
        require(context.actor, Permission.ANSWER_ADAPTATION, proposal, policy=context.policy)
        _require_question(proposal, Verb.AGREE)
        steps.check_seen(proposal, section, seen_version=seen_version, seen_head=None)
        return _take_effect(tx, context.actor, proposal, section)


def refuse(actor: Actor, number: int, *, seen_version: int, reason: str) -> None:
    """Refuse the adapted version of the own proposal; it awaits a decision as it was."""
    note = _reason(reason)
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
    section, revision = _carry_out(tx, proposal, section, found, approved_by_id=moderator_id)
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
    return _approved(proposal, revision)


def settle_adaptation(number: int) -> Approved | None:
    """Let an adapted version take effect whose seven days are over; the worker's deed, without an actor.

    Returns None when nothing is due. When the text has moved so that it does not fit, the question stays
    open without a date and the author is asked to help.
    """
    _warm(number)
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


# ------------------------------------------------------------------------------------------------- overlaps


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
    note = _reason(reason)
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
            return _ask_author(tx, context, proposal, section, version, found, note)
        steps.change_state(tx, proposal, section, Verb.RESUBMIT)
        store_version(tx, proposal, version, found.source_ids)
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
    version = _adapted_version(tx, context, proposal, section, found, title, body, _target(old))
    version.author_id = context.actor_id
    return version


# ------------------------------------------------------------------------------------------------ the rest


def _reason(raw: str) -> str:
    check_length(raw, "reason", 2 * REASON_MAX)
    text = normalise(raw, "reason").strip()
    check_length(text, "reason", REASON_MAX)
    return text


def _warm(number: int) -> None:
    """Do the heavy work of an approval before the lock: its merge, its HTML, and the other proposals' merges.

    Everything is remembered by content hashes, so what happens meanwhile can only make it useless, not wrong.
    """
    own = select(Proposal.section_id).where(Proposal.id == number, Proposal.kind == ProposalKind.CHANGE)
    found = fitting.candidates(session(), Proposal.section_id == own.scalar_subquery())
    mine = next((item for item in found if item.proposal_id == number), None)
    if mine is None or mine.base is None or mine.head is None:
        return
    result = merged(mine.base, mine.head, wording(mine.version))
    if not result.is_clean:
        return
    new_head = Wording(result.title, result.body, result.content_hash)
    texts.compared(mine.head.content_hash, mine.head.body, new_head.content_hash, new_head.body)
    for other in found:
        if other is not mine and other.kind is ProposalKind.CHANGE and other.base is not None:
            merged(other.base, new_head, wording(other.version))
