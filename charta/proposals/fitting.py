# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How open proposals fit the text and the tree as they stand; many of them with few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session, aliased

from charta.accounts.models import Person
from charta.notifications.subscriptions import is_quiet
from charta.proposals import rules
from charta.proposals.merging import Wording, merged
from charta.proposals.models import Proposal, ProposalVersion
from charta.proposals.rules import MergeState, Place, ProposalKind, Tree
from charta.sections.models import Revision, Section

_Base = aliased(Revision)
_Head = aliased(Revision)

IS_CANDIDATE = and_(
    ProposalVersion.proposal_id == Proposal.id,
    ProposalVersion.number == func.coalesce(Proposal.adapted_version, Proposal.version),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open proposal with its author, the version a decision is about, its base and the present text.

    `is_quiet`: its author wants no mails about it.
    """

    proposal_id: int
    summary: str
    author: Person
    kind: ProposalKind
    merge_state: MergeState
    section_id: int | None
    version: ProposalVersion
    base: Wording | None
    head: Wording | None
    is_quiet: bool = False


def candidates(session: Session, condition: ColumnElement[bool]) -> list[Candidate]:
    """Return the open proposals that meet `condition` with their texts (one statement)."""
    found = session.execute(
        select(
            Proposal.id,
            Proposal.summary,
            Person,
            Proposal.kind,
            Proposal.merge_state,
            Proposal.section_id,
            ProposalVersion,
            _Base.title,
            _Base.body,
            _Base.content_hash,
            _Head.title,
            _Head.body,
            _Head.content_hash,
            is_quiet("proposal", Proposal.id),
        )
        .join(ProposalVersion, IS_CANDIDATE)
        .join(Person, Person.id == Proposal.author_id)
        .outerjoin(Section, Section.id == Proposal.section_id)
        .outerjoin(_Base, _Base.id == ProposalVersion.base_id)
        .outerjoin(_Head, _Head.id == Section.head_id)
        .where(Proposal.state.in_(sorted(rules.OPEN)), condition)
        .order_by(Proposal.id)
    )
    return [
        Candidate(*row[:7], base=_outer(*row[7:10]), head=_outer(*row[10:13]), is_quiet=row[13])
        for row in found
    ]


def _outer(title: Any, body: Any, content_hash: Any) -> Wording | None:
    """Return the wording of an outer join, None where it found nothing."""
    return Wording(title, body, content_hash) if content_hash else None


def tree(session: Session) -> Tree:
    """Return the place of every section, also of those taken out (one statement)."""
    rows = session.execute(
        select(Section.id, Section.parent_id, Section.is_deleted, Section.structure_number)
    )
    return {row[0]: Place(row[1], row[2], row[3]) for row in rows}


def needs_tree(kinds: Iterable[ProposalKind]) -> bool:
    """Whether one of these kinds asks where sections stand."""
    return any(kind is not ProposalKind.CHANGE for kind in kinds)


def fit(
    kind: ProposalKind,
    version: ProposalVersion,
    *,
    section_id: int | None,
    is_gone: bool,
    base: Wording | None,
    head: Wording | None,
    places: Tree,
) -> MergeState:
    """Return the merge state of one version; `places` may be empty for changes of wording."""
    match kind:
        case ProposalKind.CHANGE:
            if is_gone or base is None or head is None:
                return MergeState.TARGET_GONE
            return merged(base, head, wording(version)).state
        case ProposalKind.DELETION:
            assert section_id is not None
            same = base is not None and head is not None and base.content_hash == head.content_hash
            return rules.deletion_fits(places, section_id, base_is_head=same)
        case ProposalKind.MOVE:
            assert section_id is not None
            return rules.move_fits(
                places,
                section_id,
                parent_id=version.target_parent_id,
                after_id=version.target_after_id,
                base_structure=version.base_structure,
            )
        case ProposalKind.NEW_SECTION:
            return rules.placing_fits(places, version.target_parent_id, version.target_after_id)
        case ProposalKind.NEW_MEASURE:
            return MergeState.CLEAN


def restated(found: Sequence[Candidate], places: Tree) -> list[tuple[Candidate, MergeState]]:
    """Return the candidates whose merge state is no longer the stored one, with the new one."""
    changed = []
    for item in found:
        place = places.get(item.section_id) if item.section_id is not None else None
        state = fit(
            item.kind,
            item.version,
            section_id=item.section_id,
            is_gone=place is not None and place.is_deleted,
            base=item.base,
            head=item.head,
            places=places,
        )
        if state is not item.merge_state:
            changed.append((item, state))
    return changed


def wording(text: ProposalVersion | Revision) -> Wording:
    """Return title, body and hash of a version or revision."""
    return Wording(text.title, text.body, text.content_hash)
