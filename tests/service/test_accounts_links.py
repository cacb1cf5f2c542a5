# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Links of mails work once and for a while: invitations, new passwords, new addresses."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from charta.accounts import queries, service
from charta.accounts.models import Person, Token, UserSession
from charta.accounts.rules import LinkState, TokenPurpose
from charta.accounts.service import links, people
from charta.accounts.service.people import Invitee
from charta.accounts.throttle import FreeAttempts
from charta.db import session, transaction, utcnow
from charta.errors import InvalidInput, NotPermitted, TooManyAttempts, WrongState
from charta.notifications.models import OutboxMail
from charta.permissions import Role
from tests.races import in_threads

FREE = FreeAttempts(per_account=5, per_address=200)
PASSWORD = "ein langer Satz genügt"


def invited(make, email="kim@example.org"):
    admin = make.administrator()
    return people.invite(
        admin.actor, [Invitee(email, "Kim Beispiel")], role=Role.ATTENDEE, organisation_id=None
    )[0]


def mails(template=None):
    statement = select(OutboxMail).order_by(OutboxMail.id)
    rows = session.scalars(statement).all()
    return [mail for mail in rows if template in (None, mail.template)]


def expire(purpose):
    with transaction() as tx:
        token = tx.session.scalar(select(Token).where(Token.purpose == purpose, Token.used_at.is_(None)))
        token.expires_at = tx.now - timedelta(seconds=1)


def test_accepting_an_invitation_sets_name_and_password_and_signs_in(app, make):
    made = invited(make)
    key = links.accept_invitation(made.key, name=" Kim  B. ", password=PASSWORD, user_agent="test")
    row = queries.session_by_key(key)
    assert row is not None
    assert row.name == "Kim B."
    assert service.sign_in("KIM@example.org ", PASSWORD, address="a", user_agent="", free=FREE)


def test_an_invitation_works_once(app, make):
    made = invited(make)
    links.accept_invitation(made.key, name="Kim", password=PASSWORD, user_agent="")
    with pytest.raises(WrongState) as error:
        links.accept_invitation(made.key, name="Jemand", password="ein anderer Satz", user_agent="")
    assert error.value.state == LinkState.USED
    assert session.get(Person, made.person_id).name == "Kim"


def test_of_two_clicks_at_once_one_joins(app, make):
    made = invited(make)

    def join():
        return links.accept_invitation(made.key, name="Kim", password=PASSWORD, user_agent="")

    results = in_threads(app, [join, join, join])
    assert sum(isinstance(result, str) for result in results) == 1
    assert sum(isinstance(result, WrongState) for result in results) == 2
    session.rollback()
    assert len(queries.sessions_of(made.person_id)) == 1


@pytest.mark.parametrize(
    "name, password, field, code",
    [
        ("", PASSWORD, "name", "required"),
        ("x" * 121, PASSWORD, "name", "too_long"),
        ("Kim", "kurz", "password", "too_short"),
        ("Kim", "x" * 201, "password", "too_long"),
        ("Kim", "kim@example.org", "password", "like_email"),
    ],
)
def test_a_refused_invitation_stays_usable(app, make, name, password, field, code):
    made = invited(make)
    with pytest.raises(InvalidInput) as error:
        links.accept_invitation(made.key, name=name, password=password, user_agent="")
    assert (error.value.field, error.value.code) == (field, code)
    assert queries.link(TokenPurpose.INVITATION, made.key)


def test_an_expired_invitation_says_so(app, make):
    made = invited(make)
    expire(TokenPurpose.INVITATION)
    with pytest.raises(WrongState) as error:
        links.accept_invitation(made.key, name="Kim", password=PASSWORD, user_agent="")
    assert error.value.state == LinkState.EXPIRED


def test_a_key_of_one_purpose_opens_no_other(app, make):
    made = invited(make)
    with pytest.raises(WrongState) as error:
        links.reset_password(made.key, password=PASSWORD)
    assert error.value.state == LinkState.UNKNOWN


def test_keys_are_stored_as_hashes_only(app, make):
    made = invited(make)
    token = session.scalars(select(Token)).one()
    assert made.key not in (token.token_hash, str(token.__dict__))


def reset_key(make, account):
    links.request_password_reset(account.email, address="a", free=FREE)
    return mails("password_reset")[-1].secret


def test_a_reset_ends_every_session_and_mails_the_person(app, make):
    person = make.partner(password="das alte Passwort")
    service.sign_in(person.email, "das alte Passwort", address="a", user_agent="", free=FREE)
    links.reset_password(reset_key(make, person), password=PASSWORD)
    assert queries.sessions_of(person.id) == []
    assert [mail.template for mail in mails()] == ["password_reset", "password_changed"]
    with pytest.raises(InvalidInput):
        service.sign_in(person.email, "das alte Passwort", address="a", user_agent="", free=FREE)
    assert service.sign_in(person.email, PASSWORD, address="a", user_agent="", free=FREE)


def test_a_reset_link_works_once(app, make):
    person = make.partner(password="das alte Passwort")
    key = reset_key(make, person)
    links.reset_password(key, password=PASSWORD)
    with pytest.raises(WrongState) as error:
        links.reset_password(key, password="noch ein anderes")
    assert error.value.state == LinkState.USED


def test_a_newer_reset_link_replaces_the_older_and_its_mail(app, make):
    person = make.partner(password="das alte Passwort")
    first = reset_key(make, person)
    second = reset_key(make, person)
    assert queries.link(TokenPurpose.PASSWORD_RESET, first).state is LinkState.USED
    assert queries.link(TokenPurpose.PASSWORD_RESET, second)
    assert len(mails("password_reset")) == 1


def test_nobody_learns_whether_an_account_exists(app, make, statements):
    person = make.partner(password="das alte Passwort")
    with statements() as known:
        assert links.request_password_reset(person.email, address="a", free=FREE) is None
    with statements() as unknown:
        assert links.request_password_reset("niemand@example.org", address="b", free=FREE) is None
    assert len(mails()) == 1
    # The work that takes time, writing to the disk, is one transaction either way.
    assert len(known) - len(unknown) <= 6, (known, unknown)


def test_a_deactivated_account_gets_no_link(app, make):
    person = make.partner(is_active=False)
    links.request_password_reset(person.email, address="a", free=FREE)
    assert mails() == []


def test_who_has_not_joined_gets_a_new_invitation_instead(app, make):
    made = invited(make)
    links.request_password_reset(made.email, address="a", free=FREE)
    assert queries.link(TokenPurpose.INVITATION, made.key).state is LinkState.USED
    assert queries.link(TokenPurpose.INVITATION, mails("invitation")[-1].secret)


def test_nobody_fills_an_inbox_with_reset_mails(app, make):
    person = make.partner(password="das alte Passwort")
    generous = FreeAttempts(per_account=100, per_address=100)
    for _ in range(8):
        links.request_password_reset(person.email, address="a", free=generous)
    made = session.scalars(select(Token).where(Token.purpose == TokenPurpose.PASSWORD_RESET)).all()
    assert len(made) == 5


@pytest.mark.parametrize("email", ["da@example.org", "weg@example.org"])
def test_asking_too_often_is_slowed_down_alike(app, make, email):
    make.person(Role.ATTENDEE, email="da@example.org")
    for _ in range(5):
        links.request_password_reset(email, address="a", free=FREE)
    with pytest.raises(TooManyAttempts):
        links.request_password_reset(email, address="a", free=FREE)


@pytest.mark.parametrize(
    "email, code", [("", "required"), ("kein", "invalid"), ("a" * 250 + "@x.de", "too_long")]
)
def test_what_is_no_address_is_refused(app, email, code):
    with pytest.raises(InvalidInput) as error:
        links.request_password_reset(email, address="a", free=FREE)
    assert error.value.code == code


def change_to(person, email, password="das alte Passwort"):
    links.request_email_change(person.actor, email=email, password=password)
    found = mails("email_change")
    return found[-1] if found else None


def test_a_new_address_counts_after_its_link_was_opened(app, make):
    person = make.partner(password="das alte Passwort", email="alt@example.org")
    mail = change_to(person, "Neu@Example.org")
    assert mail.address == "neu@example.org"
    assert session.get(Person, person.id).email == "alt@example.org"
    links.confirm_email(mail.secret)
    session.rollback()
    assert session.get(Person, person.id).email == "neu@example.org"
    assert mails("email_changed")[0].address == "alt@example.org"
    assert service.sign_in("neu@example.org", "das alte Passwort", address="a", user_agent="", free=FREE)


def test_a_taken_address_is_answered_alike_but_without_a_mail(app, make):
    person = make.partner(password="das alte Passwort")
    other = make.partner()
    assert change_to(person, other.email) is None


def test_an_address_taken_meanwhile_cannot_be_confirmed(app, make):
    person = make.partner(password="das alte Passwort")
    mail = change_to(person, "neu@example.org")
    make.person(Role.ATTENDEE, email="neu@example.org")
    with pytest.raises(WrongState):
        links.confirm_email(mail.secret)


@pytest.mark.parametrize(
    "email, password, field, code",
    [
        ("neu@example.org", "falsch", "password", "not_your_password"),
        ("alt@example.org", "das alte Passwort", "email", "unchanged_email"),
        ("kein", "das alte Passwort", "email", "invalid"),
    ],
)
def test_a_refused_change_of_address_sends_nothing(app, make, email, password, field, code):
    person = make.partner(password="das alte Passwort", email="alt@example.org")
    with pytest.raises(InvalidInput) as error:
        change_to(person, email, password)
    assert (error.value.field, error.value.code) == (field, code)
    assert mails() == []


def test_deactivated_people_change_nothing(app, make):
    person = make.partner(password="das alte Passwort", is_active=False)
    with pytest.raises(NotPermitted):
        change_to(person, "neu@example.org")
    assert session.scalars(select(UserSession)).all() == []


def test_links_of_a_deactivated_account_end(app, make):
    person = make.partner(password="das alte Passwort")
    key = reset_key(make, person)
    people.deactivate(make.administrator().actor, person.id)
    assert queries.link(TokenPurpose.PASSWORD_RESET, key).state is LinkState.UNKNOWN
    assert mails("password_reset") == []
    with pytest.raises(WrongState):
        links.reset_password(key, password=PASSWORD)
    assert utcnow()
