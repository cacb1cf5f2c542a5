# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Planning forums: what a forum is, whether and when it takes place."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, WrongState
from charta.forums import rules
from charta.forums.models import Forum, ForumSeries, JoinCode
from charta.forums.rules import ForumState, ForumVerb, RegistrationState
from charta.forums.service import steps
from charta.forums.service.registering import following, move_up
from charta.forums.service.telling import tell
from charta.permissions import Actor
from charta.sections.models import Source

# While a forum is sure, its date and place change by a deed of their own, because everybody is told.
_DATE_IS_SURE = rules.DATED


@dataclass(frozen=True, slots=True)
class Details:
    """Everything the form of a forum says; an empty slug or code is drawn."""

    series_id: int
    title: str
    slug: str = ""
    place: str = ""
    address: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    text: str = ""
    agenda: str = ""
    capacity: int | None = None
    registration_closes_at: datetime | None = None
    has_competition_notice: bool = False
    is_always_open: bool = False
    join_opens_at: datetime | None = None
    join_closes_at: datetime | None = None
    join_quota: int = 300
    hand_in_until: datetime | None = None
    source_id: int | None = None
    code: str = ""


def make_forum(actor: Actor, details: Details) -> Forum:
    """Make a planned forum with its join code; `InvalidInput` names the field of the form."""
    cleaned = _cleaned(details)
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        _check_references(tx, cleaned)
        made = Forum(
            slug=_free_slug(tx, cleaned.slug, cleaned.title), created_at=tx.now, changed_at=tx.now, version=0
        )
        _store(tx, made, cleaned)
        tx.session.add(made)
        tx.session.flush()
        tx.session.add(JoinCode(code=_free_code(tx, cleaned.code), forum_id=made.id))
        tx.session.flush()
        activity.record(tx, actor, "make_forum", "forum", made.id, slug=made.slug)
        return made


def change_forum(actor: Actor, forum_id: int, details: Details, *, seen_version: int) -> Forum:
    """Change what a forum is; raising the capacity lets the queue move up.

    Date and place of a sure forum stay (`move`), and so does its address in the web: it is printed and
    linked. Raises `InvalidInput`, `EditConflict` when somebody else was quicker.
    """
    cleaned = _cleaned(details)
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        forum = steps.seen(tx, forum_id, seen_version)
        _check_references(tx, cleaned)
        if not slug_is_fixed(forum) and cleaned.slug not in {"", forum.slug}:
            forum.slug = _free_slug(tx, cleaned.slug, cleaned.title)
        _change_code(tx, forum, cleaned.code)
        _store(tx, forum, cleaned)
        tx.session.flush()
        move_up(tx, forum)
        activity.record(tx, actor, "change_forum", "forum", forum.id, version=forum.version)
        return forum


def slug_is_fixed(forum: Forum) -> bool:
    """Whether the address of a forum stays as it is: from the moment it is announced."""
    return forum.state is not ForumState.PLANNED


def confirm(actor: Actor, forum_id: int, *, seen_version: int) -> None:
    """Say that a forum takes place on its date; who was interested gets a link to take a place.

    Raises `InvalidInput("starts_at", "required")` without a date, `WrongState`, `EditConflict`.
    """
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        forum = steps.seen(tx, forum_id, seen_version)
        state = rules.after(forum.state, ForumVerb.CONFIRM)
        if forum.starts_at is None:
            raise InvalidInput("starts_at", "required")
        if forum.starts_at <= tx.now:
            raise InvalidInput("starts_at", "in_the_past")
        forum.state, forum.state_reason = state, ""
        steps.touch(tx, forum)
        for_all = following(tx, forum.id)
        tell(
            tx,
            forum,
            [one for one in for_all if one.state is RegistrationState.INTERESTED],
            "forum_date_set",
        )
        # Called off and back again: those with a place keep it.
        tell(
            tx,
            forum,
            [one for one in for_all if one.state is not RegistrationState.INTERESTED],
            "forum_moved",
            method="REQUEST",
            is_back=True,
        )
        activity.record(tx, actor, "confirm_forum", "forum", forum.id, starts_at=forum.starts_at.isoformat())


def move(
    actor: Actor,
    forum_id: int,
    *,
    starts_at: datetime | None,
    ends_at: datetime | None,
    place: str,
    address: str,
    reason: str,
    seen_version: int,
) -> None:
    """Give a sure forum another date or place; the old date is kept, everybody registered is told.

    Raises `InvalidInput` (starts_at, ends_at, place, address, reason), `WrongState`, `EditConflict`.
    """
    cleaned_place = steps.clean_line(place, rules.PLACE_MAX, "place")
    cleaned_address = steps.clean_line(address, rules.ADDRESS_MAX, "address")
    cleaned_reason = steps.clean_reason(reason)
    if starts_at is None:
        raise InvalidInput("starts_at", "required")
    _check_order(starts_at, ends_at)
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        forum = steps.seen(tx, forum_id, seen_version)
        state = rules.after(forum.state, ForumVerb.MOVE)
        if starts_at <= tx.now:
            raise InvalidInput("starts_at", "in_the_past")
        before = (forum.starts_at, forum.ends_at, forum.place, forum.address)
        if before == (starts_at, ends_at, cleaned_place, cleaned_address):
            raise InvalidInput("starts_at", "not_moved")
        old = forum.starts_at
        if old != starts_at:
            forum.was_at = old
        if forum.registration_closes_at is not None and old is not None:
            forum.registration_closes_at = min(forum.registration_closes_at + (starts_at - old), starts_at)
        # An own window of the code would stay at the old date and leave everybody outside.
        forum.join_opens_at = forum.join_closes_at = None
        forum.starts_at, forum.ends_at = starts_at, ends_at
        forum.place, forum.address = cleaned_place, cleaned_address
        forum.state, forum.state_reason = state, cleaned_reason
        steps.touch(tx, forum)
        tell(
            tx,
            forum,
            following(tx, forum.id),
            "forum_moved",
            method="REQUEST",
            reason=cleaned_reason,
            was_at=old.isoformat() if old and old != starts_at else "",
        )
        activity.record(tx, actor, "move_forum", "forum", forum.id, starts_at=starts_at.isoformat())


def cancel(actor: Actor, forum_id: int, *, reason: str, seen_version: int) -> None:
    """Call a forum off; everybody registered is told and their calendars forget it.

    Raises `InvalidInput("reason", ...)`, `WrongState`, `EditConflict`.
    """
    cleaned = steps.clean_reason(reason)
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        forum = steps.seen(tx, forum_id, seen_version)
        forum.state = rules.after(forum.state, ForumVerb.CANCEL)
        forum.state_reason = cleaned
        steps.touch(tx, forum)
        tell(tx, forum, following(tx, forum.id), "forum_called_off", method="CANCEL", reason=cleaned)
        activity.record(tx, actor, "cancel_forum", "forum", forum.id)


def close(actor: Actor, forum_id: int, *, seen_version: int) -> None:
    """Note that a forum was held; raise `WrongState` before its first hour, `EditConflict`."""
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        forum = steps.seen(tx, forum_id, seen_version)
        state = rules.after(forum.state, ForumVerb.CLOSE)
        if forum.starts_at is not None and tx.now < forum.starts_at:
            raise WrongState("close_forum", forum.state)
        forum.state = state
        steps.touch(tx, forum)
        activity.record(tx, actor, "close_forum", "forum", forum.id)


# --------------------------------------------------------------------------------------------------- steps


def _store(tx: Transaction, forum: Forum, details: Details) -> None:
    """Put the cleaned details on the row; what only a deed of its own may change stays."""
    forum.series_id, forum.title = details.series_id, details.title
    if forum.state not in _DATE_IS_SURE:
        forum.starts_at, forum.ends_at = details.starts_at, details.ends_at
        forum.place, forum.address = details.place, details.address
    if (
        forum.starts_at is not None
        and details.registration_closes_at is not None
        and details.registration_closes_at > forum.starts_at
    ):
        raise InvalidInput("registration_closes_at", "after_start")
    forum.text, forum.agenda, forum.capacity = details.text, details.agenda, details.capacity
    forum.registration_closes_at = details.registration_closes_at
    forum.has_competition_notice = details.has_competition_notice
    forum.is_always_open = details.is_always_open
    forum.join_opens_at, forum.join_closes_at = details.join_opens_at, details.join_closes_at
    forum.join_quota, forum.hand_in_until = details.join_quota, details.hand_in_until
    forum.source_id = details.source_id
    forum.version = (forum.version or 0) + 1
    forum.changed_at = tx.now


def _cleaned(details: Details) -> Details:
    _check_order(details.starts_at, details.ends_at)
    if details.starts_at is None and details.ends_at is not None:
        raise InvalidInput("starts_at", "required")
    if details.capacity is not None and not 1 <= details.capacity <= rules.CAPACITY_MAX:
        raise InvalidInput("capacity", "between", minimum=1, limit=rules.CAPACITY_MAX)
    if not 1 <= details.join_quota <= rules.QUOTA_MAX:
        raise InvalidInput("join_quota", "between", minimum=1, limit=rules.QUOTA_MAX)
    if (details.join_opens_at is None) is not (details.join_closes_at is None):
        raise InvalidInput("join_closes_at" if details.join_opens_at else "join_opens_at", "both_or_none")
    if details.join_opens_at and details.join_closes_at and details.join_closes_at <= details.join_opens_at:
        raise InvalidInput("join_closes_at", "ends_before_start")
    return Details(
        series_id=details.series_id,
        title=steps.clean_title(details.title),
        slug=rules.clean_slug(details.slug) if details.slug.strip() else "",
        place=steps.clean_line(details.place, rules.PLACE_MAX, "place"),
        address=steps.clean_line(details.address, rules.ADDRESS_MAX, "address"),
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        text=steps.clean_long(details.text, "text"),
        agenda=steps.clean_long(details.agenda, "agenda"),
        capacity=details.capacity,
        registration_closes_at=details.registration_closes_at,
        has_competition_notice=details.has_competition_notice,
        is_always_open=details.is_always_open,
        join_opens_at=details.join_opens_at,
        join_closes_at=details.join_closes_at,
        join_quota=details.join_quota,
        hand_in_until=details.hand_in_until,
        source_id=details.source_id,
        code=rules.clean_code(details.code) if details.code.strip() else "",
    )


def _check_order(starts_at: datetime | None, ends_at: datetime | None) -> None:
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise InvalidInput("ends_at", "ends_before_start")


def _check_references(tx: Transaction, details: Details) -> None:
    if tx.session.get(ForumSeries, details.series_id) is None:
        raise InvalidInput("series_id", "not_found")
    if details.source_id is not None and tx.session.get(Source, details.source_id) is None:
        raise InvalidInput("source_id", "not_found")


def _free_slug(tx: Transaction, wanted: str, title: str) -> str:
    """Return the wanted address; without one the address drawn from the title, numbered when it is taken."""
    if wanted:
        if tx.session.scalar(select(Forum.id).where(Forum.slug == wanted)):
            raise InvalidInput("slug", "taken")
        return wanted
    drawn = rules.slug_of(title) or "forum"
    if drawn in rules.RESERVED_SLUGS:
        drawn = f"forum-{drawn}"
    base = drawn[: rules.SLUG_MAX - 4].strip("-")
    taken = set(tx.session.scalars(select(Forum.slug).where(Forum.slug.startswith(base, autoescape=True))))
    if drawn not in taken:
        return drawn
    return next(
        name for name in (f"{base}-{number}" for number in range(2, len(taken) + 3)) if name not in taken
    )


def _change_code(tx: Transaction, forum: Forum, wanted: str) -> None:
    """Put another code on the wall; the old one stops working. Nothing typed keeps the present one."""
    found = tx.session.scalar(
        select(JoinCode).where(JoinCode.forum_id == forum.id, JoinCode.table_id.is_(None)).with_for_update()
    )
    if found is not None and wanted in {"", found.code}:
        return
    code = _free_code(tx, wanted)
    if found is not None:
        tx.session.delete(found)
        tx.session.flush()
    tx.session.add(JoinCode(code=code, forum_id=forum.id))


def _free_code(tx: Transaction, wanted: str) -> str:
    if not wanted:
        return steps.free_codes(tx, 1)[0]
    if tx.session.get(JoinCode, wanted) is not None:
        raise InvalidInput("code", "taken")
    return wanted
