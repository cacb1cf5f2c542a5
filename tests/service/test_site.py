# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands of the installation: who may, what is refused, what a second click does."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from charta.activity.models import ActivityEntry
from charta.db import session, utcnow
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted
from charta.site import queries, service
from charta.site.models import CalendarDate, NewsItem, Page
from charta.site.rules import ProposalsPublic
from tests.races import in_threads

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
ROUND = {
    "name": "Runde 1",
    "opens_at": NOW,
    "closes_at": NOW + timedelta(days=30),
    "editorial_at": NOW + timedelta(days=40),
    "answer_at": NOW + timedelta(days=50),
    "field_numbers": [2, 1],
    "partners_may_propose": True,
    "attendees_may_propose": False,
    "attendees_may_comment": True,
}
PAGE = {"title": "Kontakt", "body": "Text", "seen_version": 0}


def verbs():
    session.rollback()
    return list(session.scalars(select(ActivityEntry.verb).order_by(ActivityEntry.seq)))


@pytest.mark.parametrize("role", ["attendee", "partner", "moderator"])
@pytest.mark.parametrize(
    "command",
    [
        lambda actor: service.change_settings(actor, name="x"),
        lambda actor: service.save_page(actor, "kontakt", "de", **PAGE),
        lambda actor: service.publish_news(actor, title="x", body="x", published_at=NOW),
        lambda actor: service.change_news(actor, 1, title="x", body="x", published_at=NOW),
        lambda actor: service.delete_news(actor, 1),
        lambda actor: service.announce_date(actor, title="x", place="", starts_at=NOW),
        lambda actor: service.change_date(actor, 1, title="x", place="", starts_at=NOW, ends_at=None),
        lambda actor: service.delete_date(actor, 1),
    ],
)
def test_only_the_administration_changes_the_installation(app, make, role, command):
    with pytest.raises(NotPermitted):
        command(make.person(role).actor)


def test_a_deactivated_administrator_changes_nothing(app, make):
    with pytest.raises(NotPermitted):
        service.change_settings(make.administrator(is_active=False).actor, name="x")


def test_moderators_manage_rounds_and_partners_do_not(app, make):
    ident = service.save_round(make.moderator().actor, None, **ROUND)
    assert queries.round_by_id(ident).field_numbers == [1, 2]
    with pytest.raises(NotPermitted):
        service.save_round(make.partner().actor, None, **ROUND)


def test_an_unknown_round_is_not_made_by_accident(app, make):
    with pytest.raises(NotFound):
        service.save_round(make.moderator().actor, 4711, **ROUND)


@pytest.mark.parametrize(
    "values, field",
    [
        ({"closes_at": NOW}, "closes_at"),
        ({"editorial_at": NOW + timedelta(days=29)}, "editorial_at"),
        ({"answer_at": NOW + timedelta(days=39)}, "answer_at"),
        ({"name": " "}, "name"),
        ({"decision_days": 0}, "decision_days"),
        ({"decision_days": 91}, "decision_days"),
    ],
)
def test_a_round_that_makes_no_sense_is_refused(app, make, values, field):
    with pytest.raises(InvalidInput) as error:
        service.save_round(make.moderator().actor, None, **(ROUND | values))
    assert error.value.field == field


def test_settings_are_stored_and_read_back(app, make):
    service.change_settings(
        make.administrator().actor,
        name=" Charta\nNord ",
        four_eyes=False,
        proposals_public=ProposalsPublic.SUBMITTED,
        phase=2,
        phases=[("Entwurf", "Sammeln"), ("Beschluss", "")],
    )
    values = queries.settings()
    assert values.name == "Charta Nord"
    assert values.four_eyes is False
    assert values.proposals_public is ProposalsPublic.SUBMITTED
    assert values.phases == (("Entwurf", "Sammeln"), ("Beschluss", ""))


@pytest.mark.parametrize(
    "values, code",
    [
        ({"farbe": "rot"}, "unknown_setting"),
        ({"name": ""}, "required"),
        ({"name": "x" * 41}, "too_long"),
        ({"name": "a\x00b"}, "forbidden_character"),
        ({"four_eyes": "nein"}, "invalid"),
        ({"phase": True}, "invalid"),
        ({"proposals_public": "alle"}, "invalid"),
        ({"phases": [("", "x")]}, "required"),
    ],
)
def test_a_refused_setting_changes_none(app, make, values, code):
    with pytest.raises(InvalidInput) as error:
        service.change_settings(make.administrator().actor, region="Nordland", **values)
    assert error.value.code == code
    assert queries.settings().region == ""


def test_unchanged_settings_write_nothing(app, make):
    admin = make.administrator()
    service.change_settings(admin.actor, region="Nordland")
    service.change_settings(admin.actor, region="Nordland")
    assert verbs().count("change_settings") == 1


def test_a_page_knows_its_version(app, make):
    admin = make.administrator()
    service.save_page(admin.actor, "kontakt", "de", **PAGE)
    service.save_page(admin.actor, "kontakt", "de", title="Kontakt", body="Neu", seen_version=1)
    with pytest.raises(EditConflict) as error:
        service.save_page(admin.actor, "kontakt", "de", title="Kontakt", body="Anders", seen_version=1)
    assert error.value.data["body"] == "Neu\n"
    assert queries.page("kontakt", "de").version == 2


def test_of_two_first_versions_one_is_stored(app, make):
    actors = [make.administrator().actor, make.administrator().actor]

    def save(actor, body):
        service.save_page(actor, "kontakt", "de", title="Kontakt", body=body, seen_version=0)

    results = in_threads(app, [lambda a=a, b=b: save(a, b) for a, b in zip(actors, "AB", strict=True)])
    assert sum(result is None for result in results) == 1
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Page)) == 1


def test_a_page_is_shown_in_german_when_its_language_is_missing(app, make):
    admin = make.administrator()
    service.save_page(admin.actor, "kontakt", "de", **PAGE)
    assert queries.page("kontakt", "en").locale == "de"
    service.save_page(admin.actor, "kontakt", "en", title="Contact", body="Text", seen_version=0)
    assert queries.page("kontakt", "en").title == "Contact"


def test_planned_news_wait_for_their_time(app, make):
    admin = make.administrator()
    service.publish_news(admin.actor, title="Später", body="x", published_at=utcnow() + timedelta(hours=1))
    service.publish_news(admin.actor, title="Jetzt", body="x", published_at=utcnow() - timedelta(hours=1))
    assert [item.title for item in queries.news()] == ["Jetzt"]
    assert [item.title for item in queries.news_page(with_planned=True)] == ["Später", "Jetzt"]


def test_news_are_paged_without_a_gap_although_many_share_a_moment(app, make):
    admin = make.administrator()
    for number in range(55):
        service.publish_news(admin.actor, title=f"N{number}", body="x", published_at=NOW)
    first = queries.news_page()
    rest = queries.news_page(before_id=first[49].id)
    assert len({item.id for item in [*first[:50], *rest]}) == 55


def test_news_and_dates_are_changed_and_deleted_once(app, make):
    admin = make.administrator()
    news_id = service.publish_news(admin.actor, title="A", body="x", published_at=NOW)
    date_id = service.announce_date(admin.actor, title="A", place="", starts_at=NOW)
    for _ in range(2):
        service.change_news(admin.actor, news_id, title="B", body="x", published_at=NOW)
        service.change_date(admin.actor, date_id, title="B", place="Plauen", starts_at=NOW, ends_at=None)
    for _ in range(2):
        service.delete_news(admin.actor, news_id)
        service.delete_date(admin.actor, date_id)
    found = verbs()
    for verb in ("change_news", "change_date", "delete_news", "delete_date"):
        assert found.count(verb) == 1, verb
    assert session.scalar(select(func.count()).select_from(NewsItem)) == 0
    with pytest.raises(NotFound):
        service.change_news(admin.actor, news_id, title="B", body="x", published_at=NOW)
    with pytest.raises(NotFound):
        service.change_date(admin.actor, date_id, title="B", place="", starts_at=NOW, ends_at=None)


@pytest.mark.parametrize(
    "values, code",
    [
        ({"title": ""}, "required"),
        ({"title": "x" * 201}, "too_long"),
        ({"place": "x" * 121}, "too_long"),
        ({"ends_at": NOW - timedelta(minutes=1)}, "ends_before_start"),
    ],
)
def test_a_refused_date_is_not_stored(app, make, values, code):
    with pytest.raises(InvalidInput) as error:
        service.announce_date(
            make.administrator().actor, **({"title": "Forum", "place": "", "starts_at": NOW} | values)
        )
    assert error.value.code == code
    assert session.scalar(select(func.count()).select_from(CalendarDate)) == 0


def test_a_date_counts_as_coming_until_it_ends(app, make):
    admin = make.administrator()
    now = utcnow()
    service.announce_date(
        admin.actor,
        title="läuft",
        place="",
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
    )
    service.announce_date(admin.actor, title="vorbei", place="", starts_at=now - timedelta(hours=1))
    assert [item.title for item in queries.coming_dates()] == ["läuft"]
    assert [item.title for item in queries.past_dates()] == ["vorbei"]
