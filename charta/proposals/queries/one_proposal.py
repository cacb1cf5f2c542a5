# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of one proposal: the version a decision is about, all versions, what happened."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, func, select, tuple_
from sqlalchemy.orm import aliased

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Byline, byline
from charta.activity.models import LogHead
from charta.db import session
from charta.notifications.subscriptions import watch_state
from charta.permissions import Actor, Role
from charta.proposals.merging import Wording
from charta.proposals.models import (
    Proposal,
    ProposalDecision,
    ProposalDraft,
    ProposalSource,
    ProposalSupport,
    ProposalVersion,
)
from charta.proposals.queries.rows import COLUMNS, ProposalRow, as_row, select_rows, visible_to
from charta.proposals.rules import State, Verb
from charta.sections.models import Revision, Section, Source
from charta.site.rules import SiteSettings

_Base = aliased(Revision)
_Head = aliased(Revision)


@dataclass(frozen=True, slots=True)
class Detail:
    """One proposal with the version a decision is about, its base and the present text.

    `next_number` and `previous_number` are its neighbours in the queue (for moderators, else None); `log` is
    the head of the log, for the entity tag. `watch_state`: see `charta.notifications.subscriptions`.
    """

    row: ProposalRow
    version: ProposalVersion | None
    base: Revision | None
    head: Revision | None
    supported: bool
    has_draft: bool
    next_number: int | None
    previous_number: int | None
    log: int = 0
    watch_state: str | None = None
    more: tuple[Any, ...] = ()


def detail(viewer: Actor, settings: SiteSettings, number: int, *more: Any) -> Detail | None:
    """Return all the page of a proposal needs of texts and people in one statement, or None.

    `more`: further columns that the page wants to know with it.
    """
    supported = exists().where(
        ProposalSupport.proposal_id == Proposal.id, ProposalSupport.person_id == viewer.id
    )
    has_draft = exists().where(ProposalDraft.proposal_id == Proposal.id)
    statement = select_rows(
        ProposalVersion,
        _Base,
        _Head,
        supported,
        has_draft,
        *_neighbours(viewer),
        select(LogHead.seq).limit(1).scalar_subquery(),
        watch_state(viewer.id, "proposal", Proposal.id),
        *more,
    )
    found = session.execute(
        statement.outerjoin(
            ProposalVersion,
            and_(
                ProposalVersion.proposal_id == Proposal.id,
                ProposalVersion.number == func.coalesce(Proposal.adapted_version, Proposal.version),
            ),
        )
        .outerjoin(_Base, _Base.id == ProposalVersion.base_id)
        .outerjoin(_Head, _Head.id == Section.head_id)
        .where(Proposal.id == number, visible_to(viewer, settings))
    ).one_or_none()
    if found is None:
        return None
    version, base, head, is_supported, drafted, following, preceding, log, watched, *rest = found[
        len(COLUMNS) :
    ]
    return Detail(
        as_row(viewer, found),
        version,
        base,
        head,
        bool(is_supported),
        bool(drafted),
        following,
        preceding,
        log or 0,
        watched,
        tuple(rest),
    )


def _neighbours(viewer: Actor) -> tuple[ColumnElement[int | None], ColumnElement[int | None]]:
    """Return the numbers after and before a proposal in the queue, as columns of its own select."""
    if viewer.role is not Role.MODERATOR:
        nothing = select(Proposal.id).where(false()).correlate(None).scalar_subquery()
        return nothing, nothing
    other = aliased(Proposal)
    waiting = select(other.id).where(
        other.state == State.SUBMITTED, other.adapted_version.is_(None), other.id != Proposal.id
    )
    place, here = tuple_(other.submitted_at, other.id), tuple_(Proposal.submitted_at, Proposal.id)
    following = waiting.where(place > here).order_by(other.submitted_at, other.id).limit(1)
    preceding = waiting.where(place < here).order_by(other.submitted_at.desc(), other.id.desc()).limit(1)
    return following.correlate(Proposal).scalar_subquery(), preceding.correlate(Proposal).scalar_subquery()


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version as the list of versions shows it; `text` only when it was asked for."""

    number: int
    author: Byline
    created_at: datetime
    summary: str
    reason: str
    base_number: int | None
    sources: tuple[Source, ...]
    is_adapted: bool  # written by a moderator about somebody else's proposal
    text: Wording | None = None


def versions(viewer: Actor, number: int, *, with_text: Collection[int] = ()) -> list[VersionRow]:
    """Return the versions of a proposal with their sources, oldest first; `detail` says if it is visible.

    One statement; the texts of the versions `with_text` come along.
    """
    with_words = ProposalVersion.number.in_(with_text)
    found = session.execute(
        select(
            ProposalVersion.number,
            ProposalVersion.author_id,
            ProposalVersion.created_at,
            ProposalVersion.summary,
            ProposalVersion.reason,
            Revision.number,
            Person.name,
            Person.role,
            Person.public_name,
            Organisation.short,
            Organisation.name,
            Source,
            Proposal.author_id,
            *(
                case((with_words, column))
                for column in (ProposalVersion.title, ProposalVersion.body, ProposalVersion.content_hash)
            ),
        )
        .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
        .join(Person, Person.id == ProposalVersion.author_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Revision, Revision.id == ProposalVersion.base_id)
        .outerjoin(ProposalSource, ProposalSource.version_id == ProposalVersion.id)
        .outerjoin(Source, Source.id == ProposalSource.source_id)
        .where(ProposalVersion.proposal_id == number)
        .order_by(ProposalVersion.number, Source.number)
    ).all()
    sources: dict[int, list[Source]] = defaultdict(list)
    for line in found:
        if line[11] is not None:
            sources[line[0]].append(line[11])
    seen: dict[int, VersionRow] = {}
    for line in found:
        seen.setdefault(
            line[0],
            VersionRow(
                number=line[0],
                author=byline(
                    viewer,
                    person_id=line[1],
                    name=line[6],
                    role=line[7],
                    public_name=line[8],
                    organisation_short=line[9] or "",
                    organisation_name=line[10] or "",
                ),
                created_at=line[2],
                summary=line[3],
                reason=line[4],
                base_number=line[5],
                sources=tuple(sources[line[0]]),
                is_adapted=line[1] != line[12],
                text=Wording(line[13], line[14], line[15]) if line[13] is not None else None,
            ),
        )
    return list(seen.values())


def version(number: int, version_number: int) -> ProposalVersion | None:
    """Return one version with its text; `detail` says if it is visible."""
    return session.scalar(
        select(ProposalVersion).where(
            ProposalVersion.proposal_id == number, ProposalVersion.number == version_number
        )
    )


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One deed of the life of a proposal; `by` is None when time ran out."""

    verb: Verb
    version: int
    reason: str
    at: datetime
    by: Byline | None
    revision_number: int | None


def decisions(viewer: Actor, number: int) -> list[DecisionRow]:
    """Return what happened to a proposal, oldest first; `detail` says if it is visible."""
    found = session.execute(
        select(
            ProposalDecision,
            Person.name,
            Person.role,
            Person.public_name,
            Organisation.short,
            Organisation.name,
            Revision.number,
        )
        .outerjoin(Person, Person.id == ProposalDecision.by_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Revision, Revision.id == ProposalDecision.revision_id)
        .where(ProposalDecision.proposal_id == number)
        .order_by(ProposalDecision.id)
    )
    return [
        DecisionRow(
            verb=entry.verb,
            version=entry.version,
            reason=entry.reason,
            at=entry.at,
            by=None
            if entry.by_id is None
            else byline(
                viewer,
                person_id=entry.by_id,
                name=name,
                role=role,
                public_name=public_name,
                organisation_short=short or "",
                organisation_name=organisation or "",
            ),
            revision_number=revision_number,
        )
        for entry, name, role, public_name, short, organisation, revision_number in found
    ]
