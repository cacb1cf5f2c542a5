# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The wall of the hall follows the moderator's phone and keeps its picture when the network is gone."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Site, Visit

WALL = (1920, 1080)
MODERATION = "moderation@example.org"
AT_ONCE = 3_000  # milliseconds: it asks each second


def test_the_wall_follows_the_phone_and_survives_a_lost_network(site: Site, visit: Visit) -> None:
    wall = visit(site, size=WALL, scheme="dark")
    page = wall.go("/beamer/demonstration")
    expect(page.get_by_text("DEMO24")).to_be_visible()
    assert not wall.scrolls_sideways()
    phone = visit(site, size=PHONE).carry(MODERATION)
    phone.go("/foren/demonstration/beamer")
    assert not phone.scrolls_sideways()
    phone.page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("heading", name="Pause")).to_be_visible(timeout=AT_ONCE)
    phone.page.get_by_role("button", name="Groß zeigen").first.click()
    expect(page.locator(".ch-beamer--pinned")).to_be_visible(timeout=AT_ONCE)
    page.keyboard.press("d")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    wall.context.set_offline(True)
    expect(page.get_by_role("status")).to_contain_text("Keine Verbindung", timeout=15_000)
    expect(page.locator(".ch-beamer--pinned")).to_be_visible()
    wall.context.set_offline(False)
    expect(page.get_by_role("status")).to_be_empty(timeout=15_000)
    wall.troubles.clear()  # the browser notes each request that got no answer
