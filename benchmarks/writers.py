# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Many processes write at once through `transaction()`: `python -m benchmarks.writers` (P17).

Each write is a deed as commands do it: a row of its own, and an entry chained to the one log.
PostgreSQL is the server of the tests: on a socket, without fsync, so its waits show locks, not the disk.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.measuring import ROOT, charta, environment, scratch, table

_WRITER = """
import json, sys, time
from pathlib import Path
from charta.app import create_app
from charta.accounts.models import Attempt
from charta.activity import service as activity
from charta.db import transaction
line, number, deeds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
waits, errors = [], []
with create_app().app_context():
    with transaction() as tx:
        pass
    line.with_suffix(f".{number}").touch()
    while not line.exists():
        time.sleep(0.001)
    for _ in range(deeds):
        began = time.monotonic()
        try:
            with transaction() as tx:
                tx.session.add(Attempt(kind="measuring", key_hash=str(number), at=tx.now))
                activity.record(tx, None, "measure", "site", number + 1)
        except Exception as error:
            errors.append(type(error).__name__)
        waits.append((time.monotonic() - began) * 1000)
print(json.dumps({"waits": waits, "errors": errors}))
"""


def measure(folder: Path, database_url: str, *, writers: int, deeds: int) -> list[Any]:
    """Let the writers begin at the same moment; return a row for the table."""
    charta(folder, "db", "upgrade", database_url=database_url)
    line = folder / "line"
    running = [
        subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(line), str(n), str(deeds)],
            cwd=ROOT, env=os.environ | environment(folder, database_url), stdout=subprocess.PIPE, text=True,
        )
        for n in range(writers)
    ]  # fmt: skip
    deadline = time.monotonic() + 180
    while sum(line.with_suffix(f".{n}").exists() for n in range(writers)) < writers:
        if time.monotonic() > deadline:
            for process in running:
                process.kill()
            raise RuntimeError("the writers did not start")
        time.sleep(0.01)
    began = time.monotonic()
    line.touch()
    found = [json.loads(process.communicate(timeout=300)[0]) for process in running]
    seconds = time.monotonic() - began
    waits = sorted(wait for one in found for wait in one["waits"])
    verified = charta(folder, "audit", "verify", database_url=database_url).split()[0]
    return [
        writers * deeds,
        sum(len(one["errors"]) for one in found),
        int(verified),
        statistics.median(waits),
        waits[int(len(waits) * 0.99)],
        waits[-1],
        writers * deeds / seconds,
    ]


@contextmanager
def postgresql() -> Iterator[str]:
    """Give the address of a fresh database of the test server; "" where PostgreSQL is not installed."""
    from tests.databases import PostgresqlServer, postgresql_programs

    programs = postgresql_programs()
    if programs is None:
        yield ""
        return
    server = PostgresqlServer(programs)
    try:
        yield server.url(server.new_database(empty=True))
    finally:
        server.stop()


def main() -> None:
    """Measure both databases."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--writers", type=int, default=8, choices=range(1, 33), metavar="1-32")
    parser.add_argument("--deeds", type=int, default=100, choices=range(1, 1_001), metavar="1-1000")
    chosen = parser.parse_args()
    rows = []
    with scratch() as folder, postgresql() as address:
        for name, url in (("SQLite", ""), ("PostgreSQL", address)):
            if name == "SQLite" or url:
                own = folder / name
                own.mkdir()
                rows.append([name, *measure(own, url, writers=chosen.writers, deeds=chosen.deeds)])
    head = [
        "database",
        "deeds",
        "errors",
        "in the log",
        "median ms",
        "p99 ms",
        "longest ms",
        "deeds a second",
    ]
    print(f"{chosen.writers} processes, {chosen.deeds} deeds each (P17: no error, longest 1000, aim 200)\n")
    print(table(head, rows))


if __name__ == "__main__":
    main()
