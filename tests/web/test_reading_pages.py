# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading pages: the whole Charta and a section, their numbers, panels, tabs and what they cost."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from charta.db import transaction
from charta.sections import service
from charta.sections.models import Section
from charta.sections.rules import Cause, StructureCause
from tests import factories
from tests.inspecting import InspectingClient, Page


@pytest.fixture
def public(app: Flask) -> None:
    """The draft may be read by everybody, and a round is open."""
    factories.settings(draft_is_public=True)
    factories.open_round()


def rewrite(section_id: int, body: str, **more: Any) -> int:
    author = factories.partner().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        values = {"title": section.title, "cause": Cause.PROPOSAL, "author_id": author} | more
        return service.write_revision(tx, section, body=body, **values).number


def bury(section_id: int, proposal_id: int = 9) -> None:
    author = factories.moderator().id
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        service.bury_section(
            tx, section, author_id=author, cause=StructureCause.PROPOSAL, proposal_id=proposal_id
        )


def shown_numbers(page: Page) -> list[str]:
    return [page.words(found).removeprefix("Randnummer ") for found in page.elements("a", class_="ch-rn")]


# ------------------------------------------------------------------------------------------ the whole Charta


def test_the_draft_is_closed_to_visitors_unless_the_setting_opens_it(client: InspectingClient) -> None:
    factories.section()
    assert client.get("/charta").path == "/anmelden"
    factories.settings(draft_is_public=True)
    assert client.get("/charta").has_text("Gute Arbeit")


def test_an_empty_charta_says_what_will_stand_here(public: None, client: InspectingClient) -> None:
    assert client.get("/charta").has_text("Hier steht noch kein Text")


def test_randnummern_run_through_the_whole_text(public: None, client: InspectingClient) -> None:
    factories.section("Vorwort", "Eins.\n\nZwei.")
    factories.section("Region", "### Zwischentitel\n\nDrei.\n\n- a\n- b")
    page = client.get("/charta")
    assert shown_numbers(page) == ["1", "2", "3", "4"]
    assert "Drei." in page.words(page.by_id("rn3"))
    assert page.has_text("Randnummern 1 bis 4")


def test_sections_show_number_field_and_the_measures_of_the_field(
    public: None, client: InspectingClient
) -> None:
    field = factories.field_of_action("Arbeit", lead_organisation_id=factories.organisation("IG Metall"))
    factories.section("Vorwort")
    root = factories.section("Arbeit und Leben", field_id=field)
    factories.section("Wandel im Betrieb", parent_id=root)
    factories.measure("Lotsen ausbauen", field_id=field)
    page = client.get("/charta")
    for words in (
        "1 Arbeit und Leben",
        "1.1 Wandel im Betrieb",
        "Federführung: IG Metall",
        "1.1 Lotsen ausbauen",
    ):
        assert page.has_text(words), words
    assert client.click("1.1 Lotsen ausbauen").path.startswith("/massnahmen/")


def test_the_status_line_says_until_when(app: Flask, frozen: Any, client: InspectingClient) -> None:
    factories.settings(draft_is_public=True)
    factories.open_round()  # opened on 9 March, closes on 9 April
    factories.section()
    for days, sentence in (
        (
            0,
            "Änderungen können Sie bis 9. April vorschlagen. Die Antwort gibt es bis 9. Mai.",
        ),
        (31, "Die Moderation entscheidet bis 19. April über die Vorschläge, die Antwort gibt es bis 9. Mai."),
        (30, "Die letzte Beteiligungsrunde ist am 9. April zu Ende gegangen."),
        (-91, "Änderungen können Sie ab 9. März vorschlagen, bis 9. April."),
    ):
        frozen.shift(timedelta(days=days))
        assert client.get("/charta").has_text(sentence), sentence


def test_without_a_round_the_page_says_so(client: InspectingClient) -> None:
    factories.settings(draft_is_public=True)
    factories.section()
    assert client.get("/charta").has_text("Zurzeit ist keine Beteiligungsrunde geplant.")


def test_a_paragraph_opens_without_scripts(public: None, sign_in: Any) -> None:
    section_id = factories.section()
    page = sign_in("partner").get("/charta?rn=2")
    panel = next(iter(page.elements("aside", class_="ch-panel")))
    assert page.words(panel).startswith("Randnummer 2")
    assert page.links["Änderung vorschlagen"] == f"/abschnitte/{section_id}/aendern?absatz=2"


def test_who_is_not_signed_in_is_asked_to(public: None, client: InspectingClient) -> None:
    section_id = factories.section()
    page = client.get(f"/abschnitte/{section_id}?rn=1")
    assert page.has_text("Änderungen vorschlagen können Sie, sobald Sie angemeldet sind.")
    assert "Änderung vorschlagen" not in page.links


def test_sections_outside_the_round_say_why_nothing_can_be_proposed(app: Flask, sign_in: Any) -> None:
    one, two = factories.field_of_action(), factories.field_of_action()
    inside, outside = factories.section(field_id=one), factories.section(field_id=two)
    factories.open_round(field_numbers=[1])
    partner = sign_in("partner")
    assert "Änderung vorschlagen" in partner.get(f"/abschnitte/{inside}?rn=1").links
    page = partner.get(f"/abschnitte/{outside}?rn=4")
    assert "Änderung vorschlagen" not in page.links
    assert page.has_text("gehört nicht zur laufenden Beteiligungsrunde")


@pytest.mark.parametrize("rn", ["0", "99", "abc", "-1", "9" * 30])
def test_a_number_that_does_not_exist_opens_nothing(public: None, client: InspectingClient, rn: str) -> None:
    factories.section()
    assert not client.get(f"/charta?rn={rn}").elements("aside", class_="ch-panel")


def test_an_unchanged_page_is_not_sent_again(public: None, client: InspectingClient) -> None:
    section_id = factories.section()
    for address in ("/charta", f"/abschnitte/{section_id}"):
        tag = client.get(address).headers["ETag"]
        again = client.open("GET", address, headers={"If-None-Match": tag})
        assert (again.status, again.body) == (304, "")
        rewrite(section_id, f"Neu auf {address}.")
        fresh = client.open("GET", address, headers={"If-None-Match": tag})
        assert fresh.status == 200
        assert fresh.has_text(f"Neu auf {address}.")


def test_another_person_never_gets_the_page_of_the_first(public: None, sign_in: Any, client: Any) -> None:
    factories.section()
    tag = sign_in("partner").get("/charta").headers["ETag"]
    assert client.open("GET", "/charta", headers={"If-None-Match": tag}).status == 200


def test_the_page_costs_the_same_statements_at_ten_times_the_sections(public: None, sign_in: Any) -> None:
    field = factories.field_of_action()
    for number in range(4):
        factories.section(f"Abschnitt {number}", field_id=field)
    partner = sign_in("partner")
    few = partner.get("/charta").statements
    for number in range(36):
        factories.section(f"Weiterer {number}", field_id=field, body=f"Text {number}.")
    many = partner.get("/charta").statements
    assert len(many) <= len(few) <= 8, many.texts  # ballots and notes are known by then


# -------------------------------------------------------------------------------------------------- a section


def test_a_section_shows_its_text_with_the_numbers_of_the_whole(
    public: None, client: InspectingClient
) -> None:
    factories.section("Vorwort", "Eins.\n\nZwei.")
    section_id = factories.section("Region", "Drei.")
    page = client.get(f"/abschnitte/{section_id}")
    assert shown_numbers(page) == ["3"]
    assert page.h1 == "A Region"
    assert page.has_text("Textstand 1")


def test_a_section_costs_at_most_eight_statements(public: None, sign_in: Any) -> None:
    section_id = factories.section()
    partner = sign_in("partner")
    few = partner.get(f"/abschnitte/{section_id}").statements
    for number in range(30):
        factories.section(f"Weiterer {number}")
    rewrite(section_id, "Neu.")
    many = partner.get(f"/abschnitte/{section_id}").statements
    assert len(many) <= len(few) <= 8, many.texts  # ballots and notes are known by then


def test_unknown_sections_and_wordings_are_not_found(public: None, client: InspectingClient) -> None:
    section_id = factories.section()
    for address in (
        "/abschnitte/4711",
        "/abschnitte/0",
        "/abschnitte/99999999999",
        "/abschnitte/4711/entstehung",
        "/abschnitte/4711/vorschlaege",
        f"/abschnitte/{section_id}/textstand/2",
        f"/abschnitte/{section_id}/vergleich?von=1&bis=7",
        "/abschnitte/4711/vergleich",
        "/handlungsfelder/gibt-es-nicht",
        "/massnahmen/4711",
    ):
        client.get(address, status=404)


def test_a_section_that_was_taken_out_keeps_its_address(public: None, client: InspectingClient) -> None:
    section_id = factories.section("Vorwort", "Der letzte Wortlaut.")
    factories.section("Region")
    bury(section_id, proposal_id=9)
    page = client.get(f"/abschnitte/{section_id}")
    for words in ("Nicht mehr Teil der Charta", "Der letzte Wortlaut.", "mit Vorschlag 9"):
        assert page.has_text(words), words
    assert client.get(f"/abschnitte/{section_id}/entstehung").has_text("herausgenommen")
    assert client.get(f"/abschnitte/{section_id}/textstand/1").has_text("Der letzte Wortlaut.")
    assert not client.get("/charta").has_text("Der letzte Wortlaut.")


def test_the_tab_of_proposals_says_what_to_do_when_there_is_none(
    public: None, client: InspectingClient
) -> None:
    page = client.get(f"/abschnitte/{factories.section()}/vorschlaege")
    assert page.has_text("Zu diesem Abschnitt gibt es noch keinen Vorschlag")


# ---------------------------------------------------------------------------------------- history, comparison


def test_history_lists_wordings_with_cause_author_and_comparison(
    public: None, client: InspectingClient
) -> None:
    author = factories.partner(name="Petra Partnerin", organisation_id=factories.organisation("Kammer Süd"))
    section_id = factories.section()
    rewrite(section_id, "Neu.", author_id=author.id, proposal_id=12, summary="Satz gekürzt")
    page = client.get(f"/abschnitte/{section_id}/entstehung")
    for words in ("Textstand 2", "(aktueller Text)", "Satz gekürzt", "Vorschlag 12", "Petra Partnerin",
                  "Kammer Süd", "Textstand 1", "eingelesen"):  # fmt: skip
        assert page.has_text(words), words
    assert client.click("Änderung ansehen").has_text("Was sich seit Textstand 1 geändert hat")


def test_a_long_history_comes_in_pages(public: None, client: InspectingClient) -> None:
    section_id, author = factories.section(), factories.partner().id
    for number in range(2, 62):
        rewrite(section_id, f"Satz {number}.", author_id=author)
    page = client.get(f"/abschnitte/{section_id}/entstehung")
    assert page.has_text("Textstand 61")
    assert "Textstand 11" not in page.links
    assert len(page.statements) <= 8
    last = client.click("Weiter")
    assert "Textstand 11" in last.links
    assert "Textstand 1" in last.links
    assert "Weiter" not in last.links


def test_an_earlier_wording_is_read_and_can_be_restored_by_a_proposal(public: None, sign_in: Any) -> None:
    section_id = factories.section(body="Der alte Wortlaut.")
    rewrite(section_id, "Der neue Wortlaut.")
    partner = sign_in("partner")
    page = partner.get(f"/abschnitte/{section_id}/textstand/1")
    assert page.has_text("Der alte Wortlaut.")
    assert page.has_text("Inzwischen gilt Textstand 2.")
    assert page.links["Diesen Textstand wiederherstellen"] == f"/abschnitte/{section_id}/aendern?ab=1"
    head = partner.get(f"/abschnitte/{section_id}/textstand/2")
    assert head.has_text("Dieser Textstand gilt in der Arbeitsfassung.")
    assert "Diesen Textstand wiederherstellen" not in head.links


def test_two_wordings_are_compared_in_the_text_and_side_by_side(
    public: None, client: InspectingClient
) -> None:
    section_id = factories.section(body="Bleibt.\n\nDie Frist endet 2030.")
    rewrite(section_id, "Bleibt.\n\nDie Frist endet 2035.", title="Neue Arbeit")
    page = client.get(f"/abschnitte/{section_id}/vergleich")
    marked = [page.words(found) for found in page.elements("ins")]
    assert marked[:2] == ["eingefügt: Neue Ende.", "eingefügt: 2035 Ende."]
    assert page.has_text("1 Absatz geändert")
    assert page.has_text("Überschrift:")
    assert page.has_text("Rn. 1 unverändert")
    beside = client.click("Gegenüberstellung")
    assert beside.elements("div", class_="ch-side")
    everything = client.click("Alles")
    assert not everything.elements("details", class_="ch-fold")
    assert everything.elements("div", class_="ch-side")  # the view is kept
    assert client.click("Tauschen").has_text("Was sich von Textstand 2 zu 1 geändert hat")


def test_the_form_of_the_comparison_works_without_scripts(public: None, client: InspectingClient) -> None:
    section_id, author = factories.section(body="Eins."), factories.partner().id
    for words in ("Zwei.", "Drei."):
        rewrite(section_id, words, author_id=author)
    page = client.get(f"/abschnitte/{section_id}/vergleich?von=2&bis=3&ansicht=gegenueber")
    assert page.has_text("Was sich seit Textstand 2 geändert hat")
    page = client.submit(page.form(field="von"), von="1", bis="2")
    assert page.has_text("Was sich von Textstand 1 zu 2 geändert hat")
    assert page.elements("div", class_="ch-side")


def test_a_wording_compared_with_itself_has_no_difference(public: None, client: InspectingClient) -> None:
    section_id = factories.section()
    assert client.get(f"/abschnitte/{section_id}/vergleich").has_text("Kein Unterschied")


def test_pages_exist_in_english(public: None, client: InspectingClient) -> None:
    section_id = factories.section()
    client.use_language("en")
    for address in ("/charta", f"/abschnitte/{section_id}", f"/abschnitte/{section_id}/entstehung"):
        client.get(address)


# ---------------------------------------------------------------------------------------------------- sources


def imported(title: str, body: str, passages: list[tuple[str, int]]) -> int:
    return service.import_section(factories.moderator().actor, title=title, body=body, passages=passages)


def test_each_sentence_shows_its_source_by_number_and_in_words(
    public: None, client: InspectingClient
) -> None:
    forum, talks = factories.source("Zukunftsforum", number=2), factories.source("Gespräche", number=4)
    section_id = imported(
        "Ziel", "Erster Satz. Zweiter Satz.", [("Erster Satz.", forum), ("Zweiter Satz.", talks)]
    )
    client.get(f"/abschnitte/{section_id}/entstehung")
    page = client.click("Herkunft der Sätze")
    assert page.has_text("Erster Satz. (Quelle 2: Zukunftsforum) Zweiter Satz. (Quelle 4: Gespräche)")
    assert page.has_text("48 %")
    assert page.has_text("52 %")
    ends = [found.get("data-n") for found in page.elements("span", class_="ch-src__end")]
    assert ends == ["2", "4"]
    assert len(page.statements) <= 8


def test_sources_can_be_filtered_without_scripts(public: None, client: InspectingClient) -> None:
    forum, talks = factories.source("Zukunftsforum", number=2), factories.source("Gespräche", number=4)
    section_id = imported("Ziel", "Eins. Zwei.", [("Eins.", forum), ("Zwei.", talks)])
    page = client.get(f"/abschnitte/{section_id}/herkunft")
    page = client.submit(page.form(field="quelle"), quelle=["4"])
    assert "(Quelle 4: Gespräche)" in page.main_text
    assert "(Quelle 2: Zukunftsforum)" not in page.main_text
    assert client.click("Alle zeigen").has_text("(Quelle 2: Zukunftsforum)")
    client.get(f"/abschnitte/{section_id}/herkunft?quelle=x&quelle=99&quelle=²")


def test_a_paragraph_tells_its_story(public: None, client: InspectingClient) -> None:
    forum, talks = factories.source("Zukunftsforum", number=1), factories.source("Gespräche", number=2)
    section_id = imported("Ziel", "Ein Satz steht hier schon lange.\n\nZweiter Absatz.", [
        ("Ein Satz steht hier schon lange.", forum), ("Zweiter Absatz.", forum)])  # fmt: skip
    rewrite(
        section_id,
        "Ein Satz steht hier schon lange. Neu kommt dieser Gedanke hinzu.\n\nZweiter Absatz.",
        proposal_id=12,
        origins=service.Origins(source_ids=(talks,)),
    )
    page = client.get(f"/abschnitte/{section_id}/herkunft?rn=1")
    panel = page.words(next(iter(page.elements("aside", class_="ch-panel"))))
    for words in (
        "Woher dieser Absatz kommt",
        "Zukunftsforum",
        "Gespräche",
        "Vorschlag 12",
        "Textstand 2",
        "Textstand 1",
    ):
        assert words in panel, words
    assert not client.get(f"/abschnitte/{section_id}/herkunft?rn=9").elements("aside", class_="ch-panel")


def panel_of(page: Page) -> str:
    return page.words(next(iter(page.elements("aside", class_="ch-panel"))))


def test_words_that_came_with_the_first_charta_tell_so(public: None, client: InspectingClient) -> None:
    forum = factories.source("Zukunftsforum", number=1)
    section_id = imported("Ziel", "Ein Satz steht hier.", [("Ein Satz steht hier.", forum)])
    panel = panel_of(client.get(f"/abschnitte/{section_id}/herkunft?rn=1"))
    assert "100 % Ein Satz steht hier." in panel
    assert panel.index("Zukunftsforum") < panel.index("Eingelesen") < panel.index("Textstand 1")
    assert "Vorschlag" not in panel


def test_words_of_two_proposals_tell_both_stories_with_the_older_first(
    public: None, client: InspectingClient
) -> None:
    section_id = imported("Ziel", "Ein Satz steht hier schon lange.", [])
    theo = factories.attendee(name="Theo Teilnehmer").id
    mara = factories.moderator(name="Mara Moderation").id
    middle = "Ein Satz steht hier schon lange. Erst kam dieser Gedanke."
    rewrite(section_id, middle, proposal_id=12, summary="Ein Gedanke", author_id=theo, approved_by_id=mara)
    last = f"{middle} Und dann noch der zweite Einfall."
    rewrite(section_id, last, proposal_id=15, summary="Ein Einfall", approved_by_id=mara)
    address = f"/abschnitte/{section_id}/herkunft?rn=1"
    page = client.get(address)
    panel = panel_of(page)
    order = ["ohne Quellenangabe", "Eingelesen", "Erst kam dieser Gedanke.", "Vorschlag 12", "Ein Gedanke",
             "Übernommen", "Entschieden hat Mara Moderation", "Textstand 2", "Vorschlag 15", "Ein Einfall",
             "Textstand 3"]  # fmt: skip
    places = [panel.index(words) for words in order]
    assert places == sorted(places), panel
    assert len(page.statements) <= 8
    assert "Theo" not in panel  # who has not agreed is not named to everybody


def test_the_whole_charta_shows_where_its_passages_come_from(public: None, client: InspectingClient) -> None:
    forum, talks = factories.source("Zukunftsforum", number=2), factories.source("Gespräche", number=4)
    imported("Ziel", "Eins hier. Zwei.[^1]\n\n[^1]: Note.", [("Eins hier.", forum), ("Zwei.", talks)])
    imported("Weg", "Drei.", [("Drei.", forum)])
    page = client.get("/charta")
    assert "Quelle 2" not in page.main_text
    page = client.submit(page.form(field="entstehung"), entstehung=["1"])
    assert page.has_text("Eins hier. (Quelle 2: Zukunftsforum)")
    assert page.has_text("Drei. (Quelle 2: Zukunftsforum)")
    assert page.has_text("Zwei. (Quelle 4: Gespräche)")
    page = client.submit(page.form(field="quelle"), quelle=["4"])
    assert "(Quelle 2: Zukunftsforum)" not in page.main_text
    assert page.has_text("Zwei. (Quelle 4: Gespräche)")
    assert len(page.statements) <= 8
    number = page.elements("a", class_="ch-rn")[0].get("href") or ""
    page = client.get(number)
    assert "entstehung=1" in number
    assert "(Quelle 2: Zukunftsforum)" not in page.main_text
    assert "Woher dieser Absatz kommt" in panel_of(page)
    client.get("/charta?entstehung=1&quelle=x&quelle=" + "9" * 5000)


def test_the_origin_of_an_empty_charta_says_so(public: None, client: InspectingClient) -> None:
    factories.section("Leer", "")
    assert client.get("/charta?entstehung=1").has_text("Zu diesem Text ist keine Herkunft bekannt.")


def test_each_view_of_the_origin_has_its_own_tag(public: None, client: InspectingClient) -> None:
    factories.section()
    tags = {
        client.get(address).headers["ETag"]
        for address in (
            "/charta",
            "/charta?entstehung=1",
            "/charta?entstehung=1&quelle=1",
            "/charta?quelle=1",
        )
    }
    assert len(tags) == 3
    tag = client.get("/charta?entstehung=1").headers["ETag"]
    assert client.open("GET", "/charta?entstehung=1", headers={"If-None-Match": tag}).status == 304


@pytest.mark.parametrize("address", ["/charta?rn=1", "/abschnitte/{section}?rn=1"])
def test_the_panel_of_a_paragraph_says_where_it_comes_from(
    public: None, client: InspectingClient, address: str
) -> None:
    forum = factories.source("Zukunftsforum", number=2)
    section_id = imported("Ziel", "Eins hier.\n\nNoch etwas.", [("Eins hier.", forum)])
    page = client.get(address.format(section=section_id))
    assert "Woher dieser Absatz kommt" in panel_of(page)
    assert "Q 2 100 %" in panel_of(page)
    assert len(page.statements) <= 8


def test_a_comparison_beyond_the_budget_says_that_it_is_coarse(
    public: None, client: InspectingClient
) -> None:
    old, new = "a b " * 22_500, "b c a " * 15_000
    section_id = factories.section("Lang", old)
    rewrite(section_id, new)
    for view in ("", "?ansicht=gegenueber"):
        page = client.get(f"/abschnitte/{section_id}/vergleich{view}")
        assert page.has_text("Sehr umfangreiche Änderung: Verglichen wird nach Sätzen und Absätzen")


def test_words_without_a_source_are_said_to_have_none(public: None, client: InspectingClient) -> None:
    page = client.get(f"/abschnitte/{factories.section()}/herkunft")
    assert page.has_text("ohne Quellenangabe 100 %")


def test_open_proposals_are_not_even_counted_for_who_may_not_see_them(
    public: None, client: InspectingClient, sign_in: Any
) -> None:
    section_id = factories.section()
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        section.open_proposals = 3
    addresses = ("/charta?rn=1", f"/abschnitte/{section_id}?rn=1")
    for address in addresses:
        assert "offene Vorschläge" not in client.get(address).main_text
        assert "3 offene Vorschläge" in sign_in("partner").get(address).main_text
    factories.settings(proposals_public="submitted")
    for address in addresses:
        assert "3 offene Vorschläge" in client.get(address).main_text
