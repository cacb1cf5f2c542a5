# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Joining a forum in the hall: by the code on the wall or on a table, or by the link of a registration."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, select

from charta.accounts import service as accounts
from charta.accounts.models import Person, UserSession
from charta.accounts.queries import hash_key
from charta.accounts.rules import Group, Voting, clean_name
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums import rules
from charta.forums.models import Attendance, Forum, ForumTable, JoinCode, Registration
from charta.forums.rules import ForumState, LinkKind, RegistrationState
from charta.forums.service.attending import link_registration
from charta.notifications.subscriptions import linked_id
from charta.permissions import Actor, Permission, Role, require, role_may

ORGANISATION_MAX = 120
SCRIBE_PEOPLE_MAX = 60
# A second click, or the answer was lost on the way and the form is sent again.
_SAME_FORM = timedelta(minutes=10)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Guest:
    """What somebody says who joins without being signed in; `once_key` names browser and form.

    The key of the session is made from `once_key`, so that the same form sent twice signs in one person. It
    must be hard to guess and known to this browser alone.
    """

    name: str
    locale: str
    user_agent: str
    once_key: str


@dataclass(frozen=True, slots=True)
class Joined:
    """The hall that was entered; `session_key` is that of a new person."""

    slug: str
    session_key: str | None


def join(
    actor: Actor,
    code: str,
    *,
    guest: Guest | None = None,
    organisation_name: str = "",
    group: Group | None = None,
) -> Joined:
    """Enter the hall of a code, or change to the table of a code; `guest` makes a new attendee.

    Who is in already stays in, whatever window and quota say. Raises `InvalidInput` (code: code_form,
    unknown_code; name: required, too_long, mixed_scripts; organisation_name) and `WrongState` ("too_early",
    "ended", "cancelled", "full").
    """
    cleaned = rules.clean_code(code)
    name, organisation = _clean(actor, guest, organisation_name)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.JOIN_FORUM)
        found = tx.session.execute(
            _locking(select(Forum, JoinCode.table_id))
            .join(JoinCode, JoinCode.forum_id == Forum.id)
            .where(JoinCode.code == cleaned)
        ).one_or_none()
        if found is None:
            raise InvalidInput("code", "unknown_code")
        forum, table_id = found
        return _enter(
            tx,
            actor,
            forum,
            guest=guest,
            name=name,
            organisation_name=organisation,
            group=group,
            table_id=table_id,
        )


def join_registered(
    actor: Actor,
    key: str,
    *,
    guest: Guest | None = None,
    organisation_name: str = "",
    group: Group | None = None,
) -> Joined:
    """Enter the hall by the personal link of a registration, which is linked with who comes in by it.

    Registered people are let in above the quota. Raises as `join`, and `NotFound` for a wrong or old link.
    """
    name, organisation = _clean(actor, guest, organisation_name)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.JOIN_FORUM)
        ident = linked_id(LinkKind.REGISTRATION, key)
        forum_id = tx.session.scalar(select(Registration.forum_id).where(Registration.id == (ident or 0)))
        if forum_id is None:
            raise NotFound(kind="registration", id=None)
        forum = tx.session.execute(_locking(select(Forum)).where(Forum.id == forum_id)).scalar_one()
        registration = tx.lock(Registration, ident)
        if registration is None or registration.state is RegistrationState.CANCELLED:
            raise NotFound(kind="registration", id=ident)
        return _enter(
            tx,
            actor,
            forum,
            guest=guest,
            name=name,
            organisation_name=organisation,
            group=group,
            registration=registration,
        )


def sit(actor: Actor, forum_id: int, *, is_scribe: bool, people: int | None = None) -> None:
    """Begin or stop writing for the table one sits at; `people` is how many sit there.

    Raises `InvalidInput` (people: required, out_of_range), `NotFound` for who sits at no table.
    """
    if is_scribe and people is None:
        raise InvalidInput("people", "required")
    if people is not None and not 1 <= people <= SCRIBE_PEOPLE_MAX:
        raise InvalidInput("people", "out_of_range", least=1, most=SCRIBE_PEOPLE_MAX)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.JOIN_FORUM)
        attendance = _attendance(tx, forum_id, actor.id)
        table = tx.lock(ForumTable, attendance.table_id) if attendance and attendance.table_id else None
        if attendance is None or table is None:
            raise NotFound(kind="forum_table", id=None)
        if (attendance.is_scribe, is_scribe and table.people) == (is_scribe, is_scribe and people):
            return
        attendance.is_scribe = is_scribe
        if is_scribe:
            table.people = people
        activity.record(
            tx, actor, "write_for_table", "forum", forum_id, table=table.number, is_scribe=is_scribe
        )


def refusal(forum: Forum, now: datetime) -> str:
    """Return "" while the code of a forum opens its hall, else "cancelled", "too_early" or "ended"."""
    window = rules.join_window(
        forum.starts_at, forum.ends_at, opens_at=forum.join_opens_at, closes_at=forum.join_closes_at
    )
    if rules.may_join_at(now, forum.state, window, is_always_open=forum.is_always_open):
        return ""
    if forum.state is ForumState.CANCELLED:
        return "cancelled"
    return "too_early" if window is None or now < window[0] else "ended"


def _clean(actor: Actor, guest: Guest | None, organisation_name: str) -> tuple[str, str]:
    organisation = (
        clean_name(organisation_name, field="organisation_name", limit=ORGANISATION_MAX)
        if organisation_name.strip()
        else ""
    )
    if actor.id is not None:
        return "", organisation
    return clean_name(guest.name if guest is not None else ""), organisation


def _locking(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Lock the forum against others who join (the quota), not against what only refers to it."""
    return statement.with_for_update(of=Forum, key_share=True).execution_options(populate_existing=True)


def _attendance(tx: Transaction, forum_id: int, person_id: int | None) -> Attendance | None:
    return tx.session.scalar(
        select(Attendance)
        .where(Attendance.forum_id == forum_id, Attendance.person_id == (person_id or 0))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def _enter(
    tx: Transaction,
    actor: Actor,
    forum: Forum,
    *,
    guest: Guest | None,
    name: str,
    organisation_name: str,
    group: Group | None,
    table_id: int | None = None,
    registration: Registration | None = None,
) -> Joined:
    key = _session_key(guest, forum) if actor.id is None and guest is not None else None
    person_id, is_used = (actor.id, False) if key is None else _of_same_form(tx, key, name)
    present = _attendance(tx, forum.id, person_id) if person_id is not None else None
    if present is not None:
        _change_table(tx, present, table_id)
        if registration is not None and present.registration_id is None:
            link_registration(tx, registration, present)
        return Joined(forum.slug, key)
    state = refusal(forum, tx.now)
    if state:
        raise WrongState("join", state)
    # A registration lets one person in above the quota, however many open its link.
    is_expected = registration is not None and not tx.session.scalar(
        select(Attendance.id).where(Attendance.registration_id == registration.id)
    )
    _check_quota(tx, actor, forum, is_registered=is_expected)
    if key is not None and person_id is None:
        assert guest is not None
        person = accounts.new_person(
            tx, email=None, name=name, role=Role.ATTENDEE, organisation_id=None, voting=Voting.NONE
        )
        person.locale = guest.locale
        person.joined_at = tx.now
        key = accounts.open_session(tx, person, user_agent=guest.user_agent, key=None if is_used else key)
        actor = person.as_actor()
    assert actor.id is not None or person_id is not None
    made = Attendance(
        forum_id=forum.id,
        person_id=actor.id or person_id or 0,
        table_id=table_id,
        organisation_name=organisation_name,
        group=group,
        joined_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    if registration is not None:
        link_registration(tx, registration, made)
    activity.record(
        tx,
        actor,
        "join_forum",
        "forum",
        forum.id,
        personal={"name": name} if name else None,
        by="registration" if registration is not None else "code",
    )
    return Joined(forum.slug, key)


def _session_key(guest: Guest, forum: Forum) -> str:
    return hashlib.sha256(f"join\x1f{forum.id}\x1f{guest.once_key}".encode()).hexdigest()


def _of_same_form(tx: Transaction, key: str, name: str) -> tuple[int | None, bool]:
    """Return the person whom the same form made a moment ago, and whether the key is used at all."""
    row = tx.session.execute(
        select(UserSession.person_id, UserSession.created_at, Person.name)
        .join(Person, Person.id == UserSession.person_id)
        .where(UserSession.key_hash == hash_key(key))
    ).one_or_none()
    if row is None:
        return None, False
    person_id, made_at, made_name = row
    return (person_id if made_at > tx.now - _SAME_FORM and made_name == name else None), True


def _change_table(tx: Transaction, attendance: Attendance, table_id: int | None) -> None:
    """Let the code of another table move a person there; the code of the wall changes nothing."""
    del tx  # shows that the caller holds the transaction
    if table_id is not None and attendance.table_id != table_id:
        attendance.table_id = table_id
        attendance.is_scribe = False


def _check_quota(tx: Transaction, actor: Actor, forum: Forum, *, is_registered: bool) -> None:
    """Raise `WrongState("join", "full")` when all places are taken; a hall always open counts by day."""
    if is_registered or role_may(actor, Permission.RUN_FORUM):
        return
    joined = select(func.count()).select_from(Attendance).where(Attendance.forum_id == forum.id)
    if forum.is_always_open:
        joined = joined.where(Attendance.joined_at > tx.now - _DAY)
    if (tx.session.scalar(joined) or 0) >= forum.join_quota:
        raise WrongState("join", "full")
