# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What one vote costs the server: `python -m benchmarks.vote_request` (P9).

Participants send the ballot's form over HTTP, with session cookie and form token, to Charta behind waitress
on SQLite; in turn with the floor: a bare Flask application that looks up the session, stores the vote by one
upsert on a SQLite file with the same settings and answers 303. Beside it the ballot's page, and a Flask
answer of one word. The bar is CPU per request of the server's process, against the floor (must 5, aim 2.5)
and against the 19.6 ms that OpenSlides 3.3 was measured with (must 0.25, aim 0.12).
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


def main() -> None:
    """Measure in turn and print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, choices=range(1, 51), metavar="1-50")
    parser.add_argument("--times", type=int, default=60, choices=range(1, 501), metavar="1-500")
    chosen = parser.parse_args()
    with scratch() as folder:
        data = folder / "charta"
        data.mkdir()
        charta(data, "db", "upgrade")
        made = python(_MAKE, data, "", str(VOTERS))
        ours = Server(SERVE, first_page="/healthz", env=environment(data))
        floor = Server(
            ["-m", "benchmarks.floors", "PORT", str(Path(folder) / "floor.db")], first_page="/hello", env={}
        )
        with stopping(ours, floor):
            path = f"/abstimmungen/{made['ballot']}"
            reader = Client(ours.port, made["keys"][0])
            bare = Client(floor.port)
            cases = [
                Case("hello", floor, lambda: bare.get("/hello")),
                Case("a stored vote (floor)", floor, floor_voting(floor), expected=303),
                Case("a vote", ours, voting(ours, path, made["keys"]), expected=303),
                Case("the ballot's page", ours, lambda: reader.get(path)),
            ]
            interleave(cases, rounds=chosen.rounds, times=chosen.times)
        print(case_table(cases))
        stored, vote = cases[1].cost, cases[2].cost
        print()
        print(
            table(
                ["a vote against", "ms", "ratio", "must", "aim"],
                [
                    ["the floor", stored, vote / stored, 5, 2.5],
                    ["OpenSlides 3.3", OPENSLIDES_MS, vote / OPENSLIDES_MS, 0.25, 0.12],
                ],
            )
        )


if __name__ == "__main__":
    main()
