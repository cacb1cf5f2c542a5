# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings of the installation with their defaults, and what a round says about today. Pure."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from charta.errors import InvalidInput
from charta.text.normalise import normalise, single_line


class ProposalsPublic(StrEnum):
    """Which proposals a visitor who is not signed in may read."""

    NONE = "none"
    DECIDED = "decided"
    SUBMITTED = "submitted"


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What an administrator can set; stored as rows of `setting`, missing rows mean the default."""

    name: str = "Charta"
    initiative: str = ""
    region: str = ""
    claim: str = "Eine Region schreibt ihre Zukunft selbst."
    lede: str = ""
    next_edition: str = "2.0"
    funding_notice: str = ""
    demo_notice: str = ""
    four_eyes: bool = True
    draft_is_public: bool = False
    proposals_public: ProposalsPublic = ProposalsPublic.DECIDED
    attendees_see_proposals: bool = True
    k_anonymity: int = 5  # how many ballots a group needs to be shown; never fewer
    phase: int = 1
    phases: tuple[tuple[str, str], ...] = ()


# The pages administrators edit; the legal ones exist as templates from the start.
SLUGS = ("ueber-uns", "kontakt", "impressum", "datenschutz", "barrierefreiheit")

TITLE_MAX = 200
PLACE_MAX = 120
NEWS_MAX = 10_000
PAGE_MAX = 50_000
DECISION_DAYS_MAX = 90
PHASES_MAX = 6

# Longest values of the settings that are words.
_TEXT_LIMITS = {
    "name": 40,
    "initiative": 160,
    "region": 60,
    "claim": 160,
    "lede": 600,
    "next_edition": 24,
    "funding_notice": 600,
    "demo_notice": 600,
}


def clean_setting(key: str, value: object) -> object:
    """Return a setting as it is stored, or raise `InvalidInput` with its name as the field."""
    defaults = {item.name: item.default for item in fields(SiteSettings)}
    if key not in defaults:
        raise InvalidInput(key, "unknown_setting")
    if key in _TEXT_LIMITS:
        text = single_line(str(value), key)
        if not text and key == "name":
            raise InvalidInput(key, "required")
        return check_length(text, _TEXT_LIMITS[key], key)
    if key == "phases":
        return clean_phases(value)
    default = defaults[key]
    if isinstance(default, StrEnum):
        try:
            return type(default)(str(value)).value
        except ValueError:
            raise InvalidInput(key, "invalid") from None
    if isinstance(value, bool) is not isinstance(default, bool) or not isinstance(value, int):
        raise InvalidInput(key, "invalid")
    return value


def clean_phases(value: object) -> list[list[str]]:
    """Return the phases as pairs of title and sentence, at most `PHASES_MAX`."""
    if not isinstance(value, list | tuple) or len(value) > PHASES_MAX:
        raise InvalidInput("phases", "invalid")
    phases = []
    for pair in value:
        title, sentence = (single_line(str(part), "phases") for part in pair)
        if not title:
            raise InvalidInput("phases", "required")
        phases.append([check_length(title, 40, "phases"), check_length(sentence, 240, "phases")])
    return phases


def check_length(text: str, limit: int, field: str) -> str:
    """Return the text, or raise `InvalidInput` with both numbers when it is too long."""
    if len(text) > limit:
        raise InvalidInput(field, "too_long", limit=limit, length=len(text))
    return text


def clean_title(raw: str, field: str = "title", limit: int = TITLE_MAX) -> str:
    """Return a title on one line; raise `InvalidInput` (required, too_long, forbidden_character)."""
    title = single_line(raw, field)
    if not title:
        raise InvalidInput(field, "required")
    return check_length(title, limit, field)


def clean_body(raw: str, limit: int) -> str:
    """Return a text in its stored form; raise `InvalidInput` (required, too_long, forbidden_character)."""
    body = normalise(raw, "body")
    if not body:
        raise InvalidInput("body", "required")
    return check_length(body, limit, "body")


class RoundStatus(StrEnum):
    """Where a participation round stands at a moment."""

    PLANNED = "planned"
    OPEN = "open"
    EDITORIAL = "editorial"
    CLOSED = "closed"


def round_status(
    opens_at: datetime, closes_at: datetime, editorial_at: datetime, now: datetime
) -> RoundStatus:
    """Return where a round stands: before, within, in editing, or after its editorial deadline."""
    if now < opens_at:
        return RoundStatus.PLANNED
    if now < closes_at:
        return RoundStatus.OPEN
    return RoundStatus.EDITORIAL if now < editorial_at else RoundStatus.CLOSED
