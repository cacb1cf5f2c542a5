# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""At the door: checking in and taking it back, adding somebody by hand, linking a phone to a registration."""

from sqlalchemy import select

from charta.accounts.rules import Group, clean_name
from charta.accounts.service import reread
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import NotFound, WrongState
from charta.forums.models import Attendance, Forum, Registration
from charta.forums.rules import ForumState, RegistrationState
from charta.forums.service.registering import leave, locked_forum
from charta.forums.service.telling import tell
from charta.permissions import Actor, Permission, require

_EXPECTED = frozenset({RegistrationState.REGISTERED, RegistrationState.WAITING})


def check_in(actor: Actor, forum_id: int, registration_id: int) -> None:
    """Note that somebody came; who was still waiting gets a place. Twice is no error.

    Raises `WrongState` for who cancelled or never confirmed, `NotFound`.
    """
    with transaction() as tx:
        actor, _forum, found = _at_the_door(tx, actor, forum_id, registration_id)
        if found.checked_in_at is not None:
            return
        if found.state not in _EXPECTED:
            raise WrongState("check_in", found.state)
        # `waiting_since` stays, so that the deed can be taken back to where it came from.
        found.state = RegistrationState.REGISTERED
        found.checked_in_at, found.checked_in_by_id = tx.now, actor.id
        activity.record(tx, actor, "check_in", "forum", forum_id, registration=found.id)


def undo_check_in(actor: Actor, forum_id: int, registration_id: int) -> None:
    """Take a check-in back: a linked phone is let go, who had waited waits again. Twice is no error."""
    with transaction() as tx:
        actor, _forum, found = _at_the_door(tx, actor, forum_id, registration_id)
        if found.checked_in_at is None:
            return
        found.checked_in_at = found.checked_in_by_id = None
        if found.waiting_since is not None:
            found.state = RegistrationState.WAITING
        linked = _linked_phone(tx, found.id)
        if linked is not None:
            linked.registration_id = linked.checked_in_at = linked.checked_in_by_id = None
        activity.record(tx, actor, "undo_check_in", "forum", forum_id, registration=found.id)


def add_by_hand(
    actor: Actor, forum_id: int, *, name: str, organisation_name: str = "", group: Group | None = None
) -> int:
    """Put somebody who stands at the door on the list, checked in; return the id of the registration.

    The capacity does not count here: whoever holds the door sees the hall. Raises `InvalidInput` (name,
    organisation_name), `WrongState` while the forum has no sure date.
    """
    cleaned = clean_name(name)
    organisation = (
        clean_name(organisation_name, field="organisation_name") if organisation_name.strip() else ""
    )
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.RUN_FORUM)
        forum = locked_forum(tx, forum_id)
        if forum.state in {ForumState.PLANNED, ForumState.CANCELLED} and not forum.is_always_open:
            raise WrongState("add_by_hand", forum.state)
        made = Registration(
            forum_id=forum.id,
            email=None,
            name=cleaned,
            organisation_name=organisation,
            group=group,
            state=RegistrationState.REGISTERED,
            created_at=tx.now,
            confirmed_at=tx.now,
            checked_in_at=tx.now,
            checked_in_by_id=actor.id,
        )
        tx.session.add(made)
        tx.session.flush()
        activity.record(tx, actor, "add_at_the_door", "forum", forum.id, registration=made.id)
        return made.id


def take_off(actor: Actor, forum_id: int, registration_id: int) -> None:
    """Cancel for somebody who rang or wrote; the queue moves up, the person gets a mail. Twice is no error.

    Raises `WrongState` when the person has been checked in, `NotFound`.
    """
    with transaction() as tx:
        actor, forum, found = _at_the_door(tx, actor, forum_id, registration_id)
        if found.state is RegistrationState.CANCELLED:
            return
        was_confirmed = found.state is not RegistrationState.UNCONFIRMED
        leave(tx, forum, found)
        if was_confirmed:
            tell(tx, forum, [found], "forum_unregistered", method="CANCEL")
        activity.record(tx, actor, "take_off_registration", "forum", forum.id, registration=found.id)


def link_phone(actor: Actor, forum_id: int, registration_id: int, *, attendance_id: int) -> None:
    """Say that the phone which joined by code is this registered person's; that checks the person in.

    Raises `NotFound`, `WrongState` when the person cancelled.
    """
    with transaction() as tx:
        actor, _forum, found = _at_the_door(tx, actor, forum_id, registration_id)
        if found.state not in _EXPECTED:
            raise WrongState("link_phone", found.state)
        attendance = tx.lock(Attendance, attendance_id)
        if attendance is None or attendance.forum_id != forum_id:
            raise NotFound(kind="attendance", id=attendance_id)
        if attendance.registration_id == found.id:
            return
        link_registration(tx, found, attendance)
        attendance.checked_in_by_id = actor.id
        found.checked_in_by_id = found.checked_in_by_id or actor.id
        activity.record(
            tx, actor, "link_phone", "forum", forum_id, registration=found.id, attendance=attendance.id
        )


def unlink_phone(actor: Actor, forum_id: int, registration_id: int) -> None:
    """Take the link to a phone back; the person stays checked in. Without a link it is no error."""
    with transaction() as tx:
        actor, _forum, found = _at_the_door(tx, actor, forum_id, registration_id)
        linked = _linked_phone(tx, found.id)
        if linked is None:
            return
        linked.registration_id = linked.checked_in_at = linked.checked_in_by_id = None
        activity.record(tx, actor, "unlink_phone", "forum", forum_id, registration=found.id)


def link_registration(tx: Transaction, registration: Registration, attendance: Attendance) -> None:
    """Link a registered person to who joined by phone, and check both in; the forum is locked.

    An earlier phone of the same person is let go: somebody may have changed the device.
    """
    earlier = _linked_phone(tx, registration.id)
    if earlier is not None and earlier.id != attendance.id:
        earlier.registration_id = earlier.checked_in_at = earlier.checked_in_by_id = None
        tx.session.flush()  # the number of a registration stands only once
    attendance.registration_id = registration.id
    attendance.checked_in_at = attendance.checked_in_at or tx.now
    registration.checked_in_at = registration.checked_in_at or tx.now
    if registration.state is not RegistrationState.REGISTERED:
        registration.state = RegistrationState.REGISTERED
    # Who comes by the link of the mail has shown that the address is theirs; the door has seen the person.
    registration.confirmed_at = registration.confirmed_at or tx.now
    tx.session.flush()


def _at_the_door(
    tx: Transaction, actor: Actor, forum_id: int, registration_id: int
) -> tuple[Actor, Forum, Registration]:
    actor = reread(tx, actor)
    require(actor, Permission.RUN_FORUM)
    forum = locked_forum(tx, forum_id)
    found = tx.lock(Registration, registration_id)
    if found is None or found.forum_id != forum_id:
        raise NotFound(kind="registration", id=registration_id)
    return actor, forum, found


def _linked_phone(tx: Transaction, registration_id: int) -> Attendance | None:
    return tx.session.scalar(
        select(Attendance).where(Attendance.registration_id == registration_id).with_for_update()
    )
