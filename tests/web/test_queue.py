# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The moderation queue without a script: reading, filtering, deciding, deciding together."""

from collections.abc import Callable
from datetime import timedelta
from types import ModuleType
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from charta.db import transaction
from charta.permissions import Role
from charta.proposals import queries, service
from charta.proposals.models import Proposal
from charta.proposals.rules import ProposalKind, State
from tests import proposing
from tests.inspecting import InspectingClient, Page
from tests.proposing import World

ADDRESS = "/moderation"


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


@pytest.fixture
def as_(new_client: Callable[[], InspectingClient]) -> Callable[..., InspectingClient]:
    return lambda account: new_client().sign_in(account)


@pytest.fixture
def moderator(world: World, as_: Any) -> InspectingClient:
    return as_(world.moderator)


def waiting(world: World, count: int, **details: Any) -> list[int]:
    """Hand in changes of as many sections."""
    return [
        proposing.submitted(
            world.author, proposing.section(f"Abschnitt {n}"), summary=f"Änderung {n}", **details
        )
        for n in range(1, count + 1)
    ]


def listed(page: Page) -> list[int]:
    return [int(link.get("data-number", "0")) for link in page.elements("a", class_="ch-q")]


def opened(page: Page) -> str:
    found = [element for element in page.elements("h2") if element.get("id") == "vorschlag"]
    return page.words(found[0]) if found else ""


def decision(page: Page) -> Any:
    return page.form("entscheidung")


# -------------------------------------------------------------------------------------------------- reading


@pytest.mark.parametrize("role", [Role.ATTENDEE, Role.PARTNER, Role.ADMINISTRATOR])
def test_only_moderators_see_the_queue(world: World, sign_in: Any, role: Role) -> None:
    for address in (ADDRESS, "/moderation/gemeinsam", "/moderation/gemeinsam/ergebnis", "/moderation/tasten"):
        sign_in(role).get(address, status=403)


def test_a_stranger_is_asked_to_sign_in(client: InspectingClient) -> None:
    assert client.get(ADDRESS).path == "/anmelden"


def test_an_empty_queue_says_what_will_appear_here(moderator: InspectingClient) -> None:
    page = moderator.get(ADDRESS)
    assert page.has_text("Alles ist entschieden")
    assert page.has_text("Heute entschieden: 0")
    assert listed(page) == []


def test_the_oldest_proposal_is_open_first(frozen: Any, world: World, moderator: InspectingClient) -> None:
    numbers = []
    for n in (1, 2, 3):
        numbers += [proposing.submitted(world.author, proposing.section(f"A{n}"), summary=f"Änderung {n}")]
        frozen.shift(timedelta(hours=1))
    page = moderator.get(ADDRESS)
    assert listed(page) == numbers
    assert opened(page) == "Änderung 1"
    assert page.words(page.elements("ins")[0]) == "eingefügt: sehr Ende."
    newest = moderator.get(f"{ADDRESS}?sortierung=neueste")
    assert listed(newest) == numbers[::-1]
    assert opened(newest) == "Änderung 3"


def test_the_chosen_one_is_marked_in_the_list(world: World, moderator: InspectingClient) -> None:
    numbers = waiting(world, 3)
    page = moderator.get(f"{ADDRESS}?nr={numbers[1]}")
    current = [link for link in page.elements("a", class_="ch-q") if link.get("aria-current") == "true"]
    assert [link.get("data-number") for link in current] == [str(numbers[1])]
    assert opened(page) == "Änderung 2"


def test_drafts_and_unknown_numbers_are_not_there(world: World, moderator: InspectingClient) -> None:
    number = proposing.draft(world.author, world.section)
    moderator.get(f"{ADDRESS}?nr={number}", status=404)
    moderator.get(f"{ADDRESS}?nr=4711", status=404)


def test_a_decided_one_says_so_and_leads_to_its_page(world: World, moderator: InspectingClient) -> None:
    first, second = waiting(world, 2)
    service.reject(world.moderator.actor, first, **proposing.seen(first), reason="Nein.")
    page = moderator.get(f"{ADDRESS}?nr={first}")
    assert page.has_text(f"Vorschlag {first} wartet nicht mehr auf eine Entscheidung.")
    assert page.links["Ansehen, was daraus wurde"] == f"/vorschlaege/{first}"
    assert listed(page) == [second]


def test_a_field_and_a_fit_can_be_chosen_and_stay_in_the_address(
    world: World, moderator: InspectingClient, make: ModuleType
) -> None:
    field = make.field_of_action("Bildung", number=7)
    elsewhere = proposing.submitted(world.author, world.section)
    here = proposing.submitted(world.author, proposing.section("Im Feld", field_id=field))
    page = moderator.get(f"{ADDRESS}?feld=7")
    assert listed(page) == [here]
    link = page.elements("a", class_="ch-q")[0].get("href", "")
    assert parse_qs(urlsplit(link).query) == {"feld": ["7"], "nr": [str(here)]}
    assert listed(moderator.get(f"{ADDRESS}?passung=passt")) == [elsewhere, here]
    assert listed(moderator.get(f"{ADDRESS}?passung=ueberschneidung")) == []
    assert moderator.page is not None
    assert moderator.page.has_text("Mit dieser Auswahl ist kein Vorschlag offen.")


def test_nonsense_in_the_address_means_everything(world: World, moderator: InspectingClient) -> None:
    numbers = waiting(world, 2)
    for query in ("feld=x", "feld=999", "passung=quatsch", "sortierung=quer", "ab=abc", "nach=-1", "nr=0x1"):
        assert listed(moderator.get(f"{ADDRESS}?{query}")) == numbers, query


def test_a_long_queue_goes_on_by_key(
    world: World, moderator: InspectingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE_SIZE", 2)
    monkeypatch.setattr(queries.queue, "__kwdefaults__", queries.queue.__kwdefaults__ | {"limit": 2})
    numbers = waiting(world, 5)
    page = moderator.get(ADDRESS)
    assert listed(page) == numbers[:2]
    page = moderator.click("Weitere anzeigen")
    assert listed(page) == numbers[2:4]
    page = moderator.click("Weitere anzeigen")
    assert listed(page) == numbers[4:]
    assert "Weitere anzeigen" not in page.links
    assert listed(moderator.click("Zum Anfang")) == numbers[:2]


def test_every_kind_of_proposal_is_shown(world: World, moderator: InspectingClient) -> None:
    other = proposing.section("Zweiter Abschnitt")
    move = service.start(world.author.actor, kind=ProposalKind.MOVE, section_id=other)
    service.save_draft(
        world.author.actor,
        move,
        summary="Nach oben",
        reason="Passt.",
        target_parent_id=world.section,
        seen_edit=0,
    )
    service.submit(world.author.actor, move)
    deletion = service.start(world.author.actor, kind=ProposalKind.DELETION, section_id=world.section)
    service.save_draft(world.author.actor, deletion, summary="Weg damit", reason="Doppelt.", seen_edit=0)
    service.submit(world.author.actor, deletion)
    new = service.start(world.author.actor, kind=ProposalKind.NEW_SECTION, parent_id=world.section)
    service.save_draft(
        world.author.actor, new, title="Jugend", body="Junge Menschen entscheiden mit.\n", summary="Neu",
        seen_edit=0, target_parent_id=world.section,
    )  # fmt: skip
    service.submit(world.author.actor, new)
    assert moderator.get(f"{ADDRESS}?nr={move}").has_text(
        "soll an eine andere Stelle: am Anfang von 1 Gute Arbeit"
    )
    assert moderator.get(f"{ADDRESS}?nr={deletion}").has_text(
        "Der ganze Abschnitt „1 Gute Arbeit“ soll entfallen."
    )
    page = moderator.get(f"{ADDRESS}?nr={new}")
    assert page.has_text("Neuer Abschnitt")
    assert page.has_text("Junge Menschen entscheiden mit.")


def test_a_changed_title_is_shown_with_both_wordings(world: World, moderator: InspectingClient) -> None:
    number = service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    service.save_draft(
        world.author.actor, number, title="Bessere Arbeit", body=proposing.BODY, summary="Titel", seen_edit=0
    )
    service.submit(world.author.actor, number)
    page = moderator.get(f"{ADDRESS}?nr={number}")
    assert page.has_text("gestrichen: Gute Arbeit Ende.")
    assert page.has_text("eingefügt: Bessere Arbeit Ende.")


# ------------------------------------------------------------------------------------------------- deciding


def test_approving_opens_the_next_one_and_counts(world: World, moderator: InspectingClient) -> None:
    first, second, third = waiting(world, 3)
    page = moderator.submit(decision(moderator.get(ADDRESS)), "Übernehmen")
    assert proposing.stored(first).state is State.APPROVED
    assert page.has_text(f"Vorschlag {first} ist übernommen und steht als Textstand 2 in der Arbeitsfassung.")
    assert page.has_text("Heute entschieden: 1")
    assert listed(page) == [second, third]
    assert opened(page) == "Änderung 2"
    assert parse_qs(urlsplit(page.url).query)["nach"] == [str(first)]


def test_the_filters_survive_a_decision(world: World, moderator: InspectingClient) -> None:
    waiting(world, 2)
    page = moderator.get(f"{ADDRESS}?passung=passt&sortierung=neueste")
    page = moderator.submit(decision(page), "Übernehmen")
    query = parse_qs(urlsplit(page.url).query)
    assert query["passung"] == ["passt"]
    assert query["sortierung"] == ["neueste"]
    assert opened(page) == "Änderung 1"


def test_after_the_last_one_the_first_left_over_opens(world: World, moderator: InspectingClient) -> None:
    first, second = waiting(world, 2)
    page = moderator.submit(decision(moderator.get(f"{ADDRESS}?nr={second}")), "Übernehmen")
    assert listed(page) == [first]
    assert opened(page) == "Änderung 1"
    page = moderator.submit(decision(page), "Übernehmen")
    assert page.has_text("Alles ist entschieden")


@pytest.mark.parametrize("button", ["Überarbeitung erbitten", "Nicht übernehmen"])
def test_a_decision_against_needs_a_reason(world: World, moderator: InspectingClient, button: str) -> None:
    (number,) = waiting(world, 1)
    page = moderator.submit(decision(moderator.get(ADDRESS)), button, status=422)
    assert page.errors == [
        "Bitte begründen Sie die Entscheidung. Die Begründung geht an die Verfasserin oder den Verfasser."
    ]
    assert opened(page) == "Änderung 1"
    assert proposing.stored(number).state is State.SUBMITTED
    moderator.submit(decision(page), button, reason="Noch einmal bitte.")
    assert proposing.stored(number).state in {State.CHANGES_REQUESTED, State.REJECTED}


def test_a_stale_page_decides_nothing_and_keeps_the_reason(world: World, moderator: InspectingClient) -> None:
    (number,) = waiting(world, 1)
    form = decision(moderator.get(ADDRESS))
    section_id = proposing.stored(number).section_id
    assert section_id is not None
    proposing.rewrite(section_id, "kurz sind", "kürzer sind")
    page = moderator.submit(form, "Übernehmen", reason="Sehr gut begründet.", status=409)
    assert proposing.stored(number).state is State.SUBMITTED
    assert page.words(page.by_id("reason")) == "Sehr gut begründet."
    # The page shows the present text now, so the same button works.
    page = moderator.submit(decision(page), "Übernehmen")
    assert proposing.stored(number).state is State.APPROVED


def test_somebody_elses_decision_is_told_and_the_reason_can_be_copied(
    world: World, moderator: InspectingClient
) -> None:
    first, second = waiting(world, 2)
    form = decision(moderator.get(ADDRESS))
    service.reject(world.second.actor, first, **proposing.seen(first), reason="Nein.")
    page = moderator.submit(form, "Übernehmen", reason="Doch, weil.", status=409)
    assert page.errors == ["Über den Vorschlag ist schon entschieden: nicht übernommen."]
    assert opened(page) == "Änderung 1"
    assert page.words(page.by_id("kopie")) == "Doch, weil."
    assert opened(moderator.click("Weiter zum nächsten Vorschlag")) == "Änderung 2"
    assert listed(moderator.page) == [second]  # type: ignore[arg-type]


def test_a_double_click_approves_once(world: World, moderator: InspectingClient) -> None:
    waiting(world, 1)
    form = decision(moderator.get(ADDRESS))
    moderator.submit(form, "Übernehmen")
    page = moderator.submit(form, "Übernehmen")
    assert page.has_text("ist übernommen und steht als Textstand 2")
    assert page.has_text("Heute entschieden: 1")


def test_nobody_approves_the_own_proposal(world: World, moderator: InspectingClient) -> None:
    number = proposing.submitted(world.moderator, world.section)
    page = moderator.get(f"{ADDRESS}?nr={number}")
    assert page.has_text("Über den eigenen Vorschlag entscheidet immer eine zweite Person.")
    assert not any("entscheidung" in form.action for form in page.forms)
    moderator.post(
        f"/moderation/{number}/entscheidung",
        {"entscheidung": "uebernehmen", **proposing.seen(number)},
        status=403,
    )
    assert proposing.stored(number).state is State.SUBMITTED


def test_an_overlap_cannot_be_approved_here(world: World, moderator: InspectingClient) -> None:
    number = proposing.submitted(world.author, world.section, "gute Arbeit", "sehr gute Arbeit")
    rival = proposing.submitted(world.stranger, world.section, "gute Arbeit", "gesunde Arbeit")
    service.approve(world.second.actor, rival, **proposing.seen(rival))
    page = moderator.get(f"{ADDRESS}?nr={number}")
    assert page.links["Überschneidung auflösen"] == f"/vorschlaege/{number}/ueberschneidung"
    assert "Übernehmen" not in [words for words, _, _ in decision(page).buttons]
    page = moderator.post(
        f"/moderation/{number}/entscheidung",
        {"entscheidung": "uebernehmen", **proposing.seen(number)},
        status=409,
    )
    assert page.errors[0].startswith("Der Vorschlag überschneidet sich")


def test_adapting_takes_the_reason_along(world: World, moderator: InspectingClient) -> None:
    number = proposing.submitted(world.author, world.section)
    page = moderator.submit(decision(moderator.get(ADDRESS)), "Angepasst", reason="Etwas kürzer, bitte.")
    assert page.path == f"/vorschlaege/{number}/entscheiden"
    assert page.words(page.by_id("reason")) == "Etwas kürzer, bitte."
    assert "sehr gute Arbeit" in page.words(page.by_id("body"))
    assert proposing.stored(number).state is State.SUBMITTED


def test_one_in_a_ballot_waits(world: World, moderator: InspectingClient) -> None:
    number = proposing.submitted(world.author, world.section)
    with transaction() as tx:
        service.hold(tx, number)
    page = moderator.get(f"{ADDRESS}?nr={number}")
    assert page.has_text("wartet auf Abstimmung")
    assert not any("entscheidung" in form.action for form in page.forms)


def test_one_that_waits_for_its_author_is_not_in_the_queue(world: World, moderator: InspectingClient) -> None:
    number = proposing.submitted(world.author, world.section)
    service.adapt(
        world.second.actor, number, **proposing.seen(number), title="Gute Arbeit",
        body=proposing.BODY.replace("gute Arbeit", "ausgezeichnete Arbeit"), reason="Kürzer.",
    )  # fmt: skip
    assert listed(moderator.get(ADDRESS)) == []


@pytest.mark.parametrize(
    "change",
    [{"seen_version": "x"}, {"seen_head": ""}, {"seen_version": "99999999999"}, {"entscheidung": "sprengen"}],
)
def test_a_broken_form_decides_nothing(
    world: World, moderator: InspectingClient, change: dict[str, str]
) -> None:
    number = proposing.submitted(world.author, world.section)
    data = {"entscheidung": "uebernehmen", "reason": "Bleibt.", **proposing.seen(number)} | change
    page = moderator.post(f"/moderation/{number}/entscheidung", data, status=422)
    assert page.words(page.by_id("reason")) == "Bleibt."
    assert proposing.stored(number).state is State.SUBMITTED


def test_a_reason_over_the_limit_stays_in_the_form(world: World, moderator: InspectingClient) -> None:
    number = proposing.submitted(world.author, world.section)
    page = moderator.submit(
        decision(moderator.get(ADDRESS)), "Nicht übernehmen", reason="lang " * 1001, status=422
    )
    assert "5.000" in page.errors[0]
    assert len(page.words(page.by_id("reason"))) > 5000
    assert proposing.stored(number).state is State.SUBMITTED


def test_a_moderator_takes_one_on_and_hands_it_back(
    world: World, moderator: InspectingClient, as_: Any
) -> None:
    number = proposing.submitted(world.author, world.section)
    page = moderator.get(ADDRESS)
    page = moderator.submit(page.form("zustaendig"), "Ich kümmere mich darum")
    assert page.has_text("Sie sind dran")
    seen_by_other = as_(world.second).get(ADDRESS)
    assert seen_by_other.has_text("Mara Moderation ist dran")
    assert proposing.stored(number).assignee_id == world.moderator.id
    page = moderator.submit(moderator.get(ADDRESS).form("zustaendig"), "Zurückgeben")
    assert proposing.stored(number).assignee_id is None


def test_the_keys_are_explained_without_a_script(moderator: InspectingClient) -> None:
    page = moderator.get("/moderation/tasten")
    assert page.h1 == "Tasten der Moderation"
    assert [page.words(key) for key in page.elements("kbd")][:5] == ["j", "k", "a", "c", "r"]


# ------------------------------------------------------------------------------------------------- together


def test_several_that_fit_are_taken_over_together(world: World, moderator: InspectingClient) -> None:
    numbers = waiting(world, 3)
    moderator.get(ADDRESS)
    page = moderator.click("3 passende gemeinsam übernehmen")
    assert all(page.has_text(f"Änderung {n}") for n in (1, 2, 3))
    page = moderator.submit(
        page.form("gemeinsam"), "Ausgewählte übernehmen", nummer=[str(n) for n in numbers[:2]]
    )
    assert page.h1 == "2 Vorschläge sind übernommen"
    assert [proposing.stored(n).state for n in numbers] == [State.APPROVED, State.APPROVED, State.SUBMITTED]
    assert page.has_text("Textstand 2")


def test_nothing_chosen_asks_again(world: World, moderator: InspectingClient) -> None:
    waiting(world, 1)
    page = moderator.get("/moderation/gemeinsam")
    page = moderator.submit(page.form("gemeinsam"), "Ausgewählte übernehmen", nummer=[], status=422)
    assert page.errors == ["Bitte wählen Sie mindestens einen Vorschlag."]


def test_the_second_of_one_section_is_shown_again(world: World, moderator: InspectingClient) -> None:
    first = proposing.submitted(world.author, world.section, "gute Arbeit", "sehr gute Arbeit")
    second = proposing.submitted(world.stranger, world.section, "2030", "2031", summary="Ein Jahr länger")
    page = moderator.get("/moderation/gemeinsam")
    page = moderator.submit(page.form("gemeinsam"), "Ausgewählte übernehmen")
    assert page.h1 == "1 Vorschlag ist übernommen"
    assert page.has_text("1 Vorschlag braucht noch einen Blick.")
    assert page.has_text("noch einmal ansehen")
    assert page.links["Ein Jahr länger"] == f"/moderation?nr={second}"
    assert proposing.stored(first).state is State.APPROVED
    assert proposing.stored(second).state is State.SUBMITTED


def test_the_result_names_what_somebody_else_decided_meanwhile(
    world: World, moderator: InspectingClient
) -> None:
    first, second = waiting(world, 2)
    form = moderator.get("/moderation/gemeinsam").form("gemeinsam")
    service.reject(world.second.actor, first, **proposing.seen(first), reason="Nein.")
    page = moderator.submit(form, "Ausgewählte übernehmen")
    assert page.h1 == "1 Vorschlag ist übernommen"
    assert page.has_text("Jemand anderes hat inzwischen entschieden.")
    assert proposing.stored(second).state is State.APPROVED


def test_own_held_and_overlapping_ones_are_never_offered(world: World, moderator: InspectingClient) -> None:
    own = proposing.submitted(world.moderator, proposing.section("Eigener"), summary="Eigener")
    held = proposing.submitted(world.author, proposing.section("Gehalten"), summary="Gehalten")
    with transaction() as tx:
        service.hold(tx, held)
    page = moderator.get(ADDRESS)
    assert not any("gemeinsam übernehmen" in words for words in page.links)
    page = moderator.get("/moderation/gemeinsam")
    assert page.has_text("Gerade passt kein Vorschlag ohne Prüfung")
    page = moderator.post(
        "/moderation/gemeinsam",
        {"nummer": [str(own), str(held)], "gesehen": [f"{own}:1:1", f"{held}:1:1"]},
    )
    assert page.h1 == "0 Vorschläge sind übernommen"
    assert page.has_text("Darüber entscheidet immer eine zweite Person.")
    assert page.has_text("wartet auf Abstimmung")
    assert {proposing.stored(n).state for n in (own, held)} == {State.SUBMITTED}


@pytest.mark.parametrize("seen", ["x", "1:2", "1:x:1", "1:1:99999999999", "0:1:1", ":::", "1:1:1:1"])
def test_broken_rows_are_left_out(world: World, moderator: InspectingClient, seen: str) -> None:
    number = proposing.submitted(world.author, world.section)
    moderator.post(
        "/moderation/gemeinsam", {"nummer": [seen.partition(":")[0]], "gesehen": [seen]}, status=422
    )
    assert proposing.stored(number).state is State.SUBMITTED


def test_the_result_page_tells_what_is_stored_not_what_the_address_says(
    world: World, moderator: InspectingClient
) -> None:
    (number,) = waiting(world, 1)
    draft = proposing.draft(world.author, world.section, summary="Geheimer Entwurf")
    page = moderator.get(f"/moderation/gemeinsam/ergebnis?nr={number}&nr={draft}&nr=x&nr=99")
    assert page.h1 == "0 Vorschläge sind übernommen"
    assert not page.has_text("Geheimer Entwurf")


# ----------------------------------------------------------------------------------------------------- cost


def test_the_cost_does_not_grow_with_the_queue(world: World, moderator: InspectingClient) -> None:
    waiting(world, 2)
    few = moderator.get(ADDRESS).statements
    together = moderator.get("/moderation/gemeinsam").statements
    waiting(world, 18)
    assert len(moderator.get(ADDRESS).statements) == len(few) <= 8, few
    assert len(moderator.get("/moderation/gemeinsam").statements) == len(together) <= 8


def test_a_decision_costs_no_more_than_its_budget(world: World, moderator: InspectingClient) -> None:
    waiting(world, 2)
    form = decision(moderator.get(ADDRESS))
    page = moderator.submit(form, "Übernehmen", follow=False)
    assert page.status == 303
    assert page.statements <= 25, page.statements


def test_many_hand_ins_are_counted_by_the_database(world: World, moderator: InspectingClient) -> None:
    numbers = waiting(world, 3)
    with transaction() as tx:
        for number in numbers[:2]:
            found = tx.session.get(Proposal, number)
            assert found is not None
            found.state = State.WITHDRAWN
    page = moderator.get(ADDRESS)
    assert page.has_text("Vorschläge 1")
    assert page.has_text("1 Vorschlag auf dieser Seite")
