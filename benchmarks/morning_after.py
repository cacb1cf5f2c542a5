# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The morning after a forum: one moderator bundles and answers 250 contributions in Chromium, by keyboard.

    .venv/bin/python -m benchmarks.morning_after [--contributions 250]

Prints keys and actions per contribution, and how long the program itself took: reading and thinking not
counted. The way through is that of `tests/browser/morning.py`, which the suite walks with a few.
"""

import argparse
import shutil
import time

from playwright.sync_api import sync_playwright
from sqlalchemy import func, select

from benchmarks.measuring import HOST, Server, environment, scratch, stopping
from charta.app import create_app
from charta.contributions.models import Contribution, Topic
from charta.contributions.queries.listing import ANSWERED
from charta.contributions.rules import State
from charta.db import session
from tests import contributing
from tests.browser.conftest import CHROMIUM_OPTIONS, DESK, PASSWORD
from tests.browser.morning import Morning, what_people_say

_SERVE = ["-c", "from charta.cli import main; main()", "serve", "--port", "PORT", "--embedded", "--demo"]


def walk(address: str, forum_id: int) -> tuple[Morning, float]:
    """Do the work of the morning and return what was pressed, and the seconds it took."""
    with sync_playwright() as playwright:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        size = {"width": DESK[0], "height": DESK[1]}
        page = browser.new_context(viewport=size, locale="de-DE").new_page()  # type: ignore[arg-type]
        page.goto(f"{address}/anmelden")
        page.get_by_label("E-Mail-Adresse").fill("moderation@example.org")
        page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        page.locator("main").get_by_role("button", name="Anmelden").click()
        page.wait_for_url(lambda url: "/anmelden" not in url)
        morning = Morning(page, address, forum_id)
        began = time.monotonic()
        morning.work()
        took = time.monotonic() - began
        browser.close()
    return morning, took


def left_over(forum_id: int) -> tuple[int, int]:
    """Return how many have no answer yet, and how many topics were made."""
    mine = Contribution.forum_id == forum_id
    statement = select(func.count()).select_from(Contribution)
    statement = statement.outerjoin(Topic, Topic.id == Contribution.topic_id)
    waiting = (Contribution.state != State.ACCEPTED) | ~ANSWERED
    topics = select(func.count(Contribution.topic_id.distinct())).where(mine)
    return session.scalar(statement.where(mine, waiting)) or 0, session.scalar(topics) or 0


def main() -> None:
    """Seed, walk, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--contributions", type=int, default=250, choices=range(5, 1_001), metavar="5-1000")
    count = parser.parse_args().contributions
    with scratch() as folder:
        env = environment(folder, "")
        server = Server(_SERVE, first_page="/healthz", env=env)
        with stopping(server):
            app = create_app(
                {"DATABASE_URL": f"sqlite:///{folder / 'charta.db'}", "CHARTA_DATA_DIR": str(folder)}
            )
            with app.app_context():
                forum_id = contributing.forum("Forum am Vorabend")
                contributing.received(what_people_say(count), forum_id=forum_id)
                session.remove()
            morning, took = walk(f"http://{HOST}:{server.port}", forum_id)
            with app.app_context():
                left, topics = left_over(forum_id)
    print(morning.report(count))
    print(f"{topics} topics; {left} left without an answer; the program took {took:.0f} s of it")


if __name__ == "__main__":
    main()
