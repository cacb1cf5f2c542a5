# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the page of one ballot shows: its parts as frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from charta.votes.rules import BallotState, DecisionRule, Method, Scope, Standing


@dataclass(frozen=True, slots=True)
class Subject:
    """What is voted on; `id` is that of the section, the measure or the edition, the proposal's number, or 0.

    `edition_name` is "" for an edition that was discarded: its page is gone. `edition_hash` is that of its
    present composition; before `edition_is_published` only who may read the draft reads it.
    """

    kind: str  # section, measure, proposal, edition, free
    id: int
    title: str
    section_id: int | None = None
    proposal_version: int | None = None
    revision_number: int | None = None
    edition_name: str = ""
    edition_hash: str = ""
    edition_is_published: bool = False


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question; `options` and `points` belong to points and ranking."""

    position: int
    text: str
    method: Method
    options: tuple[str, ...] = ()
    points: int | None = None


@dataclass(frozen=True, slots=True)
class PartnerRow:
    """One partner of the roll with its vote, as the viewer may see it."""

    organisation_id: int
    name: str
    has_voted: bool
    reservation_until: date | None
    choices: tuple[str, ...] | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnVote:
    """The viewer's seat: `answers` is None until cast; `version` belongs into a partner's form."""

    kind: str  # partner, participant
    answers: tuple[Any, ...] | None
    version: int
    receipt: str | None = None
    reasons: tuple[str, ...] = ()
    organisation: str = ""
    reservation_until: date | None = None
    cast_at: datetime | None = None
    cast_by_name: str = ""

    @property
    def is_partner(self) -> bool:
        """Whether the seat is that of an organisation."""
        return self.kind == "partner"


@dataclass(frozen=True, slots=True)
class Turnout:
    """How many could vote and how many did."""

    partners_entitled: int
    partners_voted: int
    participants_entitled: int
    participants_voted: int


@dataclass(frozen=True, slots=True)
class BallotPage:
    """A ballot with what its page needs; `own` is None for who is not on the roll."""

    id: int
    title: str
    intro: str
    state: BallotState
    standing: Standing
    is_test: bool
    subject: Subject
    questions: tuple[QuestionRow, ...]
    has_partners: bool
    has_participants: bool
    rule: DecisionRule
    quorum: int
    scope: Scope
    forum_ids: tuple[int, ...]
    opens_at: datetime | None
    closes_at: datetime
    time_zone: str
    opened_at: datetime | None
    closed_at: datetime | None
    text_title: str
    text_body: str
    text_hash: str | None
    rules: dict[str, Any] | None
    rules_hash: str | None
    tally: str | None
    tally_hash: str | None
    outcome: str
    outcome_at: datetime | None
    version: int
    own: OwnVote | None
    turnout: Turnout | None
    partners: tuple[PartnerRow, ...] | None
    watch_state: str | None = None

    @property
    def takes_vote(self) -> bool:
        """Whether the viewer can vote now."""
        return self.own is not None and self.standing is Standing.OPEN
