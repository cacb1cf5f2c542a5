# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings of the installation with their defaults, and what a round says about today. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    phase: int = 1
    phases: tuple[tuple[str, str], ...] = ()


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
