# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From the hall to the text, and back: the whole way of one contribution, as the people on it see it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Site, Visit, Visitor
from tests.browser.test_proposing import MODERATOR, quiet_section

SECOND_MODERATOR = "moderation2@example.org"
TEXT = "Wir sind 38 Leute und können niemanden freistellen. Gut wäre eine Person für mehrere Betriebe."
SENTENCE = "Kleine Betriebe teilen sich auf Wunsch eine Person, die den Umbau begleitet."
RECEIPT = re.compile(r"/b/([A-Z2-9]{6})/danke$")


def hand_in(visitor: Visitor, name: str, text: str) -> str:
    """Join by the code of the wall with a phone, hand in, and return the number."""
    page = visitor.go("/f/DEMO24")
    page.get_by_label("Ihr Name").fill(name)
    page.get_by_role("button", name="Mitmachen").click()
    page.get_by_role("link", name="Beitrag einreichen").click()
    page.get_by_label("Ihre Herausforderung").fill(text)
    page.get_by_role("button", name="Beitrag einreichen").click()
    page.wait_for_url(RECEIPT)
    found = RECEIPT.search(page.url)
    assert found
    return found[1]


def open_in_queue(page: Page, visitor: Visitor, number: str) -> None:
    visitor.go(f"/moderation/beitraege?stand=alle&suche={number}")
    expect(page.locator("article").get_by_role("link", name=number)).to_be_visible()


def test_a_contribution_becomes_a_sentence_and_its_page_shows_it(site: Site, visit: Visit) -> None:
    section_id, _ = quiet_section(site)
    phone = visit(site, size=PHONE, touch=True)
    number = hand_in(phone, "Kim Beispiel", TEXT)
    duplicate = hand_in(visit(site, size=PHONE, touch=True), "Mo Muster", "Niemanden freistellen: " + TEXT)
    # At the desk the next morning: screen the one by key, merge the other into it.
    moderator = visit(site).carry(MODERATOR)
    page = moderator.page
    open_in_queue(page, moderator, number)
    page.keyboard.press("a")
    expect(page.get_by_role("status").or_(page.locator(".ch-flash")).first).to_contain_text(number)
    open_in_queue(page, moderator, duplicate)
    page.get_by_role("button", name=f"Damit zusammenlegen {number}").click()
    expect(page.get_by_role("status").or_(page.locator(".ch-flash")).first).to_contain_text(duplicate)
    # Turn it into a proposal; the words of the contribution stand in the reason already.
    open_in_queue(page, moderator, number)
    page.get_by_role("link", name="Vorschlag daraus machen").click()
    page.get_by_label("Welcher Abschnitt?").select_option(str(section_id))
    page.get_by_role("button", name="Entwurf beginnen").click()
    area = page.get_by_label("Text", exact=True)
    area.fill(f"{area.input_value().rstrip()} {SENTENCE}\n")
    expect(page.get_by_label("Begründung")).to_have_value(re.compile(number))
    page.get_by_role("button", name="Einreichen").first.click()
    page.wait_for_url(re.compile(r"/vorschlaege/\d+$"))
    proposal = moderator.path
    expect(page.locator("main")).to_contain_text(number)
    # Four eyes: somebody else approves.
    second = visit(site).carry(SECOND_MODERATOR)
    second.go(f"/moderation?nr={proposal.rpartition('/')[2]}")
    second.page.get_by_role("button", name=re.compile("^Übernehmen")).click()
    expect(second.page.get_by_role("status").first).to_contain_text(proposal.rpartition("/")[2])
    # Without an account, by the number alone, on the phone in the pocket.
    phone.context.clear_cookies()
    page = phone.go(f"/b/{number}")
    expect(page.get_by_role("heading", name="Was daraus wurde")).to_be_visible()
    expect(page.locator(".ch-line__text")).to_contain_text(SENTENCE)
    expect(page.locator(".ch-line__text mark")).to_contain_text(SENTENCE)
    expect(page.get_by_role("link", name=duplicate)).to_be_visible()
    assert not phone.scrolls_sideways()
    page = phone.go(f"/b/{duplicate}")
    expect(page.locator("main")).to_contain_text("mit einem anderen zusammengelegt")
    expect(page.get_by_role("link", name=number).first).to_be_visible()
