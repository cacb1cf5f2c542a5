# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one vote costs the server: `python -m benchmarks.vote_request` (P9, P14).

Participants send the ballot's form over HTTP, with session cookie and form token, to Charta behind waitress
on SQLite; in turn with the floor: a bare Flask application that looks up the session, stores the vote by one
upsert on a SQLite file with the same settings and answers 303. Beside it the ballot's page, a Flask answer of
one word, and the same with 10,000 people on the roll (P14). The bar is CPU per request of the server's
process, against the floor (must 5, aim 2.5) and against the 19.6 ms that OpenSlides 3.3 was measured with
(must 0.25, aim 0.12).
"""

import argparse
import itertools
import re
from collections.abc import Callable
from pathlib import Path

from benchmarks.measuring import (
    Answer,
    Case,
    Client,
    Server,
    case_table,
    charta,
    environment,
    interleave,
    scratch,
    stopping,
    table,
)
from benchmarks.voting_evening import _MAKE, SERVE, python

OPENSLIDES_MS = 19.6
VOTERS = 60
CHOICES = ("yes", "no", "abstain")


def voting(server: Server, path: str, keys: list[str]) -> Callable[[], Answer]:
    """Return a request that sends the next voter's form, another choice each time round."""
    clients = [Client(server.port, key) for key in keys]
    page = clients[0].get(path).body.decode()
    action = re.search(r'<form[^>]*action="([^"]+/stimme)"', page)
    assert action, "no form to vote with"
    for client in clients:
        client.post(action[1], {"frage-1": "yes", "fassung": "0"})  # fetches the token
    turns = itertools.count()

    def request() -> Answer:
        turn = next(turns)
        choice = CHOICES[turn // len(clients) % len(CHOICES)]
        return clients[turn % len(clients)].post(action[1], {"frage-1": choice, "fassung": "0"})

    return request


def floor_voting(server: Server) -> Callable[[], Answer]:
    """Return a request that stores a vote through the floor."""
    clients = [Client(server.port, f"voter-{number}") for number in range(VOTERS)]
    for client in clients:
        client._token = "none"
    turns = itertools.count()

    def request() -> Answer:
        turn = next(turns)
        return clients[turn % VOTERS].post("/vote", {"choice": CHOICES[turn // VOTERS % len(CHOICES)]})

    return request


def installed(folder: Path, people: int) -> tuple[Server, str, list[str]]:
    """Make an installation with a ballot of so many people; return server, page and sessions."""
    folder.mkdir()
    charta(folder, "db", "upgrade")
    made = python(_MAKE, folder, "", str(people))
    server = Server(SERVE, first_page="/healthz", env=environment(folder))
    return server, f"/abstimmungen/{made['ballot']}", made["keys"][:VOTERS]


def main() -> None:
    """Measure in turn and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, choices=range(1, 51), metavar="1-50")
    parser.add_argument("--times", type=int, default=60, choices=range(1, 501), metavar="1-500")
    parser.add_argument("--many", type=int, default=10_000, choices=range(100, 10_001), metavar="100-10000")
    chosen = parser.parse_args()
    with scratch() as folder:
        ours, path, keys = installed(folder / "few", 100)
        big, big_path, big_keys = installed(folder / "many", chosen.many)
        floor = Server(
            ["-m", "benchmarks.floors", "PORT", str(Path(folder) / "floor.db")], first_page="/hello", env={}
        )
        with stopping(ours, big, floor):
            reader, big_reader, bare = (
                Client(ours.port, keys[0]), Client(big.port, big_keys[0]), Client(floor.port),
            )  # fmt: skip
            cases = [
                Case("hello", floor, lambda: bare.get("/hello")),
                Case("a stored vote (floor)", floor, floor_voting(floor), expected=303),
                Case("a vote", ours, voting(ours, path, keys), expected=303),
                Case(f"a vote, {chosen.many} people", big, voting(big, big_path, big_keys), expected=303),
                Case("the ballot's page", ours, lambda: reader.get(path)),
                Case(f"its page, {chosen.many} people", big, lambda: big_reader.get(big_path)),
            ]
            interleave(cases, rounds=chosen.rounds, times=chosen.times)
        print(case_table(cases))
        stored, vote, vote_of_many, page, page_of_many = (case.cost for case in cases[1:])
        print()
        print(
            table(
                ["compared", "ms", "ratio", "must", "aim"],
                [
                    ["a vote against the floor", stored, vote / stored, 5, 2.5],
                    ["a vote against OpenSlides 3.3", OPENSLIDES_MS, vote / OPENSLIDES_MS, 0.25, 0.12],
                    ["a vote, many against 100 people", vote, vote_of_many / vote, 1.3, 1.1],
                    ["the page, many against 100 people", page, page_of_many / page, 1.3, 1.1],
                ],
            )
        )


if __name__ == "__main__":
    main()
