# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Whom a comment can name: partners and moderators, and participants of the thread who show their name."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select

from charta.accounts.models import Organisation, Person
from charta.accounts.rules import PublicName
from charta.comments.models import Comment
from charta.comments.rules import MENTIONS_MAX
from charta.db import session
from charta.permissions import Actor, Role

LIST_MAX = 30


@dataclass(frozen=True, slots=True)
class Mentionable:
    """Somebody whose name may be typed after „@“."""

    id: int
    name: str
    organisation_short: str


def _may_be_named(actor: Actor, thread_id: int | None) -> list[ColumnElement[bool]]:
    """Return the conditions under which the actor may see and name somebody."""
    named: list[ColumnElement[bool]] = [Person.role.in_([Role.PARTNER, Role.MODERATOR])]
    if thread_id is not None:
        takes_part = Person.id.in_(
            select(Comment.author_id).where(or_(Comment.id == thread_id, Comment.thread_id == thread_id))
        )
        shows = Person.public_name == PublicName.NAME
        named.append(takes_part if actor.role is Role.MODERATOR else and_(takes_part, shows))
    return [or_(*named), Person.deactivated_at.is_(None), Person.joined_at.is_not(None)]


def people(actor: Actor, *, search: str = "", thread_id: int | None = None) -> list[Mentionable]:
    """Return up to `LIST_MAX` people the actor can name, by name; `search` is part of a name."""
    statement = (
        select(Person.id, Person.name, Organisation.short)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(*_may_be_named(actor, thread_id))
    )
    for word in search.split()[:4]:
        statement = statement.where(
            or_(
                Person.name.icontains(word, autoescape=True),
                Organisation.short.icontains(word, autoescape=True),
            )
        )
    found = session.execute(statement.order_by(func.lower(Person.name), Person.id).limit(LIST_MAX))
    return [Mentionable(row[0], row[1], row[2] or "") for row in found]


def named_in(actor: Actor, body: str, *, thread_id: int | None = None) -> list[Mentionable]:
    """Return the people whose whole name stands after an „@“ in a text, at most `MENTIONS_MAX`.

    No statement when there is no „@“. The longest name wins; of people of the same name all are meant, for
    nobody can tell which one was.
    """
    parts = [part.lower() for part in body.replace("\\", "").split("@")[1:]]
    if not parts:
        return []
    starts = sorted({part.split(maxsplit=1)[0][:40] for part in parts if part[:1].isalnum()})[
        : 2 * MENTIONS_MAX
    ]
    if not starts:
        return []
    found = session.execute(
        select(Person.id, Person.name)
        .where(
            *_may_be_named(actor, thread_id),
            or_(*(Person.name.istartswith(start.rstrip(".,:;!?)"), autoescape=True) for start in starts)),
        )
        .order_by(func.length(Person.name).desc(), Person.id)
        .limit(500)
    ).all()
    meant: dict[int, Mentionable] = {}
    for part in parts:
        length = 0
        for person_id, name in found:
            low = name.lower()
            follower = part[len(low) : len(low) + 1]
            if len(low) < length or not part.startswith(low) or follower.isalnum():
                continue
            length = len(low)
            if person_id != actor.id:
                meant[person_id] = Mentionable(person_id, name, "")
    return list(meant.values())[:MENTIONS_MAX]
