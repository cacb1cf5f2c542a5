# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mails about what becomes of contributions: one per recipient and deed, however many it is about.

They go at once to who wrote one and to addresses that asked for it; an account that only watches one hears of
it by notices and the digest, who muted it nothing. Who wrote one and has an address is subscribed to it when
there is first something to tell, so that every such mail can be ended by its link, and ending it lasts.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import and_, exists, func, insert, or_, select

from charta.accounts.models import Person
from charta.contributions.models import Contribution, ContributionEvent, ContributionSupport, Topic
from charta.contributions.rules import LAYING_OPEN, first_words
from charta.db import Transaction
from charta.notifications.models import MailLink, OutboxMail, Subscription
from charta.notifications.service import wake
from charta.notifications.subscriptions import LINK_LIFETIME, SUBSCRIPTION, hash_key

SUBJECT = "contribution"
STEPS = frozenset(
    {
        "accepted",
        "asked",
        "declined",
        "merged",
        "split",
        "bundled",
        "answered",
        "taken_up",
        "decided",
        "in_charta",
    }
)
# What a mail lists; the rest of many contributions of one person is a number.
LISTED_MAX = 20
# A contribution merged into one that was merged, and so on: further than anybody merges.
_MERGED_DEPTH = 4


@dataclass(slots=True)
class _Recipient:
    """Somebody with an address, and the contributions they hear about in this mail."""

    address: str
    locale: str
    person_id: int | None
    subscription_id: int
    is_author: bool = False
    # By id: the contribution, and the code of the own one that was merged into it or split into it.
    items: dict[int, tuple[Contribution, str]] = field(default_factory=dict)
    own: set[int] = field(default_factory=set)


def tell(
    tx: Transaction,
    step: str,
    contributions: Sequence[Contribution],
    *,
    once: str,
    reason: str = "",
    topic: Topic | None = None,
    other: Contribution | None = None,
    parts: Sequence[Contribution] = (),
    besides: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> int:
    """Tell the authors and the confirmed addresses what became of contributions; return how many mails.

    `once` names the deed: the same deed done again sends nothing. `other` is where a merged one went, `parts`
    what a split one became, `besides` the person who did the deed; `data` goes into the template
    `contribution_<step>` as it is. Seven statements, whatever the number of contributions and people.
    """
    assert step in STEPS, step
    if not contributions:
        return 0
    tx.session.flush()
    heard = _heard_at(tx, contributions)
    _subscribe_authors(tx, heard)
    told = _recipients(tx, heard, only_authors=step == "asked")
    told = [one for one in told if besides is None or one.person_id != besides]
    keys = {one.subscription_id: f"{once}:{one.subscription_id}"[-120:] for one in told}
    known = set(
        tx.session.scalars(select(OutboxMail.once_key).where(OutboxMail.once_key.in_(list(keys.values()))))
        if keys
        else ()
    )
    shared: dict[str, Any] = {
        "reason": reason,
        "topic": None if topic is None else {"id": topic.id, "title": topic.title, "answer": topic.answer},
        "other": None if other is None else _item(other, readable=not other.is_hidden),
        "parts": [_item(part, readable=True) for part in parts],
        **(data or {}),
    }
    mails, links = [], []
    for one in told:
        if keys[one.subscription_id] in known:
            continue
        key = secrets.token_urlsafe(16)
        links.append(
            {
                "key_hash": hash_key(key),
                "subject_kind": SUBSCRIPTION,
                "subject_id": one.subscription_id,
                "created_at": tx.now,
                "expires_at": tx.now + LINK_LIFETIME,
            }
        )
        mails.append(
            {
                "person_id": one.person_id,
                "subscription_id": one.subscription_id,
                "address": one.address,
                "template": f"contribution_{step}",
                "locale": one.locale,
                "data": {
                    **shared,
                    "items": [
                        _item(item, readable=not item.is_hidden or item.id in one.own) | {"was": was}
                        for item, was in list(one.items.values())[:LISTED_MAX]
                    ],
                    "count": len(one.items),
                    "answer_until": _promised([item for item, _was in one.items.values()]),
                    "is_author": one.is_author,
                },
                "secret": key,
                "once_key": keys[one.subscription_id],
                "created_at": tx.now,
                "next_attempt_at": tx.now,
            }
        )
    if mails:
        tx.insert_all(MailLink, links)
        tx.insert_all(OutboxMail, mails)
        tx.after_commit.append(wake)
    return len(mails)


def tell_supporters(
    tx: Transaction, merged: Sequence[Contribution], target: Contribution, *, once: str
) -> int:
    """Tell who supports contributions that they were merged, their support too; return how many mails.

    One mail per person. Only people with an address can be told; the page of the code says it to everybody
    else. `once` names the deed.
    """
    tx.session.flush()
    by_id = {item.id: item for item in merged}
    rows = tx.session.execute(
        select(Person.id, Person.email, Person.locale, ContributionSupport)
        .join(ContributionSupport, ContributionSupport.person_id == Person.id)
        .where(
            or_(ContributionSupport.via_id.in_(by_id), ContributionSupport.contribution_id.in_(by_id)),
            Person.email.is_not(None),
            Person.deactivated_at.is_(None),
        )
        .order_by(Person.id, ContributionSupport.contribution_id)
    )
    people: dict[int, tuple[str, str, dict[int, Contribution]]] = {}
    for person_id, email, locale, support in rows:
        ident = support.via_id if support.via_id in by_id else support.contribution_id
        people.setdefault(person_id, (email or "", locale, {}))[2][ident] = by_id[ident]
    keys = {person_id: f"{once}:support:{person_id}"[-120:] for person_id in people}
    known = set(
        tx.session.scalars(select(OutboxMail.once_key).where(OutboxMail.once_key.in_(list(keys.values()))))
        if keys
        else ()
    )
    mails = [
        {
            "person_id": person_id,
            "address": email,
            "template": "contribution_support_moved",
            "locale": locale,
            "data": {
                "items": [_item(item, readable=not item.is_hidden) for item in items.values()],
                "count": len(items),
                "other": _item(target, readable=not target.is_hidden),
            },
            "once_key": keys[person_id],
            "created_at": tx.now,
            "next_attempt_at": tx.now,
        }
        for person_id, (email, locale, items) in people.items()
        if keys[person_id] not in known
    ]
    if mails:
        tx.insert_all(OutboxMail, mails)
        tx.after_commit.append(wake)
    return len(mails)


def _promised(items: Sequence[Contribution]) -> str | None:
    """Return the day by which all of them are answered, None when one has no such day."""
    days = [item.answer_until for item in items]
    return max(day for day in days if day).isoformat() if days and all(days) else None


def _item(item: Contribution, *, readable: bool) -> dict[str, str]:
    return {"code": item.code, "title": (item.title or first_words(item.text)) if readable else ""}


def _heard_at(tx: Transaction, contributions: Sequence[Contribution]) -> dict[int, list[Contribution]]:
    """Return whose subscribers hear about which contributions, by the id they subscribed to.

    Who subscribed to one that was merged hears of the one it went into, who subscribed to one that was split
    of its parts.
    """
    heard: dict[int, list[Contribution]] = defaultdict(list)
    for item in contributions:
        heard[item.id].append(item)
        if item.split_from_id is not None:
            heard[item.split_from_id].append(item)
    frontier = sorted(heard)
    for _round in range(_MERGED_DEPTH):
        merged = tx.session.execute(
            select(Contribution.id, Contribution.merged_into_id).where(
                Contribution.merged_into_id.in_(frontier), Contribution.id.not_in(sorted(heard))
            )
        ).all()
        frontier = []
        for ident, target in merged:
            heard[ident] += heard[target or ident]
            frontier.append(ident)
        if not frontier:
            break
    return heard


def _subscribe_authors(tx: Transaction, heard: Mapping[int, list[Contribution]]) -> None:
    """Subscribe the authors with an address to their contributions, unless they are or ended it."""
    missing = tx.session.execute(
        select(Contribution.id, Person.id, Person.locale)
        .join(Person, Person.id == Contribution.author_id)
        .where(
            Contribution.id.in_(sorted(heard)),
            Person.email.is_not(None),
            Person.deactivated_at.is_(None),
            ~exists().where(
                Subscription.subject_kind == SUBJECT,
                Subscription.subject_id == Contribution.id,
                Subscription.person_id == Person.id,
            ),
        )
    ).all()
    if missing:
        tx.session.execute(
            insert(Subscription),
            [
                {
                    "subject_kind": SUBJECT,
                    "subject_id": row[0],
                    "person_id": row[1],
                    "locale": row[2],
                    "created_at": tx.now,
                    "confirmed_at": tx.now,
                    "is_own": True,
                }
                for row in missing
            ],
        )


def _recipients(
    tx: Transaction, heard: Mapping[int, list[Contribution]], *, only_authors: bool
) -> list[_Recipient]:
    """Return who hears about these contributions, each address once.

    A question goes to the author only: to the account, and to addresses left before anybody else could know
    the contribution, on the page that only its code opens.
    """
    subjects = sorted(heard)
    laid_open = (
        select(ContributionEvent.contribution_id, func.min(ContributionEvent.at).label("at"))
        .where(
            ContributionEvent.verb.in_(sorted(LAYING_OPEN)), ContributionEvent.contribution_id.in_(subjects)
        )
        .group_by(ContributionEvent.contribution_id)
        .subquery()
    )
    rows = tx.session.execute(
        select(
            Subscription,
            Person.email,
            Person.locale,
            Contribution.code,
            Contribution.author_id,
            laid_open.c.at,
        )
        .join(Contribution, Contribution.id == Subscription.subject_id)
        .outerjoin(Person, and_(Person.id == Subscription.person_id, Person.deactivated_at.is_(None)))
        .outerjoin(laid_open, laid_open.c.contribution_id == Subscription.subject_id)
        .where(
            Subscription.subject_kind == SUBJECT,
            Subscription.subject_id.in_(subjects),
            Subscription.confirmed_at.is_not(None),
            Subscription.ended_at.is_(None),
            Subscription.muted_at.is_(None),
            or_(
                Subscription.person_id.is_(None),
                Subscription.is_own.is_(True),
                Subscription.person_id == Contribution.author_id,
            ),
        )
        .order_by(Subscription.person_id.is_(None), Subscription.id)
    )
    found: dict[str, _Recipient] = {}
    for subscription, email, locale, code, author_id, first_open in rows:
        address = subscription.address or email
        if not address:
            continue
        is_author = subscription.person_id is not None and subscription.person_id == author_id
        if subscription.person_id is None:
            is_author = first_open is None or subscription.created_at < first_open
        if only_authors and not is_author:
            continue
        one = found.setdefault(
            address,
            _Recipient(address, locale or subscription.locale, subscription.person_id, subscription.id),
        )
        one.is_author = one.is_author or is_author
        for item in heard[subscription.subject_id]:
            one.items.setdefault(item.id, (item, "" if item.id == subscription.subject_id else code))
            if is_author:
                one.own.add(item.id)
    return list(found.values())
