# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Organisations, accounts and what the installation says about itself."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from charta.accounts import service as accounts
from charta.accounts.models import Person
from charta.accounts.rules import Group, Voting
from charta.db import transaction
from charta.demo import files
from charta.demo.keys import (
    ADMINISTRATOR,
    EPOCH,
    PASSWORD,
    ZONE,
    Step,
    actor,
    at_clock,
    day_of,
    days_before,
    has_person,
    organisation_id,
)
from charta.permissions import Role
from charta.site import queries as site_queries
from charta.site import service as site
from charta.site.rules import ProposalsPublic

_SLUGS = {
    "about": "ueber-uns",
    "contact": "kontakt",
    "imprint": "impressum",
    "privacy": "datenschutz",
    "accessibility": "barrierefreiheit",
}


def steps(started_at: datetime) -> list[Step]:
    """Return the steps of this part."""
    del started_at  # organisations and people were there from the beginning
    people = files.rows("people", "person")
    administrator = next(row for row in people if row["email"] == ADMINISTRATOR)
    found = [Step(EPOCH, partial(_administrator, administrator), partial(has_person, ADMINISTRATOR))]
    found += [
        Step(EPOCH, partial(_organisation, row), partial(_has_organisation, row["key"]))
        for row in files.rows("organisations", "organisation")
    ]
    found += [
        Step(EPOCH, partial(_person, row), partial(has_person, row["email"]))
        for row in people
        if row["email"] != ADMINISTRATOR
    ]
    found.append(Step(EPOCH, _settings))
    found += [
        Step(EPOCH, partial(_page, _SLUGS[row["key"]], row), partial(_has_page, _SLUGS[row["key"]]))
        for row in files.rows("site", "page")
    ]
    return found


def process_steps(started_at: datetime) -> list[Step]:
    """Return rounds, news and dates: they belong between the deeds of the proposals."""
    found = _rounds(started_at)
    for number, row in enumerate(files.rows("site", "news")):
        at = days_before(started_at, row["days_ago"], step=number)
        found.append(Step(at, partial(_news, row, at), partial(_has_news, row["title"])))
    found += [
        Step(started_at, partial(_date, row, started_at), partial(_has_date, row["title"]))
        for row in files.rows("site", "date")
    ]
    return found


def accounts_list() -> list[tuple[str, str]]:
    """Return (e-mail, role) of every account."""
    return [(row["email"], row["role"]) for row in files.rows("people", "person")]


def _administrator(row: dict[str, Any]) -> None:
    person_id = accounts.create_first_administrator(email=row["email"], name=row["name"], password=PASSWORD)
    with transaction() as tx:
        person = tx.lock(Person, person_id)
        assert person is not None
        person.is_demo = True


def _organisation(row: dict[str, Any]) -> None:
    accounts.create_organisation(
        actor(ADMINISTRATOR),
        name=row["name"],
        short=row["short"],
        group=Group(row["group"]),
        is_partner=row["is_partner"],
    )


def _person(row: dict[str, Any]) -> None:
    accounts.create_person(
        actor(ADMINISTRATOR),
        email=row["email"],
        name=row["name"],
        role=Role(row["role"]),
        organisation_id=organisation_id(row["organisation"]),
        voting=Voting(row["voting"] or "none"),
        password=PASSWORD,
        is_demo=True,
    )


def _has_organisation(key: str) -> bool:
    return organisation_id(key) is not None


def _has_page(slug: str) -> bool:
    return site_queries.page(slug, "de") is not None


def _settings() -> None:
    about = files.read("site")["site"]
    phases = files.rows("site", "phase")
    site.change_settings(
        actor(ADMINISTRATOR),
        name=about["name"],
        initiative=about["initiative"],
        region=about["subtitle"],
        claim=about["headline"],
        lede=" ".join(about["taglines"]),
        funding_notice=f"{about['initiative']} ({about['initiative_short']}). {about['funding']}.",
        demo_notice=about["demonstration"],
        draft_is_public=True,
        proposals_public=ProposalsPublic.DECIDED,
        attendees_see_proposals=True,
        phase=1 + next(index for index, row in enumerate(phases) if row["current"]),
        phases=[[row["name"], row["sentence"]] for row in phases],
    )


def _page(slug: str, row: dict[str, Any]) -> None:
    site.save_page(
        actor(ADMINISTRATOR),
        slug,
        "de",
        title=row["title"],
        body=row["body"].strip() + "\n",
        seen_version=0,
        is_template=row["template"],
    )


def _rounds(started_at: datetime) -> list[Step]:
    row = files.read("site")["round"]
    opens = days_before(started_at, -row["opens"])
    # Changes between Charta 1.0 and the present round were made in a first round.
    first: dict[str, Any] = {
        "name": "Beteiligungsrunde 1",
        "opens_at": opens - timedelta(days=200),
        "closes_at": opens - timedelta(days=6),
        "editorial_at": opens - timedelta(days=4),
        "answer_at": opens - timedelta(days=2),
    }
    end = started_at.astimezone(ZONE).replace(hour=23, minute=59, second=0, microsecond=0)
    second: dict[str, Any] = {
        "name": row["name"],
        "opens_at": opens,
        "closes_at": end + timedelta(days=row["closes"]),
        "editorial_at": end + timedelta(days=row["editorial_deadline"]),
        "answer_at": end + timedelta(days=row["answer_promised"]),
    }
    return [
        Step(
            values["opens_at"] - timedelta(days=1),
            partial(_round, values),
            partial(_has_round, values["name"]),
        )
        for values in (first, second)
    ]


def _round(values: dict[str, Any]) -> None:
    site.save_round(
        actor("moderation@example.org"),
        None,
        field_numbers=[],
        partners_may_propose=True,
        attendees_may_propose=True,
        attendees_may_comment=True,
        **values,
    )


def _has_round(name: str) -> bool:
    return any(entry.name == name for entry in site_queries.rounds())


def _news(row: dict[str, Any], at: datetime) -> None:
    site.publish_news(
        actor(ADMINISTRATOR), title=row["title"], body=row["body"].strip() + "\n", published_at=at
    )


def _has_news(title: str) -> bool:
    return any(item.title == title for item in site_queries.news(limit=100))


def _date(row: dict[str, Any], started_at: datetime) -> None:
    day = day_of(started_at, -row["days_from_now"])
    site.announce_date(
        actor(ADMINISTRATOR),
        title=row["title"],
        place=row["place"],
        starts_at=at_clock(day, row["starts"]),
        ends_at=at_clock(day, row["ends"]) if row["ends"] else None,
    )


def _has_date(title: str) -> bool:
    return any(item.title == title for item in site_queries.coming_dates(limit=100))
