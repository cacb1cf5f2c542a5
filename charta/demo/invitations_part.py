# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Invitations to a forum of the demonstration in waves, with the answers of companies and a reminder."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from charta.db import session, transaction
from charta.demo import files
from charta.demo.keys import MODERATION, Step, actor, days_before, forum_id
from charta.forums.invitees import Invitee
from charta.forums.models import Invitation, InvitationWave
from charta.forums.rules import CompanySize, InvitationState, LinkKind
from charta.forums.service import inviting, replying, waves
from charta.notifications import subscriptions

Row = dict[str, Any]


def steps(started_at: datetime) -> list[Step]:
    """Return the steps: each wave leaves, is answered, and the first one is reminded."""
    found = []
    for wave in files.rows("forums", "wave"):
        slug, number = wave["forum"], wave["number"]
        at = days_before(started_at, wave["days_ago"], step=4)
        found.append(Step(at, partial(_send, wave), partial(_is_sent, slug, number)))
        for place, row in enumerate(row for row in wave["rows"] if row["answer"]):
            later = at + timedelta(days=1 + place, hours=2)
            found.append(Step(later, partial(_answer, slug, row), partial(_is_answered, slug, row["email"])))
        if wave.get("reminded_days_ago"):
            at = days_before(started_at, wave["reminded_days_ago"], step=4)
            found.append(Step(at, partial(_remind, slug, number)))
    return found


def _wave(slug: str, number: int) -> InvitationWave | None:
    return session.scalar(
        select(InvitationWave).where(
            InvitationWave.forum_id == forum_id(slug), InvitationWave.number == number
        )
    )


def _send(wave: Row) -> None:
    slug, number, who = wave["forum"], wave["number"], actor(MODERATION)
    people = [
        Invitee(
            email=row["email"],
            name=row["name"],
            function=row["function"],
            company=row["company"],
            district=row["district"],
            size=CompanySize(row["size"]),
        )
        for row in wave["rows"]
    ]
    inviting.put_on_list(who, forum_id(slug), people)
    if _wave(slug, number) is None:
        waves.plan_wave(who, forum_id(slug), subject=wave["subject"], letter=wave["letter"])
    planned = _wave(slug, number)
    assert planned is not None
    waves.send_wave(who, planned.id)


def _is_sent(slug: str, number: int) -> bool:
    found = _wave(slug, number)
    return found is not None and found.sent_at is not None


def _invitation(slug: str, email: str) -> Invitation:
    return session.scalars(
        select(Invitation).where(Invitation.forum_id == forum_id(slug), Invitation.email == email)
    ).one()


def _answer(slug: str, row: Row) -> None:
    """Answer by a link as the mail carries one."""
    with transaction() as tx:
        key = subscriptions.make_link(tx, LinkKind.INVITATION, _invitation(slug, row["email"]).id)
    match InvitationState(row["answer"]):
        case InvitationState.YES:
            replying.accept(key)
        case InvitationState.SUBSTITUTE:
            replying.name_substitute(key, name=row["substitute"], email=row["substitute_email"])
        case _:
            replying.decline(key, reason=row.get("reason", ""))


def _is_answered(slug: str, email: str) -> bool:
    return _invitation(slug, email).answered_at is not None


def _remind(slug: str, number: int) -> None:
    found = _wave(slug, number)
    assert found is not None
    waves.remind_now(actor(MODERATION), found.id)
