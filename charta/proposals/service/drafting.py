# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts: begun, saved while typing, shared in the own organisation, handed in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from charta.accounts.models import Person
from charta.db import Transaction, session, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Permission, Reason, Role, require
from charta.proposals import rules
from charta.proposals.fitting import wording
from charta.proposals.merging import Wording, merged
from charta.proposals.models import (
    DraftSource,
    Proposal,
    ProposalDraft,
    ProposalVersion,
)
from charta.proposals.queries import own_draft
from charta.proposals.rules import NEW_KINDS, TEXT_KINDS, MergeState, ProposalKind, State, Verb
from charta.proposals.service import steps
from charta.proposals.service.steps import Context
from charta.sections.models import Revision, Section, Source
from charta.sections.rules import (
    BODY_MAX,
    REASON_MAX,
    SUMMARY_MAX,
    TITLE_MAX,
    SectionKind,
    check_length,
    clean_line,
)
from charta.sections.service import prepare
from charta.text.hashing import content_hash
from charta.text.normalise import normalise

KEY_MAX = 64


def start(
    actor: Actor,
    *,
    kind: ProposalKind,
    section_id: int | None = None,
    field_id: int | None = None,
    parent_id: int | None = None,
    after_id: int | None = None,
    restore_number: int | None = None,
    once_key: str | None = None,
) -> int:
    """Begin a draft and return its number; an own draft of this kind on the section is opened again.

    A change starts with the present text, with `restore_number` from that older one. `once_key` names the
    page the draft was begun on: the same key finds the same proposal, whatever became of it meanwhile.
    Raises `NotPermitted` outside a round that is open for this role and field, `NotFound` for a section that
    is not there (any more), `InvalidInput` for a place or kind that makes no sense.
    """
    with transaction() as tx:
        context = steps.enter(tx, actor)
        require(context.actor, Permission.PROPOSE, policy=context.policy)
        tx.lock(Person, context.actor_id)  # a form sent twice at once: the second waits and finds the first
        known = _begun_before(tx, context, once_key)
        if known is None and kind not in NEW_KINDS and section_id is not None:
            known = own_draft(context.actor, section_id, kind)
        if known is not None:
            return known
        proposal = Proposal(
            kind=kind,
            author_id=context.actor_id,
            organisation_id=context.actor.organisation_id,
            once_key=once_key,
            created_at=tx.now,
            changed_at=tx.now,
        )
        draft = ProposalDraft(saved_at=tx.now, saved_by_id=context.actor_id)
        if kind in NEW_KINDS:
            _begin_new(tx, proposal, draft, field_id=field_id, parent_id=parent_id, after_id=after_id)
        else:
            _begin_on_section(tx, proposal, draft, section_id, restore_number)
        _require_covered(tx, context, proposal.field_id)
        tx.session.add(proposal)
        tx.session.flush()
        draft.proposal_id = proposal.id
        tx.session.add(draft)
        return proposal.id


def _begun_before(tx: Transaction, context: Context, once_key: str | None) -> int | None:
    if not once_key:
        return None
    check_length(once_key, "key", KEY_MAX)
    found = tx.session.execute(
        select(Proposal.id, Proposal.author_id).where(Proposal.once_key == once_key)
    ).one_or_none()
    if found is None:
        return None
    if found[1] != context.actor_id:
        raise NotFound(kind="proposal", id=found[0])
    return int(found[0])


def _begin_on_section(
    tx: Transaction,
    proposal: Proposal,
    draft: ProposalDraft,
    section_id: int | None,
    restore_number: int | None,
) -> None:
    row = tx.session.execute(
        select(Section, Revision)
        .join(Revision, Revision.id == Section.head_id)
        .where(Section.id == section_id, Section.is_deleted.is_(False))
    ).one_or_none()
    if row is None:
        raise NotFound(kind="section", id=section_id)
    section, head = row
    if proposal.kind is ProposalKind.MOVE and section.kind is SectionKind.MEASURE:
        raise InvalidInput("kind", "invalid")
    proposal.section_id = section.id
    proposal.field_id = section.field_id
    draft.base_id = head.id
    draft.base_structure = section.structure_number
    draft.title, draft.body = head.title, head.body
    if restore_number is not None and proposal.kind is ProposalKind.CHANGE:
        older = tx.session.scalar(
            select(Revision).where(Revision.section_id == section.id, Revision.number == restore_number)
        )
        if older is None:
            raise NotFound(kind="revision", id=restore_number)
        draft.title, draft.body = older.title, older.body


def _begin_new(
    tx: Transaction,
    proposal: Proposal,
    draft: ProposalDraft,
    *,
    field_id: int | None,
    parent_id: int | None,
    after_id: int | None,
) -> None:
    draft.target_field_id, draft.target_parent_id, draft.target_after_id = field_id, parent_id, after_id
    _check_target(tx, proposal, draft)
    proposal.field_id = draft.target_field_id


def _require_covered(tx: Transaction, context: Context, field_id: int | None) -> None:
    """Refuse when the open round is about other fields; the editorial office works anywhere."""
    if context.actor.role is Role.MODERATOR or context.round is None or not context.round.field_numbers:
        return
    number = None
    if field_id is not None:
        number = tx.session.scalar(select(FieldOfAction.number).where(FieldOfAction.id == field_id))
    if not context.round.covers(number):
        raise NotPermitted(Reason.ROUND_CLOSED, permission=Permission.PROPOSE.value)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed, normalised as it is stored in a draft."""

    title: str
    body: str
    summary: str
    reason: str
    target_parent_id: int | None
    target_after_id: int | None
    target_field_id: int | None


def save_draft(
    actor: Actor,
    number: int,
    *,
    title: str = "",
    body: str = "",
    summary: str = "",
    reason: str = "",
    source_ids: Sequence[int] | None = None,
    target_parent_id: int | None = None,
    target_after_id: int | None = None,
    target_field_id: int | None = None,
    seen_edit: int,
    page_key: str | None = None,
) -> int:
    """Store what is typed so far and return the number of the save; the same text is no new save.

    Nothing has to be complete yet, only the limits hold. `source_ids` None leaves the sources alone. On a
    proposal that is handed in already it makes the draft of the next version.
    Raises `EditConflict` (theirs: title, body, summary, reason; edit_number) when somebody else saved
    meanwhile, `WrongState` once it is decided, `InvalidInput` over a limit.
    """
    typed = _Typed(
        _line(title, "title", TITLE_MAX),
        _text(body, "body", BODY_MAX),
        _line(summary, "summary", SUMMARY_MAX),
        _text(reason, "reason", REASON_MAX),
        target_parent_id,
        target_after_id,
        target_field_id,
    )
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        require(context.actor, Permission.EDIT_DRAFT, proposal, policy=context.policy)
        draft = tx.session.get(ProposalDraft, number)
        if draft is None:
            draft = _next_draft(tx, context, proposal, typed)
            if draft is None:
                return 0  # what was sent twice has arrived
        elif proposal.state not in rules.EDITABLE:
            raise WrongState("edit", proposal.state.value)
        typed = _for_kind(proposal.kind, typed, draft)
        is_same = _typed_in(draft) == typed and not _sources_differ(tx, draft, source_ids)
        if draft.edit_number and is_same:
            return draft.edit_number
        if draft.edit_number != seen_edit and not (page_key and draft.page_key == page_key):
            raise EditConflict(
                subject="draft",
                edit_number=draft.edit_number,
                title=draft.title,
                body=draft.body,
                summary=draft.summary,
                reason=draft.reason,
            )
        _require_known_target(tx, typed)
        draft.title, draft.body = typed.title, typed.body
        draft.summary, draft.reason = typed.summary, typed.reason
        draft.target_parent_id = typed.target_parent_id
        draft.target_after_id = typed.target_after_id
        draft.target_field_id = typed.target_field_id
        draft.edit_number += 1
        draft.page_key = page_key
        draft.saved_at, draft.saved_by_id = tx.now, context.actor_id
        if proposal.state is State.DRAFT:
            proposal.summary, proposal.changed_at = typed.summary, tx.now
            if proposal.kind in NEW_KINDS:
                proposal.field_id = typed.target_field_id
        _store_sources(tx, number, source_ids)
        tx.session.flush()
        return draft.edit_number


def _require_known_target(tx: Transaction, typed: _Typed) -> None:
    """Raise `InvalidInput` for sections or fields that do not exist; whether the place fits is said later."""
    wanted = {typed.target_parent_id, typed.target_after_id} - {None}
    if wanted and set(tx.session.scalars(select(Section.id).where(Section.id.in_(wanted)))) != wanted:
        raise InvalidInput("target", "not_found")
    field_id = typed.target_field_id
    if field_id is not None and tx.session.get(FieldOfAction, field_id) is None:
        raise InvalidInput("target_field_id", "not_found")


def _line(raw: str, name: str, limit: int) -> str:
    return clean_line(raw, name, limit, required=False)


def _text(raw: str, name: str, limit: int) -> str:
    check_length(raw, name, 2 * limit)
    text = normalise(raw, name)
    check_length(text, name, limit)
    return text


def _for_kind(kind: ProposalKind, typed: _Typed, draft: ProposalDraft) -> _Typed:
    """Leave out what this kind of proposal does not change."""
    if kind not in TEXT_KINDS:
        typed = replace(typed, title=draft.title, body=draft.body)
    if kind in {ProposalKind.CHANGE, ProposalKind.DELETION}:
        typed = replace(
            typed,
            target_parent_id=draft.target_parent_id,
            target_after_id=draft.target_after_id,
            target_field_id=draft.target_field_id,
        )
    return typed


def _typed_in(draft: ProposalDraft | ProposalVersion) -> _Typed:
    return _Typed(
        draft.title,
        draft.body,
        draft.summary,
        draft.reason,
        draft.target_parent_id,
        draft.target_after_id,
        draft.target_field_id,
    )


def _next_draft(tx: Transaction, context: Context, proposal: Proposal, typed: _Typed) -> ProposalDraft | None:
    """Make the draft of the next version of a proposal that is handed in; None when nothing differs."""
    if proposal.state not in rules.EDITABLE:
        raise WrongState("edit", proposal.state.value)
    version = tx.session.scalars(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == proposal.candidate
        )
    ).one()
    draft = ProposalDraft(
        proposal_id=proposal.id,
        base_id=version.base_id,
        base_structure=version.base_structure,
        title=version.title,
        body=version.body,
        summary=version.summary,
        reason=version.reason,
        target_parent_id=version.target_parent_id,
        target_after_id=version.target_after_id,
        target_field_id=version.target_field_id,
        edit_number=0,
        saved_at=tx.now,
        saved_by_id=context.actor_id,
    )
    if _as_stored(_for_kind(proposal.kind, typed, draft)) == _typed_in(version):
        return None
    tx.session.add(draft)
    tx.session.flush()
    tx.session.add_all(
        DraftSource(proposal_id=proposal.id, source_id=source_id)
        for source_id in steps.source_ids_of(tx, version)
    )
    return draft


def _as_stored(typed: _Typed) -> _Typed:
    """Return what was typed as a version would hold it."""
    try:
        ready = prepare(typed.title, typed.body)
    except InvalidInput:
        return typed
    return replace(typed, title=ready.title, body=ready.body)


def _sources_differ(tx: Transaction, draft: ProposalDraft, source_ids: Sequence[int] | None) -> bool:
    if source_ids is None:
        return False
    return _draft_sources(tx, draft.proposal_id) != set(source_ids)


def _draft_sources(tx: Transaction, number: int) -> set[int]:
    return set(tx.session.scalars(select(DraftSource.source_id).where(DraftSource.proposal_id == number)))


def _store_sources(tx: Transaction, number: int, source_ids: Sequence[int] | None) -> None:
    if source_ids is None:
        return
    wanted, present = set(source_ids), _draft_sources(tx, number)
    if wanted - present:
        known = set(tx.session.scalars(select(Source.id).where(Source.id.in_(wanted - present))))
        if known != wanted - present:
            raise InvalidInput("source_ids", "invalid")
        tx.session.add_all(
            DraftSource(proposal_id=number, source_id=source_id) for source_id in sorted(known)
        )
    if present - wanted:
        tx.session.execute(
            delete(DraftSource).where(
                DraftSource.proposal_id == number, DraftSource.source_id.in_(present - wanted)
            )
        )


def discard_draft(actor: Actor, number: int) -> None:
    """Throw a draft away; of a proposal that is handed in, only what was typed for its next version."""
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        require(context.actor, Permission.SHARE_DRAFT, proposal, policy=context.policy)
        draft = tx.session.get(ProposalDraft, number)
        if draft is None:
            raise WrongState("discard", proposal.state.value)
        tx.session.execute(delete(DraftSource).where(DraftSource.proposal_id == number))
        tx.session.delete(draft)
        tx.session.flush()
        if proposal.state is State.DRAFT:
            tx.session.delete(proposal)


def share(actor: Actor, number: int) -> None:
    """Let the colleagues of the own organisation read and edit the draft; sharing twice is no error."""
    _set_shared(actor, number, shared=True)


def unshare(actor: Actor, number: int) -> None:
    """Take a shared draft back; what colleagues typed stays in it."""
    _set_shared(actor, number, shared=False)


def _set_shared(actor: Actor, number: int, *, shared: bool) -> None:
    with transaction() as tx:
        context = steps.enter(tx, actor)
        proposal = steps.lock_alone(tx, context, number)
        require(context.actor, Permission.SHARE_DRAFT, proposal, policy=context.policy)
        if proposal.state is not State.DRAFT:
            raise WrongState("share", proposal.state.value)
        if shared and proposal.organisation_id is None:
            raise NotPermitted(Reason.NOT_OWN_ORGANISATION, permission=Permission.SHARE_DRAFT.value)
        proposal.is_shared = shared


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
            _require_covered(tx, context, proposal.field_id)
        return hand_in(tx, context, proposal, section, draft)


def resubmit(actor: Actor, number: int, *, seen_edit: int | None = None) -> int:
    """Hand in the next version of a proposal; the same as `submit`, which sees by the state what to do."""
    return submit(actor, number, seen_edit=seen_edit)


def _warm_draft(number: int) -> None:
    """Merge the draft onto the present text before the lock, so that inside it is only looked up."""
    row = session.execute(
        select(Proposal.kind, ProposalDraft, Revision, Section.head_id)
        .join(ProposalDraft, ProposalDraft.proposal_id == Proposal.id)
        .join(Section, Section.id == Proposal.section_id)
        .join(Revision, Revision.id == ProposalDraft.base_id)
        .where(Proposal.id == number)
    ).one_or_none()
    if row is None or row[0] is not ProposalKind.CHANGE:
        return
    _, draft, base, head_id = row
    head = base if head_id == base.id else session.get(Revision, head_id)
    try:
        ready = prepare(draft.title, draft.body)
    except InvalidInput:
        return  # said again, and then to the person, inside the transaction
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
    source_ids = sorted(_draft_sources(tx, proposal.id))
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
        _require_target(proposal, draft)
        _check_target(tx, proposal, draft)
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


def _require_target(proposal: Proposal, draft: ProposalDraft) -> None:
    """Raise `InvalidInput` when no place is named: below something, or after something on the top level."""
    if proposal.kind is ProposalKind.NEW_MEASURE:
        if draft.target_field_id is None:
            raise InvalidInput("target_field_id", "required")
    elif draft.target_parent_id is None and draft.target_after_id is None:
        raise InvalidInput("target", "required")


def _require_no_children(tx: Transaction, proposal: Proposal) -> None:
    """Raise `WrongState` when other sections stand below the one that shall go."""
    below = select(Section.id).where(Section.parent_id == proposal.section_id, Section.is_deleted.is_(False))
    if tx.session.scalar(below.limit(1)) is not None:
        raise WrongState("submit", "has_children")


def _check_target(tx: Transaction, proposal: Proposal, draft: ProposalDraft) -> None:
    """Check that the place named exists; a place below a section belongs to that section's field."""
    if proposal.kind is ProposalKind.NEW_MEASURE:
        draft.target_parent_id = draft.target_after_id = None
    parent_id = draft.target_parent_id
    if parent_id is not None:
        parent = tx.session.execute(
            select(Section.field_id, Section.kind).where(
                Section.id == parent_id, Section.is_deleted.is_(False)
            )
        ).one_or_none()
        if parent is None or parent[1] is not SectionKind.SECTION:
            raise InvalidInput("target", "not_found")
        draft.target_field_id = parent[0]
    elif draft.target_field_id is not None:
        known = tx.session.scalar(select(FieldOfAction.id).where(FieldOfAction.id == draft.target_field_id))
        if known is None:
            raise InvalidInput("target_field_id", "not_found")
    after_id = draft.target_after_id
    if after_id is not None and after_id == proposal.section_id:
        raise InvalidInput("target", "unchanged")
    if proposal.kind is ProposalKind.MOVE and proposal.section_id is not None:
        section = tx.session.get(Section, proposal.section_id)
        if section is not None and _stands_there(tx, section, draft):
            raise InvalidInput("target", "unchanged")


def _stands_there(tx: Transaction, section: Section, draft: ProposalDraft) -> bool:
    """Whether a section stands at the named place already."""
    if section.parent_id != draft.target_parent_id:
        return False
    before = tx.session.scalar(
        select(Section.id)
        .where(
            Section.parent_id.is_(None)
            if section.parent_id is None
            else Section.parent_id == section.parent_id,
            Section.kind == section.kind,
            Section.is_deleted.is_(False),
            Section.position < section.position,
        )
        .order_by(Section.position.desc())
        .limit(1)
    )
    return before == draft.target_after_id


def _is_same(
    tx: Transaction, present: ProposalVersion, version: ProposalVersion, source_ids: Sequence[int]
) -> bool:
    return (
        _typed_in(present) == _typed_in(version)
        and present.base_id == version.base_id
        and present.base_structure == version.base_structure
        and sorted(steps.source_ids_of(tx, present)) == list(source_ids)
    )
