# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading, finding one's way, choosing a language: by mouse, thumb and keyboard, and without scripts."""

from playwright.sync_api import expect

from tests.browser.conftest import PHONE, Site, Visit


def test_a_visitor_reads_the_charta_from_the_front_page(read_only_site: Site, visit: Visit) -> None:
    visitor = visit(read_only_site)
    page = visitor.go("/")
    page.get_by_role("navigation", name="Hauptbereiche").get_by_role("link", name="Charta").click()
    page.wait_for_url("**/charta")
    expect(page.locator("h1")).to_have_count(1)
    page.locator("main").get_by_role("link", name="Südwestsachsen 2035").first.click()
    expect(page.locator("main")).to_contain_text("2035")


def test_a_reader_gets_no_cookie(read_only_site: Site, visit: Visit) -> None:
    visitor = visit(read_only_site)
    for path in ("/", "/charta", "/massnahmen", "/vorschlaege", "/hilfe", "/impressum"):
        visitor.go(path)
    assert visitor.context.cookies() == []


def test_the_menu_on_a_phone_opens_and_leads_on(read_only_site: Site, visit: Visit) -> None:
    visitor = visit(read_only_site, size=PHONE, touch=True)
    page = visitor.go("/")
    menu = page.locator("details.ch-menu")
    expect(menu.get_by_role("link", name="Maßnahmen")).to_be_hidden()
    menu.locator("summary").tap()
    menu.get_by_role("link", name="Maßnahmen").tap()
    page.wait_for_url("**/massnahmen")
    assert not visitor.scrolls_sideways()


def test_the_menu_closes_with_escape(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site, size=PHONE).go("/")
    summary = page.locator("details.ch-menu summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.ch-menu")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    expect(page.locator("details.ch-menu")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_the_language_is_chosen_and_stays(site: Site, visit: Visit) -> None:
    visitor = visit(site)
    page = visitor.go("/massnahmen")
    page.locator("header").get_by_role("link", name="English").first.click()
    page.get_by_label("English").check()
    page.locator("main").get_by_role("button").click()
    page.wait_for_url("**/massnahmen")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    visitor.go("/charta")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_first_tab_leads_past_the_menu(read_only_site: Site, visit: Visit) -> None:
    page = visit(read_only_site).go("/charta")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "inhalt"


def test_everything_that_takes_the_focus_shows_it(read_only_site: Site, visit: Visit) -> None:
    """A keyboard user sees where she is: an outline or a changed box on each stop of the front page."""
    page = visit(read_only_site).go("/")
    invisible = []
    for _ in range(40):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
                const element = document.activeElement;
                if (!element || element === document.body) return null;
                const style = getComputedStyle(element);
                const box = element.getBoundingClientRect();
                const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0;
                return {
                    words: element.textContent.trim().slice(0, 40),
                    shown: (ring || style.boxShadow !== 'none') && box.width > 0 && box.height > 0
                        && box.bottom > 0 && box.top < innerHeight,
                };
            }"""
        )
        if found is None:
            break
        if not found["shown"]:
            invisible.append(found["words"])
    assert invisible == []


def test_reading_works_without_scripts(read_only_site: Site, visit: Visit) -> None:
    visitor = visit(read_only_site, scripts=False, size=PHONE)
    page = visitor.go("/")
    page.locator("details.ch-menu summary").click()
    page.locator("details.ch-menu").get_by_role("link", name="Charta").first.click()
    page.wait_for_url("**/charta")
    visitor.go("/vorschlaege")
    visitor.go("/wer-darf-was")


def test_signing_in_and_out(site: Site, visit: Visit) -> None:
    visitor = visit(site).sign_in("ihk@example.org")
    page = visitor.page
    expect(page.get_by_role("link", name="Mein Bereich").first).to_be_visible()
    page.locator("header").get_by_role("button", name="Abmelden").first.click()
    expect(page.get_by_role("status")).to_contain_text("abgemeldet")
    answer = page.goto(site.url + "/mein-bereich")
    assert answer
    assert visitor.path == "/anmelden"


def test_a_wrong_password_keeps_the_address_and_takes_the_focus(site: Site, visit: Visit) -> None:
    page = visit(site).go("/anmelden")
    page.get_by_label("E-Mail-Adresse").fill("ihk@example.org")
    page.get_by_label("Passwort", exact=True).fill("falsch-falsch")
    page.locator("main").get_by_role("button", name="Anmelden").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Passwort")
    expect(summary).to_be_focused()
    expect(page.get_by_label("E-Mail-Adresse")).to_have_value("ihk@example.org")
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Passwort", exact=True)).to_be_focused()


def test_signing_in_works_without_scripts(site: Site, visit: Visit) -> None:
    visitor = visit(site, scripts=False).sign_in("moderation@example.org")
    visitor.go("/moderation")
    expect(visitor.page.locator("h1")).to_have_count(1)
