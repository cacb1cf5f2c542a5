# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Putting an edition together from the texts as they stand, anew, and throwing one away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from charta import events
from charta.activity import service as activity
from charta.db import Transaction, transaction, utcnow
from charta.editions import wording
from charta.editions.models import Edition, EditionEntry
from charta.editions.queries.document import bodies, document
from charta.editions.rules import (
    NOTE_MAX,
    TITLE_MAX,
    Decision,
    EditionState,
    clean_name,
    clean_words,
    order_of,
)
from charta.editions.service import steps
from charta.editions.wording import Entry
from charta.errors import InvalidInput
from charta.permissions import Actor
from charta.sections.rules import SectionKind, clean_line


@dataclass(frozen=True, slots=True)
class _Frozen:
    """The document at one moment with its checksum under a title."""

    entries: Sequence[Entry]
    content_hash: str

    @property
    def paragraph_count(self) -> int:
        """The last Randnummer."""
        return max((one.last_rn for one in self.entries if one.kind is SectionKind.SECTION), default=0)


def compose(actor: Actor, *, name: str, title: str, note: str = "") -> int:
    """Freeze the document as it stands into an edition that is not published yet; return its id.

    Raises `InvalidInput` (name: required, edition_name, taken, edition_order; title: required, too_long;
    note: too_long; edition: empty when there is no text).
    """
    clean = clean_name(name)
    clean_title = clean_line(title, "title", TITLE_MAX)
    clean_note = clean_words(note, "note", NOTE_MAX)
    document(utcnow())  # heavy work on older wordings, remembered by their hashes
    with transaction() as tx:
        actor = steps.composer(tx, actor)
        same = select(Edition.id).where(Edition.name == clean, Edition.state != EditionState.DISCARDED)
        if tx.session.scalar(same) is not None:
            raise InvalidInput("name", "taken")
        require_next(tx, clean)
        frozen = _freeze(tx, clean_title)
        edition = Edition(
            name=clean,
            title=clean_title,
            note=clean_note,
            previous_id=in_force(tx),
            content_hash=frozen.content_hash,
            paragraph_count=frozen.paragraph_count,
            composed_at=tx.now,
            composed_by_id=actor.id,
        )
        tx.session.add(edition)
        try:
            tx.session.flush()
        except IntegrityError:  # a second moderator was quicker with the same name
            raise InvalidInput("name", "taken") from None
        _enter(tx, edition, frozen)
        events.publish(tx, events.EditionFrozen(edition.id))
        _record(tx, actor, "compose_edition", edition)
        return edition.id


def recompose(actor: Actor, edition_id: int, *, seen_version: int) -> None:
    """Freeze the present texts in place of those of an edition that is not published.

    A decision about the texts before it is no decision about these. Nothing is written when the text is the
    same. Raises `NotFound`; `WrongState("recompose", "held" | "published" | "discarded")`; `EditConflict`;
    `InvalidInput("edition", "empty")`.
    """
    document(utcnow())
    with transaction() as tx:
        actor = steps.composer(tx, actor)
        edition = steps.locked(tx, edition_id)
        steps.require_free(edition, "recompose")
        steps.check_seen(edition, seen_version)
        frozen = _freeze(tx, edition.title)
        if frozen.content_hash == edition.content_hash:
            events.publish(tx, events.EditionFrozen(edition.id))  # notes may be others though the text is not
            return
        before = edition.content_hash
        tx.session.execute(delete(EditionEntry).where(EditionEntry.edition_id == edition.id))
        edition.content_hash = frozen.content_hash
        edition.paragraph_count = frozen.paragraph_count
        edition.previous_id = in_force(tx)
        edition.decision, edition.decided_by_ballot = Decision.NONE, None
        edition.composed_at, edition.composed_by_id = tx.now, actor.id
        edition.version += 1
        _enter(tx, edition, frozen)
        events.publish(tx, events.EditionFrozen(edition.id))
        _record(tx, actor, "recompose_edition", edition, hash_before=before)


def discard(actor: Actor, edition_id: int) -> None:
    """Throw away an edition that is not published; its name is free again. Twice is no error.

    Raises `NotFound`; `WrongState("discard", "held" | "published")`.
    """
    with transaction() as tx:
        actor = steps.composer(tx, actor)
        edition = steps.locked(tx, edition_id)
        if edition.state is EditionState.DISCARDED:
            return
        steps.require_free(edition, "discard")
        edition.state = EditionState.DISCARDED
        edition.version += 1
        _record(tx, actor, "discard_edition", edition)


def require_next(tx: Transaction, name: str) -> None:
    """Raise `InvalidInput("name", "edition_order")` unless the name comes after those that are published.

    Their rows stay locked: of two editions that are published at the same time one comes after the other.
    """
    published = tx.session.execute(
        select(Edition.name)
        .where(Edition.state == EditionState.PUBLISHED, Edition.published_at <= tx.now)
        .order_by(Edition.id)
        .with_for_update()
    ).scalars()
    newest = max(published, key=order_of, default=None)
    if newest is not None and order_of(name) <= order_of(newest):
        raise InvalidInput("name", "edition_order", newest=newest)


def in_force(tx: Transaction) -> int | None:
    """Return the edition that was published last."""
    return tx.session.scalar(
        select(Edition.id)
        .where(Edition.state == EditionState.PUBLISHED, Edition.published_at <= tx.now)
        .order_by(Edition.published_at.desc(), Edition.id.desc())
        .limit(1)
    )


def _freeze(tx: Transaction, title: str) -> _Frozen:
    entries = document(tx.now)
    if not entries:
        raise InvalidInput("edition", "empty")
    texts: Mapping[int, str] = bodies({one.revision_id for one in entries})
    return _Frozen(entries, wording.content_hash(title, wording.whole_text(entries, texts)))


def _enter(tx: Transaction, edition: Edition, frozen: _Frozen) -> None:
    tx.session.flush()
    tx.session.execute(
        insert(EditionEntry),
        [
            {
                "edition_id": edition.id,
                "position": position,
                "section_id": one.section_id,
                "revision_id": one.revision_id,
                "kind": one.kind,
                "depth": one.depth,
                "parent_id": one.parent_id,
                "number": one.number,
                "field_number": one.field_number,
                "field_name": one.field_name,
                "first_rn": one.first_rn,
                "paragraph_count": one.paragraph_count,
                "facts": one.facts,
            }
            for position, one in enumerate(frozen.entries, 1)
        ],
    )


def _record(tx: Transaction, actor: Actor, verb: str, edition: Edition, **data: Any) -> None:
    activity.record(
        tx,
        actor,
        verb,
        "edition",
        edition.id,
        number=edition.name,
        version=edition.version,
        content_hash=edition.content_hash,
        **data,
    )
