# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who hears of a ballot: its voters at once, watchers by their notices, nobody of drafts and rehearsals."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from charta.db import session, utcnow
from charta.notifications.models import Notice, OutboxMail
from charta.notifications.rules import MailClass, mail_class
from charta.permissions import ANONYMOUS, Actor, Role
from charta.site import queries as site
from charta.votes import service
from charta.votes.queries import ballots
from charta.votes.rules import BallotState
from charta.watching import worker
from charta.watching.queries import deeds, subjects
from charta.watching.queries.deeds import DeedKind
from charta.watching.service import watching
from tests import voting
from tests.factories import Account


def told(who: Account) -> list[tuple[str, str, bool]]:
    """Let the worker do what is due; return reason, kind and whether a mail told it already."""
    while worker.run_due():
        pass
    session.rollback()
    rows = session.scalars(select(Notice).where(Notice.person_id == who.id).order_by(Notice.seq)).all()
    found = [(one.reason.value, one.watched_kind, one.is_mailed) for one in rows]
    session.rollback()
    return found


def seen(viewer: Actor, **details: Any) -> list[str]:
    session.rollback()
    found = deeds.deeds(viewer, site.settings(), reads_text=True, kind=DeedKind.BALLOTS, **details)
    return [one.verb for one in found]


def test_who_votes_for_a_partner_hears_of_it_once_by_mail_and_not_in_the_digest(app: Flask) -> None:
    world = voting.world()
    ballot_id = voting.opened(world.moderator)
    for who in (*world.partners, world.deputy):
        assert told(who) == [("organisation", "ballot", True)]
    assert told(world.attendees[0]) == []  # written to, but a running ballot is no news for everybody
    assert told(world.moderator) == []
    voting.closed(ballot_id)
    assert told(world.deputy)[1:] == [("organisation", "ballot", True)]
    session.rollback()
    mails = session.scalars(select(OutboxMail)).all()
    assert {mail_class(mail.template) for mail in mails} == {MailClass.OWN}
    per_person = [(mail.person_id, mail.template) for mail in mails]
    assert len(per_person) == len(set(per_person))


def test_watchers_of_a_ballot_hear_how_it_ends_and_the_mailed_ones_once(app: Flask) -> None:
    world = voting.world()
    outsider, voter = world.attendees[0], world.attendees[1]
    ballot_id = voting.opened(world.moderator)
    watching.watch(voter.actor, "ballot", ballot_id)
    voting.closed(ballot_id)
    assert told(voter) == [("watched", "ballot", False)]
    service.state_outcome(
        world.moderator.actor,
        ballot_id,
        words="Wir nehmen die Maßnahme auf.",
        seen_version=voting.stored(ballot_id).version,
    )
    assert told(voter)[1:] == [("watched", "ballot", True)]  # the same words came by mail
    assert told(outsider) == []


def test_a_muted_ballot_is_quiet_for_its_voters_too(app: Flask) -> None:
    world = voting.world()
    ballot_id = voting.opened(world.moderator)
    told(world.deputy)
    watching.mute(world.deputy.actor, "ballot", ballot_id)
    voting.closed(ballot_id)
    assert len(told(world.deputy)) == 1


def test_rehearsals_and_drafts_are_nobodys_news(app: Flask) -> None:
    world = voting.world()
    draft = voting.prepared(world.moderator)
    test = service.rehearse(world.moderator.actor, draft, closes_at=utcnow() + timedelta(hours=1))
    service.end_rehearsal(world.moderator.actor, test)
    for viewer in (world.moderator.actor, world.partners[0].actor, world.attendees[0].actor, ANONYMOUS):
        assert seen(viewer) == []
    assert told(world.partners[0]) == []
    assert watchable(world.partners[0].actor, draft) is False


def watchable(viewer: Actor, ballot_id: int) -> bool:
    session.rollback()
    return subjects.subject(viewer, site.settings(), "ballot", ballot_id, reads_text=True) is not None


def test_a_running_ballot_is_news_for_partners_and_the_result_for_everybody(app: Flask) -> None:
    world = voting.world()
    stranger = Actor(id=999, role=Role.ATTENDEE)
    ballot_id = voting.opened(world.moderator)
    assert seen(world.partners[0].actor) == ["open_ballot"]
    assert seen(stranger) == seen(ANONYMOUS) == []
    assert watchable(world.attendees[0].actor, ballot_id)
    assert not watchable(stranger, ballot_id)
    voting.closed(ballot_id)
    for viewer in (world.partners[0].actor, stranger, ANONYMOUS):
        assert seen(viewer) == ["close_ballot", "open_ballot"]
        assert watchable(viewer, ballot_id)


def test_a_cancelled_ballot_is_known_to_who_is_signed_in(app: Flask) -> None:
    world = voting.world()
    ballot_id = voting.opened(world.moderator)
    service.cancel(world.moderator.actor, ballot_id, reason="Die Frage war falsch gestellt.")
    assert voting.stored(ballot_id).state is BallotState.CANCELLED
    assert seen(world.attendees[0].actor) == ["cancel_ballot", "open_ballot"]
    assert seen(ANONYMOUS) == []
    assert told(world.deputy) == [("organisation", "ballot", True)] * 2
    session.rollback()
    assert ballots.to_vote(world.deputy.actor) == []
