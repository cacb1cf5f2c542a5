# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Names, addresses, invitation lists and waiting times, without a database."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charta.accounts import invitees
from charta.accounts.rules import PublicName, byline, check_password, clean_email, clean_name, device
from charta.accounts.throttle import LONGEST_WAIT_SECONDS, wait_seconds
from charta.errors import InvalidInput
from charta.notifications.rules import ATTEMPTS_MAX, delay_after
from charta.permissions import ANONYMOUS, Actor, Role

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "raw, name",
    [
        ("  Kim \n Beispiel ", "Kim Beispiel"),
        ("Mu\u0308ller", "Müller"),  # one form for one name
        ("Kim\u200b\u202e B.", "Kim B."),  # invisible and direction characters go
        ("О’Нил", "О’Нил"),  # one script is one script, Cyrillic too
        ("Kim Иванов", "Kim Иванов"),  # two words may differ
    ],
)
def test_names_are_cleaned(raw, name):
    assert clean_name(raw) == name


@pytest.mark.parametrize(
    "raw, code", [("", "required"), ("\u200b", "required"), ("x" * 121, "too_long"), ("Kіm", "mixed_scripts")]
)
def test_names_that_mislead_are_refused(raw, code):
    with pytest.raises(InvalidInput) as error:
        clean_name(raw)
    assert error.value.code == code


def test_addresses_are_compared_in_one_form():
    assert clean_email(" Kim@Example.ORG ") == "kim@example.org"


@pytest.mark.parametrize(
    "raw",
    [
        "kim",
        "kim@",
        "@x.de",
        "a b@x.de",
        "kim@x.de\nBcc: a@b.de",
        "kim@x.de,a@b.de",
        "<kim@x.de>",
        "a@b@c.de",
    ],
)
def test_addresses_that_could_break_a_header_are_refused(raw):
    with pytest.raises(InvalidInput):
        clean_email(raw)


@given(st.text(max_size=200))
def test_any_text_is_an_address_or_refused(raw):
    try:
        email = clean_email(raw)
    except InvalidInput:
        return
    assert clean_email(email) == email
    assert not any(char in email for char in "\r\n <>,;")


@pytest.mark.parametrize(
    "password, code",
    [("x" * 9, "too_short"), ("x" * 201, "too_long"), ("kim.beispiel@example.org", "like_email")],
)
def test_weak_passwords_are_refused(password, code):
    with pytest.raises(InvalidInput) as error:
        check_password(password, email="kim.beispiel@example.org")
    assert error.value.code == code


@pytest.mark.parametrize(
    "line, name, email",
    [
        ("Kim Beispiel <kim@example.org>", "Kim Beispiel", "kim@example.org"),
        ('"Kim Beispiel" <KIM@example.org>,', "Kim Beispiel", "kim@example.org"),
        ("kim.beispiel@example.org", "Kim Beispiel", "kim.beispiel@example.org"),
        ("Kim;Beispiel;kim@example.org", "Kim Beispiel", "kim@example.org"),
        ("kim@example.org\tKim Beispiel", "Kim Beispiel", "kim@example.org"),
        ('"Beispiel, Kim",kim@example.org', "Beispiel, Kim", "kim@example.org"),
    ],
)
def test_invitation_lists_are_understood(line, name, email):
    read = invitees.read(line)[0]
    assert (read.name, read.email, read.code) == (name, email, "")


def test_every_line_says_what_is_wrong_with_it():
    text = "Name;E-Mail\n\nKim\nkim@\nKіm <a@x.de>\nb@x.de\nB@x.de\nda@x.de"
    lines = invitees.read(text, taken={"da@x.de"})
    assert [(line.number, line.code) for line in lines] == [
        (3, "no_email"),
        (4, "invalid_email"),
        (5, "invalid_name"),
        (6, ""),
        (7, "twice"),
        (8, "taken"),
    ]


@given(st.text(max_size=300))
def test_any_list_is_read_or_refused(text):
    try:
        lines = invitees.read(text)
    except InvalidInput:
        return
    assert all(line.code or (line.email and line.name) for line in lines)


@pytest.mark.parametrize(
    "failures, wait",
    [(0, 0), (4, 0), (5, 1), (6, 2), (7, 4), (11, 60), (500, LONGEST_WAIT_SECONDS)],
)
def test_waiting_doubles_and_never_locks_out(failures, wait):
    assert wait_seconds(failures, NOW, NOW, free=5) == wait
    assert wait_seconds(failures, NOW - timedelta(seconds=61), NOW, free=5) == 0


def test_mails_are_tried_for_about_an_hour():
    delays = [delay_after(attempt) for attempt in range(1, ATTEMPTS_MAX)]
    assert all(later == 2 * earlier for earlier, later in itertools.pairwise(delays))
    assert timedelta(minutes=45) < sum(delays, timedelta()) < timedelta(minutes=90)
    assert delay_after(ATTEMPTS_MAX) is None


@pytest.mark.parametrize(
    "user_agent, words",
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0",
            "Firefox, Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1",
            "Safari, iPhone",
        ),
        ("curl/8", ""),
    ],
)
def test_devices_are_named(user_agent, words):
    assert device(user_agent) == words


ATTENDEE = Actor(7, Role.ATTENDEE, organisation_id=3)
PARTNER = Actor(8, Role.PARTNER, organisation_id=4)
MODERATOR = Actor(9, Role.MODERATOR)


@pytest.mark.parametrize(
    "viewer, role, chosen, name, organisation",
    [
        (ANONYMOUS, Role.ATTENDEE, PublicName.NONE, False, False),
        (ANONYMOUS, Role.ATTENDEE, PublicName.ORGANISATION, False, True),
        (ANONYMOUS, Role.ATTENDEE, PublicName.NAME, True, True),
        (PARTNER, Role.ATTENDEE, PublicName.NONE, False, False),
        (PARTNER, Role.ATTENDEE, PublicName.ORGANISATION, False, True),
        (MODERATOR, Role.ATTENDEE, PublicName.NONE, True, True),  # the office has to answer
        (ATTENDEE, Role.ATTENDEE, PublicName.NONE, True, True),  # the person itself
        (ANONYMOUS, Role.PARTNER, PublicName.NONE, True, True),  # acts for the organisation
        (ANONYMOUS, Role.MODERATOR, PublicName.NONE, True, True),
    ],
)
def test_which_names_are_shown(
    viewer: Actor, role: Role, chosen: PublicName, name: bool, organisation: bool
) -> None:
    shown = byline(
        viewer,
        person_id=7,
        name="Theo",
        role=role,
        public_name=chosen,
        organisation_short="KC",
        organisation_name="Kammer",
    )
    assert (bool(shown.name), bool(shown.organisation_name)) == (name, organisation)
    assert shown.is_self is (viewer.id == 7)
