# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The queue on a desk: the list scrolls by itself, what is decided about stays in view."""

from tests.browser.conftest import Site, Visit

MODERATOR = "moderation@example.org"


def test_the_proposal_stays_in_view_while_the_keys_go_down_the_list(site: Site, visit: Visit) -> None:
    page = visit(site).sign_in(MODERATOR).go("/moderation")
    last = page.locator(".ch-q").last.get_attribute("data-number")
    page.goto(f"{page.url.partition('?')[0]}?nr={last}")
    page.wait_for_load_state()
    top = page.evaluate("document.querySelector('#vorschlag').getBoundingClientRect().top")
    chosen = page.evaluate("document.querySelector('.ch-q[aria-current]').getBoundingClientRect().bottom")
    height = page.evaluate("innerHeight")
    assert 0 <= top < height
    assert 0 < chosen <= height
