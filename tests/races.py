# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Races with real threads and real processes: everybody waits at the same line and starts at once."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask

ROOT = Path(__file__).resolve().parents[1]
_PASSED_ON = (
    "TESTING", "DATABASE_URL", "CHARTA_DATA_DIR", "CHARTA_MODE", "SECRET_KEY", "BASE_URL", "MAIL_TRANSPORT",
)  # fmt: skip

_PRELUDE = """
import json, os, sys, time, warnings
from pathlib import Path
settings = json.loads(os.environ["CHARTA_RACE_SETTINGS"])
number = int(os.environ["CHARTA_RACE_NUMBER"])
from charta.app import create_app
app = create_app(settings)
with app.app_context():
    from charta.db import db, session, transaction
    session.connection(); session.rollback()
    line = Path(os.environ["CHARTA_RACE_LINE"])
    line.with_suffix(f".{number}").touch()
    while not line.exists():
        time.sleep(0.001)
"""


def in_threads(app: Flask, jobs: Sequence[Callable[[], Any]]) -> list[Any]:
    """Run the jobs at the same moment, each in its own thread and application context.

    Returns the results in order; an exception of a job stands in its place.
    """
    line = threading.Barrier(len(jobs))
    results: list[Any] = [None] * len(jobs)

    def run(place: int, job: Callable[[], Any]) -> None:
        with app.app_context():
            line.wait(30)
            try:
                results[place] = job()
            except Exception as error:  # noqa: BLE001 -- the test looks at it
                results[place] = error

    threads = [threading.Thread(target=run, args=(place, job)) for place, job in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive(), "a job hangs"
    return results


def in_processes(
    app: Flask, code: str, *, count: int, folder: Path, timeout_seconds: float = 60
) -> list[str]:
    """Run Python code at the same moment in `count` processes with an application of their own.

    The code knows `app` (its context is pushed), `session`, `transaction` and `number` (0, 1, ...); what it
    prints comes back, one text per process. A process that fails fails the test with its traceback.
    """
    line = folder / "line"
    body = "\n".join(f"    {text}" for text in code.strip("\n").splitlines())
    environment = dict(
        os.environ,
        PYTHONPATH=str(ROOT),
        CHARTA_RACE_LINE=str(line),
        CHARTA_RACE_SETTINGS=json.dumps({name: app.config[name] for name in _PASSED_ON}),
    )
    runners = [
        subprocess.Popen(
            [sys.executable, "-c", _PRELUDE + body],
            env=dict(environment, CHARTA_RACE_NUMBER=str(number)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(count)
    ]
    deadline = time.monotonic() + timeout_seconds
    while sum(line.with_suffix(f".{number}").exists() for number in range(count)) < count:
        if time.monotonic() > deadline or any(runner.poll() for runner in runners):
            break
        time.sleep(0.01)
    line.touch()
    answers = [runner.communicate(timeout=timeout_seconds) for runner in runners]
    failed = [errors for runner, (_, errors) in zip(runners, answers, strict=True) if runner.returncode != 0]
    assert not failed, failed[0]
    return [output for output, _ in answers]
