# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The place a draft names: that it exists, and that the section does not stand there already."""

from sqlalchemy import select

from charta.db import Transaction
from charta.errors import InvalidInput
from charta.fields.models import FieldOfAction
from charta.proposals.models import Proposal, ProposalDraft
from charta.proposals.rules import ProposalKind
from charta.sections.models import Section
from charta.sections.rules import SectionKind


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
