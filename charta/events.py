# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Names and data of domain events, and the ordered list of handlers.

A service publishes inside its transaction; handlers run in the same transaction, in the order `app.py`
lists them, and never commit. What is heavy is made ready before the lock, see `announce`. This is how a lower
feature moves a higher one without importing it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from charta.db import Transaction


@dataclass(frozen=True, slots=True)
class RevisionCreated:
    """A section has a new head; `previous_id` is None for the first revision."""

    section_id: int
    revision_id: int
    previous_id: int | None


@dataclass(frozen=True, slots=True)
class StructureChanged:
    """A section was created, moved or deleted: places and numbers may have changed."""

    section_id: int


@dataclass(frozen=True, slots=True)
class FieldRenumbered:
    """A field of action has another number: the numbers of its sections and measures begin with it."""

    field_id: int


@dataclass(frozen=True, slots=True)
class RevisionAhead:
    """A section is about to get this text: what hangs on the present one can be made ready."""

    section_id: int
    old_hash: str
    old_body: str
    content_hash: str
    body: str


@dataclass(frozen=True, slots=True)
class VersionAhead:
    """A proposal is about to be handed in again with this text."""

    proposal_id: int
    content_hash: str
    body: str


@dataclass(frozen=True, slots=True)
class ProposalDecided:
    """A proposal was approved, rejected, sent back or withdrawn."""

    proposal_id: int
    verb: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProposalResubmitted:
    """A proposal has another version under decision; `previous` is the number of the one before."""

    proposal_id: int
    version: int
    previous: int


@dataclass(frozen=True, slots=True)
class PlanChanged:
    """What a measure promises was changed: who is responsible, who takes part, when, by which figures."""

    section_id: int


@dataclass(frozen=True, slots=True)
class EditionFrozen:
    """An edition was composed, composed anew or published: what is printed beside the text is put to it."""

    edition_id: int


@dataclass(frozen=True, slots=True)
class CommentWritten:
    """Somebody wrote a comment; `thread_id` is None for the first of a thread."""

    comment_id: int
    thread_id: int | None


@dataclass(frozen=True, slots=True)
class PersonDeactivated:
    """A person may no longer sign in."""

    person_id: int


@dataclass(frozen=True, slots=True)
class AddressChanged:
    """A person has another e-mail address, and has shown that it works."""

    person_id: int


@dataclass(frozen=True, slots=True)
class MailDue:
    """A command below the outbox (accounts) wants a mail to leave; the fields are those of `enqueue`."""

    person_id: int
    template: str
    secret: str | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class MailObsolete:
    """The link of a mail that may not have left yet no longer works."""

    person_id: int
    template: str


Event = (
    RevisionCreated
    | StructureChanged
    | FieldRenumbered
    | ProposalDecided
    | ProposalResubmitted
    | PlanChanged
    | EditionFrozen
    | CommentWritten
    | PersonDeactivated
    | AddressChanged
    | MailDue
    | MailObsolete
)
Ahead = RevisionAhead | VersionAhead
Handler = Callable[[Transaction, Any], None]
Preparation = Callable[[Any], None]

_handlers: list[tuple[type, Handler]] = []
_preparations: list[tuple[type, Preparation]] = []


def register(
    handlers: Sequence[tuple[type, Handler]], preparations: Sequence[tuple[type, Preparation]] = ()
) -> None:
    """Set the ordered lists of handlers and preparations; called once by `create_app`."""
    _handlers[:] = handlers
    _preparations[:] = preparations


def announce(ahead: Ahead) -> None:
    """Run every preparation for what is about to happen: before the lock, in the session that reads.

    A preparation only fills memories; nothing may depend on it, since the deed may still fail or differ.
    """
    for kind, preparation in _preparations:
        if isinstance(ahead, kind):
            preparation(ahead)


def publish(tx: Transaction, event: Event) -> None:
    """Run every handler of this kind of event inside `tx`, in the registered order."""
    for kind, handler in _handlers:
        if isinstance(event, kind):
            handler(tx, event)
