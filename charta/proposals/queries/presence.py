# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is writing on the same section right now, told without telling what or whose draft it is."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from charta.accounts.models import Organisation, Person
from charta.db import session, utcnow
from charta.permissions import Actor, Role
from charta.proposals.models import Proposal, ProposalDraft

FRESH = timedelta(minutes=5)
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Writer:
    """Somebody who saved a draft just now, as this viewer may know of it: a name, or nothing but the role."""

    role: Role
    name: str


def writing_now(
    viewer: Actor, *, section_id: int | None = None, number: int | None = None
) -> tuple[Writer, ...]:
    """Return who else saved a draft on a section within five minutes; the section, or that of a proposal.

    One statement. Partners are told by their organisation, moderators by their office, attendees by neither
    name nor organisation; the draft the viewer writes together with a colleague names the colleague.
    """
    wanted = (
        Proposal.section_id == section_id
        if section_id is not None
        else Proposal.section_id
        == select(Proposal.section_id).where(Proposal.id == number).correlate(None).scalar_subquery()
    )
    rows = session.execute(
        select(
            Person.name,
            Person.role,
            func.coalesce(Organisation.name, ""),
            Proposal.author_id,
            Proposal.organisation_id,
            Proposal.is_shared,
        )
        .select_from(ProposalDraft)
        .join(Proposal, Proposal.id == ProposalDraft.proposal_id)
        .join(Person, Person.id == ProposalDraft.saved_by_id)
        .outerjoin(Organisation, Organisation.id == Person.organisation_id)
        .where(wanted, ProposalDraft.saved_at > utcnow() - FRESH, ProposalDraft.saved_by_id != viewer.id)
        .order_by(ProposalDraft.saved_at.desc(), ProposalDraft.proposal_id)
        .limit(SHOWN)
    )
    found = []
    for name, role, organisation, author_id, organisation_id, is_shared in rows:
        is_common = author_id == viewer.id or (
            is_shared and viewer.role is Role.PARTNER and organisation_id == viewer.organisation_id
        )
        if is_common:
            found.append(Writer(role, name))
        else:
            found.append(Writer(role, organisation if role is Role.PARTNER else ""))
    return tuple(found)
