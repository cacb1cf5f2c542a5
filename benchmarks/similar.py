# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cost of the search for similar contributions: `python -m benchmarks.similar`.

At 1,000 and 10,000 contributions, on SQLite and PostgreSQL, beside a plain full scan (every text is read,
then compared by rapidfuzz), all in turn in one run. Bar: under 50 ms at 10,000. One process for each
installation searches with its own memory of words, as a worker of the server would; the first search of a
process, which makes the word lists, is stated apart. PostgreSQL is the server of the tests: on a socket,
without fsync and without autovacuum; it is told to analyse after the seeding, as autovacuum does in a minute.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from benchmarks.measuring import ROOT, environment, scratch, seeded, table
from benchmarks.writers import postgresql

BAR_MS = 50.0
QUERIES = 60

_SEARCHER = """
import json, random, sys, time
from charta.app import create_app
from charta.contributions import similar
from charta.contributions.models import Contribution
from charta.db import session
from charta.demo.seed import contributions
from charta.text import similar as engine
from rapidfuzz import fuzz, process
from sqlalchemy import select

draw = random.Random(7)
short = [contributions.text(draw) for _ in range(60)]
long = [" ".join(contributions.text(draw) for _ in range(14))[:2000] for _ in range(20)]

def search(query):
    return len(similar.similar(query))

def scan(query):
    texts = session.execute(select(Contribution.id, Contribution.text).where(similar.OFFERED)).all()
    best = process.extract(query, [text for _, text in texts], scorer=fuzz.token_set_ratio, limit=5)
    return len(best)

def bundle(_):
    return len(similar.suggested_bundles())

does = {"search": (search, short), "long": (search, long), "scan": (scan, short), "bundle": (bundle, short)}
with create_app().app_context():
    began = time.perf_counter()
    search("Ein erster Text über Energiepreise und Zulieferer")
    print(json.dumps({"first": (time.perf_counter() - began) * 1000}), flush=True)
    for line in sys.stdin:
        what, number = line.split()
        do, queries = does[what]
        query = queries[int(number) % len(queries)]
        # Every search as for a text nobody typed before; stems of single words stay, as they do in a server.
        engine._terms.cache_clear()
        engine._letters.cache_clear()
        session.rollback()
        wall, cpu = time.perf_counter(), time.process_time()
        found = do(query)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        print(json.dumps({"wall": wall * 1000, "cpu": cpu * 1000, "found": found}), flush=True)
"""


@dataclass
class Searcher:
    """A process that searches in one installation."""

    name: str
    count: int
    process: "subprocess.Popen[str]"
    first_ms: float = 0.0
    wall_ms: dict[str, list[float]] = field(default_factory=dict)
    cpu_ms: dict[str, list[float]] = field(default_factory=dict)

    def read(self) -> dict[str, float]:
        """Return its next answer."""
        assert self.process.stdout
        answer: dict[str, float] = json.loads(self.process.stdout.readline())
        return answer

    def do(self, what: str, number: int, *, counts: bool) -> None:
        """Let it do one thing and keep what it cost."""
        assert self.process.stdin
        self.process.stdin.write(f"{what} {number}\n")
        self.process.stdin.flush()
        answer = self.read()
        if counts:
            self.wall_ms.setdefault(what, []).append(answer["wall"])
            self.cpu_ms.setdefault(what, []).append(answer["cpu"])


def start(name: str, folder: Path, database_url: str, count: int) -> Searcher:
    """Make an installation and start its process."""
    seeded(
        folder, database_url=database_url, people=40, sections=2, revisions=2, proposals=0, measures=0,
        sessions=0, contributions=count,
    )  # fmt: skip
    if database_url:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
    process = subprocess.Popen(
        [sys.executable, "-c", _SEARCHER], cwd=ROOT, env=os.environ | environment(folder, database_url),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    searcher = Searcher(name, count, process)
    searcher.first_ms = searcher.read()["first"]
    return searcher


def measure(searchers: Sequence[Searcher], *, rounds: int) -> None:
    """Let all of them search in turn, so that whatever else the machine does meets all of them."""
    for what, times in (("search", QUERIES), ("scan", 1), ("long", 4), ("bundle", 1)):
        for n in range(times):
            for searcher in searchers:
                searcher.do(what, n, counts=False)
    for n in range(rounds * QUERIES):
        for searcher in searchers:
            searcher.do("search", n, counts=True)
            if n % 3 == 0:
                searcher.do("long", n // 3, counts=True)
            if n % 10 == 0:
                searcher.do("scan", n, counts=True)
            if n % 30 == 0:
                searcher.do("bundle", n, counts=True)


def row(searcher: Searcher) -> list[object]:
    """Return a line of the table."""
    walls = sorted(searcher.wall_ms["search"])
    longs = sorted(searcher.wall_ms["long"])
    scan = statistics.median(searcher.wall_ms["scan"])
    return [
        f"{searcher.name}, {searcher.count:,}",
        statistics.median(walls),
        walls[int(len(walls) * 0.95)],
        walls[-1],
        statistics.median(searcher.cpu_ms["search"]),
        statistics.median(longs),
        longs[-1],
        scan,
        statistics.median(walls) / scan,
        statistics.median(searcher.wall_ms["bundle"]),
        searcher.first_ms,
    ]


def main() -> None:
    """Measure both databases at both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, choices=range(1, 21), metavar="1-20")
    chosen = parser.parse_args()
    with scratch() as folder, ExitStack() as stack:
        searchers: list[Searcher] = []
        for count in (1_000, 10_000):
            searchers.append(start("SQLite", folder / f"sqlite-{count}", "", count))
            address = stack.enter_context(postgresql())
            if address:
                searchers.append(start("PostgreSQL", folder / f"postgresql-{count}", address, count))
        measure(searchers, rounds=chosen.rounds)
        for searcher in searchers:
            assert searcher.process.stdin
            searcher.process.stdin.close()
            searcher.process.wait(30)
    head = [
        "contributions", "ms", "p95", "worst", "CPU ms", "2,000 characters", "worst", "full scan", "ratio",
        "bundles", "first",
    ]  # fmt: skip
    print(f"wall ms of one search (bar: under {BAR_MS:.0f} at 10,000)\n")
    print(table(head, [row(searcher) for searcher in searchers]))


if __name__ == "__main__":
    main()
