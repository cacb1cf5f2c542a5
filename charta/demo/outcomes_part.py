# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What contributions of the demonstration led to: proposals take them up, and one stands in the Charta."""

from collections import defaultdict
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select

from charta.db import session
from charta.demo import files, proposals_part
from charta.demo.keys import Step, actor, days_before, section_id
from charta.demo.proposals_part import proposal_of
from charta.proposals import service as proposals
from charta.proposals.models import ProposalContribution, ProposalDraft
from charta.proposals.rules import EDITABLE, ProposalKind

Row = dict[str, Any]

# After the other deeds of their day.
_TAKEN_UP = 45


def steps(started_at: datetime) -> list[Step]:
    """Return the steps: open proposals take up contributions, and one is made, handed in and approved."""
    found = []
    codes: dict[int, list[str]] = defaultdict(list)
    for row in files.rows("contributions", "contribution"):
        if "proposal" in row:
            codes[row["proposal"]].append(row["code"])
    days = {row["order"]: row["days_ago"] for row in files.rows("proposals", "proposal")}
    for order, wanted in sorted(codes.items()):
        key = f"demo-proposal-{order}"
        at = days_before(started_at, min(days[order], 12), step=_TAKEN_UP + order)
        found.append(Step(at, partial(_take_up, key, wanted), partial(_is_settled, key)))
    for row in files.rows("contributions", "proposal"):
        key = f"demo-proposal-{row['key']}"
        at = days_before(started_at, row["days_ago"])
        found.append(Step(at, partial(_propose, key, row), partial(proposals_part.is_done, key, "submit")))
        approve = {"verb": "approve", "by": row["approver"], "reason": ""}
        at = days_before(started_at, row["approved_days_ago"])
        found.append(
            Step(
                at,
                partial(proposals_part.deed, key, row, approve),
                partial(proposals_part.is_done, key, "approve"),
            )
        )
    return found


def _take_up(key: str, codes: list[str]) -> None:
    proposal = proposal_of(key)
    if proposal is not None and proposal.state in EDITABLE:  # somebody may have decided it meanwhile
        proposals.take_up(actor(_author_of(key)), proposal.id, codes)


def _author_of(key: str) -> str:
    return next(
        str(row["author"])
        for row in files.rows("proposals", "proposal")
        if key == f"demo-proposal-{row['order']}"
    )


def _is_settled(key: str) -> bool:
    """Whether the proposal has its contributions, or is not there to take any."""
    proposal = proposal_of(key)
    return proposal is None or bool(
        session.scalar(select(func.count()).where(ProposalContribution.proposal_id == proposal.id))
    )


def _propose(key: str, row: Row) -> None:
    number = proposals.start_from(
        actor(row["author"]),
        kind=ProposalKind.CHANGE,
        codes=row["codes"],
        section_id=section_id(row["section"]),
        once_key=key,
    )
    draft = session.get(ProposalDraft, number)
    assert draft is not None
    body = draft.body.rstrip()
    if row["paragraph"] not in body:
        body = f"{body}\n\n{row['paragraph']}"
    change = {**row, "kind": "change", "source": "beitraege2024", "body": f"{body}\n"}
    proposals_part.deed(key, change, {"verb": "submit", "by": row["author"]})
