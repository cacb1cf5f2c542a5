# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The morning after a forum: one moderator bundles and answers by keyboard until nothing is left.

Counted are keys (every key pressed, each letter typed too) and actions: a command by key, whatever it was
made of („f 3“ is one), or one text written. Reading is not counted: it is the work.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from playwright.sync_api import Page

_ROOT = Path(__file__).resolve().parents[2]
DESK, BOARD = "/moderation/beitraege", "/moderation/themen"
# What people put before and behind the same thought; sentences that say nothing of their own.
_BEFORE = ("", "Bei uns im Betrieb gilt: ", "An unserem Tisch waren sich alle einig: ", "Mir ist wichtig: ")
_BEHIND = (
    "",
    " Das haben wir lange besprochen.",
    " Darum sollten sich alle kümmern.",
    " Bitte nicht vergessen.",
)


def what_people_say(count: int, *, matters: int | None = None) -> list[str]:
    """Return as many texts: invented ones of the tests of the search, mixed, then again in other frames.

    `matters` is how many different things they are about. After the first hundred or so the same thoughts
    come again in a frame, as in a hall.
    """
    cases = tomllib.loads((_ROOT / "tests/text/similar_cases.toml").read_text(encoding="utf-8"))
    demo = tomllib.loads((_ROOT / "charta/demo/data/contributions.toml").read_text(encoding="utf-8"))
    said = [group["texts"] for group in cases["group"]][:matters]
    longest = max(len(texts) for texts in said)
    once = [texts[n] for n in range(longest) for texts in said if n < len(texts)]
    once += [text for pair in cases["near_miss"] for text in pair["texts"]]
    once += [row["text"] for rows in demo.values() if isinstance(rows, list) for row in rows if "text" in row]

    def frames() -> Iterator[str]:
        for before, behind in zip(_BEFORE, _BEHIND, strict=True):
            yield from (f"{before}{text}{behind}" for text in once)

    return list(islice(frames(), count))


@dataclass
class Morning:
    """A moderator at the keyboard, with the contributions of one forum, and what was pressed."""

    page: Page
    base: str
    forum_id: int
    keys: int = 0
    actions: Counter[str] = field(default_factory=Counter)

    def press(self, *keys: str, action: str) -> None:
        """Press keys that together are one action and wait for the page they may lead to."""
        self.keys += len(keys)
        self.actions[action] += 1
        for key in keys[:-1]:
            self.page.keyboard.press(key)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(keys[-1])

    def open(self, path: str) -> None:
        """Follow a link or bookmark: an action, one key."""
        self.keys += 1
        self.actions["open"] += 1
        self.page.goto(self.base + path)

    def sees(self, selector: str) -> bool:
        """Whether the page has such an element."""
        return self.page.locator(selector).count() > 0

    def work(self) -> None:
        """Screen, bundle, answer the topics, answer what is left one by one."""
        self.screen()
        self.take_suggestions()
        self.answer_topics()
        self.answer_the_rest()

    def screen(self) -> None:
        """Read each new one: into the topic that is offered, else accepted."""
        self.open(f"{DESK}?forum={self.forum_id}")
        while self.sees('button[value="aufnehmen"]') and self.sees(".ch-q"):
            if self.sees('[data-topic="1"]'):
                self.press("1", action="bundle")
            else:
                self.press("a", action="accept")

    def take_suggestions(self) -> None:
        """Take the suggested bundles over, with the name they come with, until none is offered."""
        self.open(f"{BOARD}?forum={self.forum_id}")
        while self.sees("[data-accept]"):
            self.press("a", action="accept bundle")

    def answer_topics(self) -> None:
        """Answer topic after topic with a prepared answer."""
        if not self.sees("[data-topic-card]"):
            return
        self.press("o", action="open")
        while "/moderation/themen/" in self.page.url:
            self.press("w", "Alt+Digit1", "Control+Enter", action="answer topic")

    def answer_the_rest(self) -> None:
        """Give each that found no company its own answer, or its topic after all."""
        self.open(f"{DESK}?stand=offen&ohne=thema&forum={self.forum_id}")
        while self.sees(".ch-q"):
            if self.sees('[data-topic="1"]'):
                self.press("1", action="bundle")
            else:
                # The list holds those for questions and refusals too: the number of the first answer.
                number = self.page.locator(
                    "#vorbereitet option", has_text="Wird vorgeschlagen"
                ).get_attribute("value")
                self.press("w", f"Alt+Digit{number}", "Control+Enter", action="answer")

    def report(self, count: int) -> str:
        """Return the figures in one line."""
        actions = sum(self.actions.values())
        return (
            f"{count} contributions: {actions} actions, {self.keys} keys; per contribution "
            f"{actions / count:.2f} actions, {self.keys / count:.2f} keys; {dict(self.actions)}"
        )
