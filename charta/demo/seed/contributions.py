# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A series of forums with many screened contributions, as they would stand after years of forums."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import func, select

from charta.contributions import similar
from charta.contributions.models import Contribution, ContributionEvent, ContributionSupport
from charta.contributions.rules import CODE_ALPHABET, CODE_LENGTH, Kind, Origin, State, Verb
from charta.demo.seed import words
from charta.demo.seed.people import Crowd
from charta.demo.seed.run import Row, Run
from charta.forums.models import Forum, ForumSeries, JoinCode
from charta.forums.rules import QUOTA_MAX, ForumState
from charta.text.vocabulary import PARTS

_FORUMS = 5
_SUPPORTERS = 3
_BATCH = 1_000
# Of ten contributions seven are accepted, one is new, one declined, one merged into the one before it.
_STATES = (*(State.ACCEPTED,) * 7, State.RECEIVED, State.DECLINED, State.MERGED)
_KINDS = (*Kind, None)
_PARTS = tuple(sorted(part for part in PARTS if len(part) > 3))  # short ones read like endings


def make(run: Run, crowd: Crowd) -> str:
    """Make forums with contributions, indexed for the search; the last runs now.

    Returns the code that opens its hall, "" when nothing was to be made.
    """
    if not run.amount.contributions:
        return ""
    number = (run.tx.session.scalar(select(func.max(ForumSeries.id))) or 0) + 1
    forums = _make_forums(run, number)
    rows = [_contribution(run, crowd, forums, n) for n in range(run.amount.contributions)]
    for row, code in zip(rows, _codes(run.random, len(rows)), strict=True):
        row["code"] = code
    ids = _insert(run, rows)
    run.insert_plain(ContributionEvent, _events(crowd, ids, rows))
    run.insert_plain(
        ContributionSupport,
        [
            {"contribution_id": ident, "person_id": somebody.id, "at": run.tx.now}
            for ident, row in zip(ids, rows, strict=True)
            for somebody in crowd.writers[: row["supporters"]]
        ],
    )
    for start in range(0, len(ids), _BATCH):
        some = slice(start, start + _BATCH)
        similar.index(
            run.tx,
            [
                (ident, similar.indexed_text(row["title"], row["text"]))
                for ident, row in zip(ids[some], rows[some], strict=True)
            ],
        )
    join_code = f"MESSEN{CODE_ALPHABET[number % len(CODE_ALPHABET)]}"
    run.insert_plain(JoinCode, [{"code": join_code, "forum_id": forums[-1], "table_id": None}])
    return join_code


def text(random: Random) -> str:
    """Return one to three sentences with compounds drawn at random: the rare words that real texts have."""
    sentences = [words.sentence(random).replace("**", "") for _ in range(random.randint(1, 3))]
    rare = [
        f"{random.choice(_PARTS)}{random.choice(_PARTS)}".capitalize() for _ in range(random.randint(1, 4))
    ]
    return f"{' '.join(sentences)} Es geht um {', '.join(rare)}."


def _make_forums(run: Run, number: int) -> list[int]:
    series = {
        "title": f"{number}. Reihe der Messung",
        "text": "",
        "position": number,
        "created_at": run.began,
    }
    [series_id] = run.insert(ForumSeries, [series])
    rows: list[Row] = [
        {
            "series_id": series_id,
            "slug": f"messung-{number}-{n + 1}",
            "title": f"Forum {n + 1} der Messung",
            "state": ForumState.HELD,
            "starts_at": run.at(n, _FORUMS),
            "ends_at": run.at(n, _FORUMS) + timedelta(hours=3),
            "join_quota": QUOTA_MAX,
            "created_at": run.began,
            "changed_at": run.began,
        }
        for n in range(_FORUMS)
    ]
    now = {"starts_at": run.tx.now - timedelta(hours=1), "ends_at": run.tx.now + timedelta(hours=3)}
    rows[-1] |= now | {"state": ForumState.CONFIRMED}
    return run.insert(Forum, rows)


def _contribution(run: Run, crowd: Crowd, forums: Sequence[int], n: int) -> Row:
    state = _STATES[n % len(_STATES)]
    at = run.at(n, run.amount.contributions)
    return {
        "forum_id": forums[n * len(forums) // run.amount.contributions],
        "kind": _KINDS[n % len(_KINDS)],
        "origin": Origin.PHONE,
        "title": "",
        "text": text(run.random),
        "author_id": crowd.writers[n % len(crowd.writers)].id,
        "state": state,
        "merged_into_id": None,
        "supporters": min(_SUPPORTERS, len(crowd.writers)) if state is State.ACCEPTED and n % 4 == 0 else 0,
        "received_at": at,
        "screened_at": None if state is State.RECEIVED else at,
        "changed_at": at,
    }


def _codes(random: Random, count: int) -> list[str]:
    codes: dict[str, None] = {}
    while len(codes) < count:
        codes["".join(random.choices(CODE_ALPHABET, k=CODE_LENGTH))] = None
    return list(codes)


def _insert(run: Run, rows: Sequence[Row]) -> list[int]:
    """Insert the contributions; merged ones after the accepted ones they went into."""
    plain = [n for n, row in enumerate(rows) if row["state"] is not State.MERGED]
    merged = [n for n, row in enumerate(rows) if row["state"] is State.MERGED]
    ids = dict(zip(plain, run.insert(Contribution, [rows[n] for n in plain]), strict=True))
    accepted = [ids[n] for n in plain if rows[n]["state"] is State.ACCEPTED]
    for place, n in enumerate(merged):
        rows[n]["merged_into_id"] = accepted[place % len(accepted)]
    ids |= dict(zip(merged, run.insert(Contribution, [rows[n] for n in merged]), strict=True))
    return [ids[n] for n in range(len(rows))]


def _events(crowd: Crowd, ids: Sequence[int], rows: Sequence[Row]) -> list[Row]:
    verbs = {State.ACCEPTED: Verb.ACCEPT, State.DECLINED: Verb.DECLINE, State.MERGED: Verb.MERGE}
    events: list[Row] = []
    for ident, row in zip(ids, rows, strict=True):
        received = {"contribution_id": ident, "at": row["received_at"], "reason": "", "other_id": None}
        events.append(received | {"verb": Verb.RECEIVE, "by_id": row["author_id"]})
        if row["state"] in verbs:
            screened = {"verb": verbs[row["state"]], "by_id": crowd.moderator_id}
            events.append(received | screened | {"other_id": row["merged_into_id"]})
    return events
