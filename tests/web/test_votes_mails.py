# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mails about ballots: who votes, until when, what the organisation voted, and how to check it later."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from charta.db import session, utcnow
from charta.notifications.models import OutboxMail
from charta.votes import service
from charta.web import mails
from charta.web.dates import local
from tests import voting


@pytest.mark.parametrize("locale", ["de", "en"])
def test_every_deed_has_a_mail_in_words_and_html(app: Flask, locale: str) -> None:
    if "votes.result" not in app.view_functions:
        pytest.skip("the mails lead to the pages of ballots")
    world = voting.world(1)
    ballot = voting.opened(world.moderator, title="Lernfabrik <b>Chemnitz</b>", hours=100)
    voting.for_partner(
        world.partners[0], ballot, "objection", "Zu teuer.\n\nUnd zu spät.",
        reservation_until=local(utcnow()).date() + timedelta(days=1),
    )  # fmt: skip
    service.remind(world.moderator.actor, ballot)
    voting.over(ballot)
    service.state_outcome(world.moderator.actor, ballot, words="Die Maßnahme ruht.", seen_version=2)
    other = voting.opened(world.moderator, title="Lernfabrik <b>Chemnitz</b>")
    service.cancel(world.moderator.actor, other, reason="Die Frage war falsch.")
    session.rollback()
    found = {mail.template: mail for mail in session.scalars(select(OutboxMail).order_by(OutboxMail.id))}
    assert set(found) == {
        "ballot_opened", "ballot_cast", "ballot_reminder",
        "ballot_closed", "ballot_outcome", "ballot_cancelled",
    }  # fmt: skip
    said = {
        "ballot_cast": "> Und zu spät.",
        "ballot_closed": found["ballot_closed"].data["head_hash"],
        "ballot_outcome": "> Die Maßnahme ruht.",
        "ballot_cancelled": "> Die Frage war falsch.",
    }
    for template, mail in found.items():
        made = mails.render(template, locale=locale, recipient="Anna", secret=None, data=dict(mail.data))
        where = f"/abstimmungen/{mail.data['ballot_id']}"
        assert where in made.text
        assert where in made.html
        assert "Lernfabrik <b>Chemnitz</b>" in made.text
        assert "<b>Chemnitz" not in made.html
        assert said.get(template, "") in made.text
