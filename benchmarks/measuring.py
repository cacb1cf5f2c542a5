# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the measurements share: servers as processes, their CPU time and memory, a client, tables.

The yardstick is CPU time of the server's whole process tree per request: it stays within some percent on a
busy machine, wall time does not. Everything is bounded in number and time, and stays on loopback.
"""

import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

ROOT = Path(__file__).resolve().parents[1]
HOST = "127.0.0.1"
START_SECONDS = 30
_CHARTA = "from charta.cli import main; main()"


# ---------------------------------------------------------------------------------------------- processes


class Server:
    """A server process on a free port; `seconds_to_first_page` counts from its start."""

    def __init__(self, arguments: Sequence[str], *, first_page: str, env: Mapping[str, str]) -> None:
        self.port = free_port()
        began = time.monotonic()
        command = [sys.executable, *(part.replace("PORT", str(self.port)) for part in arguments)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while True:
            try:
                if Client(self.port).get(first_page).status == 200:
                    break
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() - began > START_SECONDS:
                self.stop()
                raise RuntimeError(f"the server did not start: {' '.join(command)}")
            time.sleep(0.01)
        self.seconds_to_first_page = time.monotonic() - began

    def cpu_ms(self) -> float:
        """Return the CPU time of the process tree so far, to the nanosecond while its threads live."""
        return sum(_thread_ns(pid) for pid in _tree(self.process.pid)) / 1e6

    def memory_mb(self) -> float:
        """Return the resident memory of the process tree, shared pages counted once per process."""
        return sum(_resident_kb(pid) for pid in _tree(self.process.pid)) / 1024

    def stop(self) -> None:
        """End the process."""
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(10)


def charta_server(folder: Path, *options: str, first_page: str = "/healthz") -> Server:
    """Start Charta with waitress on the data of a folder."""
    arguments = ["-c", _CHARTA, "serve", "--port", "PORT", *options]
    return Server(arguments, first_page=first_page, env=environment(folder))


def floor_server() -> Server:
    """Start the floors: the least that Flask and Jinja cost."""
    return Server(["-m", "benchmarks.floors", "PORT"], first_page="/hello", env={})


def environment(folder: Path, database_url: str = "") -> dict[str, str]:
    """Return the settings of an installation in a folder."""
    return {"CHARTA_DATA_DIR": str(folder), "CHARTA_MODE": "embedded", "DATABASE_URL": database_url}


def charta(folder: Path, *arguments: str, database_url: str = "") -> str:
    """Run a command of `charta` on the data of a folder and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", _CHARTA, *arguments],
        cwd=ROOT, env=os.environ | environment(folder, database_url), capture_output=True, text=True,
        timeout=900, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return done.stdout


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as listener:
        listener.bind((HOST, 0))
        port: int = listener.getsockname()[1]
        return port


def _tree(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child))


def _thread_ns(pid: int) -> int:
    return sum(
        int((task / "schedstat").read_text().split()[0]) for task in Path(f"/proc/{pid}/task").iterdir()
    )


def _resident_kb(pid: int) -> int:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found
    return int(found[1])


# -------------------------------------------------------------------------------------------------- client


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `header` keys in lower case."""

    status: int
    header: Mapping[str, str]
    body: bytes


class Client:
    """A browser: one kept connection, the session cookie of a ready session, no scripts."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self._cookies = {"charta": cookie} if cookie else {}
        self._token = ""

    def get(self, path: str, **headers: str) -> Answer:
        """Fetch a page; `if_none_match="…"` becomes the header of that name."""
        return self._send("GET", path, None, {name.replace("_", "-"): text for name, text in headers.items()})

    def post(self, path: str, values: Mapping[str, Any], *, wants_json: bool = False) -> Answer:
        """Send a form with this browser's token."""
        if not self._token:
            page = self.get("/sprache").body.decode()
            found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
            assert found, "no form token"
            self._token = found[1]
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if wants_json:
            headers["Accept"] = "application/json"
        return self._send("POST", path, urlencode({"csrf_token": self._token, **values}, doseq=True), headers)

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        content = response.read()
        for line in response.headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            self._cookies[name] = value
        return Answer(response.status, {k.lower(): v for k, v in response.headers.items()}, content)


# ------------------------------------------------------------------------------------------------ measuring


@dataclass
class Case:
    """One kind of request to one server, and what each round of it cost."""

    name: str
    server: Server
    request: Callable[[], Answer]
    expected: int = 200
    bytes: int = 0
    cpu_ms: list[float] = field(default_factory=list)
    wall_ms: list[float] = field(default_factory=list)

    def run(self, times: int) -> None:
        """Send some requests and keep the mean cost of one."""
        cpu, began = self.server.cpu_ms(), time.perf_counter()
        for _ in range(times):
            answer = self.request()
            if answer.status != self.expected:
                raise RuntimeError(f"{self.name}: {answer.status} instead of {self.expected}")
        self.bytes = len(answer.body)
        self.wall_ms.append((time.perf_counter() - began) * 1000 / times)
        self.cpu_ms.append((self.server.cpu_ms() - cpu) / times)

    @property
    def cost(self) -> float:
        """The median over the rounds, in milliseconds of CPU time."""
        return statistics.median(self.cpu_ms)


def interleave(cases: Sequence[Case], *, rounds: int, times: int, warm_up: int = 20) -> None:
    """Run the cases in turn, so that whatever else the machine does meets all of them."""
    for case in cases:
        case.run(warm_up)
        case.cpu_ms.clear()
        case.wall_ms.clear()
    for _ in range(rounds):
        for case in cases:
            case.run(times)


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; numbers with up to two digits after the point."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def case_table(cases: Sequence[Case]) -> str:
    """Return what the cases cost."""
    return table(
        ["request", "CPU ms", "lowest", "highest", "wall ms", "kB"],
        [
            [
                case.name,
                case.cost,
                min(case.cpu_ms),
                max(case.cpu_ms),
                statistics.median(case.wall_ms),
                case.bytes / 1000,
            ]
            for case in cases
        ],
    )


@dataclass(frozen=True)
class Installation:
    """Seeded data in a folder."""

    folder: Path
    section_id: int
    first_proposal: int
    sessions: Sequence[Mapping[str, str]]

    def client(self, server: Server, role: str = "partner", nth: int = 0) -> Client:
        """Return a browser of the n-th person of this role, signed in."""
        found = [ready["cookie"] for ready in self.sessions if ready["role"] == role]
        return Client(server.port, found[nth])


def seeded(folder: Path, *, database_url: str = "", **amounts: int) -> Installation:
    """Make an installation of mass data."""
    folder.mkdir(parents=True, exist_ok=True)
    charta(folder, "db", "upgrade", database_url=database_url)
    options = [part for name, value in amounts.items() for part in (f"--{name}", str(value))]
    made = json.loads(charta(folder, "seed", *options, database_url=database_url))
    return Installation(folder, made["section_id"], made["first_proposal"], made["sessions"])


@contextmanager
def scratch() -> Iterator[Path]:
    """Give a folder on the disk (not in memory) that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="charta-measuring-", dir="/var/tmp") as folder:
        yield Path(folder)


def stopping(*servers: Server) -> "_Stopping":
    """Stop servers at the end of a block."""
    return _Stopping(servers)


class _Stopping:
    def __init__(self, servers: Sequence[Server]) -> None:
        self._servers = servers

    def __enter__(self) -> None:
        pass

    def __exit__(self, *error: object) -> None:
        for server in self._servers:
            server.stop()
