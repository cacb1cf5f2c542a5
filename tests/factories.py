# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Things to test with: small functions that store one thing and return what a test needs of it.

They need the context of the `app` fixture. Commands take ids and actors, so people come back as an `Account`
and everything else as its id.
"""

import itertools
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from charta.accounts import passwords
from charta.accounts import service as accounts
from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Group, Voting
from charta.db import session, transaction, utcnow
from charta.fields.models import FieldOfAction
from charta.measures import service as measures
from charta.permissions import Actor, Role
from charta.sections import service as sections
from charta.sections.rules import LAST, Cause, SectionKind, SourceKind
from charta.site.models import Round, Setting

_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as tests need one: for services the actor, for pages the address."""

    id: int
    email: str
    name: str
    actor: Actor
    organisation_id: int | None
    password: str | None = None


def organisation(
    name: str = "", *, is_partner: bool = True, group: Group = Group.CHAMBER, short: str = ""
) -> int:
    """Store an organisation and return its id."""
    number = next(_numbers)
    with transaction() as tx:
        made = Organisation(
            name=name or f"Organisation {number}",
            short=short or f"Org {number}",
            group=group,
            is_partner=is_partner,
            created_at=tx.now,
        )
        tx.session.add(made)
        tx.session.flush()
        return made.id


def person(
    role: Role | str = Role.PARTNER,
    *,
    email: str = "",
    name: str = "",
    organisation_id: int | None = None,
    password: str | None = None,
    voting: Voting = Voting.NONE,
    is_active: bool = True,
    locale: str = "de",
) -> Account:
    """Store a person who has joined; a partner without an organisation gets a new one.

    Without `password` nobody can sign in with one, but `client.sign_in(account)` works.
    """
    role = Role(role)
    if role is Role.PARTNER and organisation_id is None:
        organisation_id = organisation()
    number = next(_numbers)
    hashed = passwords.hash_password(password) if password else None
    with transaction() as tx:
        made = accounts.add_person(
            tx,
            None,
            email=email or f"{role.value}{number}@example.org",
            name=name or f"{role.value.capitalize()} Nummer {number}",
            role=role,
            organisation_id=organisation_id,
            voting=voting,
            password_hash=hashed,
            is_demo=False,
        )
        made.joined_at = tx.now
        made.locale = locale
        if not is_active:
            made.deactivated_at = tx.now
        is_partner = organisation_id is not None and bool(
            tx.session.scalar(select(Organisation.is_partner).where(Organisation.id == organisation_id))
        )
        return Account(
            id=made.id,
            email=made.email or "",
            name=made.name,
            actor=made.as_actor(organisation_is_partner=is_partner),
            organisation_id=organisation_id,
            password=password,
        )


def partner(**details: Any) -> Account:
    """Store somebody of a consortium partner."""
    return person(Role.PARTNER, **details)


def moderator(**details: Any) -> Account:
    """Store a moderator."""
    return person(Role.MODERATOR, **details)


def attendee(**details: Any) -> Account:
    """Store a forum participant."""
    return person(Role.ATTENDEE, **details)


def administrator(**details: Any) -> Account:
    """Store an administrator."""
    return person(Role.ADMINISTRATOR, **details)


def account(email: str) -> Account:
    """Return the account of somebody who is stored already (demonstration data)."""
    row = session.execute(
        select(Person, Organisation.is_partner)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(Person.email == email)
    ).one()
    found = row[0]
    made = Account(
        id=found.id,
        email=email,
        name=found.name,
        actor=found.as_actor(organisation_is_partner=bool(row[1])),
        organisation_id=found.organisation_id,
    )
    session.rollback()
    return made


def open_browser(who: Account) -> str:
    """Open a session for somebody without a password; return its key, as the cookie holds it."""
    with transaction() as tx:
        found = tx.session.scalar(select(Person).where(Person.id == who.id))
        assert found is not None
        return accounts.open_session(tx, found, user_agent="Testbrowser")


def field_of_action(name: str = "", *, number: int = 0, lead_organisation_id: int | None = None) -> int:
    """Store a field of action and return its id; its number is the next one."""
    with transaction() as tx:
        number = number or (tx.session.scalar(select(func.max(FieldOfAction.number))) or 0) + 1
        made = FieldOfAction(
            number=number,
            slug=f"handlungsfeld-{number}",
            name=name or f"Handlungsfeld {number}",
            short_name=name or f"Feld {number}",
            lead_organisation_id=lead_organisation_id,
        )
        tx.session.add(made)
        tx.session.flush()
        return made.id


BODY = """Die Partner fördern gute Arbeit in der Region. Sie helfen Betrieben früh.

Bis 2030 gilt der Plan für alle Betriebe. Danach wird er geprüft.

Junge Menschen bleiben gern, wenn die Wege kurz sind.
"""


def section(
    title: str = "Gute Arbeit",
    body: str = BODY,
    *,
    field_id: int | None = None,
    parent_id: int | None = None,
    author_id: int | None = None,
) -> int:
    """Store a section with its first revision at the last place; return its id."""
    author_id = author_id or moderator().id
    with transaction() as tx:
        return sections.create_section(
            tx,
            kind=SectionKind.SECTION,
            parent_id=parent_id,
            field_id=field_id,
            after_id=LAST,
            title=title,
            body=body,
            author_id=author_id,
            cause=Cause.IMPORT,
        ).id


def measure(
    title: str = "Lernfabrik", body: str = BODY, *, field_id: int | None = None, **details: Any
) -> int:
    """Store a measure with its section; return the id of the measure."""
    return measures.import_measure(
        moderator().actor, field_id=field_id or field_of_action(), title=title, body=body, **details
    )


def source(name: str = "", *, number: int = 0, kind: SourceKind = SourceKind.FORUM) -> int:
    """Store a source of text and return its id."""
    number = number or next(_numbers)
    return sections.add_source(
        moderator().actor,
        number=number,
        kind=kind,
        name=name or f"Quelle {number}",
        short=f"Q {number}",
    )


def open_round(**details: Any) -> int:
    """Store a participation round that opened yesterday and closes in thirty days; return its id."""
    now = utcnow()
    values: dict[str, Any] = {
        "name": "1. Beteiligungsrunde",
        "opens_at": now - timedelta(days=1),
        "closes_at": now + timedelta(days=30),
        "editorial_at": now + timedelta(days=40),
        "answer_at": now + timedelta(days=60),
        "field_numbers": [],
        "partners_may_propose": True,
        "attendees_may_propose": False,
        "attendees_may_comment": True,
    }
    with transaction() as tx:
        made = Round(**(values | details))
        tx.session.add(made)
        tx.session.flush()
        return made.id


def closed_round(**details: Any) -> int:
    """Store a round that is over; return its id."""
    now = utcnow()
    dates = {
        "opens_at": now - timedelta(days=90),
        "closes_at": now - timedelta(days=60),
        "editorial_at": now - timedelta(days=50),
        "answer_at": now - timedelta(days=30),
    }
    return open_round(**(dates | details))


def settings(**values: Any) -> None:
    """Store settings of the installation, such as draft_is_public=True."""
    with transaction() as tx:
        for key, value in values.items():
            tx.session.merge(Setting(key=key, value={"value": getattr(value, "value", value)}))
