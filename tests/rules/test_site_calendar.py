# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The iCalendar file: lines as RFC 5545 wants them."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from charta.site.calendar import Event, Guest, calendar, fold

AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def made(**values):
    event = {
        "uid": "1@x",
        "title": "Forum",
        "place": "",
        "starts_at": AT,
        "ends_at": None,
        "url": "https://x/t",
    }
    return calendar([Event(**(event | values))], name="Charta", made_at=AT)


def test_an_event_has_what_calendars_need():
    text = made(place="Zwickau, Halle; links", ends_at=AT)
    assert text.startswith("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")
    assert "DTSTART;TZID=Europe/Berlin:20260329T033000\r\n" in text
    assert "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n" in text
    assert "LOCATION:Zwickau\\, Halle\\; links\r\n" in text
    assert "\n" not in text.replace("\r\n", "")


def test_an_injected_line_stays_words():
    assert "\r\nBEGIN:VALARM" not in made(title="Forum\r\nBEGIN:VALARM")


@given(
    st.text(alphabet=st.characters(blacklist_characters="\r\n", blacklist_categories=["Cs"]), max_size=300)
)
def test_folding_is_lossless_and_never_too_long(line):
    folded = fold(line)
    parts = folded.split("\r\n")
    assert all(len(part.encode()) <= 75 for part in parts)
    assert parts[0] + "".join(part[1:] for part in parts[1:]) == line


def test_the_hour_that_comes_twice_is_written_in_utc():
    assert "DTSTART:20261025T003000Z\r\n" in made(starts_at=datetime(2026, 10, 25, 0, 30, tzinfo=UTC))


def test_a_mail_names_guest_and_house_and_a_name_breaks_no_line():
    guest = Guest('Kim "K"\r\nBEGIN:VALARM', "kim@x.org", "Charta", "charta@x.org")
    event = Event(uid="1@x", title="Forum", place="", starts_at=AT, ends_at=None, url="https://x", sequence=3)
    text = calendar([event], name="Charta", made_at=AT, method="CANCEL", guest=guest)
    unfolded = text.replace("\r\n ", "")
    assert "METHOD:CANCEL\r\n" in unfolded
    assert "SEQUENCE:3\r\n" in unfolded
    assert "ATTENDEE;CN=\"Kim 'K'BEGIN:VALARM\";PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:kim@x.org" in unfolded
    assert "\r\nBEGIN:VALARM" not in unfolded
