# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts: begun, saved while typing, shared in the own organisation, thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from charta.accounts.models import Person
from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Permission, Reason, require, require_propose_on
from charta.proposals import rules
from charta.proposals.models import (
    DraftSource,
    Proposal,
    ProposalContribution,
    ProposalDraft,
    ProposalVersion,
)
from charta.proposals.queries import own_draft
from charta.proposals.rules import NEW_KINDS, TEXT_KINDS, ProposalKind, State
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
        return begin(
            tx,
            steps.enter(tx, actor),
            kind=kind,
            section_id=section_id,
            field_id=field_id,
            parent_id=parent_id,
            after_id=after_id,
            restore_number=restore_number,
            once_key=once_key,
        ).number


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that was begun, or found: then `draft` is None, and nothing in it may be overwritten."""

    number: int
    draft: ProposalDraft | None = None
    proposal: Proposal | None = None


def begin(
    tx: Transaction,
    context: Context,
    *,
    kind: ProposalKind,
    section_id: int | None = None,
    field_id: int | None = None,
    parent_id: int | None = None,
    after_id: int | None = None,
    restore_number: int | None = None,
    once_key: str | None = None,
) -> Begun:
    """Begin a draft, or find the one that was begun: the step that `start` and `start_from` share."""
    require(context.actor, Permission.PROPOSE, policy=context.policy)
    tx.lock(Person, context.actor_id)  # a form sent twice at once: the second waits and finds the first
    known = _begun_before(tx, context, once_key)
    if known is None and kind not in NEW_KINDS and section_id is not None:
        known = own_draft(context.actor, section_id, kind)
    if known is not None:
        return Begun(known)
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
    require_covered(tx, context, proposal.field_id)
    tx.session.add(proposal)
    tx.session.flush()
    draft.proposal_id = proposal.id
    tx.session.add(draft)
    return Begun(proposal.id, draft, proposal)


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
    check_target(tx, proposal, draft)
    proposal.field_id = draft.target_field_id


def require_covered(tx: Transaction, context: Context, field_id: int | None) -> None:
    """Refuse when the open round is about other fields than this one."""
    if context.round is None or not context.round.field_numbers:
        return
    number = None
    if field_id is not None:
        number = tx.session.scalar(select(FieldOfAction.number).where(FieldOfAction.id == field_id))
    require_propose_on(context.actor, is_covered=context.round.covers(number), policy=context.policy)


@dataclass(frozen=True, slots=True)
class Typed:
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
    typed = Typed(
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
        is_same = typed_in(draft) == typed and not _sources_differ(tx, draft, source_ids)
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


def _require_known_target(tx: Transaction, typed: Typed) -> None:
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


def _for_kind(kind: ProposalKind, typed: Typed, draft: ProposalDraft) -> Typed:
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


def typed_in(draft: ProposalDraft | ProposalVersion) -> Typed:
    """Return what stands in a draft or a version, as it would have been typed."""
    return Typed(
        draft.title,
        draft.body,
        draft.summary,
        draft.reason,
        draft.target_parent_id,
        draft.target_after_id,
        draft.target_field_id,
    )


def _next_draft(tx: Transaction, context: Context, proposal: Proposal, typed: Typed) -> ProposalDraft | None:
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
    if _as_stored(_for_kind(proposal.kind, typed, draft)) == typed_in(version):
        return None
    tx.session.add(draft)
    tx.session.flush()
    tx.session.add_all(
        DraftSource(proposal_id=proposal.id, source_id=source_id)
        for source_id in steps.source_ids_of(tx, version)
    )
    return draft


def _as_stored(typed: Typed) -> Typed:
    """Return what was typed as a version would hold it."""
    try:
        ready = prepare(typed.title, typed.body)
    except InvalidInput:
        return typed
    return replace(typed, title=ready.title, body=ready.body)


def _sources_differ(tx: Transaction, draft: ProposalDraft, source_ids: Sequence[int] | None) -> bool:
    if source_ids is None:
        return False
    return draft_sources(tx, draft.proposal_id) != set(source_ids)


def draft_sources(tx: Transaction, number: int) -> set[int]:
    """Return the ids of the sources a draft names so far."""
    return set(tx.session.scalars(select(DraftSource.source_id).where(DraftSource.proposal_id == number)))


def _store_sources(tx: Transaction, number: int, source_ids: Sequence[int] | None) -> None:
    if source_ids is None:
        return
    wanted, present = set(source_ids), draft_sources(tx, number)
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
            tx.session.execute(delete(ProposalContribution).where(ProposalContribution.proposal_id == number))
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


def check_target(tx: Transaction, proposal: Proposal, draft: ProposalDraft) -> None:
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
        if proposal.kind is ProposalKind.NEW_SECTION and _has_root(tx, draft.target_field_id):
            raise InvalidInput("target_field_id", "has_root")
    after_id = draft.target_after_id
    if after_id is not None and after_id == proposal.section_id:
        raise InvalidInput("target", "unchanged")
    if proposal.kind is ProposalKind.MOVE and proposal.section_id is not None:
        section = tx.session.get(Section, proposal.section_id)
        if section is not None and _stands_there(tx, section, draft):
            raise InvalidInput("target", "unchanged")


def _has_root(tx: Transaction, field_id: int) -> bool:
    """Whether a section stands for the field on the top level already: the others stand below it."""
    root = select(Section.id).where(
        Section.field_id == field_id,
        Section.parent_id.is_(None),
        Section.kind == SectionKind.SECTION,
        Section.is_deleted.is_(False),
    )
    return tx.session.scalar(root.limit(1)) is not None


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
