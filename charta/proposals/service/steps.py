# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps that several deeds share; they take `tx` and never commit."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, String, cast, func, select
from sqlalchemy.orm import aliased

from charta import events
from charta.accounts import service as accounts
from charta.accounts.models import Person
from charta.activity import service as activity
from charta.db import Transaction
from charta.errors import EditConflict, NotFound, WrongState
from charta.notifications.service import enqueue
from charta.notifications.subscriptions import is_quiet
from charta.permissions import Actor, Policy
from charta.proposals import fitting, rules
from charta.proposals.fitting import IS_CANDIDATE, wording
from charta.proposals.models import (
    Proposal,
    ProposalDecision,
    ProposalSource,
    ProposalVersion,
)
from charta.proposals.queries import visible_to
from charta.proposals.rules import OPEN, MergeState, ProposalKind, Verb
from charta.sections import service as sections
from charta.sections.models import Revision, Section
from charta.site import queries as site
from charta.site.queries import RoundInForce, SiteSettings

_Base = aliased(Revision)
_Head = aliased(Revision)


@dataclass(frozen=True, slots=True)
class Context:
    """Who acts, and the settings in force, as they stand inside the transaction."""

    actor: Actor
    settings: SiteSettings
    round: RoundInForce | None
    policy: Policy

    @property
    def actor_id(self) -> int:
        """The id of the actor; only people with an account come this far."""
        assert self.actor.id is not None
        return self.actor.id


def enter(tx: Transaction, actor: Actor) -> Context:
    """Read the actor, the settings and the round again (two statements)."""
    actor = accounts.reread(tx, actor)
    settings, round_ = site.in_force()
    return Context(actor, settings, round_, site.policy(settings, round_))


def lock(tx: Transaction, context: Context, number: int) -> tuple[Proposal, Section | None]:
    """Lock section and proposal in this order; what the actor may not see does not exist (`NotFound`)."""
    is_seen = visible_to(context.actor, context.settings)
    both = _lock_both(tx, Proposal.id == number, Proposal.kind == ProposalKind.CHANGE, is_seen)
    if both is not None:
        return both
    # What moves in the tree locks the tree first.
    found = tx.session.execute(
        select(Proposal.section_id).where(Proposal.id == number, is_seen)
    ).one_or_none()
    if found is None:
        raise NotFound(kind="proposal", id=number)
    sections.lock_tree(tx)
    return lock_rows(tx, number, found[0])


def lock_rows(tx: Transaction, number: int, section_id: int | None) -> tuple[Proposal, Section | None]:
    """Lock the section first, then the proposal, in one statement where there are both."""
    if section_id is None:
        proposal = tx.lock(Proposal, number)
        if proposal is None:
            raise NotFound(kind="proposal", id=number)
        return proposal, None
    both = _lock_both(tx, Proposal.id == number)
    if both is None:
        raise NotFound(kind="proposal", id=number)
    return both


def _lock_both(tx: Transaction, *conditions: ColumnElement[bool]) -> tuple[Proposal, Section] | None:
    # PostgreSQL locks the rows of a join in the order of its FROM list.
    row = tx.session.execute(
        select(Section, Proposal)
        .join(Proposal, Proposal.section_id == Section.id)
        .where(*conditions)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    return None if row is None else (row[1], row[0])


def lock_alone(tx: Transaction, context: Context, number: int) -> Proposal:
    """Lock a proposal without its section: for deeds that touch neither text nor counts."""
    proposal = tx.session.scalar(
        select(Proposal)
        .where(Proposal.id == number, visible_to(context.actor, context.settings))
        .with_for_update()
    )
    if proposal is None:
        raise NotFound(kind="proposal", id=number)
    return proposal


@dataclass(frozen=True, slots=True)
class Texts:
    """The version a decision is about, its base, and the present text of the section."""

    version: ProposalVersion
    base: Revision | None
    head: Revision | None
    source_ids: tuple[int, ...]
    author: Person
    author_is_quiet: bool  # muted the proposal, or watches it no more


_SOURCE_IDS = (
    select(func.aggregate_strings(cast(ProposalSource.source_id, String), ","))
    .where(ProposalSource.version_id == ProposalVersion.id)
    .correlate(ProposalVersion)
    .scalar_subquery()
)


def texts_of(tx: Transaction, proposal: Proposal) -> Texts:
    """Return what a decision is about; the author, who gets a mail, is read along (one statement)."""
    version, base, head, source_ids, author, quiet = tx.session.execute(
        select(
            ProposalVersion,
            _Base,
            _Head,
            _SOURCE_IDS,
            Person,
            is_quiet("proposal", Proposal.id).label("quiet"),
        )
        .select_from(Proposal)
        .join(Person, Person.id == Proposal.author_id)
        .join(ProposalVersion, IS_CANDIDATE)
        .outerjoin(_Base, _Base.id == ProposalVersion.base_id)
        .outerjoin(Section, Section.id == Proposal.section_id)
        .outerjoin(_Head, _Head.id == Section.head_id)
        .where(Proposal.id == proposal.id)
    ).one()
    numbers = tuple(sorted(int(number) for number in (source_ids or "").split(",") if number))
    return Texts(version, base, head, numbers, author, bool(quiet))


def merge_state(
    tx: Transaction,
    proposal: Proposal,
    section: Section | None,
    version: ProposalVersion,
    base: Revision | None,
    head: Revision | None,
) -> MergeState:
    """Return how a version fits the text or the tree as it stands inside the transaction."""
    places = fitting.tree(tx.session) if fitting.needs_tree([proposal.kind]) else {}
    return fitting.fit(
        proposal.kind,
        version,
        section_id=proposal.section_id,
        is_gone=section is not None and section.is_deleted,
        base=wording(base) if base else None,
        head=wording(head) if head else None,
        places=places,
    )


def change_state(tx: Transaction, proposal: Proposal, section: Section | None, verb: Verb) -> None:
    """Move the proposal along the table of transitions and keep the section's count of open ones right.

    Raises `WrongState` when the deed does not fit, or when a ballot holds the proposal.
    """
    new = rules.after(proposal.state, verb)
    if proposal.is_held:
        raise WrongState(verb.value, "held")
    change = (new in OPEN) - (proposal.state in OPEN)
    if section is not None and change:
        section.open_proposals += change
    proposal.state = new
    proposal.changed_at = tx.now
    if new in rules.CLOSED:
        proposal.decided_at = tx.now


def check_seen(
    proposal: Proposal, section: Section | None, *, seen_version: int, seen_head: int | None
) -> None:
    """Raise `EditConflict` when the actor decided about another version or another present text."""
    head = 0
    if section is not None:
        head = rules.seen_head(proposal.kind, section.head_number, section.structure_number)
    if seen_version != proposal.candidate or (seen_head is not None and seen_head != head):
        raise EditConflict(
            subject="proposal", number=proposal.id, version=proposal.candidate, head=head, merge_state=None
        )


def next_version_number(tx: Transaction, proposal: Proposal) -> int:
    """Return the number the next version gets; refused adaptations keep theirs."""
    newest = tx.session.scalar(
        select(func.max(ProposalVersion.number)).where(ProposalVersion.proposal_id == proposal.id)
    )
    return (newest or 0) + 1


def add_sources(tx: Transaction, version: ProposalVersion, source_ids: list[int]) -> None:
    """Name the sources of a version that was just added."""
    tx.session.flush()
    tx.session.add_all(
        ProposalSource(version_id=version.id, source_id=source_id) for source_id in sorted(set(source_ids))
    )


def source_ids_of(tx: Transaction, version: ProposalVersion) -> list[int]:
    """Return the ids of the sources a version names."""
    return list(
        tx.session.scalars(select(ProposalSource.source_id).where(ProposalSource.version_id == version.id))
    )


def clear_adaptation(proposal: Proposal) -> None:
    """End the question to the author about an adapted version."""
    proposal.adapted_version = None
    proposal.adapted_by_id = None
    proposal.adapted_until = None


def record(
    tx: Transaction,
    actor: Actor | None,
    proposal: Proposal,
    verb: Verb,
    *,
    version: int,
    reason: str = "",
    revision: Revision | None = None,
) -> None:
    """Write the deed into the history of the proposal, publish it, and append it to the log (last)."""
    tx.session.add(
        ProposalDecision(
            proposal_id=proposal.id,
            version=version,
            verb=verb,
            reason=reason,
            by_id=actor.id if actor else None,
            revision_id=revision.id if revision else None,
            at=tx.now,
        )
    )
    if verb not in {Verb.SUBMIT, Verb.RESUBMIT}:
        events.publish(tx, events.ProposalDecided(proposal.id, verb.value, reason))
    data: dict[str, Any] = {"version": version, "state": proposal.state.value}
    if revision is not None:
        data["revision"] = revision.number
    activity.record(
        tx,
        actor,
        f"{verb.value}_proposal",
        "proposal",
        proposal.id,
        section_id=proposal.section_id,
        personal={"reason": reason} if reason else None,
        **data,
    )


def mail(
    tx: Transaction,
    person_id: int,
    template: str,
    proposal: Proposal,
    *,
    actor: Actor | None,
    reason: str = "",
    quiet: bool | None = None,
    **more: Any,
) -> None:
    """Tell a person about a deed of somebody else; nobody gets a mail about the own deed.

    Who muted the proposal, or watches it no more, gets none either: `quiet` says so where that was read with
    the texts, else it is asked here.
    """
    if quiet or (actor is not None and actor.id == person_id):
        return
    if quiet is None:
        person = tx.session.scalar(
            select(Person).where(Person.id == person_id, ~is_quiet("proposal", proposal.id))
        )
    else:
        person = tx.session.get(Person, person_id)
    if person is not None:
        enqueue(
            tx,
            person,
            template,
            number=proposal.id,
            summary=proposal.summary,
            kind=proposal.kind.value,
            reason=reason,
            **more,
        )
