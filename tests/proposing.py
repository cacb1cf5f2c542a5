# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sections and proposals to test with, made through the services."""

from dataclasses import dataclass, field
from typing import Any

from charta.db import session, transaction
from charta.permissions import Role
from charta.proposals import service
from charta.proposals.models import Proposal
from charta.proposals.rules import ProposalKind
from charta.sections import service as sections
from charta.sections.models import Revision, Section
from charta.sections.rules import LAST, Cause, SectionKind
from tests import factories
from tests.factories import Account

BODY = """Die Partner fördern gute Arbeit in der Region. Sie helfen Betrieben früh.

Bis 2030 gilt der Plan für alle Betriebe. Danach wird er geprüft.

Junge Menschen bleiben gern, wenn die Wege kurz sind.
"""


def section(
    title: str = "Gute Arbeit",
    body: str = BODY,
    *,
    field_id: int | None = None,
    parent_id: int | None = None,
    kind: SectionKind = SectionKind.SECTION,
) -> int:
    """Store a section with one revision and return its id."""
    author = factories.moderator()
    with transaction() as tx:
        return sections.create_section(
            tx,
            kind=kind,
            parent_id=parent_id,
            field_id=field_id,
            after_id=LAST,
            title=title,
            body=body,
            author_id=author.id,
            cause=Cause.IMPORT,
        ).id


def rewrite(section_id: int, old: str, new: str) -> int:
    """Change words of the present text past all proposals; return the number of the new revision."""
    author = factories.moderator()
    with transaction() as tx:
        found = tx.lock(Section, section_id)
        assert found is not None
        head = tx.session.get(Revision, found.head_id)
        assert head is not None
        assert old in head.body
        return sections.write_revision(
            tx,
            found,
            author_id=author.id,
            title=head.title,
            body=head.body.replace(old, new),
            cause=Cause.CORRECTION,
        ).number


def head(section_id: int) -> Revision:
    """Return the present text of a section."""
    session.rollback()
    found = session.get(Section, section_id, populate_existing=True)
    assert found is not None
    revision = session.get(Revision, found.head_id)
    assert revision is not None
    return revision


def stored(number: int) -> Proposal:
    """Return a proposal as it is stored now."""
    session.rollback()
    found = session.get(Proposal, number, populate_existing=True)
    assert found is not None
    return found


def draft(
    author: Account,
    section_id: int,
    old: str = "gute Arbeit",
    new: str = "sehr gute Arbeit",
    *,
    summary: str = "Besser werden",
    **details: Any,
) -> int:
    """Begin a change of the present text by replacing `old` with `new`; return its number."""
    number = service.start(author.actor, kind=ProposalKind.CHANGE, section_id=section_id)
    text = head(section_id)
    assert old in text.body
    service.save_draft(
        author.actor,
        number,
        title=text.title,
        body=text.body.replace(old, new),
        summary=summary,
        seen_edit=0,
        **details,
    )
    return number


def submitted(
    author: Account, section_id: int, old: str = "gute Arbeit", new: str = "sehr gute Arbeit", **details: Any
) -> int:
    """Hand in a change of the present text; return its number."""
    number = draft(author, section_id, old, new, **details)
    service.submit(author.actor, number)
    return number


def seen(number: int) -> dict[str, int]:
    """Return what a decision has to name as seen now."""
    found = stored(number)
    values = {"seen_version": found.candidate, "seen_head": 0}
    if found.section_id is not None and found.kind not in (
        ProposalKind.NEW_SECTION,
        ProposalKind.NEW_MEASURE,
    ):
        place = session.get(Section, found.section_id, populate_existing=True)
        assert place is not None
        values["seen_head"] = place.structure_number if found.kind is ProposalKind.MOVE else place.head_number
    session.rollback()
    return values


@dataclass
class World:
    """A round, a section, and the people around one proposal."""

    section: int
    author: Account
    colleague: Account
    stranger: Account
    attendee: Account
    moderator: Account
    second: Account
    made: dict[str, Any] = field(default_factory=dict)


def world(**round_details: Any) -> World:
    """Store an open round, a section in a field, two organisations' people and two moderators."""
    factories.open_round(**({"attendees_may_propose": True} | round_details))
    organisation = factories.organisation("Kammer Chemnitz", short="KC")
    return World(
        section=section(field_id=factories.field_of_action()),
        author=factories.person(Role.PARTNER, organisation_id=organisation, name="Anna Verfasserin"),
        colleague=factories.person(Role.PARTNER, organisation_id=organisation, name="Karl Kollege"),
        stranger=factories.partner(name="Frieda Fremd"),
        attendee=factories.attendee(name="Theo Teilnehmer"),
        moderator=factories.moderator(name="Mara Moderation"),
        second=factories.moderator(name="Mika Zweite"),
    )
