# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation of a forum as page and PDF."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.contributions.models import Contribution, ContributionEvent, Topic
from charta.contributions.rules import Kind, Origin, State, Verb
from charta.db import transaction
from charta.forums.models import Attendance, Forum
from charta.web import mails
from tests import factories, halls
from tests.inspecting import InspectingClient


@pytest.fixture
def forum(app: Flask) -> Forum:
    """A forum of yesterday with two contributions in a topic, one declined, and one not screened."""
    forum = halls.forum("Zukunftsforum Zwickau", place="Zwickau")
    field = factories.field_of_action("Arbeit")
    moderator = factories.moderator().id
    guest = factories.attendee(email="gast@example.org").id
    with transaction() as tx:
        row = tx.lock(Forum, forum.id)
        assert row is not None
        row.starts_at, row.ends_at = tx.now - timedelta(days=1), tx.now - timedelta(hours=20)
        topic = Topic(
            title="Wege zur Arbeit", answer="Wir prüfen einen Werksbus.", answered_at=tx.now,
            created_by_id=moderator, created_at=tx.now, changed_at=tx.now,
        )  # fmt: skip
        tx.session.add(topic)
        tx.session.add(Attendance(forum_id=forum.id, person_id=guest, joined_at=tx.now))
        tx.session.flush()
        for code, text, state, topic_id in (
            ("AAAAAA", "Ein Werksbus <b>für</b> drei Betriebe", State.ACCEPTED, topic.id),
            ("BBBBBB", "Sichere Radwege #let x = 1", State.ACCEPTED, topic.id),
            ("CCCCCC", "Werbung", State.DECLINED, None),
            ("DDDDDD", "Noch ungelesen", State.RECEIVED, None),
        ):
            one = Contribution(
                code=code, forum_id=forum.id, field_id=field, origin=Origin.PHONE, kind=Kind.NEED, text=text,
                state=state, topic_id=topic_id, received_at=tx.now, changed_at=tx.now,
            )  # fmt: skip
            tx.session.add(one)
            tx.session.flush()
            if state is State.DECLINED:
                tx.session.add(
                    ContributionEvent(
                        contribution_id=one.id, verb=Verb.DECLINE, reason="Gehört nicht zur Charta.",
                        by_id=moderator, at=tx.now,
                    )
                )  # fmt: skip
    return halls.again(forum.id)


@pytest.mark.both_databases
def test_a_moderator_makes_it_and_everybody_reads_it(
    forum: Forum, client: InspectingClient, sign_in: Any
) -> None:
    address = f"/foren/{forum.slug}/dokumentation"
    client.get(address, status=404)
    client.get(f"{address}.pdf", status=404)
    moderator = sign_in("moderator")
    assert moderator.get(address).has_text("Noch nicht veröffentlicht")
    page = moderator.click("Bearbeiten und senden")
    assert page.has_text("1 Beitrag ist noch nicht gesichtet")
    page = moderator.submit(page.form(field="text"), text="**Danke** an alle.")
    page = moderator.submit(page.form(button="an 1 Person senden"), "an 1 Person senden")
    assert page.has_text("1 E-Mail geht hinaus.")
    row = halls.mail_to("gast@example.org")
    mail = mails.render(row.template, locale="de", recipient="", secret=None, data=dict(row.data))
    assert mail.subject == "Was aus dem Forum wird: Zukunftsforum Zwickau"
    assert mail.text.count(address) == mail.html.count(address) / 3 == 1
    page = client.get(address)
    for words in ("Danke an alle.", "Wir prüfen einen Werksbus.", "Ein Werksbus <b>für</b> drei Betriebe",
                  "BBBBBB", "Gehört nicht zur Charta.", "Übrige und ohne Angabe"):  # fmt: skip
        assert page.has_text(words), words
    assert not page.has_text("Noch ungelesen")
    assert not page.has_text("Werbung")
    assert len(page.statements) <= 8, page.statements.texts


def test_the_file_is_tagged_and_small(forum: Forum, sign_in: Any) -> None:
    answer = sign_in("moderator").get(f"/foren/{forum.slug}/dokumentation.pdf").response
    data = answer.get_data()
    assert data.startswith(b"%PDF-")
    assert len(data) < 1_000_000
    assert b"/MarkInfo" in data or b"StructTreeRoot" in data
    assert answer.headers["Content-Disposition"].startswith("attachment")
