# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steering the projector of a forum from another device."""

from typing import Any

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound
from charta.fields.models import FieldOfAction
from charta.forums.models import Forum
from charta.forums.rules import ProjectorMode
from charta.permissions import Actor, Permission, require


def switch(actor: Actor, forum_id: int, *, mode: ProjectorMode) -> None:
    """Show the code alone, the contributions or a pause; what is shown already changes nothing.

    A poll that stands on the wall makes way; whether it runs does not change.
    """
    with transaction() as tx:
        actor, forum = _steered(tx, actor, forum_id)
        if forum.projector_mode is mode and forum.projector_poll_id is None:
            return
        forum.projector_mode, forum.projector_poll_id = mode, None
        _changed(tx, actor, forum, mode=mode.value)


def choose_field(actor: Actor, forum_id: int, *, field_id: int | None) -> None:
    """Show contributions of one field of action only, or of all (None).

    Raises `InvalidInput("field_id", "not_found")`.
    """
    with transaction() as tx:
        actor, forum = _steered(tx, actor, forum_id)
        if forum.projector_field_id == field_id:
            return
        if field_id is not None and tx.session.get(FieldOfAction, field_id) is None:
            raise InvalidInput("field_id", "not_found")
        forum.projector_field_id = field_id
        _changed(tx, actor, forum, field_id=field_id)


def pin(actor: Actor, forum_id: int, *, contribution_id: int | None) -> None:
    """Show one contribution large beside the others, or none.

    Contributions stand above forums: the caller asks whether it is one of this forum, and the projector shows
    it only while it is a screened one of this forum.
    """
    with transaction() as tx:
        actor, forum = _steered(tx, actor, forum_id)
        if forum.projector_pinned_id == contribution_id:
            return
        forum.projector_pinned_id = contribution_id
        if contribution_id is not None:
            # Who pins wants it seen.
            forum.projector_mode, forum.projector_poll_id = ProjectorMode.STREAM, None
        _changed(tx, actor, forum, pinned_id=contribution_id)


def _steered(tx: Transaction, actor: Actor, forum_id: int) -> tuple[Actor, Forum]:
    actor = accounts.reread(tx, actor)
    forum = tx.lock(Forum, forum_id)
    if forum is None:
        raise NotFound(kind="forum", id=forum_id)
    require(actor, Permission.RUN_FORUM, forum)
    return actor, forum


def _changed(tx: Transaction, actor: Actor, forum: Forum, **what: Any) -> None:
    forum.projector_version += 1
    activity.record(tx, actor, "steer_projector", "forum", forum.id, **what)
