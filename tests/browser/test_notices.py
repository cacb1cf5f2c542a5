# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Following the link of a notice marks it as read, beside the way to the page."""

import time

from playwright.sync_api import expect

from charta.watching import worker
from tests import factories, talking
from tests.browser.conftest import PHONE, Site, Visit
from tests.told import unread_of


def test_who_follows_a_notice_has_read_it(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        who, other = factories.account("ihk@example.org"), factories.account("amz@example.org")
        while worker.run_due():
            pass
        thread = talking.said(who, "Ab wann gilt das?", section_id=1)
        talking.said(other, "Ab Januar.", thread_id=thread)
        while worker.run_due():
            pass
        before = len(unread_of(who))
    page = visit(site, size=PHONE).carry("ihk@example.org").go("/mein-bereich/nachrichten")
    expect(page.locator(".ch-bell")).to_have_accessible_name(f"Nachrichten, {before} ungelesen")
    page.locator("[data-notice] a").first.click()
    page.wait_for_url("**/kommentare/*")
    # The request outlives the page that sent it, so the next one may come before it has arrived.
    with site.app.app_context():
        until = time.monotonic() + 10
        while len(unread_of(who)) == before and time.monotonic() < until:
            time.sleep(0.05)
    page.reload()
    expect(page.locator(".ch-bell")).to_have_accessible_name(f"Nachrichten, {before - 1} ungelesen")
