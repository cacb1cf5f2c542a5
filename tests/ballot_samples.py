# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One ballot of each state, and many more of each, for tests that walk over all pages."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select, update

from charta.accounts.models import Person
from charta.accounts.rules import Voting
from charta.db import session, transaction
from charta.notifications.models import MailLink
from charta.permissions import Actor
from charta.sections.models import Section
from charta.votes import service
from charta.votes.board_keys import key_of, kind
from charta.votes.models import Ballot
from charta.votes.rules import BallotInput, BallotState, Method, QuestionInput
from charta.votes.service import boards, dissent

ASKED = (QuestionInput("Soll die Maßnahme in die Charta?"), QuestionInput("Wie sehr?", Method.SCALE))
OF_DRAFT = ("edit", "deed")
OF_CLOSED = ("result", "check", "export_file", "tally_file", "outcome")


def build(
    moderator: Actor,
    partner: Actor,
    attendee: Actor,
    *,
    section_id: int | None = None,
    noted_on: int | None = None,
    count: int = 0,
) -> dict[str, Any]:
    """Store a draft, an open and a closed ballot, `count` further lines of each; return ids and key.

    The partner becomes a voting member; partner and attendee have voted in the closed one.
    """
    with transaction() as tx:
        tx.session.execute(update(Person).where(Person.id == partner.id).values(voting=Voting.MEMBER))
        joined = Person.id == attendee.id
        tx.session.execute(update(Person).where(joined).values(joined_at=tx.now, email=Person.email))
        ends_at = tx.now + timedelta(days=9)
    made = [
        service.prepare(moderator, BallotInput(title, ASKED, ends_at, section_id=about))
        for title, about in (("Entwurf", None), ("Läuft gerade", section_id), ("Ist zu Ende", None))
    ]
    draft, running, closed = made
    for ballot_id in (running, closed):
        service.open_ballot(moderator, ballot_id, seen_version=1)
    service.cast_for_partner(partner, closed, choices=["yes", "no"], reasons=["", "Zu früh."], seen_version=0)
    service.cast(attendee, closed, answers=["yes", 4])
    boards.share(partner, running)
    link = session.execute(
        select(Ballot.key, MailLink.created_at)
        .join(MailLink, MailLink.subject_id == Ballot.id)
        .where(Ballot.id == running, MailLink.subject_kind == kind(partner.organisation_id or 0))
    ).one()
    key = key_of(link.key or "", partner.organisation_id or 0, link.created_at)
    session.rollback()
    ids = {"note_id": _noted(partner, noted_on)} if noted_on else {}
    with transaction() as tx:
        tx.session.execute(
            update(Ballot).where(Ballot.id == closed).values(closes_at=tx.now - timedelta(minutes=1))
        )
    assert service.close(closed)
    if count:
        _more(made, count)
    session.rollback()
    return {
        "ballot_id": running,
        "draft_ballot_id": draft,
        "closed_ballot_id": closed,
        "board_key": key,
    } | ids


def _noted(partner: Actor, section_id: int) -> int:
    head_id = session.scalar(select(Section.head_id).where(Section.id == section_id))
    assert head_id is not None
    return dissent.note(
        partner, section_id, paragraph=0, seen_revision_id=head_id, text="Zu wenig für Kleine."
    )


def by_endpoint(ids: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return which ballot the pages of one state are about."""
    draft, closed = {"ballot_id": ids["draft_ballot_id"]}, {"ballot_id": ids["closed_ballot_id"]}
    return {f"votes.{name}": draft for name in OF_DRAFT} | {f"votes.{name}": closed for name in OF_CLOSED}


def _more(made: list[int], count: int) -> None:
    """Copy the rows of the ballots: what lists show, without seats."""
    with transaction() as tx:
        for ballot in tx.session.scalars(select(Ballot).where(Ballot.id.in_(made))).all():
            values = {
                column.key: getattr(ballot, column.key)
                for column in Ballot.__table__.columns
                if column.key not in {"id", "section_id", "revision_id", "key"}
            }
            values["is_test"] = ballot.state is BallotState.OPEN
            tx.session.execute(insert(Ballot), [values | {"title": f"Kopie {n}"} for n in range(count)])
