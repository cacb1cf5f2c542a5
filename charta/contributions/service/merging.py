# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Merging what says the same, and taking it back: nothing is deleted, supports are copied and named.

A merged contribution keeps its own supports; its target gets copies that name it (`via_id`). The chain of
merges is kept as it was made, so that each link of it can be undone alone.
"""

from collections.abc import Sequence

from sqlalchemy import delete, func, insert, literal, select
from sqlalchemy.orm import aliased

from charta.contributions import rules
from charta.contributions.models import Contribution, ContributionSupport
from charta.contributions.rules import LISTED, UNSCREENED, Verb
from charta.contributions.service import steps, telling
from charta.contributions.service.entering import (
    Note,
    Outcome,
    Seen,
    accept_along,
    each,
    enter,
    locked_if_there,
    move,
    once,
    record,
    write,
)
from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, WrongState
from charta.permissions import Actor, Permission


def merge(actor: Actor, contribution_id: int, *, seen: int, into_id: int) -> int:
    """Merge one contribution into another that says the same; return the id of where it went.

    That is `into_id`, or where that one was merged to before. A target that is not screened yet is accepted
    along. Raises `EditConflict`, `WrongState` (it is merged already; the target is declined or split),
    `InvalidInput("into", "itself" | "not_found")`.
    """
    target_id, outcomes = _merge(actor, [Seen(contribution_id, seen)], into_id)
    if outcomes[0].error is not None:
        raise outcomes[0].error
    return target_id


def merge_all(actor: Actor, items: Sequence[Seen], *, into_id: int) -> list[Outcome]:
    """Merge several contributions into one; the target among them is left out."""
    return _merge(actor, [item for item in items if item.id != into_id], into_id)[1]


def _merge(actor: Actor, items: Sequence[Seen], into_id: int) -> tuple[int, list[Outcome]]:
    with transaction() as tx:
        actor = enter(tx, actor, Permission.SCREEN_CONTRIBUTION)
        target_id = _end_of_chain(tx, into_id)
        # Target and duplicates in one statement, so that two merges crossing each other never wait in a ring.
        found = locked_if_there(tx, [target_id, *(item.id for item in items)])
        target = found.get(target_id)
        if target is None:
            raise NotFound(kind="contribution", id=target_id)
        if target.merged_into_id is not None:  # merged on while we came for its lock
            raise EditConflict(kind="contribution", id=target_id)
        if target.state not in UNSCREENED | LISTED:
            raise WrongState("merge_into", target.state.value)

        def deed(row: Contribution) -> list[Note]:
            rules.after(row.state, Verb.MERGE)
            if row.id == target_id:
                raise InvalidInput("into", "itself")
            row.merged_into_id = target_id
            move(tx, row, Verb.MERGE)
            return [Note(Verb.MERGE, other_id=target_id)]

        merged, outcomes = each(tx, actor, items, deed)
        if merged:
            write(tx, actor, [(target, note) for note in accept_along(tx, target)])
            steps.touched(tx, target)
            _copy_supports(tx, target, [row.id for row in merged])
            telling.tell(tx, "merged", merged, once=once("merged", merged), other=target)
            telling.tell_supporters(tx, merged, target, once=once("support", merged))
            record(tx, actor, "merge_contribution", merged, into=target_id)
        return target_id, outcomes


def unmerge(actor: Actor, contribution_id: int, *, seen: int) -> None:
    """Make a merged contribution one of its own again; the supports that came with it go back."""
    with transaction() as tx:
        actor = enter(tx, actor, Permission.SCREEN_CONTRIBUTION)
        targets = _chain(tx, contribution_id)
        found = locked_if_there(tx, [contribution_id, *targets])

        def deed(row: Contribution) -> list[Note]:
            rules.after(row.state, Verb.UNMERGE)
            row.merged_into_id = None
            move(tx, row, Verb.UNMERGE)
            return [Note(Verb.UNMERGE, other_id=targets[0])]

        done, outcomes = each(tx, actor, [Seen(contribution_id, seen)], deed)
        if outcomes[0].error is not None:
            raise outcomes[0].error
        take_back_supports(tx, contribution_id, targets)
        steps.touched(tx, *(found[ident] for ident in targets))
        record(tx, actor, "unmerge_contribution", done, out_of=targets[0])


def lock_chain(tx: Transaction, contribution_id: int) -> list[int]:
    """Lock a contribution with all it was merged into; return the ids of these, the nearest first."""
    targets = _chain(tx, contribution_id)
    if targets:
        locked_if_there(tx, [contribution_id, *targets])
    return targets


def _end_of_chain(tx: Transaction, contribution_id: int) -> int:
    if tx.session.get(Contribution, contribution_id) is None:
        raise InvalidInput("into", "not_found")
    chain = _chain(tx, contribution_id)
    return chain[-1] if chain else contribution_id


def _chain(tx: Transaction, contribution_id: int) -> list[int]:
    """Return where a contribution was merged into, where that one was, and so on (one statement)."""
    base = (
        select(Contribution.merged_into_id.label("id"), literal(1).label("depth"))
        .where(Contribution.id == contribution_id)
        .cte("chain", recursive=True)
    )
    following = aliased(Contribution)
    chain = base.union_all(
        select(following.merged_into_id, base.c.depth + 1)
        .join(base, following.id == base.c.id)
        .where(following.merged_into_id.is_not(None))
    )
    found = tx.session.execute(select(chain.c.id).where(chain.c.id.is_not(None)).order_by(chain.c.depth))
    return list(found.scalars())


def _copy_supports(
    tx: Transaction, target: Contribution, merged_ids: Sequence[int], *, only: Sequence[int] | None = None
) -> None:
    """Give the target the supports of what was merged into it; nobody twice, and not its own author."""
    own = aliased(ContributionSupport)
    copied = (
        select(
            literal(target.id),
            ContributionSupport.person_id,
            func.min(ContributionSupport.contribution_id),
            literal(tx.now, type_=ContributionSupport.at.type),
        )
        .where(
            ContributionSupport.contribution_id.in_(merged_ids),
            ContributionSupport.person_id.is_distinct_from(target.author_id),
            ~select(own)
            .where(own.contribution_id == target.id, own.person_id == ContributionSupport.person_id)
            .exists(),
        )
        .group_by(ContributionSupport.person_id)
    )
    if only is not None:
        copied = copied.where(ContributionSupport.person_id.in_(only))
    tx.session.execute(
        insert(ContributionSupport).from_select(["contribution_id", "person_id", "via_id", "at"], copied)
    )
    steps.recount_supporters(tx, target.id)
    tx.session.refresh(target, ["supporters"])


def take_back_supports(
    tx: Transaction, source_id: int, targets: Sequence[int], *, only: Sequence[int] | None = None
) -> None:
    """Take the copies that came with `source_id` out of its targets, up the chain; of `only` these people.

    Who also supports another contribution merged there keeps a copy, which then names that one.
    """
    came_with = source_id
    people = only
    for target_id in targets:
        copies = (ContributionSupport.contribution_id == target_id, ContributionSupport.via_id == came_with)
        gone = select(ContributionSupport.person_id).where(*copies)
        if people is not None:  # further up only those who are left without a support one link below
            gone = gone.where(ContributionSupport.person_id.in_(people))
        people = list(tx.session.scalars(gone))
        if not people:
            return
        tx.session.execute(
            delete(ContributionSupport).where(*copies, ContributionSupport.person_id.in_(people))
        )
        target = tx.session.get_one(Contribution, target_id)
        others = select(Contribution.id).where(
            Contribution.merged_into_id == target_id, Contribution.id != source_id
        )
        _copy_supports(tx, target, list(tx.session.scalars(others)), only=people)
        kept = select(ContributionSupport.person_id).where(
            ContributionSupport.contribution_id == target_id, ContributionSupport.person_id.in_(people)
        )
        left = set(tx.session.scalars(kept))
        people = [person for person in people if person not in left]
        came_with = target_id
