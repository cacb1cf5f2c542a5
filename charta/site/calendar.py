# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Dates as an iCalendar file (RFC 5545) that calendars subscribe to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

_LINE_BYTES = 75


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar; `uid` stays the same when the entry changes."""

    uid: str
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime | None
    url: str


def calendar(events: Iterable[Event], *, name: str, made_at: datetime) -> str:
    """Return the file, lines ending in CRLF and folded at 75 bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Charta//Termine//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
        "X-WR-TIMEZONE:Europe/Berlin",
    ]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{event.uid}",
            f"DTSTAMP:{_moment(made_at)}",
            f"DTSTART:{_moment(event.starts_at)}",
            *([f"DTEND:{_moment(event.ends_at)}"] if event.ends_at else []),
            f"SUMMARY:{_text(event.title)}",
            *([f"LOCATION:{_text(event.place)}"] if event.place else []),
            f"URL:{event.url}",
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


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return escaped.replace("\r\n", "\\n").replace("\n", "\\n")


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
