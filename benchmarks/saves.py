# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Saving a text of 10 kB, one after the other and eight at once: `python -m benchmarks.saves` (P6, own part).

Everything over HTTP as browsers do it: saving while typing, handing in, and approval, which makes the
revision: a three-way merge onto the present text, provenance, and the merge states of all other proposals.
"""

import argparse
import html
import json
import re
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.measuring import (
    Answer,
    Client,
    Installation,
    Server,
    charta_server,
    scratch,
    seeded,
    stopping,
    table,
)

SAVERS = 8


@dataclass
class Saver:
    """Somebody who changes one section, paragraph after paragraph."""

    section_id: int
    author: Client
    moderator: Client
    title: str = ""
    body: str = ""
    draft: str = ""
    edits: int = 0
    head: int = 1
    proposals: list[str] = field(default_factory=list)

    def read(self) -> None:
        """Open the form that everything starts from."""
        page = self.author.get(f"/abschnitte/{self.section_id}/aendern").body.decode()
        title = re.search(r'name="title"[^>]*value="([^"]*)"', page)
        body = re.search(r'<textarea[^>]*name="body"[^>]*>\r?\n?(.*?)</textarea>', page, re.DOTALL)
        assert title
        assert body
        self.title, self.body = html.unescape(title[1]), html.unescape(body[1])

    def values(self, n: int) -> dict[str, Any]:
        """Return the form with one paragraph changed, the n-th from the beginning."""
        blocks = self.body.rstrip("\n").split("\n\n")
        places = [at for at, block in enumerate(blocks) if not block.startswith(("-", "#"))]
        blocks[places[n % len(places)]] += f" Ein Satz von Nummer {n} steht jetzt auch da."
        return {
            "title": self.title,
            "body": "\n\n".join(blocks) + "\n",
            "summary": f"Absatz {n} ergänzen",
            "reason": "Damit gemessen werden kann.",
            "page_key": f"{self.section_id}-{n}-{id(self)}"[:64],
        }

    def begin(self) -> None:
        """Make the draft that is saved again and again."""
        answer = self.author.post(f"/abschnitte/{self.section_id}/aendern", self.values(0))
        assert answer.status == 303, answer.status
        self.draft = answer.header["location"].partition("#")[0]
        self.edits = 1

    def save(self, n: int) -> Answer:
        """Save the draft as the script does while somebody types."""
        values = self.values(n) | {"seen_edit": self.edits, "page_key": f"{self.section_id}-{id(self)}"}
        answer = self.author.post(self.draft, values, wants_json=True)
        self.edits = json.loads(answer.body).get("edit", self.edits)
        return answer

    def discard(self) -> None:
        """Throw the draft away, so that the next form begins anew."""
        self.author.post(self.draft.replace("bearbeiten", "verwerfen"), {})

    def hand_in(self, n: int) -> Answer:
        """Write and hand in a proposal."""
        answer = self.author.post(
            f"/abschnitte/{self.section_id}/aendern", self.values(n) | {"tun": "submit"}
        )
        if answer.status == 303:
            self.proposals.append(answer.header["location"])
        return answer

    def approve(self, n: int) -> Answer:
        """Approve the n-th proposal: the text gets a revision."""
        answer = self.moderator.post(
            f"{self.proposals[n]}/entscheiden",
            {"decision": "approve", "reason": "", "seen_version": 1, "seen_head": self.head},
        )
        self.head += 1
        return answer


def measure(
    server: Server,
    name: str,
    savers: Sequence[Saver],
    deed: Callable[[Saver, int], Answer],
    wanted: int,
    times: int,
) -> list[Any]:
    """Let all savers do `deed` at once, `times` times each; return a row for the table."""
    walls: list[float] = []
    failed: list[str] = []

    def run(saver: Saver) -> None:
        for n in range(times):
            began = time.perf_counter()
            answer = deed(saver, n)
            walls.append((time.perf_counter() - began) * 1000)
            if answer.status != wanted:
                failed.append(f"{answer.status} {answer.body[:200]!r}")

    cpu, began = server.cpu_ms(), time.perf_counter()
    threads = [threading.Thread(target=run, args=(saver,)) for saver in savers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    seconds = time.perf_counter() - began
    if failed:
        print(f"{name}: {failed[0]}")
    count = len(savers) * times
    cost = (server.cpu_ms() - cpu) / count
    return [
        name,
        len(savers),
        count,
        len(failed),
        cost,
        statistics.median(walls),
        max(walls),
        count / seconds,
    ]


def saver(data: Installation, server: Server, n: int) -> Saver:
    """Return the n-th saver with browsers of its own."""
    made = Saver(data.section_id + n, data.client(server, "partner", n), data.client(server, "moderator"))
    made.read()
    return made


def main() -> None:
    """Measure one saver, then eight at once on the same installation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10, choices=range(1, 16), metavar="1-15")
    times = parser.parse_args().times
    rows = []
    with scratch() as folder:
        data = seeded(
            folder / "saves", people=40, sections=SAVERS + 1, revisions=1, proposals=0, measures=0,
            sessions=40, characters=10_000,
        )  # fmt: skip
        server = charta_server(data.folder)
        with stopping(server):
            savers = [saver(data, server, n) for n in range(SAVERS + 1)]
            length = statistics.mean(len(one.body) for one in savers)
            for group in (savers[:1], savers[1:]):
                for one in group:
                    one.begin()
                rows.append(measure(server, "save while typing", group, Saver.save, 200, times))
                for one in group:
                    one.discard()
                rows.append(measure(server, "hand in", group, Saver.hand_in, 303, times))
                rows.append(measure(server, "approve: a new revision", group, Saver.approve, 303, times))
    print(f"Texts of {length:.0f} characters; each section has up to {times} open proposals.\n")
    print(
        table(["deed", "at once", "deeds", "failed", "CPU ms", "median ms", "longest ms", "a second"], rows)
    )


if __name__ == "__main__":
    main()
