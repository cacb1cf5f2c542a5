# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What must not get out of ballots and polls by a side door: mails, hashes in the log, hidden fields."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from charta.accounts.models import Person
from charta.accounts.rules import Voting
from charta.db import session, transaction, utcnow
from charta.errors import NotFound
from charta.notifications.models import OutboxMail
from charta.votes import service
from charta.votes.models import Poll
from charta.votes.queries import previews
from charta.votes.rules import BallotInput
from charta.votes.service import poll_steps
from tests import voting


def test_who_went_to_another_partner_is_not_mailed_the_vote(app: Flask) -> None:
    world = voting.world(1)
    ballot = voting.opened(world.moderator)
    with transaction() as tx:
        tx.session.execute(
            update(Person)
            .where(Person.id == world.deputy.id)
            .values(organisation_id=world.partners[0].organisation_id)
        )
    voting.for_partner(world.partners[1], ballot)
    service.remind(world.moderator.actor, ballot)
    session.rollback()
    sent = session.scalars(
        select(OutboxMail.person_id).where(OutboxMail.template.in_(["ballot_cast", "ballot_reminder"]))
    ).all()
    assert world.partners[1].id in sent
    assert world.deputy.id not in sent


def test_who_lost_the_mandate_is_not_mailed_what_the_organisation_voted(app: Flask) -> None:
    world = voting.world(1)
    ballot = voting.opened(world.moderator)
    with transaction() as tx:
        tx.session.execute(update(Person).where(Person.id == world.deputy.id).values(voting=Voting.NONE))
    voting.for_partner(world.partners[1], ballot)
    service.remind(world.moderator.actor, ballot)
    voting.closed(ballot)
    session.rollback()
    sent = session.execute(
        select(OutboxMail.template, OutboxMail.person_id).where(OutboxMail.template != "ballot_opened")
    ).all()
    assert ("ballot_cast", world.partners[1].id) in sent
    assert ("ballot_closed", world.partners[1].id) in sent
    assert world.deputy.id not in {row.person_id for row in sent}


def test_the_log_of_a_small_poll_does_not_give_its_answers_away() -> None:
    hashes = {poll_steps.tally_hash(Poll(id=1, tally_answers=1, tally=counts)) for counts in ([1, 0], [0, 1])}
    assert len(hashes) == 1
    assert poll_steps.tally_hash(Poll(id=1, tally_answers=5, tally=[5, 0])) != poll_steps.tally_hash(
        Poll(id=1, tally_answers=5, tally=[4, 1])
    )


@pytest.mark.parametrize("name", ["section_id", "proposal_id"])
@pytest.mark.parametrize("number", [-1, 2**31, 2**63, 10**25])
def test_a_subject_that_no_database_knows_is_not_found(app: Flask, name: str, number: int) -> None:
    world = voting.world(1)
    with pytest.raises(NotFound):
        previews.subject(**{name: number})
    values = BallotInput(
        title="T",
        questions=voting.YES_NO,
        closes_at=utcnow() + timedelta(hours=1),
        **{name: number},  # type: ignore[arg-type]
    )
    with pytest.raises(NotFound):
        service.prepare(world.moderator.actor, values)
