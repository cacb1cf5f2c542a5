# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What votes and notes there are about texts: all of them in one statement, none while none is added.

Every page of a text asks for them; ballots and notes are few. What is kept holds keys, so never for long.
"""

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, String, Text, and_, case, cast, func, literal, null, or_, select, union_all

from charta.accounts.models import Organisation
from charta.db import session, utcnow
from charta.permissions import Actor, Role
from charta.votes.held_keys import KEYS, Held
from charta.votes.models import Ballot, DissentNote, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import BallotState, NoteState

OPEN_MAX = 1_000
_known: Held[Hashable, "Known"] = Held(4)


@dataclass(frozen=True, slots=True)
class OpenBallot:
    """A ballot that is open or scheduled, on a text or not.

    `voters` and `members` are its frozen rolls: keys of participants' seats, people who act for partners.
    """

    id: int
    title: str
    section_id: int | None
    proposal_id: int | None
    opens_at: datetime | None
    closes_at: datetime
    key: str
    voters: frozenset[str] = frozenset()
    members: frozenset[int] = frozenset()

    def is_for(self, viewer: Actor) -> bool:
        """Whether the viewer is on the roll: alone, or for an organisation."""
        if viewer.role is Role.ATTENDEE and viewer.id is not None:
            return voter_key(self.key, viewer.id) in self.voters
        return viewer.id in self.members


@dataclass(frozen=True, slots=True)
class Note:
    """A partner's note; `start` is None when its words are gone. `quote` is what it was made on."""

    id: int
    organisation_id: int
    organisation: str
    text: str
    start: int | None
    state: NoteState
    quote: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Agreement:
    """How the partners voted on this text: `yes` of `entitled`."""

    ballot_id: int
    yes: int
    entitled: int
    outcome: str


@dataclass(frozen=True, slots=True)
class Around:
    """The partners' notes and vote beside one text."""

    notes: Sequence[Note] = ()
    agreement: Agreement | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What votes and notes there are about texts.

    `notes` by section; `on_revisions` and `on_proposals` (number and version) hold the newest counted vote.
    """

    ballots: Sequence[OpenBallot]
    notes: Mapping[int, Sequence[Note]]
    on_revisions: Mapping[int, Agreement]
    on_proposals: Mapping[tuple[int, int], Agreement]

    def around(self, section_id: int, head_id: int, proposal: tuple[int | None, int | None]) -> Around:
        """Return notes and vote beside a text; `proposal` is the number and version that made it.

        The vote on the proposal that made a text counts for it as long as no other follows.
        """
        number, version = proposal
        vote = self.on_revisions.get(head_id)
        if number is not None and version is not None:
            other = self.on_proposals.get((number, version))
            vote = max((one for one in (vote, other) if one), key=lambda one: one.ballot_id, default=None)
        return Around(self.notes.get(section_id, ()), vote)


_NOTHING = Known((), {}, {}, {})


def on_text(
    viewer: Actor, *, section_id: int | None = None, proposal_id: int | None = None, at: Hashable
) -> OpenBallot | None:
    """Return the ballot on a text or a proposal when the viewer may know of it.

    `at` changes with every ballot and note. One statement after a change, else none. Partners and the office
    know of all, attendees of those they can vote in.
    """
    if viewer.role is Role.READER:  # they see the result
        return None
    now = utcnow()
    for ballot in known(at).ballots:
        is_meant = (
            ballot.section_id == section_id if section_id is not None else ballot.proposal_id == proposal_id
        )
        if is_meant and ballot.closes_at > now and may_know(viewer, ballot):
            return ballot
    return None


def running(viewer: Actor, *, at: tuple[Any, ...]) -> list[OpenBallot]:
    """Return the ballots that take votes now, of which the viewer may know, the soonest to end first.

    `at` are the values of `stamp`: where all that opened has ended nothing is read. Statements as `on_text`.
    """
    if viewer.role is Role.READER or at[0] == at[1]:
        return []
    now = utcnow()
    return [
        ballot
        for ballot in known(at).ballots
        if (ballot.opens_at or now) <= now < ballot.closes_at and may_know(viewer, ballot)
    ]


def stamp() -> tuple[Any, ...]:
    """Return columns that change with what `known` reads: a page reads them along with something else.

    Opening and ending a ballot each raise a number that never falls; so do a new note and a new text below
    one, while a note taken back lowers how many stand.
    """
    opened = func.count().filter(Ballot.state != BallotState.DRAFT)
    ended = func.count().filter(Ballot.state.in_([BallotState.CLOSED, BallotState.CANCELLED]))
    standing = func.count().filter(DissentNote.withdrawn_at.is_(None))
    columns = (
        select(opened).select_from(Ballot),
        select(ended).select_from(Ballot),
        select(standing).select_from(DissentNote),
        select(func.max(DissentNote.id)),
        select(func.max(DissentNote.revision_id)),
    )
    return tuple(column.scalar_subquery() for column in columns)


def known(at: Hashable) -> Known:
    """Return what votes and notes there are about texts: one statement after a change, else none."""
    if isinstance(at, tuple) and not any(at):  # the values of `stamp`: there is nothing
        return _NOTHING
    key = (repr(session.get_bind()), at)
    found = _known.get(key)
    if found is None:
        found = _known.keep(key, _read())
        for ballot in found.ballots[:OPEN_MAX]:
            KEYS.keep(ballot.id, ballot.key)
    return found


def _read() -> Known:
    is_open = and_(Ballot.state == BallotState.OPEN, Ballot.key.is_not(None))
    is_decided = and_(Ballot.state == BallotState.CLOSED, Ballot.has_partners.is_(True))
    is_about_text = or_(Ballot.section_id.is_not(None), Ballot.proposal_id.is_not(None))
    none, no_time = cast(null(), Integer), cast(null(), Ballot.closes_at.type)
    ballots = select(
        case((Ballot.state == BallotState.OPEN, "open"), else_="decided").label("kind"),
        Ballot.id,
        Ballot.section_id,
        Ballot.proposal_id,
        Ballot.proposal_version.label("number"),
        Ballot.revision_id,
        Ballot.opens_at.label("at"),
        Ballot.closes_at,
        case((Ballot.state == BallotState.OPEN, Ballot.key)).label("word"),
        Ballot.tally.label("text"),
        Ballot.title.label("name"),
        cast(null(), Text).label("quote"),
    ).where(
        or_(is_open, and_(is_decided, is_about_text)),
        Ballot.is_test.is_(False),
    )
    notes = (
        select(
            literal("note"),
            DissentNote.id,
            DissentNote.section_id,
            none,
            DissentNote.organisation_id,
            DissentNote.start_at,
            DissentNote.created_at,
            no_time,
            cast(DissentNote.state, String),
            DissentNote.text,
            Organisation.name,
            DissentNote.anchor["quote"].as_string(),
        )
        .join(Organisation, Organisation.id == DissentNote.organisation_id)
        .where(DissentNote.withdrawn_at.is_(None))
    )
    seats = (
        select(
            literal("seat"),
            ParticipantSeat.ballot_id,
            *(none, none, none, none),
            *(no_time, no_time, cast(null(), String), cast(null(), Text)),
            *(ParticipantSeat.voter_key, cast(null(), Text)),
        )
        .join(Ballot, Ballot.id == ParticipantSeat.ballot_id)
        .where(is_open, Ballot.is_test.is_(False))
    )
    members = (
        select(
            literal("member"),
            PartnerSeat.ballot_id,
            *(none, none, none, none),
            *(no_time, no_time, cast(null(), String), cast(PartnerSeat.member_ids, Text)),
            *(cast(null(), String), cast(null(), Text)),
        )
        .join(Ballot, Ballot.id == PartnerSeat.ballot_id)
        .where(is_open, Ballot.is_test.is_(False))
    )
    found = session.execute(union_all(ballots, notes, seats, members))
    rows = sorted(found, key=lambda row: int(row.id))
    beside: dict[int, list[Note]] = {}
    voters: dict[int, list[str]] = {}
    acting: dict[int, list[int]] = {}
    for row in rows:
        if row.kind == "note":
            one = Note(
                row.id,
                row.number,
                row.name,
                row.text,
                row.revision_id,
                NoteState(row.word),
                row.quote,
                row.at,
            )
            beside.setdefault(row.section_id, []).append(one)
        elif row.kind == "seat":
            voters.setdefault(row.id, []).append(row.name)
        elif row.kind == "member":
            acting.setdefault(row.id, []).extend(json.loads(row.text))
    opened = sorted((row for row in rows if row.kind == "open"), key=lambda row: row.closes_at)
    voted = [(row, _agreement(row.id, row.text)) for row in rows if row.kind == "decided"]
    return Known(
        ballots=[
            OpenBallot(
                row.id,
                row.name,
                row.section_id,
                row.proposal_id,
                row.at,
                row.closes_at,
                row.word,
                frozenset(voters.get(row.id, ())),
                frozenset(acting.get(row.id, ())),
            )
            for row in opened[:OPEN_MAX]
        ],
        notes=beside,
        on_revisions={row.revision_id: one for row, one in voted if one and row.revision_id is not None},
        on_proposals={
            (row.proposal_id, row.number): one for row, one in voted if one and row.proposal_id is not None
        },
    )


def _agreement(ballot_id: int, tally: str) -> Agreement | None:
    """Return how many partners agree; with several questions those of the one that found fewest."""
    counted = [one["partners"] for one in json.loads(tally)["questions"] if one.get("partners") is not None]
    if not counted:
        return None
    least = min(counted, key=lambda one: int(one["yes"]))
    return Agreement(ballot_id, int(least["yes"]), int(least["entitled"]), str(least["outcome"]))


def may_know(viewer: Actor, ballot: OpenBallot) -> bool:
    """Whether a viewer who is signed in may know of an open ballot."""
    return viewer.role is not Role.ATTENDEE or ballot.is_for(viewer)
