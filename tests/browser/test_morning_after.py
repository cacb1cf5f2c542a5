# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The measure of success of screening: everything bundled or answered, by keyboard, in few actions.

The 250 of the promise are `benchmarks/morning_after.py`; here a smaller morning guards the way.
"""

from sqlalchemy import func, select

from charta.contributions.models import Contribution, Topic
from charta.contributions.queries.listing import ANSWERED
from charta.contributions.rules import State
from charta.db import session
from tests import contributing
from tests.browser.conftest import Site, Visit
from tests.browser.morning import DESK, Morning, what_people_say

MODERATOR = "moderation@example.org"


def test_a_moderator_bundles_and_answers_everything_by_keyboard(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        forum = contributing.forum("Forum am Vorabend")
        said = what_people_say(15, matters=5)
        contributing.received(said, forum_id=forum)
    morning = Morning(visit(site).carry(MODERATOR).page, site.url, forum)
    morning.work()
    with site.app.app_context():
        left = session.scalar(
            select(func.count())
            .select_from(Contribution)
            .outerjoin(Topic, Topic.id == Contribution.topic_id)
            .where(Contribution.forum_id == forum, (Contribution.state != State.ACCEPTED) | ~ANSWERED)
        )
    assert left == 0
    assert sum(morning.actions.values()) / len(said) < 3, morning.report(len(said))


def test_keys_sort_select_undo_and_stay_quiet_in_fields(site: Site, visit: Visit) -> None:
    with site.app.app_context():
        first, second = contributing.received(["Ein neuer Beitrag über Busse.", "Noch einer über Lotsen."])
    page = visit(site).carry(MODERATOR).go(f"{DESK}?sortierung=neueste")
    page.keyboard.press("f")
    page.keyboard.press("3")
    page.keyboard.press("h")
    page.keyboard.press("2")
    assert page.locator("select#kind").input_value() == "need"
    with page.expect_navigation():
        page.keyboard.press("a")
    with site.app.app_context():
        row = contributing.again(second)
        assert (row.state, row.kind) == (State.ACCEPTED, "need")
        assert row.field_id is not None
    with page.expect_navigation():
        page.keyboard.press("u")
    with site.app.app_context():
        assert contributing.state(second) is State.RECEIVED
    page.keyboard.press("f")
    page.keyboard.press("4")
    page.keyboard.press("t")
    page.keyboard.type("Lotsen")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with site.app.app_context():
        row = contributing.again(second)
        assert row.topic_id is not None
        assert row.field_id is not None, "what was chosen goes along"
    with page.expect_navigation():
        page.keyboard.press("u")
    page.keyboard.press("x")
    with page.expect_navigation():
        page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-chosen-count]").inner_text() == "2"
    page.keyboard.press("t")
    page.keyboard.type("Ein ganz neues Thema, aj1")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with site.app.app_context():
        assert contributing.again(first).topic_id == contributing.again(second).topic_id is not None
    page.keyboard.press("?")
    assert page.locator("#tasten").is_visible()
