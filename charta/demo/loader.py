# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Loads the ITAS demonstration through the services, step by step; a killed start goes on where it stopped.

Each step is one command at the moment it pretends to have happened. Steps are numbered within named parts
(later capabilities add parts); the number of the last finished step is stored. A step that was done but not
yet counted when the process was killed recognises its own result and does nothing.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flask import current_app

from charta.accounts import queries as accounts
from charta.db import as_of, session, transaction, utcnow
from charta.demo import (
    comments_part,
    editions_part,
    forums_part,
    people_part,
    polls_part,
    proposals_part,
    text_part,
    votes_part,
    watching_part,
)
from charta.demo.keys import PASSWORD, Step
from charta.site.models import Setting

__all__ = ["PASSWORD", "accounts_of_the_demonstration", "load"]

log = logging.getLogger(__name__)

_PROGRESS = "demo_progress"
# Loaded in this order, each once. A new capability appends its part; installed demonstrations catch up.
PARTS: Sequence[tuple[str, Callable[[datetime], list[Step]]]] = (
    ("people", people_part.steps),
    ("text", text_part.steps),
    ("editions", editions_part.steps),
    ("proposals", proposals_part.steps),
    ("forums", forums_part.steps),
    ("comments", comments_part.steps),
    ("polls", polls_part.steps),
    ("votes", votes_part.steps),
    ("watching", watching_part.steps),
)


def load() -> str:
    """Load what is missing of the demonstration and say what was done; "" when nothing was.

    Refuses an installation with real accounts and production mode (`RuntimeError`).
    """
    if current_app.config["CHARTA_MODE"] == "production":
        raise RuntimeError("the demonstration is not for production: its passwords are public")
    progress = _progress()
    if not progress and accounts.has_people():
        return ""  # somebody's real installation
    started_at = datetime.fromisoformat(progress["started_at"]) if progress else utcnow()
    counts: dict[str, int] = dict(progress.get("counts", {}))
    if not progress:
        # Before the first step: a start killed after it must not look like somebody's real installation.
        _store({"started_at": started_at.isoformat(), "counts": counts})
    done = 0
    for name, make_steps in PARTS:
        steps = make_steps(started_at)
        for number, step in enumerate(steps[counts.get(name, 0) :], start=counts.get(name, 0) + 1):
            _run(step)
            counts[name] = number
            done += 1
            _store({"started_at": started_at.isoformat(), "counts": counts})
    if done:
        log.info("demonstration: %s steps", done)
    return f"Demonstration loaded: {done} steps." if done else ""


def _run(step: Step) -> None:
    with as_of(step.at):
        if not step.is_done():
            step.run()


def _progress() -> dict[str, Any]:
    stored = session.get(Setting, _PROGRESS)
    return {} if stored is None else stored.value["value"]


def _store(value: dict[str, Any]) -> None:
    with transaction() as tx:
        stored = tx.session.get(Setting, _PROGRESS)
        if stored is None:
            tx.session.add(Setting(key=_PROGRESS, value={"value": value}))
        else:
            stored.value = {"value": value}


def accounts_of_the_demonstration() -> list[tuple[str, str]]:
    """Return (e-mail, role) of every demonstration account, for the start message."""
    return people_part.accounts_list()
