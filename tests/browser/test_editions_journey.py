# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charta 2.0 from the working draft to the phone of a reader: composed, decided on, published, compared."""

import re
from datetime import timedelta

from playwright.sync_api import expect

from charta.db import session, utcnow
from charta.sections import queries as sections
from charta.votes import service
from charta.web.dates import ZONE
from tests import factories, proposing, voting
from tests.browser.conftest import PHONE, Site, Visit

MODERATION = "moderation@example.org"
PARTNERS = ("amz", "ihk", "igmetall", "arbeitsagentur", "cwe")


def change_a_text(site: Site) -> str:
    """Change the first word of a section of the working draft; return its title."""
    with site.app.app_context():
        entry = next(one for one in sections.tree() if one.depth and one.paragraph_count)
        first = proposing.head(entry.id).body.split(maxsplit=1)[0]
        session.rollback()
        proposing.rewrite(entry.id, first, f"Künftig {first}")
    return entry.title


def test_from_the_working_draft_to_charta_two(site: Site, visit: Visit) -> None:
    title = change_a_text(site)
    office = visit(site).carry(MODERATION)
    page = office.go("/charta/fassungen/zusammenstellen")
    expect(page.get_by_label("Nummer der Fassung")).to_have_value("2.0")
    page.get_by_role("button", name="Zusammenstellen").click()
    expect(page.get_by_text("Zusammengestellt, noch nicht freigegeben").first).to_be_visible()
    page.get_by_role("link", name="Abstimmung vorbereiten").click()
    ends = (utcnow() + timedelta(hours=2)).astimezone(ZONE).strftime("%Y-%m-%dT%H:%M")
    page.locator("[name=closes_at]").fill(ends)
    page.get_by_role("button", name="Entwurf speichern").click()
    expect(page.get_by_text("Was sich gegenüber Fassung 1.0 ändert")).to_be_visible()
    ballot_id = int(office.path.rpartition("/")[2])
    page.get_by_text("Abstimmung öffnen").first.click()
    page.get_by_role("button", name="Jetzt öffnen").click()
    expect(page.get_by_text(re.compile("^Läuft bis"))).to_be_visible()

    page = office.go("/charta/2.0")
    expect(page.get_by_role("link", name=re.compile("^Über diese Fassung wird bis"))).to_be_visible()
    expect(page.get_by_role("link", name="Freigeben")).to_have_count(0)
    with site.app.app_context():
        for name in PARTNERS:
            voting.for_partner(factories.account(f"{name}@example.org"), ballot_id)
        voting.over(ballot_id)
        service.close_over()
    page = office.go("/charta/2.0")
    expect(page.get_by_text("Abstimmung: angenommen, 5 von 5 Partnern")).to_be_visible()
    page.get_by_role("link", name="Freigeben").click()
    page.get_by_role("button", name="Fassung 2.0 freigeben").click()
    expect(page.get_by_text(re.compile("^Freigegeben am")).first).to_be_visible()

    reader = visit(site, size=PHONE)
    phone = reader.go("/charta/2.0")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Charta 2.0")
    assert not reader.scrolls_sideways()
    phone.get_by_role("link", name="Mit Fassung 1.0 vergleichen").click()
    assert reader.path == "/charta/1.0/vergleich/2.0"
    expect(phone.get_by_role("heading", name=title)).to_be_visible()
    expect(phone.locator("ins", has_text="Künftig").first).to_be_visible()
    assert not reader.scrolls_sideways()
    phone.get_by_role("link", name="Gegenüberstellung").click()
    assert not reader.scrolls_sideways()
