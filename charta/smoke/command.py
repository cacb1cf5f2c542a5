# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The trial run as a command: the steps in order, one line for each, and the exit code."""

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from http.client import HTTPException
from urllib.error import URLError

from charta.smoke import hall, proposing, talking, voting
from charta.smoke.browser import Browser, Deviation
from charta.smoke.job import Job

STEPS: tuple[Callable[[Job], str], ...] = (
    proposing.home_and_assets,
    proposing.sign_in,
    proposing.open_section,
    proposing.propose,
    proposing.see_difference,
    talking.watch,
    talking.comment,
    proposing.refuse_own_approval,
    proposing.approve,
    proposing.read_new_text,
    talking.answer,
    talking.hear_of_it,
    hall.join,
    hall.hand_in,
    hall.wait_for_screening,
    hall.screen,
    hall.propose_from_it,
    hall.see_what_became_of_it,
    voting.rehearse,
    voting.vote,
    voting.count_again,
    proposing.look_around,
)


def run(base: str) -> Iterator[tuple[str, str, bool]]:
    """Do the steps in order, yielding name, result and whether it held; ends at the first deviation."""
    marker = f"Probe{time.time_ns() % 10**9:09d}"
    job = Job(base, Browser(base), Browser(base), Browser(base), Browser(base), marker)
    for step in STEPS:
        name = step.__name__.replace("_", " ")
        try:
            yield name, step(job), True
        except (Deviation, URLError, HTTPException, OSError) as error:
            yield name, f"{type(error).__name__}: {error}", False
            return


def wait_for(base: str, seconds: float) -> bool:
    """Wait until the installation answers."""
    deadline = time.monotonic() + seconds
    browser = Browser(base)
    while True:
        try:
            if browser.fetch("/healthz").status == 200:
                return True
        except (Deviation, URLError, HTTPException, OSError):
            pass
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trial and print one line for each step; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m charta.smoke", description="Do the main job over HTTP.")
    parser.add_argument("base", help="address of the installation, for example http://127.0.0.1:8080")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait for its first answer")
    options = parser.parse_args(arguments)
    if options.wait and not wait_for(options.base, options.wait):
        print(f"no answer from {options.base} within {options.wait:.0f} s")
        return 1
    for name, result, held in run(options.base):
        print(f"{'ok  ' if held else 'FAIL'} {name:22} {result}", flush=True)
        if not held:
            return 1
    return 0
