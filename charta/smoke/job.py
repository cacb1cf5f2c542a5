# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the steps of the trial run hand to each other, and who takes part."""

from dataclasses import dataclass

from charta.smoke.browser import Browser

AUTHOR = "ihk@example.org"
MODERATOR = "moderation@example.org"
PARTICIPANT = "teilnahme1@example.org"
# The code of the demonstration forum that always runs.
JOIN_CODE = "DEMO24"


@dataclass
class Job:
    """What the steps hand to each other."""

    base: str
    reader: Browser
    author: Browser
    moderator: Browser
    guest: Browser
    marker: str
    section: str = ""
    proposal: str = ""
    old_word: str = ""
    thread: str = ""
    answer: str = ""
    hall: str = ""
    contribution: str = ""
    ballot: str = ""
