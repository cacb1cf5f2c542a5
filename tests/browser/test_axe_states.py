# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""axe on what only appears after a deed: errors, open menus, live previews, dialogs, missing pages."""

import re

from playwright.sync_api import Page, expect
from sqlalchemy import select

from charta.comments.models import Comment
from charta.comments.rules import Place
from charta.db import session
from tests.browser import axe
from tests.browser.conftest import PHONE, Site, Visit
from tests.browser.test_proposing import MODERATOR, PARTNER, add_sentence, quiet_section


def assert_sound(page: Page) -> None:
    found = axe.violations(page)
    page.emulate_media(color_scheme="dark")
    found += axe.violations(page, axe.COLOURS)
    assert not found, "\n".join(found)


def test_a_form_with_errors(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site).go("/anmelden")
    page.locator("main").get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_sound(page)


def test_the_open_menu_of_a_phone(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site, size=PHONE, touch=True).carry(PARTNER).go("/")
    page.locator("details.ch-menu summary").tap()
    assert_sound(page)


def test_a_missing_page(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site).page
    page.goto(read_only_site.url + "/gibt-es-nicht")
    expect(page.locator("h1")).to_have_text("Diese Seite gibt es nicht")
    assert_sound(page)


def test_a_paragraph_that_was_tapped(read_only_site: Site, visit: Visit) -> None:
    section_id, _ = quiet_section(read_only_site)
    page = visit(read_only_site).carry(PARTNER).go(f"/abschnitte/{section_id}")
    page.locator("main a[href*='#'], main button").first.click()
    assert_sound(page)


def test_chosen_words_and_the_menu_of_what_is_watched(read_only_site: Site, visit: Visit) -> None:
    with read_only_site.app.app_context():
        comment = session.scalars(
            select(Comment).where(Comment.place == Place.RANGE, Comment.section_id.is_not(None))
        ).first()
        assert comment is not None
        own, section_id = comment.id, comment.section_id
    visitor = visit(read_only_site, size=PHONE).carry(PARTNER)
    page = visitor.go(f"/abschnitte/{section_id}")
    number = page.locator(".ch-para[data-rn]").first.get_attribute("data-rn")
    page = visitor.go(f"/abschnitte/{section_id}?rn={number}&von=0&bis=20")
    expect(page.locator("mark.ch-hl").first).to_be_visible()
    assert_sound(page)
    page = visitor.go(f"/kommentare/{own}")  # of the partner: watched
    page.locator(".ch-watch__menu summary").click()
    assert_sound(page)
    assert not visitor.scrolls_sideways()


def test_the_live_difference_beside_the_text(site: Site, visit: Visit) -> None:
    section_id, _ = quiet_section(site)
    page = visit(site).carry(PARTNER).go(f"/abschnitte/{section_id}/aendern")
    add_sentence(page)
    expect(page.locator("#vorschau ins").first).to_be_visible()
    assert_sound(page)


def test_a_decision_without_a_reason(site: Site, visit: Visit) -> None:
    page = visit(site).carry(MODERATOR).go("/moderation")
    page.get_by_role("button", name=re.compile("^Nicht übernehmen")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_sound(page)


def test_the_help_of_the_keys(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site).carry(MODERATOR).go("/moderation")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert_sound(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
