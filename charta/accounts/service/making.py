# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Making people and organisations, one by one."""

from sqlalchemy import select

from charta.accounts import passwords, queries
from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Group, Voting, check_password, clean_email, clean_name
from charta.accounts.service.sessions import reread
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotPermitted
from charta.permissions import Actor, Permission, Reason, Role, require


def create_organisation(actor: Actor, *, name: str, short: str, group: Group, is_partner: bool) -> int:
    """Make an organisation and return its id; `InvalidInput("name", "taken")` when the name is in use."""
    cleaned, cleaned_short = clean_name(name), clean_name(short, field="short", limit=24)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_ORGANISATIONS)
        if tx.session.scalar(select(Organisation.id).where(Organisation.name == cleaned)):
            raise InvalidInput("name", "taken")
        organisation = Organisation(
            name=cleaned, short=cleaned_short, group=group, is_partner=is_partner, created_at=tx.now
        )
        tx.session.add(organisation)
        tx.session.flush()
        activity.record(tx, actor, "create_organisation", "organisation", organisation.id, name=cleaned)
        return organisation.id


def create_person(
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting = Voting.NONE,
    password: str | None = None,
    is_demo: bool = False,
) -> int:
    """Make an account and return its id; with a password the person has joined at once."""
    cleaned, cleaned_name = clean_email(email), clean_name(name)
    hashed = None
    if password is not None:
        check_password(password, email=cleaned)
        hashed = passwords.hash_password(password)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        return add_person(
            tx,
            actor,
            email=cleaned,
            name=cleaned_name,
            role=role,
            organisation_id=organisation_id,
            voting=voting,
            password_hash=hashed,
            is_demo=is_demo,
        ).id


def create_first_administrator(*, email: str, name: str, password: str) -> int:
    """Make the first account of an empty installation; `NotPermitted` once anybody has one."""
    cleaned, cleaned_name = clean_email(email), clean_name(name)
    check_password(password, email=cleaned)
    hashed = passwords.hash_password(password)
    with transaction() as tx:
        if queries.has_people():
            raise NotPermitted(Reason.ROLE)
        return add_person(
            tx,
            None,
            email=cleaned,
            name=cleaned_name,
            role=Role.ADMINISTRATOR,
            organisation_id=None,
            voting=Voting.NONE,
            password_hash=hashed,
            is_demo=False,
        ).id


def add_person(
    tx: Transaction,
    actor: Actor | None,
    *,
    email: str,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting,
    password_hash: str | None,
    is_demo: bool,
) -> Person:
    """Add a person inside a transaction; `InvalidInput("email", "taken")` when the address is in use."""
    person = new_person(
        tx,
        email=email,
        name=name,
        role=role,
        organisation_id=organisation_id,
        voting=voting,
        password_hash=password_hash,
        is_demo=is_demo,
    )
    record_new_person(tx, actor, person)
    return person


def new_person(
    tx: Transaction,
    *,
    email: str | None,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting,
    password_hash: str | None = None,
    is_demo: bool = False,
) -> Person:
    """Store a person without writing the log yet: who makes many stores all before the first entry.

    `email` is None for somebody who joins in the hall by code and may add an address later.
    """
    if email is not None and tx.session.scalar(select(Person.id).where(Person.email == email)):
        raise InvalidInput("email", "taken")
    if organisation_id is not None and tx.session.get(Organisation, organisation_id) is None:
        raise InvalidInput("organisation_id", "invalid")
    person = Person(
        email=email,
        name=name,
        password_hash=password_hash,
        role=role,
        organisation_id=organisation_id,
        voting=voting,
        is_demo=is_demo,
        created_at=tx.now,
        joined_at=tx.now if password_hash else None,
    )
    tx.session.add(person)
    tx.session.flush()
    return person


def record_new_person(tx: Transaction, actor: Actor | None, person: Person) -> None:
    """Write into the log that a person was made."""
    activity.record(
        tx,
        actor,
        "create_person",
        "person",
        person.id,
        personal={"name": person.name, "email": person.email or ""},
        role=person.role.value,
    )
