# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charta beside MediaWiki, with the same texts in one interleaved run: `python -m benchmarks.peers`.

Measures P1, P4, P5, P6 and P7. MediaWiki comes from the packages of the system and is set up in a scratch
folder; `apt-get install mediawiki php-cli php-sqlite3 php-wikidiff2 php-apcu php-intl php-mbstring php-xml`.
Without it everything is held against our own floors (`benchmarks.floors`) only.

MediaWiki is given what makes it quick: opcode cache, APCu as main cache, localisation in PHP files, jobs left
for later, saving through its API (no page is drawn afterwards), reading and comparing without an account.
"""

import argparse
import itertools
import json
import os
import platform
import re
import shutil
import signal
import sqlite3
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

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
from benchmarks.saves import Saver
from charta.demo.seed import words
from charta.text import diff, merge

PAIRS = 150  # of revisions 50 apart, among 200
SAVERS = 8
WARM_UP = 5
# Whatever a server does after it has answered belongs to the request too.
SETTLE_SECONDS = 0.04

_CODE = Path("/usr/share/mediawiki")
_WHO, _KEY = "Messung", "nur-auf-diesem-Rechner-1"
_SETTINGS = """
$wgJobRunRate = 0;
$wgCacheDirectory = __DIR__ . '/cache';
$wgLocalisationCacheConf['store'] = 'array';
if ( getenv( 'WIKI_DIFF' ) ) {
    $wgDiffEngine = getenv( 'WIKI_DIFF' );
}
"""
# In a session of its own, so that the processes it forks can be ended with it.
_PHP = "import os, sys; os.setsid(); os.execvp('php', ['php', *sys.argv[1:]])"
_FUNCTIONS = """<?php
require_once '/usr/share/mediawiki/maintenance/Maintenance.php';
class Functions extends Maintenance {
    private function cpu() {
        $used = getrusage();
        return $used['ru_utime.tv_sec'] * 1e9 + $used['ru_utime.tv_usec'] * 1e3
            + $used['ru_stime.tv_sec'] * 1e9 + $used['ru_stime.tv_usec'] * 1e3;
    }
    private function median( $clock, $items, $function ) {
        $times = [];
        foreach ( $items as $item ) {
            $began = $clock();
            $function( $item );
            $times[] = ( $clock() - $began ) / 1e6;
        }
        sort( $times );
        return $times[intdiv( count( $times ), 2 )];
    }
    public function execute() {
        $given = json_decode( file_get_contents( getenv( 'GIVEN' ) ), true );
        $found = [ 'engine' => DifferenceEngine::getEngine(), 'wikidiff2' => phpversion( 'wikidiff2' ) ];
        $found['diff'] = $this->median( fn () => $this->cpu(), $given['pairs'], static function ( $pair ) {
            if ( function_exists( 'wikidiff2_do_diff' ) ) {
                return wikidiff2_do_diff( $pair[0], $pair[1], 2 );
            }
            $diff = new Diff( explode( "\\n", $pair[0] ), explode( "\\n", $pair[1] ) );
            return ( new TableDiffFormatter() )->format( $diff );
        } );
        $wall = fn () => hrtime( true );
        $found['merge'] = $this->median( $wall, $given['merges'], static function ( $texts ) {
            $merged = '';
            if ( !wfMerge( $texts[0], $texts[1], $texts[2], $merged ) ) {
                throw new RuntimeException( 'not merged' );
            }
        } );
        echo json_encode( $found );
    }
}
$maintClass = Functions::class;
require_once RUN_MAINTENANCE_IF_MAIN;
"""


# -------------------------------------------------------------------------------------------------- MediaWiki


class WikiServer(Server):
    """MediaWiki behind the web server of PHP: two forked workers and their parent, which serves too."""

    def __init__(self, folder: Path, *, engine: str = "") -> None:
        super().__init__(
            ["-c", _PHP, "-S", "127.0.0.1:PORT", "-t", str(_CODE)],
            first_page="/api.php?action=query&meta=siteinfo&format=json",
            env=_wiki_environment(folder) | {"PHP_CLI_SERVER_WORKERS": "2", "WIKI_DIFF": engine},
        )

    def stop(self) -> None:
        """End the process and what it forked."""
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass  # it never came so far
        super().stop()


class WikiClient(Client):
    """A signed-in user of MediaWiki's API."""

    def sign_in(self) -> None:
        """Sign in, and keep the form token."""
        token = self.api(action="query", meta="tokens", type="login")["query"]["tokens"]["logintoken"]
        done = self.api(action="login", lgname=_WHO, lgpassword=_KEY, lgtoken=token)
        assert done["login"]["result"] == "Success", done
        self._token = self.api(action="query", meta="tokens")["query"]["tokens"]["csrftoken"]

    def save(self, title: str, text: str, *, base: int = 0) -> Answer:
        """Save a page; `base` is the revision the text was written on."""
        values = {"action": "edit", "title": title, "text": text, "token": self._token}
        return self._api(values | ({"baserevid": base} if base else {}))

    def api(self, **values: object) -> dict[str, Any]:
        """Return what the API answers."""
        found: dict[str, Any] = json.loads(self._api(values).body)
        return found

    def _api(self, values: Mapping[str, object]) -> Answer:
        body = urlencode({"format": "json", "formatversion": 2, **values})
        return self._send("POST", "/api.php", body, {"Content-Type": "application/x-www-form-urlencoded"})


def saved(answer: Answer) -> int:
    """Return the revision that a save made; raises when it made none."""
    found = json.loads(answer.body)
    if found.get("edit", {}).get("result") != "Success" or "newrevid" not in found["edit"]:
        raise RuntimeError(f"MediaWiki did not save: {answer.body[:300]!r}")
    return int(found["edit"]["newrevid"])


def wiki_is_installed() -> bool:
    """Return whether the system has MediaWiki and PHP."""
    return shutil.which("php") is not None and (_CODE / "maintenance" / "install.php").is_file()


def install_wiki(folder: Path) -> None:
    """Set up a German wiki on SQLite in a folder."""
    folder.mkdir()
    _php(
        folder, _CODE / "maintenance" / "install.php", "--confpath", folder, "--dbtype", "sqlite",
        "--dbpath", folder / "data", "--dbname", "wiki", "--server", "http://127.0.0.1", "--scriptpath", "",
        "--lang", "de", "--pass", _KEY, "Messung", _WHO, settings=False,
    )  # fmt: skip
    (folder / "cache").mkdir()
    with (folder / "LocalSettings.php").open("a", encoding="utf-8") as file:
        file.write(_SETTINGS)
    _php(folder, _CODE / "maintenance" / "rebuildLocalisationCache.php", "--lang=de,en", "--no-progress")


def wiki_functions(
    folder: Path, pairs: Sequence[tuple[str, str]], merges: Sequence[Sequence[str]]
) -> dict[str, Any]:
    """Return what MediaWiki's functions cost alone: medians, of CPU for the diff, of wall for the merge."""
    script, given = folder / "functions.php", folder / "given.json"
    script.write_text(_FUNCTIONS, encoding="utf-8")
    given.write_text(json.dumps({"pairs": pairs, "merges": merges}), encoding="utf-8")
    found: dict[str, Any] = json.loads(_php(folder, script))
    return found


def wikitext(markdown: str) -> str:
    """Return one of our generated texts as MediaWiki spells it."""
    text = re.sub(r"^### (.+)$", r"=== \1 ===", markdown, flags=re.MULTILINE)
    return re.sub(r"^- ", "* ", text, flags=re.MULTILINE).replace("**", "'''").strip()


def _wiki_environment(folder: Path) -> dict[str, str]:
    return {"MW_CONFIG_FILE": str(folder / "LocalSettings.php"), "GIVEN": str(folder / "given.json")}


def _php(folder: Path, *arguments: object, settings: bool = True) -> str:
    done = subprocess.run(
        ["php", *map(str, arguments)],
        env=os.environ | (_wiki_environment(folder) if settings else {}),
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError((done.stdout + done.stderr)[-2000:])
    return done.stdout


# ---------------------------------------------------------------------------------------------- the two sides


@dataclass
class Wiki:
    """MediaWiki with the same history as our busy section; `ids` are its revisions in their order."""

    folder: Path
    server: WikiServer
    plain: WikiServer
    user: WikiClient
    ids: list[int] = field(default_factory=list)
    version: str = ""

    def take_over(self, bodies: Sequence[str]) -> None:
        """Save all revisions of a text, one after the other."""
        for body in bodies:
            self.ids.append(saved(self.user.save("Abschnitt", wikitext(body))))
        _php(self.folder, _CODE / "maintenance" / "runJobs.php")
        info = self.user.api(action="query", meta="siteinfo")["query"]["general"]
        self.version = f"{info['generator']}, PHP {info['phpversion']}"

    def comparing(self, client: Client, pairs: Iterator[tuple[int, int]]) -> Callable[[], Answer]:
        """Return a request for the next comparison, without the text below it."""

        def request() -> Answer:
            old, new = next(pairs)
            ids = f"oldid={self.ids[old - 1]}&diff={self.ids[new - 1]}"
            return client.get(f"/index.php?title=Abschnitt&{ids}&diffonly=1")

        return request


@dataclass
class Ours:
    """Two processes of Charta on the same data, and the texts of the busy section."""

    data: Installation
    server: Server
    second: Server
    bodies: Sequence[str]

    def comparing(self, client: Client, pairs: Iterator[tuple[int, int]]) -> Callable[[], Answer]:
        """Return a request for the next comparison."""
        path = f"/abschnitte/{self.data.section_id}/vergleich"

        def request() -> Answer:
            old, new = next(pairs)
            return client.get(f"{path}?von={old}&bis={new}")

        return request

    def saver(self, section: int, person: int, *, decided_by_second: bool = False) -> Saver:
        """Return somebody who changes a section, with a moderator, perhaps at the other process."""
        other = self.second if decided_by_second else self.server
        return Saver(
            self.data.section_id + section,
            self.data.client(self.server, "partner", person),
            self.data.client(other, "moderator", person % SAVERS),
        )


def both_sides(folder: Path, stack: ExitStack) -> tuple[Ours, Server, Wiki | None]:
    """Start everything that is there."""
    data = seeded(
        folder / "charta", people=80, sections=2 * SAVERS, revisions=200, proposals=20, measures=4,
        sessions=80, characters=10_000,
    )  # fmt: skip
    with sqlite3.connect(folder / "charta" / "charta.db") as database:
        found = database.execute(
            "SELECT body FROM revision WHERE section_id = ? ORDER BY number", (data.section_id,)
        )
        bodies = [row[0] for row in found]
    ours = Ours(data, charta_server(data.folder), charta_server(data.folder), bodies)
    floor = floor_server()
    stack.enter_context(stopping(ours.server, ours.second, floor))
    if not wiki_is_installed():
        return ours, floor, None
    install_wiki(folder / "wiki")
    server = WikiServer(folder / "wiki")
    stack.enter_context(stopping(server))
    plain = WikiServer(folder / "wiki", engine="php")
    stack.enter_context(stopping(plain))
    user = WikiClient(server.port)
    user.sign_in()
    wiki = Wiki(folder / "wiki", server, plain, user)
    wiki.take_over(bodies)
    return ours, floor, wiki


@dataclass(frozen=True)
class Bar:
    """What was reached; `theirs` is None without MediaWiki, `cpu` is ours where `ours` is wall time."""

    name: str
    ours: float
    theirs: float | None
    must: str
    aim: str
    cpu: float = 0.0

    def row(self, jinja: float) -> list[object]:
        """Return the line of the table; `jinja` is what a bare page costs."""
        ratio = "-" if self.theirs is None else f"{self.ours / self.theirs:.2f}"
        theirs = "-" if self.theirs is None else self.theirs
        pages = f"{(self.cpu or self.ours) / jinja:.1f}"
        return [self.name, self.ours, theirs, ratio, self.must, self.aim, pages]


# -------------------------------------------------------------------------------------------- P1, P4: reading


def pages(
    ours: Ours, floor: Server, wiki: Wiki | None, *, rounds: int, times: int
) -> tuple[list[Bar], float]:
    """Measure reading and comparing; return the bars and what the bare page costs."""
    partner = ours.data.client(ours.server)
    section = f"/abschnitte/{ours.data.section_id}"
    same = itertools.repeat((150, 200))
    bare = Client(floor.port)
    base = Case("floor: bare Jinja page, 41 kB", floor, lambda: bare.get("/page"))
    mine = [
        Case("Charta: section page, signed in", ours.server, lambda: partner.get(section)),
        Case("Charta: comparison, not kept", ours.server, ours.comparing(partner, _pairs())),
        Case("Charta: the same comparison again", ours.server, ours.comparing(partner, same)),
    ]
    theirs: list[Case] = []
    if wiki is not None:
        reader, plain, user = Client(wiki.server.port), Client(wiki.plain.port), wiki.user
        path = "/index.php?title=Abschnitt"
        theirs = [
            Case("MediaWiki: page, no account", wiki.server, lambda: reader.get(path)),
            Case(
                "MediaWiki: comparison, not kept, wikidiff2 (C++)",
                wiki.server,
                wiki.comparing(reader, _pairs()),
            ),
            Case("MediaWiki: the same comparison again", wiki.server, wiki.comparing(reader, same)),
            Case("MediaWiki: page, signed in", wiki.server, lambda: user.get(path)),
            Case("MediaWiki: comparison, not kept, PHP", wiki.plain, wiki.comparing(plain, _pairs())),
        ]
    cases = [base, *(case for both in itertools.zip_longest(mine, theirs) for case in both if case)]
    interleave(cases, rounds=rounds, times=times, warm_up=WARM_UP)
    print(case_table(cases), end="\n\n")
    costs: list[float | None] = [case.cost for case in theirs]
    read, cpp, kept, _, php = costs or [None] * 5
    section_page, compared, again = (case.cost for case in mine)
    bars = [
        Bar("P1 section page against MediaWiki's page", section_page, read, "0.35", "0.15"),
        Bar("P4 comparison, not kept, against wikidiff2", compared, cpp, "1.0", "0.3"),
        Bar("P4 the same against MediaWiki's diff in PHP", compared, php, "-", "-"),
        Bar("P4 comparison, kept, against MediaWiki's not kept", again, cpp, "-", "0.1"),
        Bar("P4 comparison, kept, against MediaWiki's kept", again, kept, "-", "-"),
    ]
    return bars, base.cost


def _pairs() -> Iterator[tuple[int, int]]:
    """Yield all pairs 50 apart but the last one, which is asked for again and again."""
    return ((old, old + 50) for old in range(1, PAIRS))


# ----------------------------------------------------------------------------------- P5: the worst comparison


def worst(ours: Ours, *, step: int) -> list[list[object]]:
    """Search the dearest comparison among the revisions, and with unrelated texts, in this process."""
    chosen = sorted({0, *range(0, len(ours.bodies), step), len(ours.bodies) - 1})
    pairs = {
        (old + 1, new + 1): (ours.bodies[old], ours.bodies[new])
        for old, new in itertools.permutations(chosen, 2)
    }
    ranking = sorted(pairs, key=lambda pair: _compared_ms(*pairs[pair]), reverse=True)[:5]
    related = max(statistics.median(_compared_ms(*pairs[pair]) for _ in range(5)) for pair in ranking)
    unrelated = {
        name: statistics.median(_compared_ms(ours.bodies[-1], text) for _ in range(5))
        for name, text in _unrelated(ours.bodies[-1]).items()
    }
    reader = ours.data.client(ours.second)
    for n in range(WARM_UP):
        _page_ms(ours, reader, n + 2, 190 - n)  # the first ones load modules
    page = max(_page_ms(ours, reader, *pair) for pair in ranking)
    name, dearest = max(unrelated.items(), key=lambda item: item[1])
    return [
        [f"P5 the worst of {len(pairs)} pairs of the 200 revisions", related, "150", "30"],
        [f"P5 the worst of {len(unrelated)} unrelated texts ({name})", dearest, "150", "30"],
        ["P5 the worst pair as a page, not kept", page, "-", "-"],
    ]


def _compared_ms(old: str, new: str) -> float:
    began = time.process_time()
    assert not diff.compare(old, new).coarse
    return (time.process_time() - began) * 1000


def _page_ms(ours: Ours, reader: Client, old: int, new: int) -> float:
    before = ours.second.cpu_ms()
    answer = reader.get(f"/abschnitte/{ours.data.section_id}/vergleich?von={old}&bis={new}")
    assert answer.status == 200, answer.status
    return ours.second.cpu_ms() - before


def _unrelated(body: str) -> dict[str, str]:
    """Return texts of the same length: other sentences, the same words shuffled, other letters."""
    random = Random(5)
    found = {f"other sentences {n}": words.body(words.text(random, 10_000)) for n in range(1, 6)}
    lines = body.split("\n")
    shuffled = [random.sample(line.split(" "), line.count(" ") + 1) for line in lines if line]
    found["the same words in another order"] = "\n\n".join(" ".join(line) for line in shuffled) + "\n"
    pool = body.split()
    found["all words shuffled"] = "\n\n".join(
        " ".join(random.choice(pool) for _ in range(60)) for _ in range(len(pool) // 60)
    )
    letters = "abcdefghijklmnopqrstuvwxyz"
    found["other letters"] = body.translate(str.maketrans(letters, letters[13:] + letters[:13]))
    return found


# ------------------------------------------------------------------------------------------------- P6: saving


@dataclass
class Deed:
    """One kind of single requests; the server is left in peace for a moment before its bill is read."""

    name: str
    server: Server
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)

    def do(self, request: Callable[[], Answer], expected: int = 200) -> Answer:
        """Send the request and note what it cost."""
        cpu, began = self.server.cpu_ms(), time.perf_counter()
        answer = request()
        self.wall_ms.append((time.perf_counter() - began) * 1000)
        if answer.status != expected:
            raise RuntimeError(f"{self.name}: {answer.status} {answer.body[:200]!r}")
        time.sleep(SETTLE_SECONDS)
        self.cpu_ms.append(self.server.cpu_ms() - cpu)
        return answer

    @property
    def cpu(self) -> float:
        """The median of the CPU time, the first ones left out."""
        return statistics.median(self.cpu_ms[WARM_UP:])

    @property
    def wall(self) -> float:
        """The median of the wall time, the first ones left out."""
        return statistics.median(self.wall_ms[WARM_UP:])

    def row(self) -> list[object]:
        """Return the line of the table."""
        return [self.name, len(self.cpu_ms) - WARM_UP, self.cpu, self.wall, max(self.wall_ms[WARM_UP:])]


def saving(ours: Ours, wiki: Wiki | None, *, times: int) -> list[Bar]:
    """Measure one who saves: a draft, a proposal, its approval; an edit of MediaWiki."""
    typing, one = ours.saver(9, 9), ours.saver(1, 0)
    typing.read()
    typing.begin()
    drafting = Deed("Charta: save a draft", ours.server)
    handing_in = Deed("Charta: hand in a proposal", ours.server)
    approving = Deed("Charta: approve it, a new revision", ours.server)
    editing = Deed("MediaWiki: save an edit", wiki.server if wiki else ours.server)
    for n in range(times + WARM_UP):
        one.read()
        drafting.do(lambda n=n: typing.save(n + 1))  # type: ignore[misc]
        handing_in.do(lambda n=n: one.hand_in(n), 303)  # type: ignore[misc]
        approving.do(lambda n=n: one.approve(n), 303)  # type: ignore[misc]
        if wiki is not None:
            text = wikitext(one.values(n)["body"])
            saved(editing.do(lambda text=text: wiki.user.save("Speichern", text)))  # type: ignore[misc]
    deeds = [drafting, handing_in, approving, *([editing] if wiki else [])]
    print(
        table(["deed", "times", "CPU ms", "wall ms", "longest"], [deed.row() for deed in deeds]), end="\n\n"
    )
    theirs = editing.cpu if wiki else None
    return [
        Bar("P6 save a draft of 10 kB against an edit", drafting.cpu, theirs, "0.5", "0.25"),
        Bar("P6 hand in a proposal of 10 kB against an edit", handing_in.cpu, theirs, "0.5", "0.25"),
        Bar("P6 approve it (new revision) against an edit", approving.cpu, theirs, "0.5", "0.25"),
    ]


def at_once(ours: Ours, wiki: Wiki | None, *, times: int) -> None:
    """Let eight people save at once, each a text of their own."""
    savers = [ours.saver(2 + n, n, decided_by_second=n % 2 == 1) for n in range(SAVERS)]
    rows = [
        _burst(
            "Charta, two processes: hand in and approve",
            [_proposing(one, times) for one in savers],
            2 * SAVERS * times,
        )
    ]
    if wiki is not None:
        users = [WikiClient(wiki.server.port) for _ in range(SAVERS)]
        for user in users:
            user.sign_in()
        text = wikitext(ours.bodies[0])
        saves = [_editing(user, f"Speichern {n}", text, times) for n, user in enumerate(users)]
        rows.append(_burst("MediaWiki, three processes: save an edit", saves, SAVERS * times))
    print(
        table(["eight at once", "saves", "failed", "median ms", "longest ms", "a second"], rows), end="\n\n"
    )


_Outcome = tuple[float, bool]


def _proposing(one: Saver, times: int) -> Callable[[], Iterator[_Outcome]]:
    def run() -> Iterator[_Outcome]:
        for n in range(times):
            one.read()
            yield _timed(lambda n=n: one.hand_in(n).status == 303)  # type: ignore[misc]
            yield _timed(lambda n=n: one.approve(n).status == 303)  # type: ignore[misc]

    return run


def _editing(user: WikiClient, title: str, text: str, times: int) -> Callable[[], Iterator[_Outcome]]:
    def run() -> Iterator[_Outcome]:
        for n in range(times):
            yield _timed(lambda n=n: b'"newrevid"' in user.save(title, f"{text}\n\nSatz {n}.").body)  # type: ignore[misc]

    return run


def _timed(function: Callable[[], bool]) -> _Outcome:
    began = time.perf_counter()
    is_good = function()
    return (time.perf_counter() - began) * 1000, is_good


def _burst(name: str, runs: Sequence[Callable[[], Iterator[_Outcome]]], wanted: int) -> list[object]:
    outcomes: list[_Outcome] = []
    threads = [threading.Thread(target=lambda run=run: outcomes.extend(run())) for run in runs]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(300)
    seconds = time.perf_counter() - began
    walls = [wall for wall, _ in outcomes]
    failed = wanted - sum(is_good for _, is_good in outcomes)  # what never came back failed too
    return [name, len(walls), failed, statistics.median(walls), max(walls), len(walls) / seconds]


# ------------------------------------------------------------------------------------------------ P7: merging


def merging(ours: Ours, wiki: Wiki | None, *, times: int) -> list[Bar]:
    """Measure an edit that is merged with one that came in between, in another paragraph of the same text.

    The other process of ours approves it: it has never seen the texts, so it merges them itself.
    """
    first, second = ours.saver(10, 10), ours.saver(10, 11, decided_by_second=True)
    approving = Deed("Charta: approve, merging", ours.second)
    editing = Deed("MediaWiki: save an edit, merging", wiki.server if wiki else ours.second)
    for n in range(times + WARM_UP):
        first.read()
        second.read()
        assert first.hand_in(n).status == second.hand_in(n + 3).status == 303
        assert first.approve(n).status == 303
        second.head = first.head
        approving.do(lambda n=n: second.approve(n), 303)  # type: ignore[misc]
        first.head = second.head
        base, mine, yours = (text["body"] for text in _both_edits(first, second, n))
        first.read()
        assert first.body == merge.merge3(base, mine, yours).text
        if wiki is not None:
            title = f"Zusammen {n}"
            on = saved(wiki.user.save(title, wikitext(base)))
            saved(wiki.user.save(title, wikitext(mine), base=on))
            last = wikitext(yours)
            saved(editing.do(lambda t=title, on=on, last=last: wiki.user.save(t, last, base=on)))  # type: ignore[misc]
            read = wiki.user.get(f"/index.php?title=Zusammen_{n}&action=raw").body.decode()
            assert read == wikitext(first.body), "MediaWiki merged otherwise"
    deeds = [approving, *([editing] if wiki else [])]
    print(
        table(["deed", "times", "CPU ms", "wall ms", "longest"], [deed.row() for deed in deeds]), end="\n\n"
    )
    theirs = editing.wall if wiki else None
    return [Bar("P7 two edits merged, wall", approving.wall, theirs, "1", "0.5", approving.cpu)]


def _both_edits(first: Saver, second: Saver, n: int) -> list[dict[str, Any]]:
    return [{"body": first.body}, first.values(n), second.values(n + 3)]


def functions(ours: Ours, wiki: Wiki) -> None:
    """Compare the functions alone, without a page, a session or a database around.

    CPU time, but wall time for the merge: MediaWiki leaves that to processes of their own.
    """
    bodies = ours.bodies
    pairs = [(bodies[old - 1], bodies[new - 1]) for old, new in _pairs()][:60]
    merges = []
    for n in range(30):
        blocks = bodies[n].rstrip("\n").split("\n\n")
        texts = [list(blocks) for _ in range(3)]
        texts[1][n % 5] += " Ein neuer Satz."
        texts[2][n % 5 + 3] += " Noch ein Satz."
        merges.append(["\n\n".join(text) + "\n" for text in texts])
    found = wiki_functions(
        wiki.folder,
        [(wikitext(old), wikitext(new)) for old, new in pairs],
        [[wikitext(text) for text in texts] for texts in merges],
    )
    blocks_ms = statistics.median(_compared_ms(*pair) for pair in pairs)
    words_ms = statistics.median(_ms(time.process_time, lambda p=pair: diff.word_diff(*p)) for pair in pairs)  # type: ignore[misc]
    merge_ms = statistics.median(_ms(time.perf_counter, lambda t=t: merge.merge3(*t)) for t in merges)  # type: ignore[misc]
    engine = f"wikidiff2 {found['wikidiff2']}" if found["wikidiff2"] else "PHP"
    rows: list[list[object]] = [
        ["words of two texts (`word_diff`), CPU", words_ms, f"{engine}: lines, then words", found["diff"]],
        ["blocks, moves, words, look (`compare`), CPU", blocks_ms, f"{engine}: the same", found["diff"]],
        ["merge of two edits (`merge3`), wall", merge_ms, "`wfMerge`: diff3, twice", found["merge"]],
    ]
    print(f"MediaWiki's diff engine in use: {found['engine']}.\n")
    print(table(["function alone", "Charta, ms", "MediaWiki", "ms"], rows), end="\n\n")


def _ms(clock: Callable[[], float], function: Callable[[], object]) -> float:
    began = clock()
    function()
    return (clock() - began) * 1000


def main() -> None:
    """Run everything and print Markdown tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=12, choices=range(1, 13), metavar="1-12")
    parser.add_argument("--times", type=int, default=12, choices=range(1, 13), metavar="1-12")
    parser.add_argument("--saves", type=int, default=25, choices=range(1, 51), metavar="1-50")
    parser.add_argument("--step", type=int, default=10, choices=range(1, 101), metavar="1-100")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(scratch())
        ours, floor, wiki = both_sides(folder, stack)
        print(
            f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; "
            f"{wiki.version if wiki else 'MediaWiki is not installed: only our floors to compare with'}.\n"
        )
        bars, jinja = pages(ours, floor, wiki, rounds=chosen.rounds, times=chosen.times)
        longest = worst(ours, step=chosen.step)
        bars += saving(ours, wiki, times=chosen.saves)
        bars += merging(ours, wiki, times=chosen.saves)
        at_once(ours, wiki, times=5)
        if wiki is not None:
            functions(ours, wiki)
        load = os.getloadavg()[0]
    head = ["bar", "Charta, ms", "MediaWiki, ms", "ratio", "must", "aim", "times a bare page of 41 kB"]
    print(table(head, [bar.row(jinja) for bar in bars]), end="\n\n")
    print(table(["bar", "CPU ms", "must", "aim"], longest))
    print(f"\nLoad at the end {load:.1f}.")


if __name__ == "__main__":
    main()
