# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of the administration: inviting and changing people, organisations, the first administrator."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from charta import events
from charta.accounts import queries
from charta.accounts.models import Organisation, Person
from charta.accounts.rules import (
    Group,
    TokenPurpose,
    Voting,
    check_membership,
    clean_email,
    clean_name,
)
from charta.accounts.service.making import new_person, record_new_person
from charta.accounts.service.sessions import end_sessions, reread
from charta.accounts.service.tokens import end_tokens, make_token
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import Actor, Permission, Role, require


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody to invite."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation just made; `key` is the secret of its link and is shown once."""

    person_id: int
    name: str
    email: str
    key: str


def invite(
    actor: Actor,
    invitees: Sequence[Invitee],
    *,
    role: Role,
    organisation_id: int | None,
    voting: Voting = Voting.NONE,
) -> list[Invitation]:
    """Make an account without a password for each and mail each a link: all of them or none.

    Raises `InvalidInput` (people: required, taken; role, organisation_id, voting).
    """
    cleaned = [Invitee(clean_email(one.email), clean_name(one.name)) for one in invitees]
    if not cleaned:
        raise InvalidInput("people", "required")
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        _check_membership(tx, role, organisation_id, voting)
        taken = queries.taken_emails({one.email for one in cleaned})
        if taken or len({one.email for one in cleaned}) < len(cleaned):
            raise InvalidInput("people", "taken", count=len(taken))
        return _invite_all(tx, actor, cleaned, role=role, organisation_id=organisation_id, voting=voting)


def _invite_all(
    tx: Transaction,
    actor: Actor | None,
    invitees: Sequence[Invitee],
    *,
    role: Role,
    organisation_id: int | None = None,
    voting: Voting = Voting.NONE,
) -> list[Invitation]:
    """Store all people, their links and mails, and only then write the log (lock order)."""
    people = [
        new_person(
            tx, email=one.email, name=one.name, role=role, organisation_id=organisation_id, voting=voting
        )
        for one in invitees
    ]
    made = [
        Invitation(person.id, person.name, person.email or "", _send_invitation(tx, person.id, actor))
        for person in people
    ]
    for person in people:
        record_new_person(tx, actor, person)
    return made


def _send_invitation(tx: Transaction, person_id: int, actor: Actor | None) -> str:
    key = make_token(tx, person_id, TokenPurpose.INVITATION, created_by_id=actor.id if actor else None)
    events.publish(tx, events.MailDue(person_id, "invitation", key))
    return key


def renew_invitation(actor: Actor, person_id: int) -> Invitation:
    """Send a new link and let the old one end; `WrongState` once the person has joined."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        person = _locked(tx, person_id)
        if person.joined_at is not None or not person.is_active:
            raise WrongState("renew_invitation", "joined")
        key = _send_invitation(tx, person.id, actor)
        activity.record(tx, actor, "renew_invitation", "person", person.id)
        return Invitation(person.id, person.name, person.email or "", key)


def revoke_invitation(actor: Actor, person_id: int) -> None:
    """Remove somebody who has not joined, with the link and a mail that has not left.

    `WrongState` once the person has joined: then deactivating is the way.
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        person = _locked(tx, person_id)
        if person.joined_at is not None:
            raise WrongState("revoke_invitation", "joined")
        end_tokens(tx, person.id, TokenPurpose.INVITATION)
        tx.session.delete(person)
        tx.session.flush()
        activity.record(tx, actor, "revoke_invitation", "person", person_id)


def change_person(
    actor: Actor,
    person_id: int,
    *,
    name: str,
    role: Role,
    organisation_id: int | None,
    voting: Voting,
) -> None:
    """Change name, role, organisation and voting right; another role ends the person's sessions.

    Nobody changes the own role. Storing the same again does nothing.
    """
    cleaned = clean_name(name)
    with transaction() as tx:
        _lock_administrators(tx)
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        person = _locked(tx, person_id)
        if role is not person.role:
            require(actor, Permission.CHANGE_ROLE, person)
        _check_membership(tx, role, organisation_id, voting)
        old_role = person.role
        before = (person.name, person.role, person.organisation_id, person.voting)
        if before == (cleaned, role, organisation_id, voting):
            return
        person.name, person.role = cleaned, role
        person.organisation_id, person.voting = organisation_id, voting
        if role is not old_role:
            end_sessions(tx, person.id)
        activity.record(
            tx,
            actor,
            "change_person",
            "person",
            person.id,
            personal={"name": cleaned},
            role=role.value,
            old_role=old_role.value,
            organisation=organisation_id,
            voting=voting.value,
        )


def deactivate(actor: Actor | None, person_id: int) -> None:
    """Lock somebody out at once: sessions and open links end. Doing it twice is no error.

    Without an actor: the command line of whoever runs the installation.
    """
    with transaction() as tx:
        _lock_administrators(tx)
        actor = _office(tx, actor)
        person = _locked(tx, person_id)
        if actor is not None:
            require(actor, Permission.CHANGE_ROLE, person)
        if not person.is_active:
            return
        person.deactivated_at = tx.now
        end_sessions(tx, person.id)
        for purpose in TokenPurpose:
            end_tokens(tx, person.id, purpose)
        events.publish(tx, events.PersonDeactivated(person.id))
        activity.record(tx, actor, "deactivate_person", "person", person.id)


def reactivate(actor: Actor, person_id: int) -> None:
    """Let somebody in again; the password is still the old one. Doing it twice is no error."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        person = _locked(tx, person_id)
        if person.is_active:
            return
        person.deactivated_at = None
        activity.record(tx, actor, "reactivate_person", "person", person.id)


def end_sessions_of(actor: Actor, person_id: int) -> None:
    """End every session of somebody, after a lost telephone for example."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_PEOPLE)
        person = _locked(tx, person_id)
        end_sessions(tx, person.id)
        activity.record(tx, actor, "end_sessions", "person", person.id)


def make_reset_link(actor: Actor | None, person_id: int) -> str:
    """Return the key of a link for a new password, to be handed over by another way than mail.

    `WrongState` for a deactivated account. Without an actor: the command line.
    """
    with transaction() as tx:
        actor = _office(tx, actor)
        person = _locked(tx, person_id)
        if not person.is_active:
            raise WrongState("reset_link", "deactivated")
        purpose = TokenPurpose.PASSWORD_RESET if person.joined_at else TokenPurpose.INVITATION
        key = make_token(tx, person.id, purpose, created_by_id=actor.id if actor else None)
        activity.record(tx, actor, "make_reset_link", "person", person.id)
        return key


def change_organisation(
    actor: Actor, organisation_id: int, *, name: str, short: str, group: Group, is_partner: bool
) -> None:
    """Change what an organisation is called and what it is; `InvalidInput("name", "taken")`."""
    cleaned, cleaned_short = clean_name(name), clean_name(short, field="short", limit=24)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_ORGANISATIONS)
        found = _locked_organisation(tx, organisation_id)
        if tx.session.scalar(
            select(Organisation.id).where(Organisation.name == cleaned, Organisation.id != organisation_id)
        ):
            raise InvalidInput("name", "taken")
        after = (cleaned, cleaned_short, group, is_partner)
        if (found.name, found.short, found.group, found.is_partner) == after:
            return
        found.name, found.short, found.group, found.is_partner = after
        activity.record(
            tx, actor, "change_organisation", "organisation", found.id, name=cleaned, is_partner=is_partner
        )


def archive_organisation(actor: Actor, organisation_id: int) -> None:
    """Offer an organisation no longer where one is chosen; what it did stays. Twice is no error."""
    _set_archived(actor, organisation_id, verb="archive_organisation", is_archived=True)


def restore_organisation(actor: Actor, organisation_id: int) -> None:
    """Offer an archived organisation again. Twice is no error."""
    _set_archived(actor, organisation_id, verb="restore_organisation", is_archived=False)


def _set_archived(actor: Actor, organisation_id: int, *, verb: str, is_archived: bool) -> None:
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.MANAGE_ORGANISATIONS)
        found = _locked_organisation(tx, organisation_id)
        if (found.archived_at is not None) is is_archived:
            return
        found.archived_at = tx.now if is_archived else None
        activity.record(tx, actor, verb, "organisation", found.id)


def invite_first_administrator(email: str) -> bool:
    """Invite the first administrator of an empty installation; False when somebody has an account already."""
    cleaned = clean_email(email)
    if queries.has_people():
        return False
    with transaction() as tx:
        if queries.has_people():
            return False
        _invite_all(tx, None, [Invitee(cleaned, "Administration")], role=Role.ADMINISTRATOR)
        return True


def create_by_command_line(
    *, email: str, name: str, role: Role, organisation_id: int | None, voting: Voting
) -> Invitation:
    """Make an account without a password for whoever runs the installation and mail the link."""
    one = Invitee(clean_email(email), clean_name(name))
    with transaction() as tx:
        _check_membership(tx, role, organisation_id, voting)
        return _invite_all(tx, None, [one], role=role, organisation_id=organisation_id, voting=voting)[0]


def _office(tx: Transaction, actor: Actor | None) -> Actor | None:
    if actor is None:
        return None
    actor = reread(tx, actor)
    require(actor, Permission.MANAGE_PEOPLE)
    return actor


def _lock_administrators(tx: Transaction) -> None:
    """Lock all administrators in one order: of two who remove each other, the second is refused."""
    tx.session.execute(
        select(Person.id).where(Person.role == Role.ADMINISTRATOR).order_by(Person.id).with_for_update()
    ).all()


def _locked(tx: Transaction, person_id: int) -> Person:
    person = tx.lock(Person, person_id)
    if person is None:
        raise NotFound(kind="person", id=person_id)
    return person


def _locked_organisation(tx: Transaction, organisation_id: int) -> Organisation:
    found = tx.lock(Organisation, organisation_id)
    if found is None:
        raise NotFound(kind="organisation", id=organisation_id)
    return found


def _check_membership(tx: Transaction, role: Role, organisation_id: int | None, voting: Voting) -> None:
    organisation = tx.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation_id and organisation is None:
        raise InvalidInput("organisation_id", "invalid")
    check_membership(
        role,
        has_organisation=organisation is not None,
        is_partner=organisation is not None and organisation.is_partner,
        voting=voting,
    )
