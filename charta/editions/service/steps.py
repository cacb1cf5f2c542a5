# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps on editions that commands here and ballots share; they take `tx` and never commit.

Lock order: section, proposal, edition, ballot, head of the log.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from charta.accounts import service as accounts
from charta.db import Transaction
from charta.editions.models import Edition, EditionNote
from charta.editions.rules import Decision, EditionState
from charta.errors import EditConflict, NotFound, WrongState
from charta.permissions import Actor, Permission, require


@dataclass(frozen=True, slots=True)
class PrintedNote:
    """A partner's note of dissent as it is printed; without places it is on the whole text."""

    section_id: int
    organisation_name: str
    quote: str
    text: str
    start_at: int | None
    end_at: int | None


def composer(tx: Transaction, actor: Actor, permission: Permission = Permission.COMPOSE_EDITION) -> Actor:
    """Read the actor again; raise `NotPermitted` for who may not."""
    actor = accounts.reread(tx, actor)
    require(actor, permission)
    return actor


def locked(tx: Transaction, edition_id: int) -> Edition:
    """Lock an edition; raise `NotFound`."""
    found = tx.lock(Edition, edition_id)
    if found is None:
        raise NotFound(kind="edition", id=edition_id)
    return found


def require_free(edition: Edition, action: str) -> None:
    """Raise `WrongState` ("published", "discarded", "held") unless the edition may be changed."""
    if edition.state is not EditionState.COMPOSED:
        raise WrongState(action, edition.state.value, edition=edition.name)
    if edition.held_by_ballot is not None:
        raise WrongState(action, "held", edition=edition.name, ballot=edition.held_by_ballot)


def check_seen(edition: Edition, seen_version: int) -> None:
    """Raise `EditConflict` when somebody changed the edition meanwhile."""
    if edition.version != seen_version:
        raise EditConflict(subject="edition", edition_id=edition.id, version=edition.version)


def hold(tx: Transaction, edition_id: int, ballot_number: int) -> Edition:
    """Let a ballot hold an edition: until `release` its composition stands still.

    Raises `NotFound`; `WrongState("open", "held" | "published" | "discarded")`.
    """
    edition = locked(tx, edition_id)
    require_free(edition, "open")
    edition.held_by_ballot = ballot_number
    edition.version += 1
    tx.session.flush()
    return edition


def release(tx: Transaction, edition_id: int, ballot_number: int, decision: Decision) -> None:
    """End the hold of a ballot with what the partners decided; `NONE` leaves an earlier decision as it is.

    Nothing happens when another ballot holds the edition, or none does.
    """
    edition = locked(tx, edition_id)
    if edition.held_by_ballot != ballot_number:
        return
    edition.held_by_ballot = None
    if decision is not Decision.NONE:
        edition.decision, edition.decided_by_ballot = decision, ballot_number
    edition.version += 1
    tx.session.flush()


def replace_notes(tx: Transaction, edition_id: int, notes: Sequence[PrintedNote]) -> None:
    """Print exactly these notes with an edition; raises `WrongState` once it is published.

    The caller holds the lock of the edition: `EditionFrozen` is published under it.
    """
    edition = tx.session.get(Edition, edition_id)
    if edition is None:
        raise NotFound(kind="edition", id=edition_id)
    if edition.state is EditionState.PUBLISHED:
        raise WrongState("replace_notes", "published", edition=edition.name)
    stored = [
        PrintedNote(one.section_id, one.organisation_name, one.quote, one.text, one.start_at, one.end_at)
        for one in tx.session.scalars(
            select(EditionNote).where(EditionNote.edition_id == edition_id).order_by(EditionNote.id)
        )
    ]
    if stored == list(notes):
        return
    tx.session.execute(delete(EditionNote).where(EditionNote.edition_id == edition_id))
    tx.session.add_all(
        [
            EditionNote(
                edition_id=edition_id,
                section_id=one.section_id,
                organisation_name=one.organisation_name,
                quote=one.quote,
                text=one.text,
                start_at=one.start_at,
                end_at=one.end_at,
            )
            for one in notes
        ]
    )
    edition.version += 1
    tx.session.flush()
