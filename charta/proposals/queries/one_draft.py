# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the edit page works on: a draft with its base and the present text."""

from dataclasses import dataclass

from sqlalchemy import String, and_, case, cast, func, select
from sqlalchemy.orm import aliased

from charta.accounts.models import Person
from charta.db import session
from charta.permissions import Actor
from charta.proposals.merging import Wording
from charta.proposals.models import DraftSource, Proposal, ProposalDraft, ProposalSource, ProposalVersion
from charta.proposals.queries.rows import COLUMNS, ProposalRow, as_row, select_rows, visible_to
from charta.sections.models import Revision, Section
from charta.site.rules import SiteSettings

_Base = aliased(Revision)
_Head = aliased(Revision)


@dataclass(frozen=True, slots=True)
class Editing:
    """What the edit page works on: the proposal, the draft (or None), its base and the present text.

    `source_ids` are those the draft names so far, without a draft those of the version.
    """

    row: ProposalRow
    section: Section | None
    draft: ProposalDraft | None
    version: ProposalVersion | None
    base: Revision | None
    head: Revision | None
    saved_by: str
    source_ids: tuple[int, ...]


_DRAFT_SOURCES = (
    select(func.aggregate_strings(cast(DraftSource.source_id, String), ","))
    .where(DraftSource.proposal_id == Proposal.id)
    .correlate(Proposal)
    .scalar_subquery()
)
_VERSION_SOURCES = (
    select(func.aggregate_strings(cast(ProposalSource.source_id, String), ","))
    .where(ProposalSource.version_id == ProposalVersion.id)
    .correlate(ProposalVersion)
    .scalar_subquery()
)


def editing(viewer: Actor, settings: SiteSettings, number: int) -> Editing | None:
    """Return the draft of a proposal with its base and the present text in one statement, or None.

    Without a draft row the version under decision is what would be edited next.
    """
    saver = aliased(Person)
    found = session.execute(
        select_rows(
            ProposalDraft,
            ProposalVersion,
            _Base,
            _Head,
            saver.name,
            case((ProposalDraft.proposal_id.is_not(None), _DRAFT_SOURCES), else_=_VERSION_SOURCES),
        )
        .outerjoin(ProposalDraft, ProposalDraft.proposal_id == Proposal.id)
        .outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == Proposal.id,
                ProposalVersion.number == func.coalesce(Proposal.adapted_version, Proposal.version),
            ),
        )
        .outerjoin(_Base, _Base.id == func.coalesce(ProposalDraft.base_id, ProposalVersion.base_id))
        .outerjoin(_Head, _Head.id == Section.head_id)
        .outerjoin(saver, saver.id == ProposalDraft.saved_by_id)
        .where(Proposal.id == number, visible_to(viewer, settings))
    ).one_or_none()
    if found is None:
        return None
    draft, candidate, base, head, saved_by, sources = found[len(COLUMNS) :]
    return Editing(
        row=as_row(viewer, found),
        section=found[COLUMNS.index(Section)],
        draft=draft,
        version=candidate,
        base=base,
        head=head,
        saved_by=saved_by or "",
        source_ids=tuple(sorted(int(ident) for ident in (sources or "").split(",") if ident)),
    )


def wording(text: Revision | ProposalVersion | None) -> Wording:
    """Return title, body and hash of a revision or version; of nothing the empty wording."""
    if text is None:
        return Wording("", "", "")
    return Wording(text.title, text.body, text.content_hash)
