# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Open proposals on the busy section, versions and decisions of all, and the chained log of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import update

from charta.activity import service as activity
from charta.activity.models import ActivityEntry, LogHead
from charta.activity.rules import chain_hash, entry_line
from charta.demo.seed import words
from charta.demo.seed.people import Crowd
from charta.demo.seed.run import Row, Run
from charta.demo.seed.sections import Busy, proposal_row
from charta.proposals.merging import Wording, merged
from charta.proposals.models import Proposal, ProposalDecision, ProposalSupport, ProposalVersion
from charta.proposals.rules import State, Verb
from charta.sections.models import Section
from charta.text.hashing import content_hash

_SUPPORTERS = 5
# Every fourth of the first ones was written on the revision before the head; merging all would take minutes.
_ON_AN_OLDER_BASE = 20


def make(run: Run, crowd: Crowd, busy: Busy) -> list[int]:
    """Make the open proposals and what belongs to all of them; return the numbers of the open ones."""
    rows: list[Row] = []
    texts: list[tuple[Row, str, str]] = []
    for n in range(run.amount.proposals):
        row = proposal_row(run, crowd, busy.section_id, busy.field_id, n, State.SUBMITTED)
        row["submitted_at"] -= timedelta(seconds=run.amount.proposals - n)  # in the order of their numbers
        is_older = n % 4 == 0 and n < _ON_AN_OLDER_BASE and len(busy.revisions) > 1
        base, (title, wording) = busy.revisions[-2 if is_older else -1], busy.wordings[-2 if is_older else -1]
        body = words.body(words.edited(run.random, wording))
        if is_older:
            proposed = Wording(title, body, content_hash(title, body))
            row["merge_state"] = merged(_wording(base), _wording(busy.revisions[-1]), proposed).state
        row["supporters"] = min(_SUPPORTERS, len(crowd.writers)) if n % 3 == 0 else 0
        rows.append(row)
        texts.append((base, title, body))
    numbers = run.insert(Proposal, rows)
    versions = [
        _version(run, number, before, revision["title"], revision["body"], revision)
        for number, before, revision in zip(busy.approved, busy.revisions, busy.revisions[1:], strict=False)
    ]
    versions += [
        _version(run, number, base, title, body, row)
        for number, row, (base, title, body) in zip(numbers, rows, texts, strict=True)
    ]
    run.insert_plain(ProposalVersion, versions)
    _write_decisions(run, crowd, busy, numbers, rows)
    run.insert_plain(
        ProposalSupport,
        [
            {"proposal_id": number, "person_id": somebody.id, "at": run.tx.now}
            for number, row in zip(numbers, rows, strict=True)
            for somebody in crowd.writers[: row["supporters"]]
        ],
    )
    run.tx.session.execute(
        update(Section)
        .where(Section.id == busy.section_id)
        .values(open_proposals=Section.open_proposals + len(numbers))
    )
    return numbers


def _wording(revision: Row) -> Wording:
    return Wording(revision["title"], revision["body"], revision["content_hash"])


def _version(run: Run, number: int, base: Row, title: str, body: str, of: Row) -> Row:
    """Return the first version of a proposal; `of` says who wrote it and what it is called."""
    return {
        "proposal_id": number,
        "number": 1,
        "base_id": base["id"],
        "title": title,
        "body": body,
        "content_hash": content_hash(title, body),
        "summary": of["summary"],
        "reason": words.sentence(run.random),
        "author_id": of["author_id"],
        "created_at": of["created_at"],
    }


def _write_decisions(run: Run, crowd: Crowd, busy: Busy, numbers: Sequence[int], rows: Sequence[Row]) -> None:
    """Write how every proposal came to stand where it stands."""
    deeds: list[Row] = []
    for number, revision in zip(busy.approved, busy.revisions[1:], strict=True):
        at = revision["created_at"]
        deeds.append(_deed(number, Verb.SUBMIT, revision["author_id"], at))
        deeds.append(_deed(number, Verb.APPROVE, crowd.moderator_id, at, revision["id"]))
    for number, row in zip(numbers, rows, strict=True):
        deeds.append(_deed(number, Verb.SUBMIT, row["author_id"], row["submitted_at"]))
    run.insert_plain(ProposalDecision, deeds)


def _deed(number: int, verb: Verb, by_id: int, at: datetime, revision_id: int | None = None) -> Row:
    return {
        "proposal_id": number,
        "version": 1,
        "verb": verb,
        "reason": "",
        "by_id": by_id,
        "revision_id": revision_id,
        "at": at,
    }


def write_log(run: Run, crowd: Crowd, busy: Busy, numbers: Sequence[int]) -> None:
    """Append one entry for the run and one for each proposal, chained as `activity.record` does it."""
    amount = run.amount
    activity.record(run.tx, None, "seed", "site", 1, people=amount.people, sections=amount.sections)
    head = run.tx.lock(LogHead, 1)
    assert head is not None
    deeds = [(Verb.APPROVE, State.APPROVED, number) for number in busy.approved]
    deeds += [(Verb.SUBMIT, State.SUBMITTED, number) for number in numbers]
    entries: list[Row] = []
    for verb, state, number in deeds:
        entry: Row = {
            "seq": head.seq + 1,
            "at": run.tx.now,
            "actor_id": crowd.moderator_id,
            "verb": f"{verb.value}_proposal",
            "subject_kind": "proposal",
            "subject_id": number,
            "section_id": busy.section_id,
            "data": {"version": 1, "state": state.value},
            "previous_hash": head.hash,
        }
        entry["line"] = entry_line(
            seq=entry["seq"],
            at=entry["at"],
            actor_id=entry["actor_id"],
            verb=entry["verb"],
            subject=(entry["subject_kind"], entry["subject_id"]),
            section_id=entry["section_id"],
            data=entry["data"],
        )
        entry["hash"] = chain_hash(head.hash, entry["line"])
        head.seq, head.hash = entry["seq"], entry["hash"]
        entries.append(entry)
    run.insert_plain(ActivityEntry, entries)
