# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A poll from the moderator's phone to the wall: it appears in the hall by itself, and ends there."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Site, Visit

WALL = (1920, 1080)
MODERATION = "moderation@example.org"
AT_ONCE = 3_000  # the wall asks each second
SOON = 15_000  # a phone asks every five to ten seconds
QUESTION = "Was nehmen Sie heute mit?"


def test_a_poll_appears_in_the_hall_by_itself_and_ends_there(site: Site, visit: Visit) -> None:
    wall = visit(site, size=WALL, scheme="dark").go("/beamer/demonstration")
    expect(wall.get_by_role("heading", name="Was soll in der Region zuerst gelingen?")).to_be_visible()
    guest = visit(site, size=PHONE, touch=True)
    phone = guest.go("/f/DEMO24")
    phone.get_by_label("Ihr Name").fill("Kim Beispiel")
    phone.locator("main").get_by_role("button", name="Mitmachen").click()
    phone.get_by_text("Schnellere Genehmigungen").click()
    phone.get_by_role("button", name="Antwort senden").click()
    expect(phone.get_by_text("Danke. Ihre Antwort ist gezählt.")).to_be_visible()
    assert not guest.scrolls_sideways()
    expect(wall.get_by_text("36 haben geantwortet")).to_be_visible(timeout=AT_ONCE)

    steering = visit(site, size=PHONE).carry(MODERATION)
    steering.go("/foren/demonstration/beamer")
    assert not steering.scrolls_sideways()
    steering.page.get_by_role("button", name="Starten").filter(has_text=QUESTION).click()
    expect(wall.get_by_role("heading", name=QUESTION)).to_be_visible(timeout=AT_ONCE)
    expect(phone.get_by_role("heading", name=QUESTION)).to_be_visible(timeout=SOON)
    phone.get_by_label("Ihre Antwort").fill("Mut und Tempo")
    phone.get_by_role("button", name="Antwort senden").click()
    expect(phone.get_by_text("„Mut und Tempo“")).to_be_visible()
    expect(steering.page.locator("[data-poll-numbers]")).to_contain_text("hat geantwortet", timeout=AT_ONCE)
    steering.page.get_by_role("button", name="Umfrage beenden").click()
    expect(phone.get_by_text("Umfrage beendet")).to_be_visible(timeout=SOON)
    expect(wall.get_by_text("Umfrage, beendet")).to_be_visible(timeout=AT_ONCE)


def test_points_are_given_by_taps_and_never_over_the_budget(site: Site, visit: Visit) -> None:
    steering = visit(site, size=PHONE).carry(MODERATION)
    steering.go("/foren/demonstration/beamer")
    steering.page.get_by_role("button", name="Starten").filter(has_text="zehn Punkte").click()
    guest = visit(site, size=PHONE, touch=True)
    phone = guest.go("/f/DEMO24")
    phone.get_by_label("Ihr Name").fill("Robin Beispiel")
    phone.locator("main").get_by_role("button", name="Mitmachen").click()
    more = phone.get_by_role("button", name="Ein Punkt mehr: Innovation", exact=True)
    box = more.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 44
    for _tap in range(10):
        more.click()
    expect(more).to_be_disabled()
    expect(phone.get_by_text("Noch 0 Punkte zu vergeben")).to_be_visible()
    phone.get_by_role("button", name="Antwort senden").click()
    expect(phone.get_by_text("Innovation (10)")).to_be_visible()
    assert not guest.scrolls_sideways()
