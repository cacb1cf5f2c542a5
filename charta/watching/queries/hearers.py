# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom the worker asks about deeds: who subscribed, was named, may know of it, has a mail already.

A bounded number of statements for many deeds; nothing here takes a lock.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, literal, or_, select

from charta.accounts.models import Person
from charta.activity.models import ActivityEntry
from charta.comments.models import CommentMention
from charta.db import session
from charta.notifications.models import MailPreference, OutboxMail, Subscription
from charta.permissions import Actor, Permission, Role, may
from charta.site import queries as site
from charta.watching.queries.deeds import select_deeds, visible
from charta.watching.queries.hearing import pairs
from charta.watching.rules import Ref, Watch, WatchKind

# Of parameters in one statement: both databases take several times as many.
_SLICE = 5_000


# Mails that leave at once begin with these: about one's own proposal, contribution, comment, vote.
_ABOUT_OWN = ("proposal_", "contribution_", "comment_", "ballot_")


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whose subscription it is; `watch` is None when it was ended, `is_own` stays."""

    person_id: int
    role: Role
    ref: Ref
    watch: Watch | None
    is_own: bool
    since: datetime


def subscribers(refs: Collection[Ref]) -> list[Subscriber]:
    """Return the subscriptions of active people to any of these subjects, also muted and ended ones."""
    found = []
    wanted = sorted(refs)
    for start in range(0, len(wanted), _SLICE):
        by_kind: dict[WatchKind, list[int]] = defaultdict(list)
        for kind, ident in wanted[start : start + _SLICE]:
            by_kind[kind].append(ident)
        rows = session.execute(
            select(
                Subscription.person_id,
                Person.role,
                Subscription.subject_kind,
                Subscription.subject_id,
                Subscription.is_own,
                Subscription.muted_at,
                Subscription.ended_at,
                Subscription.created_at,
            )
            .join(Person, Person.id == Subscription.person_id)
            .where(
                Person.deactivated_at.is_(None),
                Subscription.confirmed_at.is_not(None) | Subscription.ended_at.is_not(None),
                or_(
                    *(
                        and_(Subscription.subject_kind == kind.value, Subscription.subject_id.in_(ids))
                        for kind, ids in by_kind.items()
                    )
                ),
            )
        )
        for person_id, role, raw_kind, ident, is_own, muted_at, ended_at, since in rows:
            kind = WatchKind(raw_kind)
            watch = None if ended_at is not None else Watch(kind, ident, is_own, muted_at is not None)
            if person_id is not None:  # of bare addresses nobody asks here
                found.append(Subscriber(person_id, role, (kind, ident), watch, is_own, since))
    return found


def mentions(comment_ids: Collection[int]) -> dict[int, set[int]]:
    """Return whom these comments name, by their ids."""
    return pairs(CommentMention.comment_id, CommentMention.person_id, comment_ids)


def people(person_ids: Collection[int]) -> dict[int, tuple[Role, str]]:
    """Return role and language of those of these people who are active."""
    found: dict[int, tuple[Role, str]] = {}
    wanted = sorted(person_ids)
    for start in range(0, len(wanted), _SLICE):
        rows = session.execute(
            select(Person.id, Person.role, Person.locale).where(
                Person.id.in_(wanted[start : start + _SLICE]), Person.deactivated_at.is_(None)
            )
        )
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found


def known_to(roles: Collection[Role], seqs: Collection[int]) -> dict[Role, set[int]]:
    """Return which of these deeds people of a role may know of, whoever they are.

    What somebody may know of because it is theirs is not among it. One statement for each role, and two.
    """
    settings, round_ = site.in_force()
    policy = site.policy(settings, round_)
    known: dict[Role, set[int]] = {}
    for role in sorted(roles):
        somebody = Actor(id=0, role=role)  # signed in, and nothing belongs to them
        reads_text = bool(may(somebody, Permission.READ_DRAFT, policy=policy))
        statement = (
            select_deeds()
            .with_only_columns(ActivityEntry.seq)
            .where(
                ActivityEntry.seq.in_(sorted(seqs)),
                visible(somebody, settings, reads_text=reads_text),
            )
        )
        known[role] = set(session.scalars(statement))
    return known


def mailed(person_ids: Collection[int], moments: Collection[datetime]) -> set[tuple[int, datetime]]:
    """Return who got a mail of its own about a deed of one of these moments, and wants such mails.

    The mail is written in the deed's transaction, so both have the same moment.
    """
    if not person_ids or not moments:
        return set()
    found: set[tuple[int, datetime]] = set()
    wanted = sorted(person_ids)
    for start in range(0, len(wanted), _SLICE):
        rows = session.execute(
            select(OutboxMail.person_id, OutboxMail.created_at)
            .outerjoin(MailPreference, MailPreference.person_id == OutboxMail.person_id)
            .where(
                OutboxMail.person_id.in_(wanted[start : start + _SLICE]),
                OutboxMail.created_at.in_(sorted(moments)),
                or_(*(OutboxMail.template.startswith(feature) for feature in _ABOUT_OWN)),
                func.coalesce(MailPreference.wants_own, literal(True)),
                MailPreference.bounced_at.is_(None),
            )
        )
        found |= {(row[0], row[1]) for row in rows if row[0] is not None}
    return found
