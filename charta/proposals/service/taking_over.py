# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of taking a proposal over: what an approval and an agreed adaptation have in common."""

from dataclasses import dataclass

from sqlalchemy import select

from charta import events
from charta.db import Transaction, session
from charta.errors import WrongState
from charta.measures import service as measures
from charta.proposals import fitting
from charta.proposals.fitting import wording
from charta.proposals.merging import Wording, merged
from charta.proposals.models import Proposal
from charta.proposals.rules import (
    MERGEABLE,
    MergeState,
    ProposalKind,
    Verb,
)
from charta.proposals.service import steps
from charta.proposals.service.steps import Texts
from charta.sections import service as sections
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.sections.rules import LAST, REASON_MAX, Cause, SectionKind, StructureCause, check_length
from charta.sections.service import Origins
from charta.text.normalise import normalise


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval made: a new text, or a new place (then there is no revision)."""

    number: int
    section_id: int | None
    revision_id: int | None = None
    revision_number: int | None = None


def approved(proposal: Proposal, revision: Revision | None) -> Approved:
    """Return what an approval made, for the page that follows."""
    return Approved(
        proposal.id,
        proposal.section_id,
        revision.id if revision else None,
        revision.number if revision else None,
    )


def carry_out(
    tx: Transaction, proposal: Proposal, section: Section | None, found: Texts, *, approved_by_id: int
) -> tuple[Section | None, Revision | None]:
    """Do what the version wants; the proposal has left the open ones before, so nobody asks about it."""
    version = found.version
    proposal.assignee_id = proposal.assigned_at = None
    proposal.version = version.number
    steps.clear_adaptation(proposal)
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


def reason_of(raw: str) -> str:
    """Return a reason as it is stored; raises `InvalidInput` over the limit or for a forbidden character."""
    check_length(raw, "reason", 2 * REASON_MAX)
    text = normalise(raw, "reason").strip()
    check_length(text, "reason", REASON_MAX)
    return text


def require_no_question(proposal: Proposal, verb: Verb) -> None:
    """Raise `WrongState` while the author is asked about an adapted version."""
    if proposal.adapted_version is not None:
        raise WrongState(verb.value, "awaits_author")


def warm(number: int) -> None:
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
    if result.state is not MergeState.ALREADY_CONTAINED and mine.section_id is not None:
        events.announce(
            events.RevisionAhead(
                mine.section_id,
                mine.head.content_hash,
                mine.head.body,
                new_head.content_hash,
                new_head.body,
            )
        )
    for other in found:
        if other is not mine and other.kind is ProposalKind.CHANGE and other.base is not None:
            merged(other.base, new_head, wording(other.version))
