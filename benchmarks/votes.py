# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Casts a second, as a ratio to a bare insert-and-commit loop: `python -m benchmarks.votes`.

Two processes cast into one ballot of 2,000 voters through the service, in turn with two processes that only
insert a row and commit on the same database through the bare driver. The ratio says what the lock, the clock,
the roll and the program cost; rounds are interleaved, so that whatever else the machine does meets both.
PostgreSQL is the server of the tests, with fsync off; SQLite commits to the disk (synchronous=FULL).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, charta, environment, scratch, table
from benchmarks.writers import postgresql

PROCESSES = 2

SET_UP = """
import json, sys
from charta.app import create_app
from charta.db import db
from tests import voting
with create_app().app_context():
    world = voting.world(int(sys.argv[1]))
    ballot = voting.opened(world.moderator, hours=24)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE bare (id INTEGER PRIMARY KEY, choice VARCHAR(20))"
            if db.engine.dialect.name == "sqlite"
            else "CREATE TABLE bare (id SERIAL PRIMARY KEY, choice VARCHAR(20))")
    print(json.dumps({"ballot": ballot, "voters": [one.id for one in world.attendees]}))
"""

_WORKER = """
import json, sys, time
from pathlib import Path
from charta.app import create_app
from charta.accounts import queries as accounts
from charta.db import db, session
from charta.votes import service
made, number, deeds = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
mine = made["voters"][number::2]
with create_app().app_context():
    actors = [accounts.actor_by_id(one) for one in mine]
    session.rollback()
    is_sqlite = db.engine.dialect.name == "sqlite"
    kept = db.engine.raw_connection()
    raw = kept.driver_connection
    place = "?" if is_sqlite else "%s"

    def bare(n):
        if is_sqlite:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT INTO bare (choice) VALUES (?)", ("yes",))
            raw.execute("COMMIT")
        else:
            raw.execute("INSERT INTO bare (choice) VALUES (%s)", ("yes",))
            raw.commit()

    def cast(n):
        service.cast(actors[n % len(actors)], made["ballot"], answers=[("yes", "no")[n % 2]])

    bare(0), cast(0)
    for line in sys.stdin:  # "bare 17": do it, and say how long it took
        deed = {"bare": bare, "cast": cast}[line.split()[0]]
        waits, errors, cpu, began = [], 0, time.process_time(), time.perf_counter()
        for n in range(deeds):
            one = time.perf_counter()
            try:
                deed(n)
            except Exception as error:
                errors += 1
                if is_sqlite and raw.in_transaction:
                    raw.rollback()
            waits.append((time.perf_counter() - one) * 1000)
        print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu,
            "waits": waits, "errors": errors}), flush=True)
"""


def prepare(folder: Path, database_url: str, *, voters: int) -> dict[str, Any]:
    """Make an installation with an open ballot and its voters."""
    charta(folder, "db", "upgrade", database_url=database_url)
    done = subprocess.run(
        [sys.executable, "-c", SET_UP, str(voters)], cwd=ROOT, capture_output=True, text=True, check=False,
        env=os.environ | environment(folder, database_url) | {"PYTHONPATH": str(ROOT)}, timeout=300,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    made: dict[str, Any] = json.loads(done.stdout)
    return made


def measure(
    name: str, folder: Path, database_url: str, *, voters: int, rounds: int, deeds: int
) -> list[list[object]]:
    """Return two lines: the bare loop and casting."""
    folder.mkdir()
    made = prepare(folder, database_url, voters=voters)
    workers = [
        subprocess.Popen(
            [sys.executable, "-c", _WORKER, json.dumps(made), str(number), str(deeds)], cwd=ROOT, text=True,
            env=os.environ | environment(folder, database_url), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for number in range(PROCESSES)
    ]  # fmt: skip
    found: dict[str, list[list[dict[str, Any]]]] = {"bare": [], "cast": []}
    for turn in range(rounds):
        for kind, rows in found.items():
            for worker in workers:
                assert worker.stdin is not None
                worker.stdin.write(f"{kind} {turn}\n")
                worker.stdin.flush()
            rows.append([json.loads(worker.stdout.readline()) for worker in workers if worker.stdout])
    for worker in workers:
        worker.communicate(timeout=60)
    rates = {
        kind: [PROCESSES * deeds / max(one["seconds"] for one in row) for row in rows]
        for kind, rows in found.items()
    }
    ratio = statistics.median(cast / bare for cast, bare in zip(rates["cast"], rates["bare"], strict=True))
    lines = []
    for kind, rows in found.items():
        waits = sorted(wait for row in rows for one in row for wait in one["waits"])
        lines.append(
            [
                name,
                kind,
                statistics.median(rates[kind]),
                statistics.median(one["cpu"] * 1000 / deeds for row in rows for one in row),
                statistics.median(waits),
                waits[int(len(waits) * 0.95)],
                waits[-1],
                sum(one["errors"] for row in rows for one in row),
                "" if kind == "bare" else ratio,
            ]
        )
    return lines


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--voters", type=int, default=2_000, choices=range(10, 10_001), metavar="10-10000")
    parser.add_argument("--rounds", type=int, default=7, choices=range(1, 51), metavar="1-50")
    parser.add_argument("--deeds", type=int, default=200, choices=range(1, 5_001), metavar="1-5000")
    chosen = parser.parse_args()
    rows: list[list[object]] = []
    began = time.monotonic()
    with scratch() as folder, postgresql() as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            if name == "SQLite" or url:
                rows += measure(
                    name, folder / name, url, voters=chosen.voters, rounds=chosen.rounds, deeds=chosen.deeds
                )
    head = [
        "database", "deed", "a second", "CPU ms each", "median ms", "p95 ms", "longest ms", "errors", "ratio",
    ]  # fmt: skip
    print(
        f"{PROCESSES} processes, {chosen.rounds} rounds of {chosen.deeds} deeds each, "
        f"{chosen.voters} voters, {time.monotonic() - began:.0f} s\n"
    )
    print(table(head, rows))


if __name__ == "__main__":
    main()
