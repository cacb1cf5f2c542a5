# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A ballot from the first vote to the recount: partner, deputy, a phone, the end, and the file."""

import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select

from charta.db import session
from charta.votes import service
from charta.votes.models import Ballot
from charta.votes.rules import BallotState
from tests import voting
from tests.browser.conftest import PHONE, Site, Visit

MEMBER, DEPUTY = "ihk@example.org", "ihk-stv@example.org"
GUEST, MODERATION = "teilnahme1@example.org", "moderation@example.org"
RECOUNT = Path(service.__file__).parent.parent / "recount.py"


def running(site: Site) -> int:
    """Return the ballot of the demonstration that is open."""
    with site.app.app_context():
        found = session.scalar(
            select(Ballot.id).where(Ballot.state == BallotState.OPEN, Ballot.is_test.is_(False))
        )
        session.rollback()
    assert found is not None
    return found


def test_two_voices_a_conflict_the_end_and_the_recount(site: Site, visit: Visit, tmp_path: Path) -> None:
    ballot_id = running(site)
    address = f"/abstimmungen/{ballot_id}"

    deputy = visit(site).carry(DEPUTY)
    waiting = deputy.go(address)  # lies open while the member votes

    member = visit(site).carry(MEMBER)
    page = member.go("/mein-bereich")
    page.get_by_role("link", name="Gemeinsame Lotsen für kleine Betriebe").first.click()
    page.get_by_label("Ja", exact=True).check()
    page.get_by_role("button", name="Stimme abgeben").click()
    expect(page.get_by_text("Ihre Stimme ist abgegeben.")).to_be_visible()

    waiting.get_by_label("Schwerwiegender Einwand").check()
    waiting.locator('textarea[name="grund-1"]').fill("Die Kosten sind nicht geklärt.")
    waiting.get_by_role("button", name="Stimme abgeben").click()
    conflict = waiting.locator("#andere")
    expect(conflict).to_contain_text("Ja")
    expect(waiting.get_by_label("Schwerwiegender Einwand")).to_be_checked()
    waiting.get_by_role("button", name="Stimme").last.click()
    expect(waiting.get_by_text("Ihre Stimme ist geändert.")).to_be_visible()

    guest = visit(site, size=PHONE, touch=True).carry(GUEST)
    phone = guest.go(address)
    choice = phone.locator(".ch-choice").filter(has_text="Ja").first
    box = choice.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    choice.tap()
    phone.get_by_role("button", name="Stimme abgeben").tap()  # two taps after the link was opened
    expect(phone.get_by_text("Ihre Stimme ist gezählt")).to_be_visible()
    receipt = "".join(phone.locator(".ch-receipt").inner_text().split())
    assert len(receipt) == 20
    assert not guest.scrolls_sideways()

    late = visit(site, size=PHONE).carry(GUEST)
    stale = late.go(address)
    with site.app.app_context():
        voting.over(ballot_id)
    stale.get_by_label("Nein", exact=True).check()
    stale.get_by_role("button", name="Stimme ändern").click()
    expect(stale.get_by_role("heading", level=1)).to_be_visible()
    with site.app.app_context():
        service.close_over()

    office = visit(site).carry(MODERATION)
    page = office.go(address)
    assert office.path == f"{address}/ergebnis"
    expect(page.get_by_text("Die Kosten sind nicht geklärt.")).to_be_visible()
    page.get_by_role("link", name="Schreiben, was daraus folgt").click()
    page.locator("textarea").fill("Der Text geht zurück in die Beratung.")
    page.get_by_role("button", name="Veröffentlichen").click()
    expect(page.get_by_role("heading", name="Was daraus folgt")).to_be_visible()

    phone = guest.go(f"{address}/pruefen")
    assert receipt in "".join(phone.locator("main").inner_text().split())
    export = guest.context.request.get(f"{site.url}{address}/stimmen.json").body()
    stored = guest.context.request.get(f"{site.url}{address}/auszaehlung.json").body()
    file = tmp_path / "stimmen.json"
    file.write_bytes(export)
    counted = subprocess.run([sys.executable, str(RECOUNT), str(file)], check=True, capture_output=True)
    assert counted.stdout == stored
    [question] = json.loads(stored)["questions"]
    assert question["partners"]["objection"] == 1
    assert question["partners"]["outcome"] == "not_adopted"
