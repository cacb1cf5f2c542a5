# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a comment stands: the place it is given when it is written, and the way from a text to the next.

An anchor is made once and kept for ever. Its place is carried from each text to the next (`carrying`), so
that a passage that changes step by step keeps its comments; the words it was made on say whether it reads as
it did then.
"""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from charta.comments.models import Comment, CommentAnchor
from charta.comments.rules import Place, PlaceState
from charta.db import Transaction
from charta.errors import InvalidInput
from charta.proposals.models import Proposal, ProposalVersion
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.text import anchor as anchors
from charta.text.anchor import ANCHOR_VERSION, AnchorState, make_anchor


@dataclass(frozen=True, slots=True)
class Wording:
    """A text a comment can stand in: `key` is the id of a revision or the number of a version."""

    key: int
    content_hash: str
    body: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where some words stand in a text now; both ends are None for an orphan."""

    start: int | None
    end: int | None
    state: PlaceState


ORPHAN = Standing(None, None, PlaceState.ORPHAN)


# ------------------------------------------------------------------------------------------------- a new one


def anchored(
    tx: Transaction,
    comment: Comment,
    *,
    paragraph: int | None,
    start: int | None,
    end: int | None,
    seen_revision_id: int | None,
) -> None:
    """Store where a comment stands; its subject is locked, and it has an id.

    `paragraph` counts from 0; `start` and `end` are code points of the body that was seen. A place on an
    older text is carried to the present one first. Raises `InvalidInput("place", "outside_text")`.
    """
    if comment.section_id is not None:
        made_on, present = _of_section(tx, comment.section_id, seen_revision_id)
    else:
        made_on, present = _of_proposal(tx, comment.proposal_id, comment.proposal_version)
    if comment.place is Place.PARAGRAPH:
        first, last = paragraph_range(made_on, paragraph)
    else:
        first, last = trimmed(made_on.body, start, end)
    made = make_anchor(made_on.body, first, last)
    standing = Standing(first, last, PlaceState.IN_PLACE)
    if present.content_hash != made_on.content_hash:
        standing = Way(made_on, present).place(first, last)
    is_section = comment.section_id is not None
    is_orphan = standing.state is PlaceState.ORPHAN
    tx.session.add(
        CommentAnchor(
            comment_id=comment.id,
            section_id=comment.section_id,
            proposal_id=comment.proposal_id,
            made_on_revision_id=made_on.key if is_section else None,
            made_on_version=None if is_section else made_on.key,
            anchor=made,
            engine_version=ANCHOR_VERSION,
            revision_id=present.key if is_section and not is_orphan else None,
            version=present.key if not is_section and not is_orphan else None,
            start_at=standing.start,
            end_at=standing.end,
            state=standing.state,
        )
    )
    tx.session.flush()


def paragraph_range(text: Wording, index: int | None) -> tuple[int, int]:
    """Return where a paragraph (from 0) stands; raises `InvalidInput("place", "outside_text")`."""
    for block in texts.rendered(text.content_hash, text.body):
        if block.index == index and block.index >= 0:
            return trimmed(text.body, block.start, block.end)
    raise InvalidInput("place", "outside_text")


def trimmed(body: str, start: int | None, end: int | None) -> tuple[int, int]:
    """Return a range of a text without the blanks at its ends.

    Raises `InvalidInput("place", "outside_text")` when nothing is left or it is not inside of the text.
    """
    if start is None or end is None or not 0 <= start < end <= len(body):
        raise InvalidInput("place", "outside_text")
    words = body[start:end]
    start += len(words) - len(words.lstrip())
    end -= len(words) - len(words.rstrip())
    if start >= end:
        raise InvalidInput("place", "outside_text")
    return start, end


def _of_section(tx: Transaction, section_id: int, seen_id: int | None) -> tuple[Wording, Wording]:
    """Return the text that was seen and the present one."""
    section = tx.session.get(Section, section_id)
    head = tx.session.get(Revision, section.head_id) if section and section.head_id is not None else None
    seen = head if seen_id is None else tx.session.get(Revision, seen_id)
    if head is None or seen is None or seen.section_id != section_id:
        raise InvalidInput("place", "outside_text")
    return wording(seen), wording(head)


def _of_proposal(tx: Transaction, number: int | None, seen: int | None) -> tuple[Wording, Wording]:
    """Return the version that was seen and the one under decision."""
    proposal = tx.session.get(Proposal, number)
    versions = versions_of(tx.session, ProposalVersion.proposal_id == number)
    if proposal is None or seen is None or seen not in versions:
        raise InvalidInput("place", "outside_text")
    return versions[seen], versions.get(proposal.candidate, versions[seen])


def wording(revision: Revision) -> Wording:
    """Return a revision as a text comments can stand in."""
    return Wording(revision.id, revision.content_hash, revision.body)


def versions_of(session: Session, *conditions: ColumnElement[bool]) -> dict[int, Wording]:
    """Return versions of a proposal as texts comments can stand in, by number."""
    found = session.execute(
        select(ProposalVersion.number, ProposalVersion.content_hash, ProposalVersion.body).where(*conditions)
    )
    return {number: Wording(number, digest, body) for number, digest, body in found}


# ------------------------------------------------------------------------------------------------- the way


class Way:
    """The way from one text to the next; each place is looked for once, however many comments stand on it."""

    def __init__(self, old: Wording, new: Wording) -> None:
        self._old, self._new = old, new
        self._change = texts.change(old.content_hash, old.body, new.content_hash, new.body)
        self._found: dict[tuple[int, int], Standing] = {}

    def place(self, start: int, end: int) -> Standing:
        """Return where old[start:end] stands in the new text."""
        found = self._found.get((start, end))
        if found is None:
            anchor = make_anchor(self._old.body, start, end)
            found = self._found[start, end] = as_standing(anchors.locate_along([anchor], self._change)[0])
        return found


def as_standing(location: anchors.Location) -> Standing:
    """Return where the engine found some words."""
    if location.start is None:
        return ORPHAN
    changed = location.state is AnchorState.CHANGED
    return Standing(location.start, location.end, PlaceState.CHANGED if changed else PlaceState.IN_PLACE)
