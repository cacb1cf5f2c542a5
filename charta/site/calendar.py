# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dates as an iCalendar file (RFC 5545), to subscribe to, to download, or attached to a mail. Pure.

Times are written as German wall-clock times with their zone: a calendar that moves them with the clock change
of its owner would be wrong by an hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

_LINE_BYTES = 75
_ZONE = ZoneInfo("Europe/Berlin")
# The rule since 1996: last Sunday of March and of October.
_VTIMEZONE = (
    "BEGIN:VTIMEZONE",
    "TZID:Europe/Berlin",
    "BEGIN:DAYLIGHT",
    "TZOFFSETFROM:+0100",
    "TZOFFSETTO:+0200",
    "TZNAME:CEST",
    "DTSTART:19960331T020000",
    "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
    "END:DAYLIGHT",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0200",
    "TZOFFSETTO:+0100",
    "TZNAME:CET",
    "DTSTART:19961027T030000",
    "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
    "END:STANDARD",
    "END:VTIMEZONE",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar; `uid` stays the same when the entry changes, `sequence` rises then."""

    uid: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    url: str
    sequence: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Guest:
    """Who a calendar attached to a mail is for, and who sends it: their programs then update the entry."""

    name: str
    address: str
    organiser_name: str
    organiser_address: str


def calendar(
    events: Iterable[Event],
    *,
    name: str,
    made_at: datetime,
    method: str = "PUBLISH",
    guest: Guest | None = None,
) -> str:
    """Return the file, lines ending in CRLF and folded at 75 bytes.

    `method` is PUBLISH for files to fetch, REQUEST and CANCEL (with a `guest`) for mails.
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Charta//Termine//DE",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        *([f"X-WR-CALNAME:{_text(name)}", "X-WR-TIMEZONE:Europe/Berlin"] if guest is None else []),
        *_VTIMEZONE,
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"SEQUENCE:{event.sequence}",
            f"DTSTAMP:{_utc(made_at)}",
            f"DTSTART{_moment(event.starts_at)}",
            *([f"DTEND{_moment(event.ends_at)}"] if event.ends_at else []),
            f"SUMMARY:{_text(event.title)}",
            *([f"LOCATION:{_text(event.place)}"] if event.place else []),
            f"URL:{event.url}",
            *(_people(guest) if guest else []),
            f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines)


def fold(line: str) -> str:
    r"""Break a line after at most 75 bytes, never inside a character.

    >>> fold("SUMMARY:" + "ä" * 40).split("\r\n")[1]
    ' äääääää'
    """
    parts, size, part = [], 0, ""
    for char in line:
        width = len(char.encode())
        if size + width > _LINE_BYTES:
            parts.append(part)
            part, size = " ", 1
        part += char
        size += width
    return "\r\n".join([*parts, part])


def _people(guest: Guest) -> list[str]:
    return [
        f'ORGANIZER;CN="{_parameter(guest.organiser_name)}":mailto:{guest.organiser_address}',
        f'ATTENDEE;CN="{_parameter(guest.name)}";PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{guest.address}',
    ]


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _parameter(value: str) -> str:
    """Return what may stand between quotation marks: no such mark, no control character."""
    return "".join("'" if char == '"' else char for char in value if ord(char) >= 32 and ord(char) != 127)


def _utc(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _moment(value: datetime) -> str:
    """Return the rest of a line after DTSTART: in the hour that comes twice only UTC says which is meant."""
    local = value.astimezone(_ZONE)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return f":{_utc(value)}"
    return f";TZID=Europe/Berlin:{local.strftime('%Y%m%dT%H%M%S')}"
