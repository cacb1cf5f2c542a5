# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands about fields of action."""

from dataclasses import dataclass

from sqlalchemy import select, text

from charta.accounts import service as accounts
from charta.accounts.models import Organisation
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound
from charta.events import FieldRenumbered, publish
from charta.fields.models import FieldOfAction
from charta.fields.rules import (
    DESCRIPTION_MAX,
    NAME_MAX,
    SHORT_NAME_MAX,
    check_number,
    check_slug,
    clean_text,
    slug_of,
)
from charta.permissions import Actor, Permission, require
from charta.site.models import Round
from charta.text.hashing import content_hash

# Two fields made at once on PostgreSQL wait here, so that the second one reads the number of the first.
_FIELDS_LOCK = 4_711_002


@dataclass(frozen=True, slots=True)
class _Words:
    """What a field of action says, cleaned."""

    number: int
    name: str
    short_name: str
    description: str
    lead_organisation_id: int | None


def create_field(
    actor: Actor,
    *,
    number: int,
    slug: str = "",
    name: str,
    short_name: str = "",
    description: str = "",
    lead_organisation_id: int | None = None,
) -> int:
    """Make a field of action and return its id.

    An empty `short_name` means the name itself, an empty `slug` one made of the name.
    Raises `InvalidInput` (number, slug: invalid, taken; name: required, too_long; lead_organisation_id:
    not_found).
    """
    if slug:
        check_slug(slug)
    words = _clean(number, name, short_name, description, lead_organisation_id)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        others = _others(tx, None)
        _require_free(tx, words, others)
        slugs = {other.slug for other in others}
        if slug in slugs:
            raise InvalidInput("slug", "taken")
        created = FieldOfAction(slug=slug or slug_of(words.name, slugs))
        _write(created, words)
        tx.session.add(created)
        tx.session.flush()
        activity.record(tx, actor, "create_field", "field", created.id, number=number)
        return created.id


def change_field(
    actor: Actor,
    field_id: int,
    *,
    number: int,
    name: str,
    short_name: str = "",
    description: str = "",
    lead_organisation_id: int | None = None,
    seen: str,
) -> None:
    """Change what a field of action says; its address stays, so that links to it keep working.

    `seen` is the `fingerprint` of what the actor had before them. A new number is carried into the numbers of
    sections and measures and into the rounds that name it. Raises `NotFound`, `EditConflict`, and what
    `create_field` raises.
    """
    words = _clean(number, name, short_name, description, lead_organisation_id)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.MANAGE_SITE)
        others = _others(tx, field_id)
        found = tx.lock(FieldOfAction, field_id)
        if found is None:
            raise NotFound(kind="field", id=field_id)
        if _words(found) == words:
            return  # the second click of two
        if fingerprint(found) != seen:
            raise EditConflict(subject="field", id=field_id)
        _require_free(tx, words, others)
        old_number = found.number
        _write(found, words)
        tx.session.flush()
        if number != old_number:
            _renumber_rounds(tx, old_number, number)
            publish(tx, FieldRenumbered(field_id))
        activity.record(tx, actor, "change_field", "field", field_id, number=number)


def fingerprint(field: FieldOfAction) -> str:
    """Return a text that differs when anything a form shows of the field differs."""
    return content_hash(field.name, repr(_words(field)))


def _clean(
    number: int, name: str, short_name: str, description: str, lead_organisation_id: int | None
) -> _Words:
    check_number(number)
    clean_name = clean_text(name, "name", NAME_MAX)
    # A long name is no reason to ask for a short one: the words that fit are it.
    short = clean_text(short_name, "short_name", SHORT_NAME_MAX, required=False)
    return _Words(
        number,
        clean_name,
        short or clean_name[:SHORT_NAME_MAX].strip(),
        clean_text(description, "description", DESCRIPTION_MAX, required=False),
        lead_organisation_id,
    )


def _words(field: FieldOfAction) -> _Words:
    return _Words(field.number, field.name, field.short_name, field.description, field.lead_organisation_id)


def _write(field: FieldOfAction, words: _Words) -> None:
    field.number, field.name, field.short_name = words.number, words.name, words.short_name
    field.description, field.lead_organisation_id = words.description, words.lead_organisation_id


def _others(tx: Transaction, field_id: int | None) -> list[FieldOfAction]:
    """Return all other fields, behind a lock that keeps the list as it is until the end."""
    if tx.session.get_bind().dialect.name == "postgresql":
        tx.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _FIELDS_LOCK})
    return [one for one in tx.session.scalars(select(FieldOfAction)) if one.id != field_id]


def _require_free(tx: Transaction, words: _Words, others: list[FieldOfAction]) -> None:
    """Raise `InvalidInput` for a number or name another field has, or a lead that does not exist."""
    if any(other.number == words.number for other in others):
        raise InvalidInput("number", "taken")
    if any(other.name.casefold() == words.name.casefold() for other in others):
        raise InvalidInput("name", "taken")
    lead = words.lead_organisation_id
    if lead is not None and tx.session.get(Organisation, lead) is None:
        raise InvalidInput("lead_organisation_id", "not_found")


def _renumber_rounds(tx: Transaction, old: int, new: int) -> None:
    """Let rounds that are open for a field stay open for it."""
    for entry in tx.session.scalars(select(Round)):
        if old in entry.field_numbers:
            entry.field_numbers = sorted(new if number == old else number for number in entry.field_numbers)
    tx.session.flush()
