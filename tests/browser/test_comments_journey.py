# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments that keep their place: written on a desk and on phones, then the text changes twice."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import time_machine
from playwright.sync_api import Page, expect
from sqlalchemy import select

from charta.db import session
from charta.notifications.models import OutboxMail
from charta.proposals import service as proposals
from charta.watching import digest, worker
from charta.web import mails
from tests import factories, proposing
from tests.browser.conftest import PHONE, Site, Visit, Visitor
from tests.browser.test_proposing import quiet_section

PARTNER, OTHER_PARTNER = "igmetall@example.org", "cwe@example.org"
ATTENDEE, OTHER_ATTENDEE = "teilnahme1@example.org", "teilnahme3@example.org"


def paragraphs(body: str) -> list[str]:
    """Return the paragraphs of a text that are plain words."""
    return [part for part in body.strip().split("\n\n") if re.match(r"\w", part) and "\n" not in part]


def number_beside(page: Page, words: str) -> str:
    """Return the Randnummer of the paragraph with these words."""
    number = page.locator(".ch-para[data-rn]").filter(has_text=words).first.get_attribute("data-rn")
    assert number
    return number


def ends_of(page: Page, number: str, words: str) -> list[dict[str, float]]:
    """Return the points on the screen where words of a paragraph begin and end."""
    found: list[dict[str, float]] = page.evaluate(
        """([number, words]) => {
            const text = document.querySelector(`#rn${number} p`).firstChild;
            const at = text.data.indexOf(words);
            const range = document.createRange();
            range.setStart(text, at);
            range.setEnd(text, at + words.length);
            const lines = range.getClientRects(), first = lines[0], last = lines[lines.length - 1];
            return [{x: first.left + 1, y: first.top + first.height / 2},
                    {x: last.right - 1, y: last.top + last.height / 2}];
        }""",
        [number, words],
    )
    return found


def write(page: Page, text: str) -> None:
    """Fill in the form of the open paragraph, send it, and see it there."""
    form = page.locator(".ch-panel form[data-comment-form]")
    form.get_by_label("Ihr Kommentar").fill(text)
    form.get_by_role("button", name="Kommentieren").click()
    expect(page.locator(".ch-panel .ch-comment__body").filter(has_text=text)).to_be_visible()


def comment_by_mouse(visitor: Visitor, section_id: int, paragraph: str, words: str, text: str) -> None:
    page = visitor.go(f"/abschnitte/{section_id}")
    number = number_beside(page, paragraph)
    page.locator(f"#rn{number}").scroll_into_view_if_needed()
    start, end = ends_of(page, number, words)
    page.mouse.move(start["x"], start["y"])
    page.mouse.down()
    page.mouse.move(end["x"], end["y"], steps=4)
    page.mouse.up()
    page.get_by_role("link", name="Dazu kommentieren").click()
    expect(page.locator(".ch-panel blockquote").first).to_have_text(words)
    expect(page.locator(f"#rn{number} mark.ch-hl")).to_contain_text(words)
    write(page, text)


def comment_by_keyboard(visitor: Visitor, section_id: int, paragraph: str, text: str) -> None:
    page = visitor.go(f"/abschnitte/{section_id}")
    number = number_beside(page, paragraph)
    page.locator(f"#rn{number} .ch-rn").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#rn{number} .ch-panel")).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        if "Zu diesem Absatz kommentieren" in page.evaluate("document.activeElement.textContent"):
            break
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # the list of names
    page.keyboard.press("Tab")
    page.keyboard.type(text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".ch-panel .ch-comment__body").filter(has_text=text)).to_be_visible()


def comment_by_thumb(visitor: Visitor, section_id: int, paragraph: str, text: str, *, scripts: bool) -> None:
    page = visitor.go(f"/abschnitte/{section_id}")
    number = number_beside(page, paragraph)
    para = page.locator(f"#rn{number}")
    (para.locator("p").first if scripts else para.locator(".ch-rn")).tap()
    page.get_by_text("Zu diesem Absatz kommentieren").tap()
    write(page, text)
    assert not visitor.scrolls_sideways()


def approved(site: Site, section_id: int, old: str, new: str) -> None:
    """Change the text as an approved proposal does."""
    with site.app.app_context():
        author, moderator = (factories.account(f"{name}@example.org") for name in ("ihk", "moderation"))
        number = proposing.submitted(author, section_id, old, new)
        proposals.approve(moderator.actor, number, **proposing.seen(number))


def digest_of_tomorrow(site: Site, email: str) -> str:
    """Return as HTML what a person is mailed the next morning about this day."""
    tomorrow = datetime.now(ZoneInfo("Europe/Berlin")).replace(hour=7, minute=5) + timedelta(days=1)
    with site.app.app_context():
        while worker.run_due():
            pass
        with time_machine.travel(tomorrow, tick=False):
            while digest.run_due():
                pass
        who = factories.account(email).id
        mail = session.scalars(
            select(OutboxMail).where(OutboxMail.template == "digest", OutboxMail.person_id == who)
        ).one()
        made = mails.render(
            "digest", locale="de", recipient=email, secret=None, data=mail.data, person_id=who
        )
    return str(made.html)


def thread(page: Page, text: str) -> str:
    """Return the words of the thread that begins with this comment."""
    return " ".join(page.locator(".ch-thread").filter(has_text=text).inner_text().split())


def test_comments_stand_on_their_words_after_two_approved_proposals(site: Site, visit: Visit) -> None:
    section_id, body = quiet_section(site)
    first, second = paragraphs(body)[:2]
    words = " ".join(second.split()[2:7])
    desk, other = visit(site).carry(PARTNER), visit(site).carry(OTHER_PARTNER)
    desk.go(f"/abschnitte/{section_id}").get_by_role("button", name="Beobachten").click()
    comment_by_mouse(desk, section_id, second, words, "Zu den Worten.")
    comment_by_keyboard(other, section_id, first, "Mit der Tastatur.")
    phone = visit(site, size=PHONE, touch=True).carry(ATTENDEE)
    comment_by_thumb(phone, section_id, second, "Zum Absatz.", scripts=True)
    plain = visit(site, size=PHONE, touch=True, scripts=False).carry(OTHER_ATTENDEE)
    comment_by_thumb(plain, section_id, second, "Ohne Skripte.", scripts=False)

    # A new paragraph before, and a word more in front of the others: everything still stands where it did.
    approved(site, section_id, first, f"Neu ist dieser Absatz davor.\n\n{first}")
    page = desk.go(f"/abschnitte/{section_id}")
    number = number_beside(page, second)
    expect(page.locator(f"#rn{number} .ch-marks")).to_contain_text("3 Kommentare")
    page.locator(f"#rn{number} .ch-marks a").click()
    expect(page.locator(f"#rn{number} mark.ch-hl")).to_contain_text(words)
    assert "haben sich geändert" not in thread(page, "Zu den Worten.")

    # The words themselves: both comments say so and lead to what changed.
    changed = " ".join([*words.split()[:2], "nun", *words.split()[3:]])
    approved(site, section_id, words, changed)
    for visitor in (desk, phone, plain):
        page = visitor.go(f"/abschnitte/{section_id}?rn={number}")
        for text, quote in (("Zu den Worten.", words), ("Zum Absatz.", second[:40])):
            said = thread(page, text)
            assert "haben sich geändert. Sie lauteten:" in said
            assert quote in said
        expect(page.locator(f"#rn{number} mark.ch-hl")).to_contain_text(changed)
        assert not visitor.scrolls_sideways()
    page.locator(".ch-thread").filter(has_text="Zu den Worten.").get_by_role(
        "link", name=re.compile("^Was sich geändert hat")
    ).click()
    expect(page.locator("main del").first).to_contain_text(words.split()[2])
    expect(page.locator("main ins").filter(has_text=re.compile(r"\bnun\b"))).to_be_visible()
    # The comment on the first paragraph has not moved from its words.
    page = other.go(f"/abschnitte/{section_id}")
    page.locator(f"#rn{number_beside(page, first)} .ch-marks a").click()
    said = thread(page, "Mit der Tastatur.")
    assert f"Zu diesen Worten: {first[:40]}" in said

    # The next morning: one mail of what happened there, as a phone shows it.
    phone.page.goto("about:blank")  # a mail program has no policy of ours
    phone.page.set_content(digest_of_tomorrow(site, PARTNER))
    expect(phone.page.locator("body")).to_contain_text("in die Charta übernommen")
    expect(phone.page.locator("body")).to_contain_text("kommentiert")
    assert not phone.scrolls_sideways()


def test_the_moderation_chooses_all_comments_of_a_page_at_once(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site).carry("moderation@example.org").go("/moderation/kommentare?zeige=alle")
    boxes = page.locator("input[name=kommentar]")
    page.get_by_label("Alle auf dieser Seite auswählen").check()
    expect(page.locator("[data-chosen-count]")).to_have_text(f"{boxes.count()} ausgewählt")
    boxes.first.uncheck()
    expect(page.locator("[data-chosen-count]")).to_have_text(f"{boxes.count() - 1} ausgewählt")
