# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What proposals do when a text or the tree moves; runs in the publisher's transaction.

However many proposals are open, it takes one statement to read them, one for the tree, one to write.
"""

from typing import Any

from sqlalchemy import ColumnElement, or_, update

from charta.accounts.models import Person
from charta.contributions.service import telling
from charta.db import Transaction
from charta.events import Handler, ProposalDecided, RevisionCreated, StructureChanged
from charta.notifications.service import enqueue_many
from charta.proposals import fitting
from charta.proposals.models import Proposal
from charta.proposals.rules import NEEDS_HELP, TEXT_KINDS, ProposalKind, Verb
from charta.proposals.service.taking_up import taken_up
from charta.sections.models import Section

_ENDS = frozenset({Verb.APPROVE, Verb.AGREE, Verb.REJECT, Verb.WITHDRAW})


def on_revision(tx: Transaction, event: RevisionCreated) -> None:
    """Say anew how every open proposal of the section fits its new head."""
    if event.previous_id is not None:  # nobody can have proposed anything about a new section
        restate(tx, Proposal.section_id == event.section_id)


def on_structure(tx: Transaction, event: StructureChanged) -> None:
    """Say anew how proposals fit that name a place, or a section that is out of the tree."""
    placed = Proposal.kind.in_([ProposalKind.MOVE, ProposalKind.DELETION, ProposalKind.NEW_SECTION])
    restate(
        tx, or_(placed, Proposal.section_id == event.section_id, Section.is_deleted.is_(True)), with_tree=True
    )


def restate(tx: Transaction, condition: ColumnElement[bool], *, with_tree: bool = False) -> None:
    """Recompute the merge state of the open proposals that meet `condition`, and tell who has to help."""
    found = fitting.candidates(tx.session, condition)
    if not found:
        return
    needed = with_tree or fitting.needs_tree(item.kind for item in found)
    changed = fitting.restated(found, fitting.tree(tx.session) if needed else {})
    if not changed:
        return
    tx.session.execute(
        update(Proposal), [{"id": item.proposal_id, "merge_state": state} for item, state in changed]
    )
    # One mail to each author, however many of theirs a deed concerns: about the first, naming the others.
    mails: dict[int, tuple[Person, dict[str, Any]]] = {}
    for item, state in changed:
        if state not in NEEDS_HELP or item.merge_state in NEEDS_HELP or item.is_quiet:
            continue
        named = {"number": item.proposal_id, "summary": item.summary}
        known = mails.get(item.author.id)
        if known is None:
            mails[item.author.id] = item.author, {**named, "merge_state": state.value, "others": []}
        else:
            known[1]["others"].append(named)
    enqueue_many(tx, "proposal_needs_help", list(mails.values()))


def on_decision(tx: Transaction, event: ProposalDecided) -> None:
    """Tell whom the contributions concern that a proposal takes up, once it is decided or withdrawn.

    One statement for a proposal that takes up nothing.
    """
    verb = Verb(event.verb)
    if verb not in _ENDS:
        return
    contributions = taken_up(tx, event.proposal_id)
    proposal = tx.session.get(Proposal, event.proposal_id)
    if not contributions or proposal is None:
        return
    is_in_charta = verb in {Verb.APPROVE, Verb.AGREE}
    telling.tell(
        tx,
        "in_charta" if is_in_charta else "decided",
        contributions,
        once=f"{verb.value}:{proposal.id}:{proposal.version}",
        reason=event.reason,
        besides=proposal.author_id,  # who wrote the proposal has a mail about it already
        data={
            "number": proposal.id,
            "summary": proposal.summary,
            "verb": verb.value,
            "section_id": proposal.section_id if proposal.kind in TEXT_KINDS else None,
        },
    )


HANDLERS: list[tuple[type, Handler]] = [
    (RevisionCreated, on_revision),
    (StructureChanged, on_structure),
    (ProposalDecided, on_decision),
]
