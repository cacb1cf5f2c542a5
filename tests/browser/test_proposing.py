# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The main job: a partner changes a sentence, a moderator approves it, and it stands in the Charta."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from charta.db import session
from charta.proposals.models import Proposal
from charta.proposals.rules import MergeState, ProposalKind, State
from charta.sections.models import Revision, Section
from tests.browser.conftest import PHONE, Site, Visit, Visitor

PARTNER, MODERATOR = "ihk@example.org", "moderation@example.org"
NEW_WORDS = "verlässliche Ansprechpersonen"


def quiet_section(site: Site) -> tuple[int, str]:
    """Return id and text of a section without open proposals."""
    with site.app.app_context():
        found = session.execute(
            select(Section.id, Revision.body)
            .join(Revision, Revision.id == Section.head_id)
            .where(Section.open_proposals == 0, Section.field_id.is_not(None), Section.kind == "section")
            .order_by(Section.id)
            .limit(1)
        ).one()
    return found[0], found[1]


def head(site: Site, section_id: int) -> str:
    with site.app.app_context():
        body = session.scalar(
            select(Revision.body)
            .join(Section, Section.head_id == Revision.id)
            .where(Section.id == section_id)
        )
    assert body
    return body


def add_sentence(page: Page) -> None:
    """Put a sentence at the end of the first paragraph."""
    area = page.get_by_label("Text", exact=True)
    text = area.input_value()
    first, _, rest = text.partition("\n\n")
    area.fill(f"{first} Dafür gibt es {NEW_WORDS}.\n\n{rest}".rstrip("\n") + "\n")


def number_of(page: Page) -> int:
    found = re.search(r"/vorschlaege/(\d+)", page.url)
    assert found, page.url
    return int(found[1])


def propose(visitor: Visitor, section_id: int) -> int:
    """Write a change from the section's page and hand it in; return its number."""
    page = visitor.go(f"/abschnitte/{section_id}")
    page.get_by_role("link", name="Ganzen Abschnitt bearbeiten").first.click()
    page.wait_for_url("**/aendern*")
    add_sentence(page)
    page.get_by_label("Was ändern Sie? In einer Zeile").fill("Ansprechpersonen nennen")
    page.get_by_label(re.compile("^Begründung")).fill("Kleine Betriebe fragen danach.")
    page.get_by_role("button", name="Einreichen", exact=True).click()
    page.wait_for_url(re.compile(r"/vorschlaege/\d+(\?.*)?$"))
    return number_of(page)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_partner_proposes_and_a_moderator_approves(site: Site, visit: Visit, scripts: bool) -> None:
    section_id, before = quiet_section(site)
    partner = visit(site, scripts=scripts).sign_in(PARTNER)
    number = propose(partner, section_id)
    page = partner.page
    expect(page.locator("h1")).to_have_text("Ansprechpersonen nennen")
    expect(page.locator("ins").filter(has_text="Ansprechpersonen").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("Eingereicht")
    assert head(site, section_id) == before, "nothing has changed yet"

    moderator = visit(site, scripts=scripts).sign_in(MODERATOR)
    page = moderator.go(f"/moderation?nr={number}")
    expect(page.locator("#vorschlag")).to_have_text("Ansprechpersonen nennen")
    page.get_by_role("button", name=re.compile("^Übernehmen")).click()
    expect(page.get_by_role("status").first).to_contain_text(str(number))

    assert NEW_WORDS in head(site, section_id)
    page = partner.go(f"/abschnitte/{section_id}")
    expect(page.locator("main")).to_contain_text(NEW_WORDS)
    page = partner.go(f"/vorschlaege/{number}")
    expect(page.locator("main")).to_contain_text(re.compile("übernommen", re.IGNORECASE))


def test_the_word_difference_appears_while_typing_and_the_draft_is_saved(site: Site, visit: Visit) -> None:
    section_id, _ = quiet_section(site)
    partner = visit(site).sign_in(PARTNER)
    page = partner.go(f"/abschnitte/{section_id}/aendern")
    add_sentence(page)
    preview = page.locator("#vorschau")
    expect(preview.locator("ins").filter(has_text="Ansprechpersonen").first).to_be_visible()
    expect(page.locator("[data-saved]")).to_contain_text("gespeichert")
    # The browser is closed without a click; somewhere else the draft is there.
    partner.context.close()
    with site.app.app_context():
        number = session.scalar(
            select(Proposal.id).where(Proposal.state == State.DRAFT, Proposal.section_id == section_id)
        )
    assert number
    again = visit(site).sign_in(PARTNER)
    page = again.go("/mein-bereich")
    page.locator(f"a[href*='/vorschlaege/{number}']").first.click()
    expect(page.get_by_label("Text", exact=True)).to_have_value(re.compile(NEW_WORDS))


def test_formatted_words_are_pasted_as_markdown(site: Site, visit: Visit) -> None:
    section_id, _ = quiet_section(site)
    partner = visit(site).sign_in(PARTNER)
    page = partner.go(f"/abschnitte/{section_id}/aendern")
    text = page.get_by_label("Text", exact=True)

    def paste(html: str, words: str) -> None:
        text.evaluate(
            """(area, [html, words]) => {
                const data = new DataTransfer();
                data.setData("text/html", html);
                data.setData("text/plain", words);
                area.focus();
                area.setSelectionRange(0, 0);
                area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, cancelable: true}));
            }""",
            [html, words],
        )

    paste("<p>Gute <b>Arbeit</b></p><ul><li>eins</li></ul>", "Gute Arbeit")
    expect(text).to_have_value(re.compile(r"^Gute \*\*Arbeit\*\*\n\n- eins\n\n\S"))
    # What is too large for the server comes as plain words: the browser pastes it by itself.
    before = text.input_value()
    paste("<b>x</b>" * 30_000, "x")
    expect(text).to_have_value(before)
    expect(page.locator("#vorschau ins").filter(has_text="Arbeit").first).to_be_visible()


def test_a_partner_proposes_by_keyboard_alone(site: Site, visit: Visit) -> None:
    section_id, _ = quiet_section(site)
    page = visit(site).sign_in(PARTNER).go(f"/abschnitte/{section_id}/aendern")
    keyboard = page.keyboard

    def tab_to(what: str) -> None:
        for _ in range(80):
            keyboard.press("Tab")
            if page.evaluate("what => document.activeElement.matches(what)", what):
                return
        raise AssertionError(f"the keyboard never reaches {what}")

    tab_to("textarea[name=body]")
    keyboard.press("Control+End")
    keyboard.type(f"\n\nDafür gibt es {NEW_WORDS}.")
    tab_to("input[name=summary]")
    keyboard.type("Ansprechpersonen nennen")
    tab_to("button[value=submit]")
    keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/vorschlaege/\d+(\?.*)?$"))
    expect(page.locator("h1")).to_have_text("Ansprechpersonen nennen")


def test_a_moderator_decides_by_keys(site: Site, visit: Visit) -> None:
    page = visit(site).sign_in(MODERATOR).go("/moderation?passung=passt")
    first = page.locator("#vorschlag").text_content()
    page.keyboard.press("j")
    expect(page.locator("#vorschlag")).not_to_have_text(first or "")
    page.wait_for_load_state()
    page.keyboard.press("k")
    expect(page.locator("#vorschlag")).to_have_text(first or "")
    page.wait_for_load_state()
    page.keyboard.press("a")
    expect(page.get_by_role("status").first).to_contain_text(re.compile("übernommen", re.IGNORECASE))
    expect(page.locator("#vorschlag")).not_to_have_text(first or "")


def test_rejecting_needs_a_reason_and_keeps_what_was_written(site: Site, visit: Visit) -> None:
    page = visit(site).sign_in(MODERATOR).go("/moderation")
    title = page.locator("#vorschlag").text_content() or ""
    number = int(page.locator(".ch-q[aria-current=true]").get_attribute("data-number") or 0)
    page.get_by_role("button", name=re.compile("^Nicht übernehmen")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("#vorschlag")).to_have_text(title)
    page.get_by_role("textbox", name=re.compile("^Begründung")).fill("Das regelt schon der Tarifvertrag.")
    page.get_by_role("button", name=re.compile("^Nicht übernehmen")).click()
    expect(page.get_by_role("status").first).to_contain_text(str(number))
    with site.app.app_context():
        assert session.scalar(select(Proposal.state).where(Proposal.id == number)) is State.REJECTED


def test_a_phone_edits_one_paragraph(site: Site, visit: Visit) -> None:
    section_id, before = quiet_section(site)
    partner = visit(site, size=PHONE, touch=True).sign_in(PARTNER)
    page = partner.go(f"/abschnitte/{section_id}/aendern?absatz=1")
    area = page.get_by_label("Text", exact=True)
    assert area.input_value().strip() == before.split("\n\n")[0].strip(), "only this paragraph"
    area.fill(area.input_value().strip() + f" Dafür gibt es {NEW_WORDS}.")
    assert not partner.scrolls_sideways()
    page.get_by_label("Was ändern Sie? In einer Zeile").fill("Ansprechpersonen nennen")
    page.get_by_role("button", name="Einreichen", exact=True).tap()
    page.wait_for_url(re.compile(r"/vorschlaege/\d+(\?.*)?$"))
    assert not partner.scrolls_sideways()
    with site.app.app_context():
        from charta.proposals.models import ProposalVersion

        body = session.scalar(
            select(ProposalVersion.body).where(ProposalVersion.proposal_id == number_of(page))
        )
    assert body
    assert NEW_WORDS in body
    assert before.split("\n\n")[-1].strip() in body, "the other paragraphs stayed"


def test_an_overlap_is_settled_piece_by_piece(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        number = session.scalar(
            select(Proposal.id).where(
                Proposal.state == State.SUBMITTED,
                Proposal.merge_state == MergeState.CONFLICT,
                Proposal.kind == ProposalKind.CHANGE,
            )
        )
    assert number, "the demonstration has an overlap"
    page = visit(site).sign_in(MODERATOR).go(f"/vorschlaege/{number}/ueberschneidung")
    groups = page.locator("main form fieldset")
    expect(groups.first).to_be_visible()
    for place in range(groups.count()):
        groups.nth(place).get_by_role("radio").nth(1).check()
    page.locator("main form").get_by_label(re.compile("^Begründung")).fill("Beides zusammengeführt.")
    page.locator("main form button[type=submit]").last.click()
    page.wait_for_url(re.compile(rf"/vorschlaege/{number}(\?.*)?$"))
    with site.app.app_context():
        stored = session.get(Proposal, number)
        assert stored is not None
        assert stored.adapted_version is not None, "the author is asked about the moderator's wording"
