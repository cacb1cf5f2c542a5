# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What things that can be watched are called and where they are read, as far as the viewer may see them."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from charta.comments.models import Comment
from charta.comments.queries import subjects as commented
from charta.contributions.models import Contribution, Topic
from charta.contributions.queries import listing as contributions
from charta.contributions.rules import LISTED, first_words
from charta.db import session
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.measures.models import Measure
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal
from charta.proposals.queries import visible_to
from charta.proposals.rules import State
from charta.sections.models import Section
from charta.site.rules import SiteSettings
from charta.text import render
from charta.votes.models import Ballot
from charta.votes.queries.ballots import listed
from charta.watching.rules import Ref, WatchKind


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that can be watched: its words without their kind, and its page.

    `code` is the number of a section or proposal, the code of a contribution. A title is empty where the
    words are not for this viewer, or where there is none.
    """

    kind: WatchKind
    id: int
    title: str
    endpoint: str
    values: Mapping[str, object] = field(default_factory=dict)
    code: str = ""
    field_id: int | None = None
    field_name: str = ""

    @property
    def ref(self) -> Ref:
        """What a subscription names."""
        return self.kind, self.id

    @property
    def is_measure(self) -> bool:
        """Whether it is a section that holds a measure."""
        return self.endpoint == "measures.show"


def titles(
    viewer: Actor, settings: SiteSettings, refs: Collection[tuple[str, int]], *, reads_text: bool
) -> dict[Ref, Subject]:
    """Return what these subjects are called, those the viewer may see; one statement for each kind.

    `reads_text`: whether the viewer may read the draft of the Charta. A kind nobody knows is left out.
    """
    wanted: dict[WatchKind, set[int]] = defaultdict(set)
    for kind, ident in refs:
        if kind in set(WatchKind):
            wanted[WatchKind(kind)].add(ident)
    found: dict[Ref, Subject] = {}
    for kind, ids in wanted.items():
        if kind in {WatchKind.SECTION, WatchKind.FIELD} and not reads_text:
            continue
        if kind is WatchKind.COMMENT:
            subjects = _comments(viewer, settings, sorted(ids), reads_text=reads_text)
        else:
            subjects = _READERS[kind](viewer, settings, sorted(ids))
        found |= {subject.ref: subject for subject in subjects}
    return found


def subject(
    viewer: Actor, settings: SiteSettings, kind: str, ident: int, *, reads_text: bool
) -> Subject | None:
    """Return one subject, or None when there is none the viewer may see (one statement)."""
    found = titles(viewer, settings, [(kind, ident)], reads_text=reads_text)
    return next(iter(found.values()), None)


Ids = list[int]
Found = list[Subject]


def _sections(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    del viewer, settings
    rows: Any = session.execute(  # outer joins: mypy sees no None
        select(Section.id, Section.number, Section.title, Measure.id, FieldOfAction.id, FieldOfAction.name)
        .outerjoin(Measure, Measure.section_id == Section.id)
        .outerjoin(FieldOfAction, FieldOfAction.id == Section.field_id)
        .where(Section.id.in_(ids))
    )
    return [
        Subject(
            WatchKind.SECTION,
            ident,
            title,
            "sections.show" if measure_id is None else "measures.show",
            {"section_id": ident} if measure_id is None else {"measure_id": measure_id},
            number if measure_id is None else "",
            field_id,
            name or "",
        )
        for ident, number, title, measure_id, field_id, name in rows
    ]


def _fields(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    del viewer, settings
    rows = session.execute(
        select(FieldOfAction.id, FieldOfAction.name, FieldOfAction.slug).where(FieldOfAction.id.in_(ids))
    )
    return [
        Subject(WatchKind.FIELD, ident, name, "fields.show", {"slug": slug}, "", ident, name)
        for ident, name, slug in rows
    ]


def _proposals(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    rows = session.execute(
        select(Proposal.id, Proposal.summary, FieldOfAction.id, FieldOfAction.name)
        .outerjoin(FieldOfAction, FieldOfAction.id == Proposal.field_id)
        .where(Proposal.id.in_(ids), Proposal.state != State.DRAFT, visible_to(viewer, settings))
    )
    return [
        Subject(
            WatchKind.PROPOSAL,
            ident,
            summary,
            "proposals.show",
            {"number": ident},
            str(ident),
            field_id,
            name or "",
        )
        for ident, summary, field_id, name in rows
    ]


def _contributions(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    del settings
    rows = session.execute(
        select(Contribution, FieldOfAction.id, FieldOfAction.name)
        .outerjoin(FieldOfAction, FieldOfAction.id == Contribution.field_id)
        .where(Contribution.id.in_(ids), contributions.visible_to(viewer))
    )
    found = []
    for item, field_id, name in rows:
        readable = not item.is_hidden or viewer.role is Role.MODERATOR or item.author_id == viewer.id
        title = (item.title or first_words(item.text)) if readable else ""
        values = {"code": item.code}
        found.append(
            Subject(
                WatchKind.CONTRIBUTION,
                item.id,
                title,
                "contributions.show",
                values,
                item.code,
                field_id,
                name or "",
            )
        )
    return found


def _topics(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    del viewer, settings
    # As the page of a topic: it is there while there is something to read in it.
    bundled = select(Contribution.id).where(
        Contribution.topic_id == Topic.id, Contribution.state.in_(sorted(LISTED))
    )
    statement = (
        select(Topic.id, Topic.title, FieldOfAction.id, FieldOfAction.name)
        .outerjoin(FieldOfAction, FieldOfAction.id == Topic.field_id)
        .where(Topic.id.in_(ids), Topic.merged_into_id.is_(None), bundled.correlate(Topic).exists())
    )
    return [
        Subject(
            WatchKind.TOPIC,
            ident,
            title,
            "contributions.topic",
            {"topic_id": ident},
            "",
            field_id,
            name or "",
        )
        for ident, title, field_id, name in session.execute(statement)
    ]


def _forums(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    del viewer, settings
    rows = session.execute(select(Forum.id, Forum.title, Forum.slug).where(Forum.id.in_(ids)))
    return [
        Subject(WatchKind.FORUM, ident, title, "forums.show", {"slug": slug}) for ident, title, slug in rows
    ]


def _ballots(viewer: Actor, settings: SiteSettings, ids: Ids) -> Found:
    del settings
    return [
        Subject(WatchKind.BALLOT, row.id, row.title, "votes.show", {"ballot_id": row.id})
        for row in listed(viewer, Ballot.id.in_(ids), limit=len(ids))
    ]


def _comments(viewer: Actor, settings: SiteSettings, ids: Ids, *, reads_text: bool) -> Found:
    on_section, on_proposal = aliased(Section), aliased(Proposal)
    statement = (
        select(Comment, FieldOfAction.id, FieldOfAction.name)
        .outerjoin(on_section, on_section.id == Comment.section_id)
        .outerjoin(on_proposal, on_proposal.id == Comment.proposal_id)
        .outerjoin(Contribution, Contribution.id == Comment.contribution_id)
        .outerjoin(
            FieldOfAction,
            FieldOfAction.id
            == func.coalesce(on_section.field_id, on_proposal.field_id, Contribution.field_id),
        )
        .where(
            Comment.id.in_(ids),
            Comment.thread_id.is_(None),
            commented.visible_to(viewer, settings),
        )
    )
    if not reads_text:
        statement = statement.where(Comment.section_id.is_(None))
    found = []
    for item, field_id, name in session.execute(statement):
        readable = item.deleted_at is None and (
            item.hidden_at is None or viewer.role is Role.MODERATOR or item.author_id == viewer.id
        )
        found.append(
            Subject(
                WatchKind.COMMENT,
                item.id,
                first_words(render.to_plain(item.body)) if readable else "",
                "comments.show",
                {"comment_id": item.id},
                "",
                field_id,
                name or "",
            )
        )
    return found


_READERS: Mapping[WatchKind, Callable[[Actor, SiteSettings, Ids], Found]] = {
    WatchKind.SECTION: _sections,
    WatchKind.FIELD: _fields,
    WatchKind.PROPOSAL: _proposals,
    WatchKind.CONTRIBUTION: _contributions,
    WatchKind.TOPIC: _topics,
    WatchKind.FORUM: _forums,
    WatchKind.BALLOT: _ballots,
}
