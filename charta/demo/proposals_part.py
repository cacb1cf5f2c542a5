# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Rounds, changes since Charta 1.0 and proposals in all states, in the order in which they happened."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from charta.db import session, transaction
from charta.demo import files, people_part
from charta.demo.keys import Step, actor, days_before, field_id, section_id, source_id
from charta.notifications.models import OutboxMail
from charta.permissions import Actor
from charta.proposals import service as proposals
from charta.proposals.models import Proposal, ProposalDraft
from charta.proposals.rules import NEW_KINDS, ProposalKind, State, seen_head
from charta.sections.models import Section

_FIRST_VERSION = 1
_SECOND_VERSION = 2


def steps(started_at: datetime) -> list[Step]:
    """Return the steps of this part in the order of their moments; the last one empties the outbox."""
    found = people_part.process_steps(started_at)
    for row in files.rows("revisions", "change"):
        key = f"demo-change-{row['order']}"
        at = days_before(started_at, row["days_ago"])
        submit = {"verb": "submit", "by": row["author"]}
        approve = {"verb": "approve", "by": row["approver"], "reason": ""}
        change = {**row, "kind": "change"}
        found.append(Step(at, partial(deed, key, change, submit), partial(is_done, key, "submit")))
        later = at + timedelta(days=3, hours=2)
        found.append(Step(later, partial(deed, key, change, approve), partial(is_done, key, "approve")))
    for row in files.rows("proposals", "proposal"):
        key = f"demo-proposal-{row['order']}"
        for event in row["events"]:
            at = days_before(started_at, event["days_ago"], step=event["step"])
            found.append(Step(at, partial(deed, key, row, event), partial(is_done, key, event["verb"])))
    found.sort(key=lambda step: step.at)
    found.append(Step(started_at, count_mails_as_sent))
    return found


def count_mails_as_sent() -> None:
    """Nobody is to get mail about a pretended past."""
    with transaction() as tx:
        for mail in tx.session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))):
            mail.sent_at, mail.secret = tx.now, None


def proposal_of(key: str) -> Proposal | None:
    return session.scalar(select(Proposal).where(Proposal.once_key == key))


def is_done(key: str, verb: str) -> bool:
    proposal = proposal_of(key)
    return proposal is not None and _HAPPENED[verb](proposal)


_HAPPENED: dict[str, Callable[[Proposal], bool]] = {
    "save_draft": lambda proposal: proposal.once_key is not None,
    "share": lambda proposal: proposal.is_shared,
    "submit": lambda proposal: proposal.version >= _FIRST_VERSION,
    "resubmit": lambda proposal: proposal.version >= _SECOND_VERSION,
    "request_changes": lambda proposal: (
        proposal.state is State.CHANGES_REQUESTED or proposal.version >= _SECOND_VERSION
    ),
    "approve": lambda proposal: proposal.state is State.APPROVED,
    "approve_with_changes": lambda proposal: (
        proposal.adapted_version is not None or proposal.state is State.APPROVED
    ),
    "agree": lambda proposal: proposal.state is State.APPROVED,
    "reject": lambda proposal: proposal.state is State.REJECTED,
    "withdraw": lambda proposal: proposal.state is State.WITHDRAWN,
}


def deed(key: str, row: dict[str, Any], event: dict[str, Any]) -> None:
    who = actor(event["by"])
    verb = event["verb"]
    if verb in {"save_draft", "submit"}:
        number = _begin(key, row, who)
        if verb == "submit":
            proposals.submit(who, number)
        return
    proposal = proposal_of(key)
    assert proposal is not None
    number, version, head = proposal.id, proposal.candidate, _seen_head(proposal)
    reason = event.get("reason", "")
    match verb:
        case "share":
            proposals.share(who, number)
        case "withdraw":
            proposals.withdraw(who, number)
        case "resubmit":
            _save(who, number, row | event)
            proposals.resubmit(who, number)
        case "request_changes":
            proposals.request_changes(who, number, seen_version=version, reason=reason)
        case "reject":
            proposals.reject(who, number, seen_version=version, reason=reason)
        case "approve":
            proposals.approve(who, number, seen_version=version, seen_head=head, reason=reason)
        case "approve_with_changes":
            title, body = _title(proposal), event["body"]
            proposals.adapt(
                who, number, seen_version=version, seen_head=head, title=title, body=body, reason=reason
            )
        case "agree":
            proposals.agree(who, number, seen_version=version)
        case _:
            raise ValueError(f"unknown verb in the demonstration: {verb}")


def _begin(key: str, row: dict[str, Any], who: Actor) -> int:
    kind = ProposalKind(row["kind"])
    number = proposals.start(
        who,
        kind=kind,
        section_id=section_id(row.get("section") or row.get("measure") or ""),
        field_id=field_id(row.get("field", "")),
        parent_id=section_id(row.get("parent", "")),
        after_id=section_id(row.get("after", "")),
        once_key=key,
    )
    _save(who, number, row)
    return number


def _save(who: Actor, number: int, row: dict[str, Any]) -> None:
    draft = session.get(ProposalDraft, number)
    kind = ProposalKind(row["kind"])
    source = source_id(row.get("source", ""))
    is_placed = kind in NEW_KINDS or kind is ProposalKind.MOVE
    proposals.save_draft(
        who,
        number,
        title=row.get("title") or (draft.title if draft else _title_of(number)),
        body=row.get("body") or (draft.body if draft else ""),
        summary=row["summary"],
        reason=row.get("reason", ""),
        source_ids=[source] if source else [],
        target_parent_id=section_id(row.get("parent", "")) if is_placed else None,
        target_after_id=section_id(row.get("after", "")) if is_placed else None,
        target_field_id=field_id(row.get("field", "")) if is_placed else None,
        seen_edit=draft.edit_number if draft else 0,
    )


def _section(proposal: Proposal) -> Section | None:
    return session.get(Section, proposal.section_id) if proposal.section_id else None


def _seen_head(proposal: Proposal) -> int:
    section = _section(proposal)
    if section is None:
        return 0
    return seen_head(proposal.kind, section.head_number, section.structure_number)


def _title_of(number: int) -> str:
    proposal = session.get(Proposal, number)
    return _title(proposal) if proposal else ""


def _title(proposal: Proposal) -> str:
    section = _section(proposal)
    return section.title if section else ""
