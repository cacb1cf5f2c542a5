# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Editions: composed of exactly the texts of a moment, decided on by number, published once and for all."""

from datetime import timedelta
from decimal import Decimal

import pytest
from flask import Flask
from sqlalchemy import select, update

from charta.activity import queries as activity
from charta.activity.models import ActivityEntry
from charta.db import as_of, db, session, transaction, utcnow
from charta.editions import queries, service, wording
from charta.editions.models import Edition, EditionNote
from charta.editions.rules import Decision, EditionState
from charta.editions.service import steps
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.fields import service as fields
from charta.fields.models import FieldOfAction
from charta.measures import service as measures
from charta.measures.models import Measure
from charta.measures.rules import IndicatorFigures, MeasureStatus
from charta.permissions import ANONYMOUS, Policy
from charta.sections import queries as sections
from charta.sections import service as texts
from charta.sections.models import Section
from charta.sections.rules import Cause, SectionKind, StructureCause
from tests import factories
from tests.databases import count_statements
from tests.service.test_proposals_races import at_once


def rewrite(section_id: int, body: str, title: str | None = None) -> None:
    author = factories.moderator().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        texts.write_revision(
            tx, section, author_id=author, title=title or section.title, body=body, cause=Cause.CORRECTION
        )


def move(section_id: int, *, parent_id: int | None = None, after_id: int | None = None) -> None:
    author = factories.moderator().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        texts.place_section(
            tx,
            section,
            parent_id=parent_id,
            field_id=None,
            after_id=after_id,
            author_id=author,
            cause=StructureCause.PROPOSAL,
        )


def bury(section_id: int) -> None:
    author = factories.moderator().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        texts.bury_section(tx, section, author_id=author, cause=StructureCause.PROPOSAL)


def composed(name: str = "1.0", **values: str) -> int:
    return service.compose(factories.moderator().actor, name=name, title=f"Charta {name}", **values)


def published(name: str = "1.0", reason: str = "Vom Konsortium beschlossen.") -> int:
    edition_id = composed(name)
    service.publish(
        factories.moderator().actor, edition_id, seen_version=row(edition_id).version, reason=reason
    )
    return edition_id


def row(edition_id: int) -> queries.EditionRow:
    session.rollback()
    found = queries.by_id(edition_id)
    assert found is not None
    return found


def shown(edition_id: int) -> list[tuple[str, str]]:
    return [(one.number, one.title) for one in queries.entries(edition_id)]


@pytest.fixture
def charta(app: Flask) -> dict[str, int]:
    """Vorwort, A Region (A.1, A.2), 1 Politik with the measure 1.1, B Ende."""
    field = factories.field_of_action("Gute Arbeit")
    ids = {"field": field, "Vorwort": factories.section("Vorwort"), "Region": factories.section("Region")}
    ids["Stärken"] = factories.section("Stärken", parent_id=ids["Region"])
    ids["Schwächen"] = factories.section("Schwächen", parent_id=ids["Region"])
    ids["Politik"] = factories.section("Politik", field_id=field)
    ids["Ende"] = factories.section("Ende")
    ids["Netz"] = factories.measure("Netz", field_id=field)
    return ids


IN_ORDER = [
    ("", "Vorwort"),
    ("A", "Region"),
    ("A.1", "Stärken"),
    ("A.2", "Schwächen"),
    ("1", "Politik"),
    ("1.1", "Netz"),
    ("B", "Ende"),
]


def test_an_edition_takes_every_living_text_in_reading_order(charta: dict[str, int]) -> None:
    edition_id = composed()
    assert shown(edition_id) == IN_ORDER
    found = {one.title: one for one in queries.entries(edition_id)}
    assert [found[title].first_rn for title in ("Vorwort", "Region", "Politik", "Ende")] == [1, 4, 13, 16]
    assert found["Netz"].first_rn == 1
    assert (found["Politik"].field_number, found["Politik"].field_name) == (1, "Gute Arbeit")
    assert (row(edition_id).section_count, row(edition_id).measure_count) == (6, 1)
    assert row(edition_id).paragraph_count == 18
    assert activity.verify()


def test_the_document_of_now_is_what_the_working_draft_shows(charta: dict[str, int]) -> None:
    """Siblings give way silently: the places are replayed, and come out as the tree has them."""
    move(charta["Ende"], after_id=None)
    move(charta["Schwächen"], parent_id=charta["Region"], after_id=None)
    move(charta["Stärken"], after_id=charta["Ende"])
    move(charta["Vorwort"], parent_id=charta["Politik"], after_id=None)
    new = factories.section("Neu", parent_id=charta["Region"])
    bury(charta["Schwächen"])
    move(new, parent_id=None, after_id=charta["Region"])
    wanted = {
        (one.id, one.number, one.parent_id, one.depth, one.first_rn, one.head_id)
        for one in sections.tree(with_measures=True)
    }
    found = {
        (one.section_id, one.number, one.parent_id, one.depth, one.first_rn, one.revision_id)
        for one in queries.document()
    }
    assert found == wanted
    assert [one.section_id for one in queries.document() if one.kind is SectionKind.SECTION] == [
        one.id for one in sections.tree()
    ]


def test_an_edition_of_an_older_moment_holds_the_texts_and_places_of_then(charta: dict[str, int]) -> None:
    session.rollback()
    then = utcnow()
    rewrite(charta["Vorwort"], "Neue Worte.\n\nZweiter Absatz.\n\nDritter.\n\nVierter.", title="Vorwort neu")
    move(charta["Ende"], after_id=None)
    bury(charta["Schwächen"])
    factories.section("Neu")
    with as_of(then):
        edition_id = composed()
    assert shown(edition_id) == IN_ORDER
    assert row(edition_id).paragraph_count == 18
    assert "Neue Worte" not in queries.text_of(edition_id)
    assert [title for _number, title in shown(composed("2.0"))][:2] == ["Ende", "Vorwort neu"]


def test_the_checksum_is_that_of_the_title_and_the_whole_text(charta: dict[str, int]) -> None:
    edition_id = composed()
    whole = queries.text_of(edition_id)
    assert row(edition_id).content_hash == wording.content_hash("Charta 1.0", whole)
    assert "# A.1 Stärken\n\nDie Partner fördern gute Arbeit" in whole
    assert "## Handlungsfeld 1: Gute Arbeit" in whole
    assert "# Maßnahme 1.1 Netz" in whole
    assert "- Verantwortlich: –" in whole


def change_word(ids: dict[str, int]) -> None:
    rewrite(ids["Ende"], factories.BODY.replace("früh", "rechtzeitig"))


def change_number(ids: dict[str, int]) -> None:
    move(ids["Schwächen"], parent_id=ids["Region"], after_id=None)


def change_fact(ids: dict[str, int]) -> None:
    change_measure(ids["Netz"], target=Decimal("12.5"))


def change_name_of_a_field(ids: dict[str, int]) -> None:
    found = session.get(FieldOfAction, ids["field"])
    assert found is not None
    seen = fields.fingerprint(found)
    fields.change_field(
        factories.administrator().actor,
        ids["field"],
        seen=seen,
        number=1,
        name="Gute Arbeit und Löhne",
        short_name="Arbeit",
        description="",
        lead_organisation_id=None,
    )


def change_measure(
    measure_id: int, *, target: Decimal | None, status: MeasureStatus = MeasureStatus.PROPOSED
) -> None:
    measure = session.get(Measure, measure_id)
    assert measure is not None
    measures.change_attributes(
        factories.moderator().actor,
        measure_id,
        responsible_id=None,
        participant_ids=[],
        status=status,
        starts_on=None,
        ends_on=None,
        indicators=[IndicatorFigures("Betriebe", "Zahl", Decimal(0), target, Decimal(3))],
        seen_version=measure.version,
    )


@pytest.mark.parametrize("change", [change_word, change_number, change_fact, change_name_of_a_field])
def test_the_checksum_changes_with_any_word_number_or_fact(charta: dict[str, int], change) -> None:  # type: ignore[no-untyped-def]
    edition_id = composed()
    before = row(edition_id)
    change(charta)
    assert row(edition_id) == before, "what is composed stands still until it is composed anew"
    service.recompose(factories.moderator().actor, edition_id, seen_version=before.version)
    assert row(edition_id).content_hash != before.content_hash


def test_how_far_a_measure_is_does_not_belong_to_an_edition(charta: dict[str, int]) -> None:
    change_measure(charta["Netz"], target=Decimal(5))
    edition_id = composed()
    before = row(edition_id)
    change_measure(charta["Netz"], target=Decimal(5), status=MeasureStatus.RUNNING)
    service.recompose(factories.moderator().actor, edition_id, seen_version=before.version)
    assert row(edition_id) == before


def test_nothing_is_composed_of_an_empty_charta(app: Flask) -> None:
    with pytest.raises(InvalidInput) as caught:
        composed()
    assert (caught.value.field, caught.value.code) == ("edition", "empty")


def test_only_moderators_compose_and_publish(charta: dict[str, int]) -> None:
    edition_id = composed()
    for account in (factories.partner(), factories.administrator(), factories.attendee()):
        who = account.actor
        with pytest.raises(NotPermitted):
            service.compose(who, name="2.0", title="Charta 2.0")
        with pytest.raises(NotPermitted):
            service.recompose(who, edition_id, seen_version=1)
        with pytest.raises(NotPermitted):
            service.discard(who, edition_id)
        with pytest.raises(NotPermitted):
            service.publish(who, edition_id, seen_version=1, reason="Doch.")


def test_two_moderators_compose_the_same_name_at_once(app: Flask, charta: dict[str, int]) -> None:
    one, other = factories.moderator(), factories.moderator()
    db.session.remove()
    results = at_once(
        app,
        *[
            lambda who=who: service.compose(who.actor, name="2.0", title="Charta 2.0")  # type: ignore[misc]
            for who in (one, other)
        ],
    )
    refused = [result for result in results if isinstance(result, InvalidInput)]
    assert [(error.field, error.code) for error in refused] == [("name", "taken")]
    assert len(session.scalars(select(Edition)).all()) == 1


def test_a_name_that_was_thrown_away_is_free_again(charta: dict[str, int]) -> None:
    first = composed("2.0")
    with pytest.raises(InvalidInput):
        composed("2.0")
    moderator = factories.moderator().actor
    service.discard(moderator, first)
    service.discard(moderator, first)  # twice is no error
    second = composed("2.0")
    assert row(second).state is EditionState.COMPOSED
    assert queries.named(moderator, "2.0")[0].id == second


def test_composing_anew_is_refused_when_somebody_else_was_quicker(charta: dict[str, int]) -> None:
    edition_id = composed()
    seen = row(edition_id).version
    moderator = factories.moderator().actor
    change_word(charta)
    service.recompose(moderator, edition_id, seen_version=seen)
    with pytest.raises(EditConflict):
        service.recompose(moderator, edition_id, seen_version=seen)
    with pytest.raises(EditConflict):
        service.publish(moderator, edition_id, seen_version=seen, reason="Es ist Zeit.")


def test_while_a_ballot_holds_an_edition_it_stands_still(charta: dict[str, int]) -> None:
    edition_id = composed("2.0")
    with transaction() as tx:
        steps.hold(tx, edition_id, 7)
    version = row(edition_id).version
    moderator = factories.moderator().actor
    deeds = {
        "recompose": lambda: service.recompose(moderator, edition_id, seen_version=version),
        "discard": lambda: service.discard(moderator, edition_id),
        "publish": lambda: service.publish(moderator, edition_id, seen_version=version, reason="Doch."),
    }
    for name, deed in deeds.items():
        with pytest.raises(WrongState) as caught:
            deed()
        assert (caught.value.action, caught.value.state) == (name, "held")
    with pytest.raises(WrongState) as second, transaction() as tx:
        steps.hold(tx, edition_id, 8)
    assert (second.value.action, second.value.state) == ("open", "held")


def test_what_the_partners_adopted_is_published_without_a_reason(charta: dict[str, int]) -> None:
    edition_id = composed("2.0")
    with transaction() as tx:
        steps.hold(tx, edition_id, 7)
    with transaction() as tx:
        steps.release(tx, edition_id, 8, Decision.NOT_ADOPTED)  # not its ballot: nothing happens
        steps.release(tx, edition_id, 7, Decision.ADOPTED)
    assert (row(edition_id).decision, row(edition_id).decided_by_ballot) == (Decision.ADOPTED, 7)
    service.publish(factories.moderator().actor, edition_id, seen_version=row(edition_id).version)
    assert row(edition_id).state is EditionState.PUBLISHED
    entry = session.scalars(select(ActivityEntry).order_by(ActivityEntry.seq.desc())).first()
    assert entry is not None
    assert (entry.verb, entry.data["content_hash"]) == ("publish_edition", row(edition_id).content_hash)


def test_a_decision_on_the_text_before_is_none_on_this(charta: dict[str, int]) -> None:
    edition_id = composed("2.0")
    with transaction() as tx:
        steps.hold(tx, edition_id, 7)
        steps.release(tx, edition_id, 7, Decision.ADOPTED)
    moderator = factories.moderator().actor
    service.recompose(moderator, edition_id, seen_version=row(edition_id).version)
    assert row(edition_id).decision is Decision.ADOPTED, "the text is the same"
    change_word(charta)
    service.recompose(moderator, edition_id, seen_version=row(edition_id).version)
    assert (row(edition_id).decision, row(edition_id).decided_by_ballot) == (Decision.NONE, None)


@pytest.mark.parametrize("decision", [Decision.NONE, Decision.NOT_ADOPTED])
def test_without_a_decision_publishing_needs_a_reason(charta: dict[str, int], decision: Decision) -> None:
    edition_id = composed("2.0")
    with transaction() as tx:
        steps.hold(tx, edition_id, 7)
        steps.release(tx, edition_id, 7, decision)
    moderator = factories.moderator().actor
    with pytest.raises(InvalidInput) as caught:
        service.publish(moderator, edition_id, seen_version=row(edition_id).version, reason=" \n ")
    assert (caught.value.field, caught.value.code) == ("reason", "required")


def test_a_published_edition_is_never_changed_again(charta: dict[str, int]) -> None:
    edition_id = published()
    moderator = factories.moderator().actor
    version = row(edition_id).version
    for deed in (
        lambda: service.recompose(moderator, edition_id, seen_version=version),
        lambda: service.discard(moderator, edition_id),
        lambda: service.publish(moderator, edition_id, seen_version=version, reason="Noch einmal."),
    ):
        with pytest.raises(WrongState) as caught:
            deed()
        assert caught.value.state == "published"
    with pytest.raises(WrongState), transaction() as tx:
        steps.hold(tx, edition_id, 7)
    with pytest.raises(WrongState), transaction() as tx:
        steps.replace_notes(tx, edition_id, [])


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE edition SET title = 'Charta 9'",
        "UPDATE edition SET state = 'composed', published_at = NULL",
        "UPDATE edition SET content_hash = 'x'",
        "DELETE FROM edition",
        "UPDATE edition_entry SET number = '9' WHERE position = 1",
        "UPDATE edition_entry SET edition_id = (SELECT max(id) FROM edition) WHERE position = 1",
        "DELETE FROM edition_entry",
        (
            "INSERT INTO edition_entry (edition_id, position, section_id, revision_id, kind, depth, number,"
            " field_name, first_rn, paragraph_count)"
            " SELECT edition_id, 99, 99, revision_id, kind, depth, number, field_name, first_rn,"
            " paragraph_count FROM edition_entry WHERE position = 1"
        ),
        "UPDATE edition_note SET text = 'anders'",
        "DELETE FROM edition_note",
        (
            "INSERT INTO edition_note (edition_id, section_id, organisation_name, quote, text)"
            " SELECT edition_id, section_id, organisation_name, quote, text FROM edition_note"
        ),
    ],
)
def test_the_database_itself_keeps_a_published_edition(charta: dict[str, int], statement: str) -> None:
    edition_id = composed()
    with transaction() as tx:
        steps.replace_notes(
            tx, edition_id, [steps.PrintedNote(charta["Ende"], "IHK", "", "Nein.", None, None)]
        )
    for refused in (False, True):
        if refused:
            with transaction() as tx:
                # Only the state: publishing would print the notes that stand.
                tx.session.execute(update(Edition).values(state=EditionState.PUBLISHED, published_at=tx.now))
            with pytest.raises(Exception, match="never changes"), db.engine.begin() as connection:
                connection.exec_driver_sql(statement)
        elif "INSERT" not in statement and "state" not in statement:
            with db.engine.connect() as connection:  # while it is composed the database lets it pass
                connection.exec_driver_sql(statement)
                connection.rollback()


def test_the_next_edition_has_a_higher_number(charta: dict[str, int]) -> None:
    waiting = composed("1.5")
    published("2.0")
    for name in ("2.0", "1.9", "1.10"):
        with pytest.raises(InvalidInput) as caught:
            composed(name)
        assert caught.value.code in {"edition_order", "taken"}
    with pytest.raises(WrongState) as refused:
        service.publish(
            factories.moderator().actor, waiting, seen_version=row(waiting).version, reason="Doch noch."
        )
    assert refused.value.state == "overtaken"
    composed("2.0.1")


def test_printed_notes_are_replaced_as_a_whole(charta: dict[str, int]) -> None:
    edition_id = composed()
    note = steps.PrintedNote(charta["Ende"], "IHK", "gute Arbeit", "Wir sehen das anders.", 20, 31)
    before = row(edition_id).version
    for _ in range(2):
        with transaction() as tx:
            steps.replace_notes(tx, edition_id, [note])
    assert [one.text for one in session.scalars(select(EditionNote))] == ["Wir sehen das anders."]
    assert row(edition_id).version == before + 1
    assert set(queries.notes(edition_id)) == {charta["Ende"]}


def test_editions_are_named_in_the_order_of_their_numbers(charta: dict[str, int]) -> None:
    for name in ("1.9", "1.10", "2.0"):
        published(name)
    listed = queries.editions(ANONYMOUS)
    assert [one.name for one in listed] == ["2.0", "1.10", "1.9"]
    assert [one.previous_name for one in listed] == ["1.10", "1.9", ""]
    latest = queries.latest_published()
    assert latest is not None
    assert latest.name == "2.0"
    row_of_first, following = queries.named(ANONYMOUS, "1.9")
    assert following is not None
    assert (row_of_first.name, following.name) == ("1.9", "1.10")


def test_an_edition_is_seen_by_who_may_read_the_draft_until_it_is_published(charta: dict[str, int]) -> None:
    edition_id = composed()
    everybody = Policy(draft_is_public=True)
    with pytest.raises(NotFound):
        queries.named(ANONYMOUS, "1.0")
    assert queries.editions(ANONYMOUS) == []
    assert queries.named(ANONYMOUS, "1.0", policy=everybody)[0].id == edition_id
    assert queries.named(factories.attendee().actor, "1.0")[0].id == edition_id
    service.discard(factories.moderator().actor, edition_id)
    for viewer in (factories.partner().actor, factories.moderator().actor):
        with pytest.raises(NotFound):
            queries.named(viewer, "1.0")
    assert queries.editions(factories.partner().actor) == []
    assert [one.id for one in queries.editions(factories.moderator().actor)] == [edition_id]


def test_composing_takes_the_same_statements_for_ten_and_for_a_hundred_texts(app: Flask) -> None:
    author, moderator = factories.moderator().id, factories.moderator().actor
    counts = []
    for wanted in (10, 100):
        for number in range(wanted - len(counts) * 10):
            factories.section(f"Abschnitt {wanted}.{number}", author_id=author)
        with count_statements() as counted:
            service.compose(moderator, name=f"{wanted}.0", title="Charta")
        counts.append(int(counted))
    assert counts[0] == counts[1] <= 20, counts


def test_what_stands_in_an_edition_can_be_asked_for_by_section(charta: dict[str, int]) -> None:
    edition_id = published()
    rewrite(charta["Ende"], "Neu.")
    found = queries.revision_in(edition_id, charta["Ende"])
    assert found is not None
    assert (found.number, found.body) == (1, factories.BODY)
    with as_of(utcnow() + timedelta(seconds=1)):
        new = factories.section("Später")
    assert queries.revision_in(edition_id, new) is None
