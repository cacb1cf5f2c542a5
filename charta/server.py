# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Running the program: waitress, migration under a lock, and the worker loop."""

import fcntl
import logging
import threading
from collections.abc import Callable
from pathlib import Path

from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import SQLAlchemyError

from charta.accounts.service import people
from charta.contributions import worker as contribution_worker
from charta.db import session as database
from charta.errors import ChartaError
from charta.forums import worker as forum_worker
from charta.notifications import service as notifications
from charta.notifications import worker as mail_worker
from charta.proposals import worker as proposal_worker
from charta.votes import worker as vote_worker
from charta.watching import digest
from charta.watching import worker as watching_worker

log = logging.getLogger(__name__)

THREADS = 8
CONNECTION_LIMIT = 2_000
IDLE_SECONDS = 5.0
DEFAULT_ADDRESS = "http://127.0.0.1:8080"  # as config.py has it


def migrate_under_lock(change: Callable[[], object]) -> None:
    """Change the schema while no other process of this machine does: starts may come in pairs."""
    folder = Path(current_app.config["CHARTA_DATA_DIR"])
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "migrate.lock").open("w", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        change()


def serve(host: str, port: int, *, embedded: bool, demo: bool) -> None:
    """Serve until stopped; embedded: migrate, load the demonstration when asked, run the worker thread."""
    from waitress import serve as waitress_serve
    from waitress.channel import HTTPChannel

    from charta.web.keeping import KeepingTask

    app = current_app._get_current_object()  # type: ignore[attr-defined]
    if embedded:
        follow_port(app, port)
    if embedded or demo:
        migrate_under_lock(upgrade)
    if demo:
        from charta.demo import loader

        migrate_under_lock(loader.load)  # two starts at once load it once
    migrate_under_lock(invite_first_administrator)
    if embedded:
        threading.Thread(target=work_loop, args=(app,), name="worker", daemon=True).start()
    log.info("listening on http://%s:%s", host, port)
    HTTPChannel.task_class = KeepingTask
    waitress_serve(
        app, host=host, port=port, threads=THREADS, connection_limit=CONNECTION_LIMIT, ident=None, _quiet=True
    )


def follow_port(app: Flask, port: int) -> None:
    """Let links in mails lead to the port that is listened on, unless somebody has set BASE_URL."""
    if app.config["BASE_URL"] == DEFAULT_ADDRESS:
        app.config["BASE_URL"] = f"{DEFAULT_ADDRESS.rpartition(':')[0]}:{port}"


def invite_first_administrator() -> None:
    """Mail CHARTA_ADMIN_EMAIL an invitation when nobody has an account yet; the start never fails over it."""
    email = current_app.config["CHARTA_ADMIN_EMAIL"]
    if not email:
        return
    try:
        if people.invite_first_administrator(email):
            log.info("the first administrator is invited by mail")
    except (ChartaError, SQLAlchemyError) as error:
        log.warning("the first administrator could not be invited: %s", type(error).__name__)


def work_once() -> int:
    """Do everything that is due now; return how many things were done.

    One kind of work that fails holds up no other: a broken proposal must not keep mails from leaving.
    """
    done = 0
    # People are told of deeds before digests are made, and those before mails leave.
    kinds = (
        proposal_worker,
        forum_worker,
        contribution_worker,
        vote_worker,
        watching_worker,
        digest,
        mail_worker,
    )
    for run_due in (kind.run_due for kind in kinds):
        try:
            done += run_due()
        except Exception:
            log.exception("worker: %s failed", run_due.__module__)
            database.rollback()
    return done


def work(*, once: bool) -> None:
    """Run the worker in this process (`charta worker`)."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    migrate_under_lock(invite_first_administrator)
    if once:
        work_once()
    else:
        work_loop(app)


def work_loop(app: Flask, stop: threading.Event | None = None) -> None:
    """Work until `stop` is set: at once after a commit that left mail, else every few seconds."""
    wake, stop = threading.Event(), stop or threading.Event()
    notifications.on_wake(wake.set)
    while not stop.is_set():
        wake.clear()
        try:
            with app.app_context():
                done = work_once()
        except Exception:
            log.exception("worker round failed")
            done = 0
        if not done:
            wake.wait(IDLE_SECONDS)
