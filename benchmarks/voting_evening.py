# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Everybody votes within a minute while a projector polls: `python -m benchmarks.voting_evening` (P9 to P12).

Each of 2,000 people opens the ballot's page, sends the form and reads the page again, over HTTP with cookies
and form tokens, spread over 60 seconds; a projector asks each second for its state. Against two processes on
SQLite and two on PostgreSQL; every request goes to the other process than the one before. No request may
fail, and at the end the database is counted: each acknowledged vote stands there once, the recount agrees.

`--people 100` is P10 (one process), `--people 4000 --seconds 10` is P12: 503 is allowed there, and the time
until a page answers quickly again is measured. PostgreSQL is the server of the tests: on a socket, no fsync.
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
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, PriorityQueue
from typing import Any
from urllib.parse import urlencode

from benchmarks.measuring import HOST, ROOT, Server, charta, environment, scratch, stopping, table
from benchmarks.writers import postgresql

THREADS = 96
SERVE = ["-c", "from charta.cli import main; main()", "serve", "--port", "PORT"]

_MAKE = """
import json, secrets, sys
from datetime import timedelta
from sqlalchemy import insert
from charta.accounts.models import UserSession
from charta.accounts.queries import hash_key
from charta.app import create_app
from charta.db import transaction
from charta.demo.seed.people import _cookie
from tests import halls, polls, voting
app = create_app()
with app.app_context():
    world = voting.world(int(sys.argv[1]))
    ballot = voting.opened(world.moderator, hours=24)
    hall = halls.begin(halls.forum())
    poll = polls.poll(hall)
    polls.answer_all(poll, polls.people(hall, 6))
    keys = [secrets.token_urlsafe(32) for _ in world.attendees]
    with transaction() as tx:
        tx.session.execute(insert(UserSession), [
            {"key_hash": hash_key(key), "person_id": who.id, "data": {}, "user_agent": "",
             "created_at": tx.now, "last_seen_at": tx.now, "expires_at": tx.now + timedelta(days=1)}
            for key, who in zip(keys, world.attendees)])
    print(json.dumps({"ballot": ballot, "slug": hall.slug, "keys": [_cookie(app, key) for key in keys]}))
"""

_COUNT = """
import json, sys
from charta.app import create_app
from charta.votes import recount
from charta.votes.queries import results
from tests import voting
ballot = int(sys.argv[1])
with create_app().app_context():
    voting.closed(ballot)
    content = results.export_of(ballot)
    stored = voting.stored(ballot)
    votes = json.loads(content)["participants"]
    print(json.dumps({"votes": {vote["receipt"]: vote["choices"][0] for vote in votes},
        "agrees": recount.recount(content).decode() == stored.tally,
        "counted": json.loads(stored.tally)["questions"][0]["participants"]}))
"""


class Failed(RuntimeError):
    """An answer that nobody should get."""


@dataclass
class Evening:
    """What all phones and the projector saw; `receipts` is what voters were told is stored."""

    waits: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    acknowledged: int = 0
    late_ms: list[float] = field(default_factory=list)
    guard: threading.Lock = field(default_factory=threading.Lock)


class Phone:
    """One voter's browser: a session cookie, and the servers in turn over the connections of a thread."""

    def __init__(self, key: str, first: int) -> None:
        self.cookies = {"charta": key}
        self.next = first
        self.page = ""


class Wire:
    """The kept connections of one thread, one to each server."""

    def __init__(self, evening: Evening, ports: Sequence[int]) -> None:
        self._evening = evening
        self._connections = [http.client.HTTPConnection(HOST, port, timeout=60) for port in ports]

    def ask(
        self, step: str, phone: Phone, method: str, path: str, body: str | None = None, etag: str = ""
    ) -> tuple[int, str, str]:
        """Send a request and return status, content and where it leads or its tag."""
        connection = self._connections[phone.next % len(self._connections)]
        phone.next += 1
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in phone.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if etag:
            headers["If-None-Match"] = etag
        began = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            content = response.read().decode(errors="replace")
        except (OSError, http.client.HTTPException):
            connection.close()
            raise
        waited = (time.perf_counter() - began) * 1000
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            phone.cookies[name] = value
        with self._evening.guard:
            self._evening.waits.setdefault(step, []).append(waited)
            self._evening.statuses[response.status] += 1
        return (
            response.status,
            content,
            response.headers.get("Location") or response.headers.get("ETag") or "",
        )


def read(wire: Wire, phone: Phone, path: str) -> None:
    """Open the ballot."""
    status, phone.page, _ = wire.ask("open the ballot", phone, "GET", path)
    if status == 503:
        return
    if status != 200:
        raise Failed(f"open: {status}")


def vote(evening: Evening, wire: Wire, phone: Phone, path: str, choice: str) -> None:
    """Send the form with one of its answers, and read the receipt on the page it leads to."""
    if not phone.page:
        read(wire, phone, path)
    forms = re.findall(r"<form.*?</form>", phone.page, re.DOTALL)
    form = next((one for one in forms if f'value="{choice}"' in one), None)
    if form is None:
        if evening.statuses[503]:
            return
        raise Failed("no form to vote with")
    action = re.search(r'<form[^>]*action="([^"]+)"', form)
    values = {}
    for tag in re.findall(r"<input[^>]*>", form):
        told = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if told.get("type") == "hidden" or told.get("value") == choice:
            values[told["name"]] = html.unescape(told.get("value", ""))
    status, _, where = wire.ask(
        "vote", phone, "POST", html.unescape(action[1]) if action else path, urlencode(values)
    )
    if status == 503:
        return
    if status != 303:
        raise Failed(f"vote: {status}")
    with evening.guard:
        evening.acknowledged += 1
    status, content, _ = wire.ask("the receipt", phone, "GET", where)
    found = re.search(r"\b[A-HJKMNP-Z2-9]{20}\b", content)
    if status == 200 and found:
        with evening.guard:
            evening.receipts[found[0]] = choice
    elif status not in {200, 503}:
        raise Failed(f"the receipt: {status}")


def project(evening: Evening, ports: Sequence[int], slug: str, stop: threading.Event) -> None:
    """Be the projector: ask for the state each second."""
    wire, screen, etag = Wire(evening, ports), Phone("", 0), ""
    screen.cookies = {}
    while not stop.wait(1.0):
        try:
            status, _, tag = wire.ask("projector", screen, "GET", f"/beamer/{slug}/stand", etag=etag)
        except (OSError, http.client.HTTPException) as error:
            evening.failures.append(f"projector: {type(error).__name__}")
            continue
        etag = tag or etag
        if status not in {200, 304, 503}:
            evening.failures.append(f"projector: {status}")


def hold(ports: Sequence[int], made: dict[str, Any], *, seconds: float) -> Evening:
    """Let everybody vote: steps lie in a queue by time, threads take what is due."""
    evening, path = Evening(), f"/abstimmungen/{made['ballot']}"
    draw = random.Random(1)
    due: PriorityQueue[tuple[float, int, int]] = PriorityQueue()
    phones = [Phone(key, number) for number, key in enumerate(made["keys"])]
    for number in range(len(phones)):
        opens = draw.uniform(0, seconds * 0.9)
        due.put((opens, number, 0))
        due.put((opens + draw.uniform(seconds * 0.02, seconds * 0.1), number, 1))
    began = time.monotonic()

    def take() -> None:
        wire = Wire(evening, ports)
        while True:
            try:
                at, number, step = due.get_nowait()
            except Empty:
                return
            ahead = began + at - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)
            evening.late_ms.append(max(0.0, -ahead * 1000))
            try:
                if step == 0:
                    read(wire, phones[number], path)
                else:
                    vote(evening, wire, phones[number], path, ("yes", "no", "abstain")[number % 3])
            except (Failed, OSError, http.client.HTTPException, AssertionError) as error:
                with evening.guard:
                    evening.failures.append(f"{type(error).__name__}: {error}")

    stop = threading.Event()
    screen = threading.Thread(target=project, args=(evening, ports, made["slug"], stop))
    screen.start()
    threads = [threading.Thread(target=take) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stop.set()
    screen.join()
    return evening


def recovery(ports: Sequence[int], path: str, key: str) -> float:
    """Return after how many seconds the ballot's page answers within half a second again."""
    began, wire, phone = time.monotonic(), Wire(Evening(), ports), Phone(key, 0)
    while time.monotonic() - began < 60:
        one = time.monotonic()
        status, _, _ = wire.ask("again", phone, "GET", path)
        if status == 200 and time.monotonic() - one < 0.5:
            return time.monotonic() - began
    return 60.0


def python(code: str, folder: Path, database_url: str, *arguments: str) -> Any:
    """Run code with the settings of an installation and return the JSON it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | environment(folder, database_url) | {"PYTHONPATH": str(ROOT)}, timeout=600,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)


def evening_of(
    name: str,
    folder: Path,
    database_url: str,
    *,
    servers: int,
    people: int,
    seconds: float,
) -> None:
    """Make an installation, let everybody vote, count, and print what it was like."""
    folder.mkdir()
    charta(folder, "db", "upgrade", database_url=database_url)
    made = python(_MAKE, folder, database_url, str(people))
    env = environment(folder, database_url)
    running = [Server(SERVE, first_page="/healthz", env=env) for _ in range(servers)]
    ports = [server.port for server in running]
    with stopping(*running):
        cpu = sum(server.cpu_ms() for server in running)
        evening = hold(ports, made, seconds=seconds)
        cpu = sum(server.cpu_ms() for server in running) - cpu
        recovered = recovery(ports, f"/abstimmungen/{made['ballot']}", made["keys"][0])
    found = python(_COUNT, folder, database_url, str(made["ballot"]))
    wrong = [code for code, choice in evening.receipts.items() if found["votes"].get(code) != choice]
    lost = evening.acknowledged - len(found["votes"])
    print(f"\n{name}: {people} people in {seconds:.0f} s, load {os.getloadavg()[0]:.1f}\n")
    rows = [line(step, waits) for step, waits in sorted(evening.waits.items())]
    print(table(["step", "requests", "p50 ms", "p95 ms", "p99 ms", "worst ms"], rows))
    print(
        f"\nStatuses {dict(sorted(evening.statuses.items()))}; failed: {len(evening.failures)} "
        f"{sorted(set(evening.failures))[:4]}; acknowledged {evening.acknowledged}, stored "
        f"{len(found['votes'])}, lost {max(lost, 0)}, wrong {len(wrong)}; recount agrees: {found['agrees']}; "
        f"{cpu / max(1, sum(evening.statuses.values())):.2f} ms of CPU a request; the clients were late by "
        f"{statistics.median(evening.late_ms):.0f} ms (median); quick again after {recovered:.1f} s."
    )


def line(step: str, waits: Sequence[float]) -> list[object]:
    """Return a line of the table."""
    ordered = sorted(waits)
    shares = [ordered[int(len(ordered) * share)] for share in (0.5, 0.95, 0.99)]
    return [step, len(ordered), *shares, ordered[-1]]


def main() -> None:
    """Hold the evening on both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=2_000, choices=range(5, 5_001), metavar="5-5000")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--servers", type=int, default=2, choices=range(1, 5), metavar="1-4")
    parser.add_argument("--only", choices=["SQLite", "PostgreSQL"])
    chosen = parser.parse_args()
    with scratch() as folder, postgresql() as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            if (name == "SQLite" or url) and chosen.only in {None, name}:
                evening_of(
                    f"{name}, {chosen.servers} processes", folder / name, url, servers=chosen.servers,
                    people=chosen.people, seconds=chosen.seconds,
                )  # fmt: skip


if __name__ == "__main__":
    main()
