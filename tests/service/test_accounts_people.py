# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the administration does with accounts and organisations."""

import pytest
from sqlalchemy import func, select

from charta.accounts import queries, service
from charta.accounts.models import Organisation, Person, UserSession
from charta.accounts.rules import Group, PublicName, TokenPurpose, Voting
from charta.accounts.service import people
from charta.accounts.service.people import Invitee
from charta.accounts.throttle import FreeAttempts
from charta.activity import queries as activity
from charta.activity.models import ActivityEntry
from charta.db import session
from charta.errors import InvalidInput, NotFound, NotPermitted, WrongState
from charta.notifications.models import OutboxMail
from charta.permissions import Role
from tests.races import in_threads

FREE = FreeAttempts()
KIM = Invitee("kim@example.org", "Kim Beispiel")


def invite(actor, *invitees, **details):
    values = {"role": Role.ATTENDEE, "organisation_id": None} | details
    return people.invite(actor, invitees or [KIM], **values)


def verbs():
    return list(session.scalars(select(ActivityEntry.verb).order_by(ActivityEntry.seq)))


def signed_in(person):
    return service.sign_in(person.email, person.password, address="a", user_agent="", free=FREE)


def test_inviting_makes_accounts_links_and_mails(app, make):
    admin = make.administrator()
    made = invite(admin.actor, KIM, Invitee(" Alex@Example.org", "Alex"))
    assert [one.email for one in made] == ["kim@example.org", "alex@example.org"]
    assert [mail.secret for mail in session.scalars(select(OutboxMail).order_by(OutboxMail.id))] == [
        one.key for one in made
    ]
    assert all(queries.link(TokenPurpose.INVITATION, one.key) for one in made)
    assert activity.verify()


@pytest.mark.parametrize("role", ["attendee", "partner", "moderator"])
def test_only_the_administration_invites(app, make, role):
    with pytest.raises(NotPermitted):
        invite(make.person(role).actor)
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0


def test_a_taken_address_invites_nobody_of_the_list(app, make):
    admin = make.administrator()
    make.person("attendee", email="kim@example.org")
    with pytest.raises(InvalidInput) as error:
        invite(admin.actor, Invitee("alex@example.org", "Alex"), KIM)
    assert error.value.code == "taken"
    assert queries.person_by_email("alex@example.org") is None


def test_the_same_address_twice_is_refused(app, make):
    with pytest.raises(InvalidInput):
        invite(make.administrator().actor, KIM, KIM)


def test_two_administrators_invite_the_same_person_once(app, make):
    actors = [make.administrator().actor, make.administrator().actor]
    results = in_threads(app, [lambda actor=actor: invite(actor) for actor in actors])
    assert sum(isinstance(result, list) for result in results) == 1
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 1


@pytest.mark.parametrize(
    "role, partner, voting, field",
    [
        (Role.PARTNER, None, Voting.NONE, "organisation_id"),  # a partner belongs somewhere
        (Role.PARTNER, False, Voting.MEMBER, "voting"),  # only partner organisations vote
        (Role.ATTENDEE, True, Voting.DEPUTY, "voting"),  # attendees do not vote for one
        (Role.READER, None, Voting.NONE, "role"),  # readers need no account
    ],
)
def test_role_organisation_and_vote_must_fit(app, make, role, partner, voting, field):
    admin = make.administrator()
    organisation_id = None if partner is None else make.organisation(is_partner=partner)
    with pytest.raises(InvalidInput) as error:
        invite(admin.actor, role=role, organisation_id=organisation_id, voting=voting)
    assert error.value.field == field


def test_an_unknown_organisation_is_refused(app, make):
    with pytest.raises(InvalidInput):
        invite(make.administrator().actor, organisation_id=4711)


def test_renewing_ends_the_old_link(app, make):
    admin = make.administrator()
    old = invite(admin.actor)[0]
    new = people.renew_invitation(admin.actor, old.person_id)
    assert not queries.link(TokenPurpose.INVITATION, old.key)
    assert queries.link(TokenPurpose.INVITATION, new.key)
    assert session.scalars(select(OutboxMail.secret)).all() == [new.key]


def test_who_has_joined_cannot_be_invited_again_or_revoked(app, make):
    admin, person = make.administrator(), make.partner()
    with pytest.raises(WrongState):
        people.renew_invitation(admin.actor, person.id)
    with pytest.raises(WrongState):
        people.revoke_invitation(admin.actor, person.id)


def test_revoking_removes_person_link_and_waiting_mail(app, make):
    admin = make.administrator()
    made = invite(admin.actor)[0]
    people.revoke_invitation(admin.actor, made.person_id)
    assert queries.person_by_email("kim@example.org") is None
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == 0
    with pytest.raises(NotFound):
        people.revoke_invitation(admin.actor, made.person_id)
    assert invite(admin.actor), "the address is free again"


def change(actor, person, **details):
    values = {
        "name": person.name,
        "role": person.actor.role,
        "organisation_id": person.organisation_id,
        "voting": Voting.NONE,
    }
    people.change_person(actor, person.id, **(values | details))


def test_another_role_ends_the_sessions_at_once(app, make):
    admin, person = make.administrator(), make.partner(password="ein Passwort hier")
    key = signed_in(person)
    change(admin.actor, person, role=Role.MODERATOR)
    assert queries.session_by_key(key) is None
    assert queries.actor_by_id(person.id).role is Role.MODERATOR


def test_another_name_keeps_the_sessions(app, make):
    admin, person = make.administrator(), make.partner(password="ein Passwort hier")
    key = signed_in(person)
    change(admin.actor, person, name="Neuer Name")
    assert queries.session_by_key(key).name == "Neuer Name"


def test_storing_the_same_again_writes_no_entry(app, make):
    admin, person = make.administrator(), make.partner()
    before = len(verbs())
    change(admin.actor, person)
    assert len(verbs()) == before


def test_nobody_changes_the_own_role(app, make):
    admin = make.administrator()
    with pytest.raises(NotPermitted):
        change(admin.actor, admin, role=Role.MODERATOR)
    with pytest.raises(NotPermitted):
        people.deactivate(admin.actor, admin.id)


def test_of_two_administrators_who_remove_each_other_one_stays(app, make):
    one, two = make.administrator(), make.administrator()
    results = in_threads(
        app,
        [
            lambda: people.deactivate(one.actor, two.id),
            lambda: people.deactivate(two.actor, one.id),
        ],
    )
    assert sum(isinstance(result, NotPermitted) for result in results) == 1
    session.rollback()
    left = session.scalar(
        select(func.count())
        .select_from(Person)
        .where(Person.role == Role.ADMINISTRATOR, Person.deactivated_at.is_(None))
    )
    assert left == 1


def test_deactivating_locks_out_at_once_and_twice_is_no_error(app, make):
    admin, person = make.administrator(), make.partner(password="ein Passwort hier")
    key = signed_in(person)
    people.deactivate(admin.actor, person.id)
    people.deactivate(admin.actor, person.id)
    assert queries.session_by_key(key) is None
    assert verbs().count("deactivate_person") == 1
    with pytest.raises(InvalidInput) as error:
        signed_in(person)
    assert error.value.code == "wrong_password"
    with pytest.raises(NotPermitted):
        service.change_profile(person.actor, name="x", locale="de", public_name=PublicName.NONE)


def test_reactivating_lets_in_again(app, make):
    admin, person = make.administrator(), make.partner(password="ein Passwort hier")
    people.deactivate(admin.actor, person.id)
    people.reactivate(admin.actor, person.id)
    people.reactivate(admin.actor, person.id)
    assert signed_in(person)
    assert verbs().count("reactivate_person") == 1


def test_ending_the_sessions_of_somebody(app, make):
    admin, person = make.administrator(), make.partner(password="ein Passwort hier")
    key = signed_in(person)
    people.end_sessions_of(admin.actor, person.id)
    assert queries.session_by_key(key) is None


@pytest.mark.parametrize(
    "command",
    [
        lambda actor: people.renew_invitation(actor, 4711),
        lambda actor: people.revoke_invitation(actor, 4711),
        lambda actor: people.deactivate(actor, 4711),
        lambda actor: people.reactivate(actor, 4711),
        lambda actor: people.end_sessions_of(actor, 4711),
        lambda actor: people.make_reset_link(actor, 4711),
        lambda actor: people.archive_organisation(actor, 4711),
        lambda actor: people.change_organisation(
            actor, 4711, name="x", short="x", group=Group.OTHER, is_partner=False
        ),
    ],
)
def test_nobody_and_nothing_is_not_found_and_partners_may_not_ask(app, make, command):
    with pytest.raises(NotFound):
        command(make.administrator().actor)
    with pytest.raises(NotPermitted):
        command(make.partner().actor)
    with pytest.raises(NotPermitted):
        command(make.administrator(is_active=False).actor)


def test_a_reset_link_for_a_deactivated_account_is_refused(app, make):
    person = make.partner(is_active=False)
    with pytest.raises(WrongState):
        people.make_reset_link(make.administrator().actor, person.id)


def test_organisations_are_made_changed_and_archived(app, make):
    admin = make.administrator()
    ident = service.create_organisation(
        admin.actor, name="Demo Kammer", short="DK", group=Group.CHAMBER, is_partner=True
    )
    people.change_organisation(
        admin.actor, ident, name="Demo Kammer Nord", short="DKN", group=Group.CHAMBER, is_partner=True
    )
    people.archive_organisation(admin.actor, ident)
    people.archive_organisation(admin.actor, ident)
    assert queries.organisations() == []
    people.restore_organisation(admin.actor, ident)
    assert [one.name for one in queries.organisations()] == ["Demo Kammer Nord"]
    assert verbs().count("archive_organisation") == 1


def test_two_organisations_cannot_have_one_name(app, make):
    admin = make.administrator()
    first, second = make.organisation("Eins"), make.organisation("Zwei")
    with pytest.raises(InvalidInput) as error:
        people.change_organisation(
            admin.actor, second, name="Eins", short="E", group=Group.OTHER, is_partner=False
        )
    assert (error.value.field, error.value.code) == ("name", "taken")
    assert session.get(Organisation, first).name == "Eins"


def test_the_first_administrator_is_invited_once(app):
    assert people.invite_first_administrator("chef@example.org")
    assert not people.invite_first_administrator("chef@example.org")
    assert not people.invite_first_administrator("andere@example.org")
    mail = session.scalars(select(OutboxMail)).one()
    assert (mail.address, mail.template) == ("chef@example.org", "invitation")


def test_people_are_paged_by_name_and_found_by_parts(app, make):
    for number in range(55):
        make.person("attendee", name=f"Äpfel {number:02}", email=f"p{number}@example.org")
    first = queries.people()
    assert len(first) == queries.PAGE_SIZE + 1
    rest = queries.people(after_id=first[queries.PAGE_SIZE - 1].id)
    assert len({person.id for person in [*first[:50], *rest]}) == 55
    assert [person.name for person in queries.people(search="Äpfel 07")] == ["Äpfel 07"]
    assert [person.name for person in queries.people(search="P7@EXAMPLE")] == ["Äpfel 07"]
    assert queries.people(search="%") == []


def test_the_log_holds_no_names_and_addresses(app, make):
    admin = make.administrator()
    invite(admin.actor)
    lines = " ".join(session.scalars(select(ActivityEntry.line)))
    assert "kim@example.org" not in lines
    assert "Kim Beispiel" not in lines


def test_sessions_are_ended_one_by_one_or_all(app, make):
    person = make.partner(password="ein Passwort hier")
    keys = [signed_in(person) for _ in range(3)]
    rows = session.scalars(select(UserSession).order_by(UserSession.id)).all()
    other = make.partner()
    service.end_session(other.actor, rows[0].id)
    assert queries.session_by_key(keys[0]), "a session of somebody else cannot be ended"
    service.end_session(person.actor, rows[0].id)
    assert queries.session_by_key(keys[0]) is None
    service.sign_out_everywhere(person.actor)
    assert [queries.session_by_key(key) for key in keys] == [None, None, None]


def test_a_new_password_ends_other_sessions_and_opens_one(app, make):
    person = make.partner(password="ein Passwort hier")
    old = signed_in(person)
    new = service.change_password(
        person.actor, current="ein Passwort hier", new="ein neues Passwort", user_agent=""
    )
    assert queries.session_by_key(old) is None
    assert queries.session_by_key(new) is not None


@pytest.mark.parametrize(
    "current, new, field",
    [("falsch", "ein neues Passwort", "current"), ("ein Passwort hier", "kurz", "password")],
)
def test_a_refused_password_changes_nothing(app, make, current, new, field):
    person = make.partner(password="ein Passwort hier")
    key = signed_in(person)
    with pytest.raises(InvalidInput) as error:
        service.change_password(person.actor, current=current, new=new, user_agent="")
    assert error.value.field == field
    assert queries.session_by_key(key) is not None
