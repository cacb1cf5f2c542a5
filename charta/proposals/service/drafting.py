# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts: saved while typing, shared in the own organisation, thrown away."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select

from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotPermitted, WrongState
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Permission, Reason, require
from charta.proposals import rules
from charta.proposals.models import (
    DraftSource,
    Proposal,
    ProposalContribution,
    ProposalDraft,
    ProposalVersion,
)
from charta.proposals.rules import NEW_KINDS, TEXT_KINDS, ProposalKind, State
from charta.proposals.service import steps
from charta.proposals.service.steps import Context
from charta.sections.models import Section, Source
from charta.sections.rules import BODY_MAX, REASON_MAX, SUMMARY_MAX, TITLE_MAX, check_length, clean_line
from charta.sections.service import prepare
from charta.text.normalise import normalise


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
