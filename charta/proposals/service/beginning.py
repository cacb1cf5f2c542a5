# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Drafts are begun: on a section, from one of its older wordings, for a new place."""

from dataclasses import dataclass

from sqlalchemy import select

from charta.accounts.models import Person
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound
from charta.fields.models import FieldOfAction
from charta.permissions import Actor, Permission, require, require_propose_on
from charta.proposals.models import Proposal, ProposalDraft
from charta.proposals.queries import own_draft
from charta.proposals.rules import NEW_KINDS, ProposalKind
from charta.proposals.service import steps
from charta.proposals.service.steps import Context
from charta.proposals.service.targets import check_target
from charta.sections.models import Revision, Section
from charta.sections.rules import SectionKind, check_length

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
