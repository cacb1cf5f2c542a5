# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments on sections, proposals and contributions, and what became of some of them."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select, update

from charta.comments import texts
from charta.comments.models import Comment, CommentProposal
from charta.comments.rules import Place, clean_body
from charta.comments.service import moderating, proposing, writing
from charta.contributions.models import Contribution
from charta.db import session, transaction
from charta.demo import files
from charta.demo.keys import Step, actor, days_before, section_id
from charta.demo.proposals_part import proposal_of
from charta.errors import NotFound, NotPermitted, WrongState
from charta.notifications.models import OutboxMail
from charta.proposals.models import ProposalVersion
from charta.sections.models import Revision, Section

log = logging.getLogger(__name__)

Row = dict[str, Any]

# After the deeds of their day on the text and on proposals.
_AFTER = 20


def steps(started_at: datetime) -> list[Step]:
    """Return the steps in the order of their moments."""
    rows = {row["key"]: row for row in files.rows("comments", "comment")}
    found = []

    def add(at: datetime, row: Row, deed: Callable[[Row], object]) -> None:
        found.append(Step(at, partial(_if_possible, deed, row)))

    for row in rows.values():
        at = days_before(started_at, row["days_ago"], step=_AFTER + row.get("step", 0))
        add(at, row, partial(_write, rows))
        if "edited" in row:
            add(at + timedelta(minutes=4), row, _edit)
        if row.get("removed"):
            add(at + timedelta(minutes=6), row, _remove)
        deeds = (("taken_up", _take_up), ("resolved", _resolve), ("reported", _report), ("hidden", _hide))
        for deed, run in deeds:
            if deed in row:
                add(days_before(started_at, row[deed]["days_ago"], step=_AFTER), row, run)
    found.sort(key=lambda step: step.at)
    found.append(Step(started_at, _count_mails_as_sent))
    return found


def _count_mails_as_sent() -> None:
    """Nobody is to get mail about a pretended past."""
    with transaction() as tx:
        tx.session.execute(
            update(OutboxMail)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.template.startswith("comment_"))
            .values(sent_at=tx.now)
        )


def _if_possible(deed: Callable[[Row], object], row: Row) -> None:
    """Do a deed; an installed demonstration may have gone on so that it cannot happen any more."""
    try:
        deed(row)
    except (NotFound, NotPermitted, WrongState) as error:
        log.info("demonstration: comment %s left out: %r", row["key"], error)


def _write(rows: dict[str, Row], row: Row) -> None:
    about: dict[str, Any] = {}
    if "answers" in row:
        about["thread_id"] = _comment(rows[row["answers"]]).id
    elif "contribution" in row:
        about["contribution_id"] = session.scalar(
            select(Contribution.id).where(Contribution.code == row["contribution"])
        )
    elif "proposal" in row:
        about = _on_proposal(row)
    else:
        about = _on_section(row)
    writing.write(actor(row["by"]), body=row["text"], once_key=f"demo-comment-{row['key']}", **about)


def _on_proposal(row: Row) -> dict[str, Any]:
    proposal = proposal_of(f"demo-proposal-{row['proposal']}")
    if proposal is None:
        raise NotFound(kind="proposal", id=row["proposal"])
    body = session.scalar(
        select(ProposalVersion.body).where(
            ProposalVersion.proposal_id == proposal.id, ProposalVersion.number == row["version"]
        )
    )
    return {"proposal_id": proposal.id, "version": row["version"], **_place(row, body or "")}


def _on_section(row: Row) -> dict[str, Any]:
    found = section_id(row["section"])
    section = session.get(Section, found) if found else None
    if section is None:
        raise NotFound(kind="section", key=row["section"])
    revision = session.scalar(
        select(Revision).where(
            Revision.section_id == section.id, Revision.number == row.get("seen", section.head_number)
        )
    )
    if revision is None:
        raise NotFound(kind="revision", key=row["key"])
    return {"section_id": section.id, "seen_revision_id": revision.id, **_place(row, revision.body)}


def _place(row: Row, body: str) -> dict[str, Any]:
    """Return where the words stand; the whole, where the text has gone on without them."""
    if row.get("words") and row["words"] in body:
        start = body.index(row["words"])
        return {"place": Place.RANGE, "start": start, "end": start + len(row["words"])}
    if "paragraph" in row and row["paragraph"] < len(body.strip().split("\n\n")):
        return {"place": Place.PARAGRAPH, "paragraph": row["paragraph"]}
    return {"place": Place.WHOLE}


def _comment(row: Row) -> Comment:
    """Return a comment by its author and its words, as they were written first or as they are now."""
    hashes = [texts.hash_of(clean_body(row[name])) for name in ("text", "edited") if name in row]
    found = session.scalar(
        select(Comment)
        .where(Comment.author_id == actor(row["by"]).id, Comment.html_hash.in_(hashes))
        .order_by(Comment.id)
        .limit(1)
    )
    if found is None:
        raise NotFound(kind="comment", key=row["key"])
    return found


def _edit(row: Row) -> None:
    writing.edit(actor(row["by"]), _comment(row).id, body=row["edited"])


def _remove(row: Row) -> None:
    writing.remove(actor(row["by"]), _comment(row).id)


def _take_up(row: Row) -> None:
    taken, comment = row["taken_up"], _comment(row)
    proposal = proposal_of(f"demo-proposal-{taken['proposal']}")
    if proposal is None:
        return
    number, ident = proposal.id, comment.id
    try:
        proposing.take_up(actor(taken["by"]), number, ident)
    except WrongState:  # comments are loaded after all decisions; their author said it before
        with transaction() as tx:
            if tx.session.get(CommentProposal, (ident, number)) is None:
                tx.session.add(CommentProposal(comment_id=ident, proposal_id=number, at=tx.now))


def _resolve(row: Row) -> None:
    moderating.resolve(actor(row["resolved"]["by"]), _comment(row).id)


def _report(row: Row) -> None:
    reported = row["reported"]
    moderating.report(actor(reported["by"]), _comment(row).id, reason=reported["reason"])


def _hide(row: Row) -> None:
    hidden = row["hidden"]
    moderating.hide(actor(hidden["by"]), _comment(row).id, reason=hidden["reason"])
