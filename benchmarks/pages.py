# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Cost of pages: `python -m benchmarks.pages [floors|growth|memory|start|all]` (P2, P3, P14, P15, P16)."""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import (
    Answer,
    Case,
    Client,
    Installation,
    Server,
    case_table,
    charta_server,
    floor_server,
    interleave,
    scratch,
    seeded,
    stopping,
    table,
)


def getting(client: Client, path: str) -> Callable[[], Answer]:
    """Return a request for a page."""
    return lambda: client.get(path)


def again(client: Client, path: str) -> Callable[[], Answer]:
    """Return a request for a page that the client has already."""
    client.get(path)  # makes the form token, which belongs to the tag
    tag = client.get(path).header["etag"]
    return lambda: client.get(path, if_none_match=tag)


# -------------------------------------------------------------------------------------------- P2, P3: floors


def floors(folder: Path, *, rounds: int, times: int) -> None:
    """Compare pages with a bare Jinja page and 304 with a hello, all in one interleaved run."""
    data = seeded(
        folder / "pages", people=40, sections=30, revisions=200, proposals=20, measures=15, sessions=10,
        characters=10_000,
    )  # fmt: skip
    ours, floor = charta_server(data.folder), floor_server()
    with stopping(ours, floor):
        partner, moderator = data.client(ours), data.client(ours, "moderator")
        reader, plain = Client(ours.port), Client(floor.port)
        section, proposal = f"/abschnitte/{data.section_id}", f"/vorschlaege/{data.first_proposal + 1}"
        hello = Case("floor: hello", floor, getting(plain, "/hello"))
        jinja = Case("floor: bare Jinja page", floor, getting(plain, "/page"))
        page = Case("section, 200 revisions, 20 proposals, signed in", ours, getting(partner, section))
        same = Case("section, unchanged (304)", ours, again(partner, section), 304)
        cases = [
            hello,
            jinja,
            page,
            same,
            Case("section, reader without account", ours, getting(reader, section)),
            Case("/charta, 30 sections of 10 kB, signed in", ours, getting(partner, "/charta")),
            Case("/charta, unchanged (304)", ours, again(partner, "/charta"), 304),
            Case("proposals of the section", ours, getting(partner, f"{section}/vorschlaege")),
            Case("history, 50 of 200", ours, getting(partner, f"{section}/entstehung")),
            Case("comparison, kept", ours, getting(partner, f"{section}/vergleich?von=150&bis=200")),
            Case("list of proposals", ours, getting(partner, "/vorschlaege")),
            Case("one proposal", ours, getting(partner, proposal)),
            Case("queue", ours, getting(moderator, "/moderation")),
            Case("home", ours, getting(reader, "/")),
            Case("/healthz", ours, getting(reader, "/healthz")),
        ]
        interleave(cases, rounds=rounds, times=times)
        fresh = uncached_comparisons(ours, partner, section, count=min(100, rounds * times))
    print(case_table(cases))
    print()
    print(
        table(
            ["bar", "measured", "must", "aim"],
            [
                ["P2: section against a bare Jinja page", page.cost / jinja.cost, "3", "1.5"],
                ["P3: 304 against hello", same.cost / hello.cost, "3", "1.5"],
                ["P4, own part: word diff 50 revisions apart, not kept, CPU ms", fresh, "-", "-"],
            ],
        )
    )


def uncached_comparisons(server: Server, client: Client, section: str, *, count: int) -> float:
    """Return the median CPU milliseconds of comparisons nobody has asked for before."""
    costs = []
    for n in range(1, count + 1):
        before = server.cpu_ms()
        answer = client.get(f"{section}/vergleich?von={n}&bis={n + 50}")
        assert answer.status == 200, answer.status
        costs.append(server.cpu_ms() - before)
    return statistics.median(costs)


# ------------------------------------------------------------------------------------------------ P14: growth


def growth(folder: Path, *, rounds: int, times: int, few: int = 100, many: int = 10_000) -> None:
    """Compare pages of installations with few and many people, revisions and proposals."""
    made: list[tuple[Installation, Server]] = []
    for count in (few, many):
        data = seeded(
            folder / f"growth-{count}", people=count, sections=20, revisions=count, proposals=count,
            measures=10, sessions=10, characters=2_000,
        )  # fmt: skip
        made.append((data, charta_server(data.folder)))
    with stopping(*(server for _, server in made)):
        sets = [_growing(data, server) for data, server in made]
        interleave([case for both in zip(*sets, strict=True) for case in both], rounds=rounds, times=times)
    print(
        table(
            ["page", f"CPU ms at {few}", f"CPU ms at {many}", "ratio (must 1.3, aim 1.1)"],
            [
                [one.name, one.cost, other.cost, other.cost / one.cost]
                for one, other in zip(*sets, strict=True)
            ],
        )
    )


def _growing(data: Installation, server: Server) -> list[Case]:
    partner, moderator = data.client(server), data.client(server, "moderator")
    administrator = data.client(server, "administrator")
    section = f"/abschnitte/{data.section_id}"
    return [
        Case("section", server, getting(partner, section)),
        Case("section, unchanged (304)", server, again(partner, section), 304),
        Case("history", server, getting(partner, f"{section}/entstehung")),
        Case("comparison, kept", server, getting(partner, f"{section}/vergleich?von=10&bis=60")),
        Case("proposals of the section", server, getting(partner, f"{section}/vorschlaege")),
        Case("list of proposals", server, getting(partner, "/vorschlaege")),
        Case("one proposal", server, getting(partner, f"/vorschlaege/{data.first_proposal + 1}")),
        Case("queue", server, getting(moderator, "/moderation")),
        Case("Mein Bereich", server, getting(partner, "/mein-bereich")),
        Case("home", server, getting(partner, "/")),
        Case("people", server, getting(administrator, "/verwaltung/personen")),
        Case("log", server, getting(administrator, "/verwaltung/protokoll")),
    ]


# ------------------------------------------------------------------------------------------------ P15: memory


def memory(folder: Path, *, requests: int = 10_000, settled: int = 2_000) -> None:
    """Watch the memory of two workers over many mixed requests."""
    data = seeded(
        folder / "memory", people=100, sections=40, revisions=200, proposals=40, measures=15, sessions=100,
        characters=4_000,
    )  # fmt: skip
    workers = [charta_server(data.folder), charta_server(data.folder)]
    seen: list[tuple[int, float]] = []
    with stopping(*workers):
        clients = [
            [data.client(worker, role) for role in ("partner", "attendee", "moderator")] for worker in workers
        ]
        began = time.monotonic()
        for n in range(requests + 1):
            if n in {0, 500, settled, *range(settled, requests + 1, 2_000)}:
                seen.append((n, sum(worker.memory_mb() for worker in workers)))
            path = _mixed(n, data)
            role = 2 if path.startswith("/moderation") else n % 3
            answer = clients[n % 2][role].get(path)
            assert answer.status == 200, f"{path}: {answer.status}"
        seconds = time.monotonic() - began
    print(table(["after requests", "MB of two workers"], [[n, mb] for n, mb in seen]))
    start = next(mb for n, mb in seen if n == settled)
    grown = (seen[-1][1] - start) / start
    print(
        f"\nP15: {seen[-1][1]:.0f} MB (must 160, aim 110); growth from request {settled} on {grown:.1%} "
        f"(must 5 %, aim 1 %); {seconds:.0f} s."
    )


def _mixed(n: int, data: Installation) -> str:
    """Return the n-th address of a mixture: always the same, never twice the same comparison in a row."""
    section, old = f"/abschnitte/{data.section_id}", n * 7 % 199 + 1
    return (
        section,
        "/charta",
        f"/abschnitte/{data.section_id + n % 40}",
        f"{section}/vergleich?von={old}&bis={old % 200 + 1}",
        f"/vorschlaege/{data.first_proposal + n % 40}",
        "/vorschlaege",
        f"{section}/entstehung",
        f"{section}/textstand/{old}",
        "/",
        "/moderation",
    )[n % 10]


# ------------------------------------------------------------------------------------------------ P16: start


def start(folder: Path, *, times: int = 5) -> None:
    """Measure from the start of the process to its first page."""
    data = seeded(folder / "start", sections=20, revisions=5, proposals=5, sessions=4)
    walls, cpus = [], []
    for _ in range(times):
        server = charta_server(data.folder, "--embedded", first_page="/")
        walls.append(server.seconds_to_first_page)
        cpus.append(server.cpu_ms())
        server.stop()
    print(
        f"P16, own part: start to first page {statistics.median(walls):.2f} s "
        f"({min(walls):.2f} to {max(walls):.2f}), {statistics.median(cpus):.0f} ms of CPU."
    )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "what", nargs="?", default="all", choices=["all", "floors", "growth", "memory", "start"]
    )
    parser.add_argument("--rounds", type=int, default=10, choices=range(1, 51), metavar="1-50")
    parser.add_argument("--times", type=int, default=20, choices=range(1, 201), metavar="1-200")
    parser.add_argument("--many", type=int, default=10_000, choices=range(200, 20_001), metavar="200-20000")
    parser.add_argument(
        "--requests", type=int, default=10_000, choices=range(4_000, 20_001), metavar="4000-20000"
    )
    chosen = parser.parse_args()
    with scratch() as folder:
        if chosen.what in {"all", "floors"}:
            floors(folder, rounds=chosen.rounds, times=chosen.times)
        if chosen.what in {"all", "growth"}:
            growth(folder, rounds=chosen.rounds, times=chosen.times, many=chosen.many)
        if chosen.what in {"all", "memory"}:
            memory(folder, requests=chosen.requests)
        if chosen.what in {"all", "start"}:
            start(folder)


if __name__ == "__main__":
    main()
