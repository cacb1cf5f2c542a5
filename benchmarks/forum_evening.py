# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A hall of people within one minute: `python -m benchmarks.forum_evening`.

Each of 100 people opens the link of the code, joins, opens the form, types (the script asks twice for similar
contributions), hands in, reads the receipt, reads what others said and supports one of them: over HTTP with
cookies and form tokens, each step after a pause of its own, spread over 60 seconds. Against one process on
SQLite, and against two on PostgreSQL, where every request goes to the other process than the one before.

No request may fail, and at the end the database is counted: nobody and nothing may be missing. PostgreSQL is
the server of the tests: on a socket, without fsync.
"""

import argparse
import html
import http.client
import json
import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.measuring import (
    HOST,
    ROOT,
    Server,
    charta,
    environment,
    scratch,
    stopping,
    table,
)
from benchmarks.writers import postgresql

MINUTE = 60.0
_SERVE = ["-c", "from charta.cli import main; main()", "serve", "--port", "PORT"]
_TEXTS = [
    "Die Energiepreise sind für kleine Zulieferer zu hoch, wir brauchen langfristige Verträge über Strom.",
    "Unsere Auszubildenden kommen ohne Auto nicht zur Berufsschule, der Bus fährt zweimal am Tag.",
    "Weiterbildung muss in der Arbeitszeit stattfinden, nicht abends nach der Schicht.",
    "Förderanträge sind für einen Betrieb mit zwanzig Beschäftigten nicht zu schaffen.",
    "Leere Werkhallen sollten Gründerinnen und Gründern günstig überlassen werden.",
]
_COUNT = """
import json
from sqlalchemy import func, select
from charta.app import create_app
from charta.contributions.models import Contribution, ContributionEvent, ContributionSupport, ContributionTerm
from charta.db import session
from charta.forums.models import Attendance
with create_app().app_context():
    def count(statement):
        return session.scalar(statement)
    mine = Contribution.author_id.in_(select(Attendance.person_id))
    print(json.dumps({
        "joined": count(select(func.count()).select_from(Attendance)),
        "people": count(select(func.count(Attendance.person_id.distinct()))),
        "codes": sorted(session.scalars(select(Contribution.code).where(mine))),
        "received": count(select(func.count()).select_from(ContributionEvent).join(
            Contribution, Contribution.id == ContributionEvent.contribution_id).where(mine)),
        "indexed": count(select(func.count(ContributionTerm.contribution_id.distinct())).join(
            Contribution, Contribution.id == ContributionTerm.contribution_id).where(mine)),
        "supports": count(select(func.count()).select_from(ContributionSupport).where(
            ContributionSupport.person_id.in_(select(Attendance.person_id)))),
        "all_supports": count(select(func.count()).select_from(ContributionSupport)),
        "counted": count(select(func.sum(Contribution.supporters))),
    }))
"""


class Failed(RuntimeError):
    """An answer that nobody should get."""


@dataclass
class Evening:
    """What all phones together saw."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    supports: int = 0
    bytes_first_view: list[int] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)


class Phone:
    """A browser of somebody in the hall; its requests go to the servers in turn, as behind a balancer."""

    def __init__(self, evening: Evening, ports: Sequence[int], first: int) -> None:
        self._evening = evening
        self._connections = [http.client.HTTPConnection(HOST, port, timeout=30) for port in ports]
        self._next = first
        self._cookies: dict[str, str] = {}
        self._assets: set[str] = set()
        self.bytes = 0

    def get(self, step: str, path: str) -> str:
        """Fetch a page and what it needs that is not kept yet."""
        page = self._ask(step, "GET", path)
        for asset in re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|woff2)[^"]*)"', page):
            if asset not in self._assets:
                self._assets.add(asset)
                self._ask("style and script", "GET", html.unescape(asset))
        return page

    def post(self, step: str, path: str, values: dict[str, str], *, expected: int = 303) -> str:
        """Send a form; return where it leads, or the answer itself when 200 is expected."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if expected == 200:
            headers["Accept"] = "application/json"
        return self._ask(step, "POST", path, urlencode(values), headers, expected)

    def close(self) -> None:
        """Let the connections go."""
        for connection in self._connections:
            connection.close()

    def _ask(
        self,
        step: str,
        method: str,
        path: str,
        body: str | None = None,
        headers: dict[str, str] | None = None,
        expected: int = 200,
    ) -> str:
        connection = self._connections[self._next % len(self._connections)]
        self._next += 1
        sent = {"User-Agent": "a phone in the hall", "Accept-Encoding": "gzip"} | (headers or {})
        if self._cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        began = time.perf_counter()
        connection.request(method, path, body, sent)
        response = connection.getresponse()
        content = response.read()
        waited = (time.perf_counter() - began) * 1000
        self.bytes += len(content)
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        with self._evening.guard:
            self._evening.waits[step].append(waited)
        if response.status != expected:
            raise Failed(f"{step}: {response.status} instead of {expected}")
        if expected == 303:
            return response.headers["Location"]
        if response.headers.get("Content-Encoding") == "gzip":
            import gzip

            content = gzip.decompress(content)
        return content.decode(errors="replace")


def attend(evening: Evening, phone: Phone, code: str, number: int, *, seconds: float) -> None:
    """Be one person of the evening: everything within `seconds`, with pauses drawn for this person."""
    draw = random.Random(number)
    steps = 8
    moments = sorted(draw.uniform(0, seconds) for _ in range(steps))
    began = time.monotonic()

    def pause(step: int) -> None:
        time.sleep(max(0.0, began + moments[step] - time.monotonic()))

    pause(0)
    page = phone.get("open the link", f"/f/{code}")
    with evening.guard:
        evening.bytes_first_view.append(phone.bytes)
    pause(1)
    name = {"name": f"Teilnehmerin {number}", "organisation_name": f"Betrieb {number % 40}", "group": ""}
    hall = phone.post("join", f"/f/{code}", {"csrf_token": token(page), **name})
    phone.get("the hall", hall)
    pause(2)
    form = phone.get("open the form", f"{hall_of(hall)}/beitrag")
    text = f"{draw.choice(_TEXTS)} Das sagt Person {number}."
    for step, share in ((3, 0.5), (4, 1.0)):
        pause(step)
        typed = {"csrf_token": token(form), "text": text[: int(len(text) * share)]}
        answer = phone.post("similar while typing", f"{hall_of(hall)}/aehnliche", typed, expected=200)
        assert "items" in json.loads(answer)
    pause(5)
    chosen = {"text": text, "field_id": "", "kind": "", "public_name": "none", "once_key": once_key(form)}
    receipt = phone.post("hand in", f"{hall_of(hall)}/beitrag", {"csrf_token": token(form), **chosen})
    thanks = phone.get("the receipt", receipt)
    own = re.search(r"/b/([A-Z0-9]{6})/", receipt)
    if own is None or own[1] not in thanks:
        raise Failed("the receipt has no code")
    with evening.guard:
        evening.codes.append(own[1])
    pause(6)
    others = phone.get("what others said", f"{hall_of(hall)}/beitraege")
    buttons = re.findall(r'action="(/b/[A-Z0-9]{6}/unterstuetzen)"', others)
    if not buttons:
        raise Failed("nothing to support")
    pause(7)
    back = {"csrf_token": token(others), "weiter": f"{hall_of(hall)}/beitraege"}
    phone.get("what others said", phone.post("support", draw.choice(buttons), back))
    with evening.guard:
        evening.supports += 1


def token(page: str) -> str:
    """Return the form token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise Failed("a page without a form token")
    return html.unescape(found[1])


def once_key(page: str) -> str:
    """Return what makes sending the form twice harmless."""
    found = re.search(r'name="once_key"[^>]*value="([^"]+)"', page)
    if found is None:
        raise Failed("the form has no key of its own")
    return html.unescape(found[1])


def hall_of(path: str) -> str:
    """Return the address of the forum out of that of its hall."""
    found = re.search(r"/foren/[^/?#]+", path)
    if found is None:
        raise Failed(f"not a hall: {path}")
    return found[0]


def hold(ports: Sequence[int], code: str, *, people: int, seconds: float) -> Evening:
    """Let the evening happen."""
    evening = Evening()

    def person(number: int) -> None:
        phone = Phone(evening, ports, number)
        try:
            attend(evening, phone, code, number, seconds=seconds)
        except (Failed, OSError, http.client.HTTPException, AssertionError, ValueError) as error:
            with evening.guard:
                evening.failures.append(f"{type(error).__name__}: {error}")
        finally:
            phone.close()

    threads = [threading.Thread(target=person, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return evening


def missing(evening: Evening, folder: Path, database_url: str, *, people: int) -> list[str]:
    """Return what the database does not hold of what phones were told is safe."""
    done = subprocess.run(
        [sys.executable, "-c", _COUNT], cwd=ROOT, env=os.environ | environment(folder, database_url),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout)
    wanted = {
        "joined": people,
        "people": people,
        "received": people,
        "indexed": people,
        "supports": people,
        "codes": sorted(evening.codes),
        "counted": found["all_supports"],
    }
    wrong = [
        f"{name}: {found[name]} instead of {want}" for name, want in wanted.items() if found[name] != want
    ]
    charta(folder, "audit", "verify", database_url=database_url)  # raises when the log is broken
    return wrong


def evening_of(
    name: str, folder: Path, database_url: str, *, servers: int, people: int, seconds: float
) -> None:
    """Make an installation, hold the evening and print what it was like."""
    folder.mkdir()
    charta(folder, "db", "upgrade", database_url=database_url)
    amounts = ("--people", "20", "--sections", "5", "--revisions", "2", "--proposals", "2", "--sessions", "0")
    made = json.loads(charta(folder, "seed", *amounts, "--contributions", "400", database_url=database_url))
    env = environment(folder, database_url)
    running = [Server(_SERVE, first_page="/healthz", env=env) for _ in range(servers)]
    with stopping(*running):
        cpu = sum(server.cpu_ms() for server in running)
        evening = hold([server.port for server in running], made["join_code"], people=people, seconds=seconds)
        cpu = sum(server.cpu_ms() for server in running) - cpu
    wrong = missing(evening, folder, database_url, people=people)
    every = sorted(wait for step, waits in evening.waits.items() if "script" not in step for wait in waits)
    print(f"\n{name}: {people} people in {seconds:.0f} s, {len(every)} requests besides style and script\n")
    rows = [line(step, waits) for step, waits in evening.waits.items()]
    print(table(["step", "requests", "p50 ms", "p95 ms", "worst ms"], [*rows, line("**all pages**", every)]))
    print(
        f"\nFailed: {len(evening.failures)} {sorted(set(evening.failures))[:5]}; "
        f"lost or wrong: {wrong or 'nothing'}; "
        f"{cpu / people:.0f} ms of CPU a person; first view {max(evening.bytes_first_view) / 1000:.1f} kB."
    )


def line(step: str, waits: Sequence[float]) -> list[object]:
    """Return a line of the table."""
    ordered = sorted(waits)
    return [
        step, len(ordered), statistics.median(ordered), ordered[int(len(ordered) * 0.95)], ordered[-1]
    ]  # fmt: skip


def main() -> None:
    """Hold the evening on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100, choices=range(5, 1_001), metavar="5-1000")
    parser.add_argument("--seconds", type=float, default=MINUTE)
    chosen = parser.parse_args()
    with scratch() as folder, postgresql() as address:
        evening_of(
            "SQLite, one process",
            folder / "sqlite",
            "",
            servers=1,
            people=chosen.people,
            seconds=chosen.seconds,
        )
        if address:
            evening_of(
                "PostgreSQL, two processes", folder / "postgresql", address, servers=2, people=chosen.people,
                seconds=chosen.seconds,
            )  # fmt: skip


if __name__ == "__main__":
    main()
