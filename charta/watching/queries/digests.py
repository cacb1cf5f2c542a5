# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is due for a digest, and what there is to tell: read without a lock, a few people at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from charta.accounts.models import Organisation, Person
from charta.activity.models import ActivityEntry
from charta.db import session
from charta.notifications.models import MailPreference, Notice
from charta.notifications.rules import Digest, NoticeReason
from charta.permissions import Actor
from charta.site.rules import SiteSettings
from charta.watching.queries.deeds import ALL_VERBS, visible
from charta.watching.queries.notices import Line, as_line, select_lines

# Deeds that are read for one digest; of more only the number is told.
READ_MAX = 300


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is due for a digest; `until` is the moment up to which it tells."""

    actor: Actor
    locale: str
    digest: Digest
    until: datetime

    @property
    def id(self) -> int:
        """The id of the person."""
        assert self.actor.id is not None
        return self.actor.id


def due_readers(
    daily_until: datetime, weekly_until: datetime, *, after_id: int, limit: int
) -> Sequence[Reader]:
    """Return up to `limit` people, in order of id after `after_id`, who have unread news (one statement).

    Only who can be written to: active, with an address that takes mail, and wanting digests at all.
    """
    digest = func.coalesce(MailPreference.digest, Digest.DAILY.value)
    is_weekly = MailPreference.digest == Digest.WEEKLY
    rows = session.execute(
        select(
            Person.id,
            Person.role,
            Person.organisation_id,
            Organisation.is_partner,
            Person.locale,
            is_weekly.label("is_weekly"),
        )
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(MailPreference, MailPreference.person_id == Person.id)
        .where(
            Person.id > after_id,
            Person.email.is_not(None),
            Person.deactivated_at.is_(None),
            MailPreference.bounced_at.is_(None),
            digest != Digest.NEVER.value,
            exists().where(
                Notice.person_id == Person.id,
                or_(
                    and_(is_weekly.is_(True), untold(weekly_until)),
                    and_(is_weekly.is_not(True), untold(daily_until)),
                ),
            ),
        )
        .order_by(Person.id)
        .limit(limit)
    )
    return [
        Reader(
            Actor(id=ident, role=role, organisation_id=organisation, organisation_is_partner=bool(partner)),
            locale,
            Digest.WEEKLY if weekly else Digest.DAILY,
            weekly_until if weekly else daily_until,
        )
        for ident, role, organisation, partner, locale, weekly in rows
    ]


def untold(until: datetime) -> ColumnElement[bool]:
    """Return the condition on notices that a digest up to `until` tells."""
    return and_(
        Notice.digested_at.is_(None),
        Notice.read_at.is_(None),
        Notice.is_mailed.is_(False),
        Notice.created_at < until,
    )


def news(reader: Reader, settings: SiteSettings, *, reads_text: bool) -> tuple[list[Line], int]:
    """Return what there is to tell, oldest first, and how many there are in all (one statement).

    Of more than `READ_MAX` those with the nearest reasons and the newest are returned; nothing the person may
    not see by now, and not the number of it.
    """
    is_far = case((Notice.reason == NoticeReason.WATCHED, 1), else_=0)
    rows = session.execute(
        select_lines(reader.actor, func.count().over())
        .where(
            untold(reader.until),
            ActivityEntry.verb.in_(sorted(ALL_VERBS)),
            visible(reader.actor, settings, reads_text=reads_text),
        )
        .order_by(None)
        .order_by(is_far, Notice.seq.desc())
        .limit(READ_MAX)
    ).all()
    found = [as_line(reader.actor, row) for row in rows]
    return sorted(found, key=lambda line: line.seq), rows[0][-3] if rows else 0
