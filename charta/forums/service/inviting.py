# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who stands on the list of a forum: an address once, until its invitation has left."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select

from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, WrongState
from charta.forums.invitees import Invitee
from charta.forums.models import Invitation
from charta.forums.rules import LIST_MAX, InvitationState
from charta.forums.service import steps
from charta.permissions import Actor


def put_on_list(actor: Actor, forum_id: int, invitees: Sequence[Invitee]) -> int:
    """Put people on the list of a forum; return how many are new. Addresses on the list stay as they are.

    Two statements however many there are. Raises `InvalidInput("file", "too_many")` beyond `LIST_MAX`.
    """
    with transaction() as tx:
        actor, forum = steps.entered(tx, actor, forum_id)
        known = set(tx.session.scalars(select(Invitation.email).where(Invitation.forum_id == forum.id)))
        new = {one.email: one for one in invitees if one.email not in known}
        if len(known) + len(new) > LIST_MAX:
            raise InvalidInput("file", "too_many", limit=LIST_MAX)
        if not new:
            return 0
        tx.insert_all(Invitation, [_as_row(tx, forum.id, one) for one in new.values()])
        activity.record(tx, actor, "put_on_list", "forum", forum.id, count=len(new))
        return len(new)


def add(actor: Actor, forum_id: int, invitee: Invitee) -> None:
    """Put one person on the list; raise `InvalidInput("email", "on_list")` when the address stands there."""
    if not put_on_list(actor, forum_id, [invitee]):
        raise InvalidInput("email", "on_list")


def take_off_list(actor: Actor, forum_id: int, invitation_id: int) -> None:
    """Take somebody off the list who was not written to yet; who is gone already is no error.

    Raises `WrongState` once the invitation has left.
    """
    with transaction() as tx:
        actor, forum = steps.entered(tx, actor, forum_id)
        found = tx.lock(Invitation, invitation_id)
        if found is None or found.forum_id != forum.id:
            return
        if found.state is not InvitationState.DRAFT:
            raise WrongState("take_off_list", found.state)
        tx.session.execute(delete(Invitation).where(Invitation.id == found.id))
        activity.record(tx, actor, "take_off_list", "forum", forum.id, invitation=invitation_id)


def _as_row(tx: Transaction, forum_id: int, one: Invitee) -> dict[str, Any]:
    return {
        "forum_id": forum_id,
        "email": one.email,
        "name": one.name,
        "function": one.function,
        "company": one.company,
        "district": one.district,
        "size": one.size,
        "created_at": tx.now,
    }
