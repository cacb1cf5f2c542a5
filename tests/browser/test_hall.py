# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A company manager with a phone in a hall: from the QR link to the number, counted in steps and bytes."""

import re

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.conftest import PHONE, Site, Visit

TEXT = "Wir sind 38 Leute und können niemanden freistellen. Gut wäre eine Person für mehrere Betriebe."
RECEIPT = re.compile(r"/b/[A-Z2-9]{6}/danke$")


class Journey:
    """Counts what a person does and what goes over the line."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.steps = 0
        self.answers: list[Response] = []
        # The weight for somebody who comes for the first time to each of the pages.
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})
        page.on("response", lambda answer: self.answers.append(answer))  # noqa: PLW0108 -- it marks functions

    def tap(self, role: str, name: str) -> None:
        self.steps += 1
        self.page.locator("main").get_by_role(role, name=name, exact=True).click()  # type: ignore[arg-type]

    def type(self, label: str, text: str) -> None:
        self.steps += 1
        self.page.get_by_label(label).fill(text)

    def first_view(self) -> int:
        """Bytes of all answers since the last call, with headers; the browser keeps nothing."""
        self.page.wait_for_load_state("networkidle")
        sizes = [answer.request.sizes() for answer in self.answers]
        self.answers.clear()
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)


@pytest.mark.parametrize("scripts", [True, False], ids=["script", "no-script"])
def test_from_the_qr_link_to_the_number_in_six_steps(site: Site, visit: Visit, scripts: bool) -> None:
    visitor = visit(site, size=PHONE, touch=True, scripts=scripts)
    page = visitor.page
    journey = Journey(page)
    journey.steps += 1  # pointing the camera at the QR code
    visitor.go("/f/DEMO24")
    views = [journey.first_view()]
    assert not visitor.scrolls_sideways()
    journey.type("Ihr Name", "Kim Beispiel")
    journey.tap("button", "Mitmachen")
    views.append(journey.first_view())
    journey.tap("link", "Beitrag einreichen")
    views.append(journey.first_view())
    journey.type("Ihre Herausforderung", TEXT)
    assert not visitor.scrolls_sideways()
    expect(page.get_by_role("button", name="Ähnliche Beiträge zeigen")).to_be_visible(visible=not scripts)
    journey.tap("button", "Beitrag einreichen")
    page.wait_for_url(RECEIPT)
    views.append(journey.first_view())
    number = page.locator(".ch-ticket b").inner_text()
    assert page.url.endswith(f"/b/{number}/danke")
    assert journey.steps == 6
    print(f"{journey.steps} steps; bytes of join, hall, hand in, receipt: {views}")  # noqa: T201 -- a measure
    assert all(5_000 < size < 60_000 for size in views), views
    assert not visitor.scrolls_sideways()


def test_a_lost_connection_says_so_keeps_the_text_and_sends_it_when_it_is_back(
    site: Site, visit: Visit
) -> None:
    visitor = visit(site, size=PHONE, touch=True)
    page = visitor.page
    visitor.go("/f/DEMO24")
    page.get_by_label("Ihr Name").fill("Kim Beispiel")
    page.get_by_role("button", name="Mitmachen").click()
    page.get_by_role("link", name="Beitrag einreichen").click()
    page.get_by_label("Ihre Herausforderung").fill(TEXT)
    expect(page.get_by_text("Auf diesem Gerät gesichert", exact=True)).to_be_visible()
    # The page is closed by accident and opened again: the text is still there.
    page.reload()
    expect(page.get_by_label("Ihre Herausforderung")).to_have_value(TEXT)
    visitor.context.set_offline(True)
    page.get_by_role("button", name="Beitrag einreichen").click()
    expect(page.get_by_role("alert")).to_contain_text("Keine Verbindung")
    expect(page.get_by_label("Ihre Herausforderung")).to_have_value(TEXT)
    expect(page.get_by_role("button", name="Noch einmal senden")).to_be_visible()
    visitor.context.set_offline(False)
    page.wait_for_url(RECEIPT)
    visitor.troubles[:] = [one for one in visitor.troubles if "ERR_INTERNET_DISCONNECTED" not in one]
    page.get_by_role("link", name="Noch einen Beitrag einreichen").click()
    expect(page.get_by_label("Ihre Herausforderung")).to_have_value("")


def test_a_refused_text_comes_back_from_the_server_and_similar_ones_appear_while_typing(
    site: Site, visit: Visit
) -> None:
    visitor = visit(site, size=PHONE, touch=True)
    page = visitor.page
    visitor.go("/f/DEMO24")
    page.get_by_label("Ihr Name").fill("Kim Beispiel")
    page.get_by_role("button", name="Mitmachen").click()
    page.get_by_role("link", name="Beitrag einreichen").click()
    area = page.get_by_label("Ihre Herausforderung")
    area.fill("Eine Person für Veränderung, die sich mehrere kleine Betriebe teilen.")
    similar = page.get_by_role("region", name="Ähnliche Beiträge")
    similar.get_by_role("button", name="Unterstützen").first.click()
    expect(similar.get_by_role("status")).to_have_text("Unterstützt")
    area.fill("x" * 2_001)
    page.get_by_role("button", name="Beitrag einreichen").click()
    expect(page.get_by_role("alert").first).to_contain_text("2.001 Zeichen")
    expect(area).to_have_value("x" * 2_001)
