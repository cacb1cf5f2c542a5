# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Registering for a forum: confirmed by mail, a place or the queue, leaving, and moving up.

The row of the forum is locked first, always: of two who want the last place, one gets it.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, func, select

from charta.accounts import queries as accounts
from charta.accounts.models import Attempt
from charta.accounts.rules import Group, clean_email, clean_name
from charta.accounts.service import check_throttle, reread, throttle_key
from charta.accounts.throttle import FreeAttempts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import NotFound, WrongState
from charta.forums.models import Forum, Registration
from charta.forums.queries.forums import takes_registrations
from charta.forums.rules import (
    CONFIRM_WITHIN,
    REGISTRATION_MAILS_PER_HOUR,
    ForumState,
    LinkKind,
    RegistrationState,
)
from charta.forums.service.telling import tell, tell_state
from charta.notifications.models import MailLink
from charta.notifications.subscriptions import hash_key
from charta.permissions import Actor, Permission, require

_KIND = LinkKind.REGISTRATION.value
# Those who are still to be told when something happens to a forum.
FOLLOWING = frozenset({RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.INTERESTED})


def register(
    actor: Actor,
    forum_id: int,
    *,
    name: str,
    email: str,
    organisation_name: str = "",
    group: Group | None = None,
    locale: str = "de",
    address: str,
    free: FreeAttempts,
) -> str | None:
    """Note that somebody wants to come and send the mail that says how it goes on.

    Whoever is signed in with this very address needs no confirmation: the key of the personal page comes
    back. Everybody else gets None, whether the address is new or known: the mail says what is. Raises
    `InvalidInput` (name, email, organisation_name), `WrongState` (too early, too late), `TooManyAttempts`.
    """
    cleaned, cleaned_email = clean_name(name), clean_email(email)
    organisation = _optional_name(organisation_name)
    account, client = throttle_key("register", cleaned_email), throttle_key("register_address", address)
    check_throttle(account, client, free)
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.REGISTER_FOR_FORUM)
        forum = locked_forum(tx, forum_id)
        if not takes_registrations(forum, tx.now):
            raise WrongState("register", forum.state)
        for key in (account, client):
            tx.session.add(Attempt(kind="register", key_hash=key, at=tx.now))
        person = accounts.person(actor.id) if actor.id is not None else None
        found = by_address(tx, forum.id, cleaned_email)
        is_known = found is not None
        if found is None:
            found = Registration(
                forum_id=forum.id,
                email=cleaned_email,
                state=RegistrationState.UNCONFIRMED,
                name=cleaned,
                created_at=tx.now,
            )
            tx.session.add(found)
        is_new = _is_open_to(found, forum)
        if is_new and found.state is not RegistrationState.INTERESTED:
            # What is confirmed changes through its own link only, not by whoever knows the address.
            found.name, found.organisation_name, found.group = cleaned, organisation, group
            found.locale, found.created_at, found.state = locale, tx.now, RegistrationState.UNCONFIRMED
        is_own = person is not None and person.email == cleaned_email
        if is_new and is_own:
            settle(tx, forum, found)
        tx.session.flush()
        key_of_page = None
        is_quiet = is_known and not is_own and _mails_within_an_hour(tx, found) >= REGISTRATION_MAILS_PER_HOUR
        if not is_quiet:
            if found.state is RegistrationState.UNCONFIRMED:
                key_of_page = tell(tx, forum, [found], "forum_confirm")[0]
            else:
                key_of_page = tell_state(tx, forum, found, "new" if is_new else "again")
        activity.record(tx, actor, "register", "forum", forum.id, registration=found.id)
        return key_of_page if is_own else None


def confirm(key: str) -> Registration:
    """Confirm by the link of the mail, or take a place once the date is sure; twice is no error.

    Who had cancelled comes back at the end of the queue. Raises `NotFound`, `WrongState`.
    """
    with transaction() as tx:
        forum, found = _by_key(tx, key)
        if not _is_open_to(found, forum):
            return found
        settle(tx, forum, found)
        tx.session.flush()
        tell_state(tx, forum, found, "new")
        activity.record(tx, None, "confirm_registration", "forum", forum.id, registration=found.id)
        return found


def cancel(key: str) -> Registration:
    """Give the place back by the link of a mail; whoever waits longest moves up at once.

    Twice is no error. Raises `NotFound`, `WrongState` when the person has been checked in.
    """
    with transaction() as tx:
        forum, found = _by_key(tx, key)
        if found.state is RegistrationState.CANCELLED:
            return found
        leave(tx, forum, found)
        tell(tx, forum, [found], "forum_unregistered", method="CANCEL")
        activity.record(tx, None, "cancel_registration", "forum", forum.id, registration=found.id)
        return found


def remove_unconfirmed(*, limit: int = 500) -> int:
    """Delete registrations nobody confirmed within two days, with their links; return how many."""
    with transaction() as tx:
        old = tx.session.scalars(
            select(Registration.id)
            .where(
                Registration.state == RegistrationState.UNCONFIRMED,
                Registration.created_at < tx.now - CONFIRM_WITHIN,
            )
            .order_by(Registration.id)
            .limit(limit)
        ).all()
        if old:
            tx.session.execute(
                delete(MailLink).where(MailLink.subject_kind == _KIND, MailLink.subject_id.in_(old))
            )
            tx.session.execute(
                delete(Registration).where(
                    Registration.id.in_(old), Registration.state == RegistrationState.UNCONFIRMED
                )
            )
        return len(old)


# ------------------------------------------------------------------------------------------ shared steps


def enter(
    tx: Transaction,
    forum: Forum,
    *,
    name: str,
    email: str,
    organisation_name: str,
    group: Group | None,
    locale: str,
    invitation_id: int | None,
) -> Registration:
    """Register somebody whose address is known to be theirs (a personal invitation); the forum is locked.

    Who has registered before keeps the place; the mail says what is. Raises `WrongState`.
    """
    found = by_address(tx, forum.id, email)
    if found is None:
        found = Registration(
            forum_id=forum.id, email=email, state=RegistrationState.UNCONFIRMED, created_at=tx.now
        )
        tx.session.add(found)
    found.invitation_id = invitation_id
    is_new = _is_open_to(found, forum)
    if is_new:
        found.name, found.organisation_name = name, organisation_name
        found.group, found.locale = group, locale
        settle(tx, forum, found)
    tx.session.flush()
    tell_state(tx, forum, found, "new" if is_new else "again")
    return found


def _is_open_to(registration: Registration, forum: Forum) -> bool:
    """Whether somebody has nothing yet that this forum can give: no confirmation, or no place."""
    return registration.state in {RegistrationState.UNCONFIRMED, RegistrationState.CANCELLED} or (
        registration.state is RegistrationState.INTERESTED and forum.state is not ForumState.PLANNED
    )


def settle(tx: Transaction, forum: Forum, registration: Registration) -> None:
    """Give a confirmed registration a place, the end of the queue, or interest while no date is sure."""
    if not takes_registrations(forum, tx.now):
        raise WrongState("register", forum.state)
    registration.confirmed_at = registration.confirmed_at or tx.now
    registration.cancelled_at = registration.waiting_since = None
    if forum.state is ForumState.PLANNED:
        registration.state = RegistrationState.INTERESTED
    elif _free_places(tx, forum) == 0:
        registration.state, registration.waiting_since = RegistrationState.WAITING, tx.now
    else:
        registration.state = RegistrationState.REGISTERED


def leave(tx: Transaction, forum: Forum, registration: Registration) -> None:
    """Cancel a registration and let the queue move up; raise `WrongState` after check-in."""
    if registration.checked_in_at is not None:
        raise WrongState("cancel_registration", "checked_in")
    registration.state, registration.cancelled_at = RegistrationState.CANCELLED, tx.now
    registration.waiting_since = None
    tx.session.flush()
    move_up(tx, forum)


def move_up(tx: Transaction, forum: Forum) -> Sequence[Registration]:
    """Give free places to those who wait longest and tell them; nobody moves up once it has begun."""
    if not forum.starts_at or tx.now >= forum.starts_at or forum.state not in _SURE:
        return []
    free = _free_places(tx, forum)
    if free == 0:
        return []
    lucky = tx.session.scalars(
        select(Registration)
        .where(Registration.forum_id == forum.id, Registration.state == RegistrationState.WAITING)
        .order_by(Registration.waiting_since, Registration.id)
        .limit(free)
        .with_for_update()
    ).all()
    for one in lucky:
        one.state, one.waiting_since = RegistrationState.REGISTERED, None
    tx.session.flush()
    tell(tx, forum, lucky, "forum_registration", method="REQUEST", occasion="moved_up")
    return lucky


_SURE = frozenset({ForumState.CONFIRMED, ForumState.MOVED})


def by_address(tx: Transaction, forum_id: int, email: str) -> Registration | None:
    """Return the registration of an address, under a row lock."""
    return tx.session.scalar(
        select(Registration)
        .where(Registration.forum_id == forum_id, Registration.email == email)
        .with_for_update()
    )


def following(tx: Transaction, forum_id: int) -> Sequence[Registration]:
    """Return everybody who registered, waits or is interested."""
    return tx.session.scalars(
        select(Registration)
        .where(Registration.forum_id == forum_id, Registration.state.in_(sorted(FOLLOWING)))
        .order_by(Registration.id)
    ).all()


def _free_places(tx: Transaction, forum: Forum) -> int | None:
    """Return how many places are free, None without a limit; the forum is locked."""
    if forum.capacity is None:
        return None
    taken = tx.session.scalar(
        select(func.count()).where(
            Registration.forum_id == forum.id, Registration.state == RegistrationState.REGISTERED
        )
    )
    return max(0, forum.capacity - (taken or 0))


def _mails_within_an_hour(tx: Transaction, registration: Registration) -> int:
    return (
        tx.session.scalar(
            select(func.count()).where(
                MailLink.subject_kind == _KIND,
                MailLink.subject_id == registration.id,
                MailLink.created_at > tx.now - timedelta(hours=1),
            )
        )
        or 0
    )


def locked_forum(tx: Transaction, forum_id: int) -> Forum:
    """Lock a forum against others who count its places, not against contributions that refer to it."""
    forum = tx.session.scalar(
        select(Forum)
        .where(Forum.id == forum_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if forum is None:
        raise NotFound(kind="forum", id=forum_id)
    return forum


def _by_key(tx: Transaction, key: str) -> tuple[Forum, Registration]:
    """Lock the forum, then the registration that the link of a mail opens."""
    row = tx.session.execute(
        select(Registration.id, Registration.forum_id)
        .join(MailLink, MailLink.subject_id == Registration.id)
        .where(
            MailLink.key_hash == hash_key(key), MailLink.subject_kind == _KIND, MailLink.expires_at > tx.now
        )
    ).one_or_none()
    if row is None:
        raise NotFound(kind="registration", id=None)
    forum = locked_forum(tx, row[1])
    found = tx.lock(Registration, row[0])
    if found is None:  # removed while we waited for the lock
        raise NotFound(kind="registration", id=row[0])
    return forum, found


def _optional_name(raw: str) -> str:
    return clean_name(raw, field="organisation_name") if raw.strip() else ""
