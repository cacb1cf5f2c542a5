# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Fields of action on pages, and the way from an empty installation to its first section."""

import pytest
from sqlalchemy import func, select

from charta.activity.models import ActivityEntry
from charta.db import session, transaction
from charta.fields import queries, service
from charta.fields.models import FieldOfAction
from charta.fields.rules import slug_of
from charta.sections.models import Section
from charta.site.models import Round
from tests import proposing


@pytest.fixture
def admin(sign_in):
    return sign_in("administrator")


def stored(number):
    session.rollback()
    return session.scalar(select(FieldOfAction).where(FieldOfAction.number == number))


def add(client, *, status=None, **values):
    page = client.get("/verwaltung/handlungsfelder/neu")
    return client.submit(page.form(button="Speichern"), "Speichern", status=status, **values)


def change(client, field_id, *, status=None, **values):
    page = client.get(f"/verwaltung/handlungsfelder/{field_id}")
    return client.submit(page.form(button="Speichern"), "Speichern", status=status, **values)


def test_a_field_is_made_with_an_address_of_its_name(admin, make):
    lead = make.organisation("IHK Chemnitz")
    page = add(
        admin,
        name="Gute Löhne & faire Größe",
        short_name="Löhne",
        description="Was zum Leben reicht.",
        lead_organisation_id=str(lead),
    )
    assert page.has_text("Das Handlungsfeld ist angelegt.")
    assert page.has_text("Federführung: IHK Chemnitz")
    found = stored(1)
    assert (found.slug, found.short_name) == ("gute-loehne-faire-groesse", "Löhne")
    assert session.scalar(select(func.count()).where(ActivityEntry.verb == "create_field")) == 1
    page = admin.get("/verwaltung/handlungsfelder/neu")
    assert page.form(button="Speichern").fields["number"] == ["2"]


@pytest.mark.parametrize(
    "name, slug",
    [
        ("Straße", "strasse"),
        ("Čeština – česky", "cestina-cesky"),
        ("работа", "handlungsfeld"),
        ("  A  &  B ", "a-b"),
        ("ü" * 120, "ue" * 38),
    ],
)
def test_an_address_has_only_plain_letters(name, slug):
    assert slug_of(name) == slug
    assert slug_of(name, {slug}) == f"{slug}-2"
    assert slug_of(name, {slug, f"{slug}-2"}) == f"{slug}-3"


@pytest.mark.parametrize(
    "values, words",
    [
        ({"number": "1", "name": "Neu"}, "Das ist bereits vergeben."),
        ({"number": "2", "name": "ARBEIT"}, "Das ist bereits vergeben."),
        ({"number": "2", "name": ""}, "Dieses Feld"),
        ({"number": "0", "name": "Neu"}, "1"),
        ({"number": "x", "name": "Neu"}, "Zahl"),
        ({"number": "2", "name": "N" * 121}, "erlaubt sind 120"),
        ({"number": "2", "name": "Neu", "short_name": "N" * 61}, "erlaubt sind 60"),
        ({"number": "2", "name": "Neu", "description": "N" * 1001}, "erlaubt sind 1.000"),
    ],
)
def test_what_cannot_be_is_refused_with_the_typed_text_kept(admin, make, values, words):
    make.field_of_action("Arbeit")
    page = add(admin, status=422, **values)
    assert any(words in error for error in page.errors), page.errors
    assert page.form(button="Speichern").fields["name"] == [values["name"]]
    session.rollback()
    assert session.scalar(select(func.count(FieldOfAction.id))) == 1


def test_a_new_name_shows_at_once_and_the_address_stays(admin, make):
    make.settings(draft_is_public=True)
    field = make.field_of_action("Arbeit")
    proposing.section("Erster", field_id=field)
    assert admin.get("/charta").has_text("Arbeit")
    page = change(admin, field, name="Gute Arbeit")
    assert page.has_text("Gute Arbeit")
    assert admin.get("/handlungsfelder/handlungsfeld-1").h1 == "Gute Arbeit"
    assert admin.get("/verwaltung/protokoll?art=field").has_text("hat ein Handlungsfeld geändert")


def test_a_new_number_is_carried_into_sections_and_rounds(admin, make):
    field = make.field_of_action("Arbeit")
    other = make.field_of_action("Bildung")
    section = proposing.section("Erster", field_id=field)
    below = proposing.section("Darunter", parent_id=section)
    make.open_round(field_numbers=[1, 2])
    change(admin, field, status=422, number="2")
    change(admin, field, number="7")
    session.rollback()
    assert session.get(Section, section).number == "7"
    assert session.get(Section, below).number == "7.1"
    assert session.scalar(select(Round)).field_numbers == [2, 7]
    change(admin, other, number="1")
    assert [one.number for one in queries.fields()] == [1, 7]


def test_who_was_slower_is_told_and_overwrites_nothing(admin, make):
    field = make.field_of_action("Arbeit")
    page = admin.get(f"/verwaltung/handlungsfelder/{field}")
    form = page.form(button="Speichern")
    with transaction() as tx:
        tx.session.get(FieldOfAction, field).description = "Von jemand anderem."
    page = admin.submit(form, "Speichern", name="Mein Name", status=409)
    assert page.has_text("Inzwischen hat jemand anderes hier etwas geändert.")
    assert stored(1).name == "Arbeit"


def test_the_same_twice_is_one_deed(admin, make):
    field = make.field_of_action("Arbeit")
    form = admin.get(f"/verwaltung/handlungsfelder/{field}").form(button="Speichern")
    admin.submit(form, "Speichern", name="Neu")
    admin.post(f"/verwaltung/handlungsfelder/{field}", form.data("Speichern", {"name": "Neu"}))
    assert session.scalar(select(func.count()).where(ActivityEntry.verb == "change_field")) == 1


def test_there_is_no_field_with_that_number(admin):
    admin.get("/verwaltung/handlungsfelder/999", status=404)


def test_an_archived_lead_stays_until_somebody_changes_it(admin, make):
    from charta.accounts.service import people

    lead = make.organisation("IHK Chemnitz")
    field = make.field_of_action("Arbeit", lead_organisation_id=lead)
    people.archive_organisation(admin.account.actor, lead)
    change(admin, field, name="Gute Arbeit")
    assert stored(1).lead_organisation_id == lead
    assert "IHK Chemnitz" not in admin.get("/verwaltung/handlungsfelder/neu").body


@pytest.mark.parametrize("role", ["moderator", "partner", "attendee"])
def test_only_the_administration_manages_fields(sign_in, make, role):
    field = make.field_of_action("Arbeit")
    client = sign_in(role)
    for address in ("", "/neu", f"/{field}"):
        client.get(f"/verwaltung/handlungsfelder{address}", status=403)
    client.post("/verwaltung/handlungsfelder/neu", {"number": "2", "name": "Neu"}, status=403)


def test_the_list_costs_the_same_for_many(admin, make):
    for number in range(1, 13):
        make.field_of_action(f"Feld {number}", lead_organisation_id=make.organisation())
    assert admin.get("/verwaltung/handlungsfelder").statements <= 6


def test_a_command_names_what_it_saw(app, make):
    admin, field = make.administrator(), make.field_of_action("Arbeit")
    seen = service.fingerprint(stored(1))
    service.change_field(admin.actor, field, number=1, name="Eins", seen=seen)
    assert service.fingerprint(stored(1)) != seen


# ------------------------------------------------------------------------- an empty installation begins


def test_an_empty_installation_comes_to_its_first_sections(admin, new_client, sign_in):
    page = admin.get("/")
    assert page.links["Handlungsfelder anlegen"] == "/verwaltung/handlungsfelder"
    assert page.has_text("auch ohne offene Runde")
    assert admin.get("/verwaltung").links["Noch ist kein Handlungsfeld angelegt"]

    page = admin.get("/verwaltung/organisationen/neu")
    admin.submit(
        page.form(button="Speichern"), "Speichern", name="Arbeitskammer", short="AK", group="chamber",
        is_partner="y",
    )  # fmt: skip
    add(admin, name="Gute Arbeit", lead_organisation_id="1")
    add(admin, name="Bildung")
    assert admin.get("/verwaltung/handlungsfelder").has_text("Noch steht kein Text in der Charta.")

    author, second = sign_in("moderator"), sign_in("moderator")
    number = propose_section(author, title="Vision", target="0-0", body="So soll es werden.")
    author.post(f"/vorschlaege/{number}/entscheiden", decision_values(author, number), status=403)
    approve(second, number)
    vision = session.scalar(select(Section))
    assert (vision.title, vision.number, vision.field_id) == ("Vision", "", None)
    assert author.get("/charta").has_text("So soll es werden.")

    # The next ones have a place and a field of action.
    number = propose_section(
        author,
        title="Gute Arbeit",
        target=f"0-{vision.id}",
        body="Gute Arbeit für alle.",
        target_field_id="1",
    )
    approve(second, number)
    session.rollback()
    root = session.scalar(select(Section).where(Section.title == "Gute Arbeit"))
    assert (root.number, root.field_id, root.parent_id) == ("1", 1, None)
    assert author.get("/handlungsfelder/gute-arbeit").has_text("Gute Arbeit")

    # A field has one section on the top level, and it is no longer offered there.
    page = author.get("/vorschlaege/neu/abschnitt")
    assert not any("1 Gute Arbeit" in page.words(option) for option in page.by_id("target_field_id"))
    page = propose_section(
        author, title="Noch einer", target=f"0-{root.id}", body="Text.", target_field_id="1", status=422
    )
    assert page.has_text("Dieses Handlungsfeld hat schon einen Abschnitt auf der obersten Ebene.")
    number = propose_section(author, title="Ausbildung", target=f"{root.id}-0", body="Lernen.")
    approve(second, number)
    session.rollback()
    below = session.scalar(select(Section).where(Section.title == "Ausbildung"))
    assert (below.number, below.field_id) == ("1.1", 1)


def propose_section(client, *, title, status=None, **values):
    """Propose a new section as moderators do; return the number of the proposal, or the refusing page."""
    page = client.get("/vorschlaege/neu/abschnitt")
    form = page.form(button="Einreichen")
    page = client.submit(form, "Einreichen", title=title, summary=f"{title} beginnt", status=status, **values)
    return page if status else int(page.path.rsplit("/", 1)[-1])


def decision_values(client, number):
    return {"decision": "approve"} | {name: str(value) for name, value in proposing.seen(number).items()}


def approve(client, number):
    page = client.get(f"/moderation?nr={number}")
    return client.submit(page.form("/entscheidung"), "Übernehmen", status=200)
