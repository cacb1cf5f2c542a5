# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Opening a ballot: text, rules and rolls are frozen, every seat exists from now on, empty.

A seat is the vote's row, so a second vote of one voter cannot exist. Participants' seats carry no person: the
key is an HMAC under the ballot's own key, the rows stand in the order of these keys, their ids are random.
"""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, select

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import Group, Voting
from charta.db import Transaction, transaction
from charta.editions import queries as editions
from charta.editions.models import Edition
from charta.editions.service import steps as edition_steps
from charta.errors import EditConflict, InvalidInput, NotFound, WrongState
from charta.forums.models import Attendance
from charta.permissions import Actor, Role
from charta.proposals import service as proposals
from charta.proposals.models import Proposal, ProposalVersion
from charta.sections.models import Revision, Section
from charta.site import queries as site
from charta.votes import recount, rules
from charta.votes.export import moment
from charta.votes.models import Ballot, BallotQuestion, ParticipantSeat, PartnerSeat
from charta.votes.poll_keys import voter_key
from charta.votes.rules import K_ANONYMITY_MIN, BallotState, QuestionInput, Scope
from charta.votes.service import preparing, steps


def open_ballot(actor: Actor, ballot_id: int, *, seen_version: int) -> None:
    """Freeze a draft and open it now, or at its opening time; everybody on the roll gets a mail.

    Raises `EditConflict` when the draft, the proposal's version or the composition of the edition changed,
    `WrongState("open", ...)` for what is no draft, a text that is gone ("deleted") or under another ballot
    ("text_held", "held"), an edition that is "published" or "discarded",
    `InvalidInput("closes_at" | "roll", ...)` when it is too late or nobody could vote.
    """
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot, section = steps.locked(tx, ballot_id)
        if ballot.state is not BallotState.DRAFT:
            raise WrongState("open", ballot.state.value)
        steps.check_seen(ballot, seen_version)
        if ballot.proposal_id is not None:
            proposals.hold(tx, ballot.proposal_id)
        elif ballot.edition_id is not None:
            edition_steps.hold(tx, ballot.edition_id, ballot.id)
        elif section is not None:
            _require_free(tx, section)
        _freeze(tx, actor, ballot, section)
        steps.mail_roll(
            tx,
            ballot,
            "ballot_opened",
            opens_at=ballot.opens_at.isoformat() if ballot.opens_at else None,
            with_participants=ballot.has_participants,
        )
        _record(tx, actor, ballot)


def rehearse(actor: Actor, ballot_id: int, *, closes_at: datetime) -> int:
    """Open a throw-away copy of a draft and return its id: same roll, no mails, no hold, nothing follows."""
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        draft, section = steps.locked(tx, ballot_id)
        if draft.state is not BallotState.DRAFT:
            raise WrongState("rehearse", draft.state.value)
        copied = (
            "title", "intro", "section_id", "proposal_id", "proposal_version", "edition_id", "text_hash",
            "has_partners", "has_participants", "rule", "quorum", "scope", "forum_ids", "time_zone",
        )  # fmt: skip
        copy = Ballot(
            **{name: getattr(draft, name) for name in copied},
            is_test=True,
            closes_at=closes_at,
            created_by_id=actor.id,
            created_at=tx.now,
            changed_at=tx.now,
        )
        tx.session.add(copy)
        tx.session.flush()
        asked = _questions(tx, draft)
        preparing.ask(tx, copy, [QuestionInput(q.text, q.method, q.options, q.points) for q in asked])
        _freeze(tx, actor, copy, section)
        _record(tx, actor, copy)
        return copy.id


def _record(tx: Transaction, actor: Actor, ballot: Ballot) -> None:
    assert ballot.rules is not None
    steps.record(
        tx,
        actor,
        "open_ballot",
        ballot,
        rules_hash=ballot.rules_hash,
        text_hash=ballot.text_hash,
        **ballot.rules["roll"],
    )


def _require_free(tx: Transaction, section: Section) -> None:
    if section.is_deleted:
        raise WrongState("open", "deleted")
    if text_is_held(tx, section.id):
        raise WrongState("open", "text_held")


def text_is_held(tx: Transaction, section_id: int) -> bool:
    """Whether a ballot that is open, or will be, stands on this text (one statement)."""
    return bool(tx.session.scalar(select(text_held(tx, section_id))))


def text_held(tx: Transaction, section_id: int) -> ColumnElement[bool]:
    """Return the condition that such a ballot stands on this text."""
    return exists().where(
        Ballot.section_id == section_id,
        Ballot.state == BallotState.OPEN,
        Ballot.is_test.is_(False),
        Ballot.closes_at > tx.now,
    )


def _freeze(tx: Transaction, actor: Actor, ballot: Ballot, section: Section | None) -> None:
    rules.check_times(ballot.opens_at, ballot.closes_at, tx.now)
    if ballot.opens_at is not None and ballot.opens_at <= tx.now:
        ballot.opens_at = None
    questions = _questions(tx, ballot)
    ballot.text_title, ballot.text_body = _text(tx, ballot, section, questions)
    ballot.text_hash = recount.text_hash(ballot.text_title, ballot.text_body)
    ballot.key = secrets.token_hex(32)
    partners = _seat_partners(tx, ballot) if ballot.has_partners else []
    participants = _seat_participants(tx, ballot) if ballot.has_participants else 0
    if not partners and not participants:
        raise InvalidInput("roll", "nobody_on_roll")
    ballot.rules = _rules(ballot, questions, partners, participants, k=_k())
    ballot.rules_hash = recount.digest(ballot.rules)
    ballot.state = BallotState.OPEN
    ballot.opened_at = ballot.changed_at = tx.now
    ballot.opened_by_id = actor.id
    ballot.version += 1
    tx.session.flush()


def _k() -> int:
    return max(K_ANONYMITY_MIN, site.settings().k_anonymity)


def _rules(
    ballot: Ballot, questions: list[BallotQuestion], partners: list[str], participants: int, *, k: int
) -> dict[str, Any]:
    return {
        "format": "charta-rules/1",
        "electorates": {"partners": ballot.has_partners, "participants": ballot.has_participants},
        "rule": ballot.rule.value,
        "quorum": ballot.quorum,
        "scope": ballot.scope.value,
        "forums": list(ballot.forum_ids),
        "opens_at": moment(ballot.opens_at),
        "closes_at": moment(ballot.closes_at),
        "time_zone": ballot.time_zone,
        "k": k,
        "text_hash": ballot.text_hash,
        "questions": [
            {"text": q.text, "method": q.method.value, "options": list(q.options), "points": q.points}
            for q in questions
        ],
        "roll": {"partners": len(partners), "participants": participants},
    }


def _questions(tx: Transaction, ballot: Ballot) -> list[BallotQuestion]:
    return list(
        tx.session.scalars(
            select(BallotQuestion)
            .where(BallotQuestion.ballot_id == ballot.id)
            .order_by(BallotQuestion.position)
        )
    )


# ------------------------------------------------------------------------------------- the text voted on


def _text(
    tx: Transaction, ballot: Ballot, section: Section | None, questions: list[BallotQuestion]
) -> tuple[str, str]:
    """Return title and body of the exact text, and remember its revision."""
    if section is not None:
        revision = tx.session.get(Revision, section.head_id) if section.head_id is not None else None
        if revision is None:
            raise NotFound(kind="section", id=section.id)
        ballot.revision_id = revision.id
        return revision.title, revision.body
    if ballot.proposal_id is not None:
        version = tx.session.execute(
            select(ProposalVersion, Proposal.version)
            .join(Proposal, Proposal.id == ProposalVersion.proposal_id)
            .where(
                ProposalVersion.proposal_id == ballot.proposal_id, ProposalVersion.number == Proposal.version
            )
        ).one_or_none()
        if version is None or version[1] != ballot.proposal_version:
            raise EditConflict(subject="ballot", ballot_id=ballot.id, version=ballot.version)
        found = version[0]
        # A deletion or a move has no wording of its own: what it says and why is what is voted on.
        return found.title or found.summary, found.body or found.reason
    if ballot.edition_id is not None:
        return _text_of_edition(tx, ballot, ballot.edition_id)
    asked = "\n".join(
        "\n".join([f"{q.position}. {q.text}", *(f"   - {option}" for option in q.options)]) for q in questions
    )
    return ballot.title, f"{ballot.intro}\n\n{asked}\n" if ballot.intro else f"{asked}\n"


def _text_of_edition(tx: Transaction, ballot: Ballot, edition_id: int) -> tuple[str, str]:
    edition = tx.session.get(Edition, edition_id)
    if edition is None:
        raise NotFound(kind="edition", id=edition_id)
    if edition.content_hash != ballot.text_hash:
        raise EditConflict(subject="ballot", ballot_id=ballot.id, version=ballot.version)
    body = editions.text_of(edition_id)
    # Whoever counts again computes the hash from these words: it has to be the one the edition carries.
    assert recount.text_hash(edition.title, body) == edition.content_hash
    return edition.title, body


# --------------------------------------------------------------------------------------------- the rolls


def _seat_partners(tx: Transaction, ballot: Ballot) -> list[str]:
    """Make a seat for each partner organisation, also one that nobody can act for; return the names."""
    rows = tx.session.execute(
        select(Organisation.id, Organisation.name, Person.id.label("person_id"))
        .outerjoin(
            Person,
            (Person.organisation_id == Organisation.id)
            & (Person.voting != Voting.NONE)
            & Person.deactivated_at.is_(None),
        )
        .where(Organisation.is_partner.is_(True), Organisation.archived_at.is_(None))
        .order_by(Organisation.name, Person.id)
    ).all()
    seats: dict[int, dict[str, Any]] = {}
    for row in rows:
        empty = {"ballot_id": ballot.id, "organisation_id": row.id, "name": row.name, "member_ids": []}
        seat = seats.setdefault(row.id, empty)
        if row.person_id is not None:
            seat["member_ids"].append(row.person_id)
    tx.insert_all(PartnerSeat, list(seats.values()))
    return [seat["name"] for seat in seats.values()]


def _seat_participants(tx: Transaction, ballot: Ballot) -> int:
    """Make a seat for each verified participant and return how many there are."""
    assert ballot.key is not None
    rows = [
        {
            "id": secrets.token_hex(16),
            "ballot_id": ballot.id,
            "voter_key": voter_key(ballot.key, person_id),
            "group": group,
            "version": 0,
        }
        for person_id, group in _verified(tx, ballot).items()
    ]
    rows.sort(key=lambda row: str(row["voter_key"]))  # the order of the rows says nothing about people
    tx.insert_all(ParticipantSeat, rows)
    return len(rows)


def _verified(tx: Transaction, ballot: Ballot) -> dict[int, Group | None]:
    """Return the verified participants with their group: checked in at a forum, or a confirmed address.

    Of chosen forums only those who were checked in there. The group is that of the organisation, else what
    was said at the latest forum.
    """
    rows = tx.session.execute(
        select(
            Person.id,
            Person.email,
            Person.joined_at,
            Organisation.group.label("of_organisation"),
            Attendance.forum_id,
            Attendance.group,
            Attendance.checked_in_at,
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Attendance, Attendance.person_id == Person.id)
        .where(Person.role == Role.ATTENDEE, Person.deactivated_at.is_(None))
        .order_by(Person.id, Attendance.joined_at)
    )
    groups: dict[int, Group | None] = {}
    verified = set()
    for row in rows:
        groups[row.id] = row.of_organisation or row.group or groups.get(row.id)
        was_there = row.checked_in_at is not None
        if ballot.scope is Scope.FORUMS:
            is_verified = was_there and row.forum_id in ballot.forum_ids
        else:
            is_verified = was_there or (row.email is not None and row.joined_at is not None)
        if is_verified:
            verified.add(row.id)
    return {person_id: group for person_id, group in groups.items() if person_id in verified}
