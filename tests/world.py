# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A small installation with one of everything: for tests that walk over all addresses."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from werkzeug.routing import Rule

from charta.accounts.models import Person, UserSession
from charta.comments.rules import Place
from charta.db import session, transaction, utcnow
from charta.notifications import service as notifications
from charta.notifications.models import OutboxMail
from charta.permissions import Role
from charta.site import service as site
from tests import ballot_samples, edition_samples, factories, gatherings, proposing, talking, told
from tests.factories import Account


@dataclass
class World:
    """Who is there, and an id of each kind of thing."""

    people: dict[str, Account]
    ids: dict[str, Any]
    by_endpoint: dict[str, dict[str, Any]] = field(default_factory=dict)

    def values(self, rule: Rule) -> dict[str, Any]:
        """Return a value for each part of an address; raise when a kind of id is new here."""
        feature = rule.endpoint.partition(".")[0]
        special = self.by_endpoint.get(f"{feature}.", {}) | self.by_endpoint.get(rule.endpoint, {})
        missing = [name for name in rule.arguments if name not in special and name not in self.ids]
        if missing:
            raise LookupError(f"tests/world.py knows no {missing} for {rule.rule}")
        return {name: special.get(name, self.ids.get(name)) for name in rule.arguments}


def build() -> World:
    """Store a small installation; needs the context of an application on an empty database."""
    factories.settings(draft_is_public=True)
    now = utcnow()
    ours = factories.organisation("IHK Chemnitz", short="IHK")
    people = {
        "attendee": factories.attendee(email="attendee@example.org", name="Theo Teilnehmer"),
        "partner": factories.partner(
            email="partner@example.org", name="Anna Verfasserin", organisation_id=ours
        ),
        "other partner": factories.partner(email="other@example.org", name="Frieda Fremd"),
        "moderator": factories.moderator(email="moderator@example.org", name="Mara Moderation"),
        "administrator": factories.administrator(email="admin@example.org", name="Ada Administration"),
        "deactivated": factories.moderator(email="gone@example.org", name="Gerd Gegangen"),
    }
    admin, author = people["administrator"], people["partner"]
    round_id = factories.open_round()
    field_id = factories.field_of_action("Arbeit")
    section_id = proposing.section(field_id=field_id)
    measure_id = factories.measure(field_id=field_id)
    number = proposing.submitted(author, section_id)
    second = proposing.submitted(author, section_id, "früh", "sehr früh")
    draft = proposing.draft(author, section_id, "geprüft", "gründlich geprüft")
    site.publish_news(admin.actor, title="Es geht los", body="Die Runde ist offen.", published_at=now)
    site.announce_date(admin.actor, title="Kongress", place="Zwickau", starts_at=now + timedelta(days=9))
    with transaction() as tx:
        person = tx.lock(Person, people["attendee"].id)
        assert person is not None
        notifications.enqueue(tx, person, "password_changed")
    key = factories.open_browser(author)
    ids = {
        "section_id": section_id,
        "field_id": field_id,
        "measure_id": measure_id,
        "number": number,
        "news_id": 1,
        "date_id": 1,
        "round_id": round_id,
        "organisation_id": ours,
        "person_id": people["attendee"].id,
        "mail_id": session.scalar(select(OutboxMail.id).limit(1)),
        "session_id": session.scalar(select(UserSession.id).where(UserSession.person_id == author.id)),
        "slug": "impressum",
        "locale": "de",
        "key": "kein-gueltiger-schluessel",
        "filename": "css/tokens.css",
        "second": second,
        "draft": draft,
        "session_key": key,
    }
    with transaction() as tx:
        in_hall = [account.id for name, account in people.items() if name not in {"attendee", "deactivated"}]
        ids |= gatherings.build(
            tx, 3, moderator_id=people["moderator"].id, people=in_hall, field_id=field_id, source_id=None
        )
    # The partner's own, still to be changed: on the section, which has a place for it.
    ids["comment_id"] = talking.said(author, section_id=section_id, place=Place.PARAGRAPH, paragraph=0)
    ids["notice_id"] = told.told(people["other partner"], "submit_proposal", number)
    ids |= ballot_samples.build(
        people["moderator"].actor, author.actor, people["attendee"].actor, noted_on=section_id
    )
    ids |= edition_samples.build(people["moderator"].actor)
    session.rollback()
    return World(
        people=people,
        ids=ids,
        by_endpoint={
            "sections.revision": {"number": 1},
            "fields.show": {"slug": "handlungsfeld-1"},
            "watching.activity_of_field": {"slug": "handlungsfeld-1"},
            "watching.activity_feed_of_field": {"slug": "handlungsfeld-1"},
            "web.help_page": {"slug": "vorschlagen"},
            **gatherings.by_endpoint(ids),
            **ballot_samples.by_endpoint(ids),
            **edition_samples.by_endpoint(ids),
        },
    )


ROLES = {
    "attendee": Role.ATTENDEE,
    "partner": Role.PARTNER,
    "other partner": Role.PARTNER,
    "moderator": Role.MODERATOR,
    "administrator": Role.ADMINISTRATOR,
}
