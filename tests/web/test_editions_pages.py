# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of editions: read by everybody once published, unchanged whatever happens to the text after that."""

from collections.abc import Callable

import pytest
from flask import Flask

from charta.db import session, transaction
from charta.editions import queries, service
from charta.editions.rules import Decision
from charta.editions.service import steps
from charta.fields import service as fields
from charta.fields.models import FieldOfAction
from charta.measures import service as measures
from charta.measures.models import Measure
from charta.measures.rules import MeasureStatus
from charta.sections import service as sections
from charta.sections.models import Section
from charta.sections.rules import Cause
from charta.text.hashing import content_hash
from charta.watching.service import telling, watching
from tests import factories
from tests.inspecting import InspectingClient

SignIn = Callable[..., InspectingClient]


@pytest.fixture
def charta(app: Flask) -> dict[str, int]:
    field = factories.field_of_action("Gute Arbeit")
    section = factories.section("Wandel im Betrieb", field_id=field)
    return {"field": field, "section": section, "measure": factories.measure("Lernfabrik", field_id=field)}


def composed(name: str = "1.0") -> int:
    return service.compose(factories.moderator().actor, name=name, title=f"Charta {name}")


def version(edition_id: int) -> int:
    session.rollback()
    row = queries.by_id(edition_id)
    assert row is not None
    return row.version


def published(name: str = "1.0") -> int:
    edition_id = composed(name)
    moderator = factories.moderator().actor
    service.publish(
        moderator, edition_id, seen_version=version(edition_id), reason="Vom Konsortium beschlossen."
    )
    return edition_id


def rewrite(section_id: int, body: str) -> None:
    author = factories.moderator().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        sections.write_revision(
            tx, section, author_id=author, title="Anders", body=body, cause=Cause.CORRECTION
        )


def test_everybody_reads_a_published_edition_with_its_numbers(
    charta: dict[str, int], client: InspectingClient
) -> None:
    published()
    page = client.get("/charta/1.0")
    assert page.has_text("Freigegeben am")
    assert page.has_text("Grund: Vom Konsortium beschlossen.")
    assert page.has_text("Gute Arbeit")
    assert page.has_text("Maßnahmen im Handlungsfeld Gute Arbeit")
    assert page.has_text("Lernfabrik")
    assert [page.words(one) for one in page.elements("a", class_="ch-rn")] == [
        *(f"Randnummer {n}" for n in (1, 2, 3)),
        *(f"Absatz {n}" for n in (1, 2, 3)),
    ]
    assert not page.has_text("Mit der Arbeitsfassung vergleichen"), "they may not read the draft"
    assert client.get("/charta/fassungen").has_text("Charta 1.0")


def test_after_publication_nothing_on_the_page_changes(
    charta: dict[str, int], client: InspectingClient
) -> None:
    edition_id = published()
    before = client.get("/charta/1.0").body
    wording = client.get("/charta/1.0/wortlaut.txt").body
    rewrite(charta["section"], "Ganz neu.")
    field, measure = session.get(FieldOfAction, charta["field"]), session.get(Measure, charta["measure"])
    assert field is not None
    assert measure is not None
    seen, measure_version = fields.fingerprint(field), measure.version
    fields.change_field(
        factories.administrator().actor, charta["field"], number=7, name="Umbenannt", seen=seen
    )
    measures.change_attributes(
        factories.moderator().actor,
        charta["measure"],
        responsible_id=factories.organisation("Neue Stelle"),
        participant_ids=[],
        status=MeasureStatus.DONE,
        starts_on=None,
        ends_on=None,
        indicators=[],
        seen_version=measure_version,
    )
    assert client.get("/charta/1.0").body == before
    assert client.get("/charta/1.0/wortlaut.txt").body == wording
    row = queries.by_id(edition_id)
    assert row is not None
    assert content_hash("Charta 1.0", wording) == row.content_hash


def test_a_composed_edition_is_for_who_may_read_the_draft(
    charta: dict[str, int], client: InspectingClient, sign_in: SignIn
) -> None:
    composed("2.0")
    client.get("/charta/2.0", status=404)
    client.get("/charta/2.0/wortlaut.txt", status=404)
    assert not client.get("/charta/fassungen").has_text("Charta 2.0")
    page = sign_in("partner").get("/charta/2.0")
    assert page.has_text("Zusammengestellt, noch nicht freigegeben")
    assert not page.has_text("Verwerfen")
    factories.settings(draft_is_public=True)
    assert client.get("/charta/2.0").has_text("noch nicht freigegeben")


def test_other_names_in_the_address_are_not_found(charta: dict[str, int], client: InspectingClient) -> None:
    published()
    for name in (
        "3.0",  # of no edition
        "fassung",
        "1.0.0.0",
        "01.0",
        "1.0%0A",
        "1.%D9%A0",  # an Arabic zero
        "1.0'--",
        "..%2Fcharta",
        "1.0" * 50,
    ):
        client.get(f"/charta/{name}", status=404)
        client.get(f"/charta/{name}/wortlaut.txt", status=404)


def test_a_moderator_composes_and_publishes_an_edition(charta: dict[str, int], sign_in: SignIn) -> None:
    moderator = sign_in("moderator")
    page = moderator.get("/charta/fassungen/zusammenstellen")
    assert page.has_text("Das kommt hinein")
    page = moderator.post(
        "/charta/fassungen/zusammenstellen", {"name": "2", "title": "Charta 2.0"}, status=422
    )
    assert page.has_text("Eine Fassung heißt wie eine Nummer mit Punkt")
    page = moderator.post("/charta/fassungen/zusammenstellen", {"name": "2.0", "title": "Charta 2.0"})
    assert page.path == "/charta/2.0"
    row = next(one for one in queries.editions(moderator.account.actor) if one.name == "2.0")
    address = f"/charta/fassungen/{row.id}/freigeben"
    page = moderator.get(address)
    assert page.has_text(row.content_hash)
    seen = {"fassung": str(row.version)}
    page = moderator.post(address, {**seen, "reason": ""}, status=422)
    assert page.has_text("Bitte füllen Sie dieses Feld aus.")
    page = moderator.post(address, {**seen, "reason": "Es eilt."})
    assert page.path == "/charta/2.0"
    assert page.has_text("Grund: Es eilt.")
    assert moderator.get(address).has_text("Diese Fassung gilt.")
    page = moderator.post(address, {**seen, "reason": "Noch einmal."}, status=409)
    assert page.has_text("Sie ändert sich nicht mehr.")


def test_without_any_text_nothing_is_composed(sign_in: SignIn) -> None:
    page = sign_in("moderator").post(
        "/charta/fassungen/zusammenstellen", {"name": "1.0", "title": "Charta 1.0"}, status=422
    )
    assert page.has_text("Die Charta hat noch keinen Text")


def test_a_taken_name_leaves_what_was_typed_on_the_page(charta: dict[str, int], sign_in: SignIn) -> None:
    composed("2.0")
    page = sign_in("moderator").post(
        "/charta/fassungen/zusammenstellen",
        {"name": "2.0", "title": "Noch eine", "note": "Worte."},
        status=422,
    )
    assert page.has_text("Das ist bereits vergeben.")
    assert 'value="Noch eine"' in page.body


def test_a_held_edition_stands_still_and_says_so(
    charta: dict[str, int], sign_in: SignIn, client: InspectingClient
) -> None:
    edition_id = composed("2.0")
    with transaction() as tx:
        steps.hold(tx, edition_id, 7)
    factories.settings(draft_is_public=True)
    # A ballot in progress is not for the public.
    assert client.get("/charta/2.0").has_text("Als Nächstes stimmen die Partner darüber ab")
    moderator = sign_in("moderator")
    page = moderator.get("/charta/2.0")
    assert page.has_text("Über genau diesen Text wird abgestimmt.")
    assert page.links["Abstimmung 7"] == "/abstimmungen/7"
    seen = {"fassung": str(version(edition_id))}
    page = moderator.post(f"/charta/fassungen/{edition_id}/neu", seen)
    assert page.has_text("wird gerade abgestimmt (Abstimmung 7)")
    page = moderator.post(f"/charta/fassungen/{edition_id}/verwerfen", {}, status=409)
    assert page.has_text("wird gerade abgestimmt (Abstimmung 7)")
    with transaction() as tx:
        steps.release(tx, edition_id, 7, Decision.ADOPTED)
    assert moderator.get("/charta/2.0").has_text("Die Partner haben genau diesen Text beschlossen.")


def test_composing_anew_says_whether_anything_changed(charta: dict[str, int], sign_in: SignIn) -> None:
    edition_id = composed("2.0")
    moderator = sign_in("moderator")
    address = f"/charta/fassungen/{edition_id}/neu"
    page = moderator.post(address, {"fassung": str(version(edition_id))})
    assert page.has_text("hat sich kein Text geändert")
    rewrite(charta["section"], "Ein Satz, der neu ist.")
    seen = {"fassung": str(version(edition_id))}
    page = moderator.post(address, seen)
    assert page.has_text("Ein Satz, der neu ist.")
    page = moderator.post(address, seen)
    assert page.has_text("hat jemand anderes hier etwas geändert")


def test_a_discarded_edition_is_listed_for_moderators_only(charta: dict[str, int], sign_in: SignIn) -> None:
    edition_id = composed("2.0")
    moderator = sign_in("moderator")
    page = moderator.get(f"/charta/fassungen/{edition_id}/verwerfen")
    assert page.has_text("Charta 2.0")
    page = moderator.post(f"/charta/fassungen/{edition_id}/verwerfen", {})
    assert page.path == "/charta/fassungen"
    assert page.has_text("1 verworfene Zusammenstellung")
    assert not sign_in("partner").get("/charta/fassungen").has_text("verworfen")
    moderator.get("/charta/2.0", status=404)


def test_the_selector_leads_to_editions_and_nowhere_else(
    charta: dict[str, int], client: InspectingClient
) -> None:
    published()
    factories.settings(draft_is_public=True)
    page = client.get("/charta")
    assert page.elements("select", id="zu")
    assert client.get("/charta/fassungen?zu=1.0").path == "/charta/1.0"
    assert client.get("/charta/fassungen?zu=arbeitsfassung").path == "/charta"
    client.get("/charta/fassungen?zu=//example.org", status=404)


def test_an_edition_that_was_superseded_names_the_one_in_force(
    charta: dict[str, int], client: InspectingClient
) -> None:
    published("1.9")
    published("1.10")
    page = client.get("/charta/1.9")
    assert page.has_text("Seitdem gilt Fassung 1.10.")
    assert client.get("/charta/1.10").has_text("Diese Fassung gilt.")


def test_an_edition_that_waits_is_compared_with_the_one_in_force_now(
    charta: dict[str, int], sign_in: SignIn
) -> None:
    composed("2.0")
    partner = sign_in("partner")
    assert not any("/vergleich/2.0" in link for link in partner.get("/charta/2.0").links.values())
    for name in ("1.0", "1.1"):
        published(name)
        for address in ("/charta/2.0", "/charta/fassungen"):
            assert f"/charta/{name}/vergleich/2.0" in partner.get(address).links.values()
    assert "/charta/1.0/vergleich/1.1" in partner.get("/charta/1.1").links.values()


def test_an_edition_of_measures_alone_has_no_numbered_paragraphs(
    app: Flask, client: InspectingClient
) -> None:
    factories.measure("Lernfabrik", field_id=factories.field_of_action("Gute Arbeit"))
    published()
    page = client.get("/charta/1.0")
    assert page.has_text("0 Abschnitte, 1 Maßnahme")
    assert not page.has_text("Randnummern 1 bis")


def test_a_note_of_dissent_is_printed_at_its_passage(
    charta: dict[str, int], client: InspectingClient
) -> None:
    edition_id = composed()
    start = factories.BODY.index("Bis 2030")
    with transaction() as tx:
        steps.replace_notes(
            tx,
            edition_id,
            [
                steps.PrintedNote(
                    charta["section"], "IHK Chemnitz", "Bis 2030", "Zu früh.", start, start + 8
                ),
                steps.PrintedNote(charta["section"], "IG Metall", "", "Wir stimmen nicht zu.", None, None),
            ],
        )
    factories.settings(draft_is_public=True)
    page = client.get("/charta/1.0")
    second = page.words(page.by_id("rn2"))
    assert "Protokollnotiz von IHK Chemnitz" in second
    assert "IG Metall" not in second
    assert page.has_text("Wir stimmen nicht zu.")


def test_who_watches_a_section_hears_that_it_was_published(charta: dict[str, int], sign_in: SignIn) -> None:
    partner = sign_in("partner")
    telling.tell_next()
    watching.watch(partner.account.actor, "section", charta["section"])
    published()
    while telling.tell_next():
        pass
    assert partner.get("/mein-bereich/nachrichten").has_text("Fassung 1.0 der Charta freigegeben")
    assert partner.get("/aktivitaet").has_text("Fassung 1.0 der Charta freigegeben")
