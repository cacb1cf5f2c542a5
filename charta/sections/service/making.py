# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""New sections with their first revision: what a proposal brings, and text that existed before."""

from collections.abc import Sequence

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.permissions import Actor, Permission, require
from charta.sections.models import Section
from charta.sections.rules import LAST, Cause, SectionKind, StructureCause
from charta.sections.service.revisions import Origins, write_revision
from charta.sections.structure import lock_tree, place_section
from charta.sections.texts import prepare


def create_section(
    tx: Transaction,
    *,
    kind: SectionKind = SectionKind.SECTION,
    parent_id: int | None,
    field_id: int | None,
    after_id: int | None = LAST,
    title: str,
    body: str,
    author_id: int,
    cause: Cause,
    proposal_id: int | None = None,
    proposal_version_number: int | None = None,
    approved_by_id: int | None = None,
    summary: str = "",
    origins: Origins | None = None,
) -> Section:
    """Make a section with its first revision and put it at its place; see `place_section` for places.

    Raises what `write_revision` and `place_section` raise.
    """
    ready = prepare(title, body)
    lock_tree(tx)
    section = Section(
        kind=kind, position=0, title=ready.title, created_at=tx.now, changed_at=tx.now, structure_number=0
    )
    section.head_number = 0
    tx.session.add(section)
    tx.session.flush()
    write_revision(
        tx,
        section,
        author_id=author_id,
        title=title,
        body=body,
        cause=cause,
        proposal_id=proposal_id,
        proposal_version_number=proposal_version_number,
        approved_by_id=approved_by_id,
        summary=summary,
        origins=origins,
    )
    place_section(
        tx,
        section,
        parent_id=parent_id,
        field_id=field_id,
        after_id=after_id,
        author_id=author_id,
        cause=StructureCause.PROPOSAL if cause is Cause.PROPOSAL else StructureCause.IMPORT,
        proposal_id=proposal_id,
    )
    return section


def import_step(
    tx: Transaction,
    actor: Actor,
    *,
    kind: SectionKind,
    parent_id: int | None,
    field_id: int | None,
    title: str,
    body: str,
    passages: Sequence[tuple[str, int]],
    summary: str,
) -> Section:
    """Create a section of existing text, at the last place, its passages marked with their sources."""
    assert actor.id is not None
    return create_section(
        tx,
        kind=kind,
        parent_id=parent_id,
        field_id=field_id,
        title=title,
        body=body,
        author_id=actor.id,
        cause=Cause.IMPORT,
        summary=summary,
        origins=Origins(passages=tuple(passages)),
    )


def import_section(
    actor: Actor,
    *,
    parent_id: int | None = None,
    field_id: int | None = None,
    title: str,
    body: str,
    passages: Sequence[tuple[str, int]] = (),
    summary: str = "",
) -> int:
    """Take existing text into the Charta as a new section at the last place; return its id.

    `passages` are exact parts of `body` in their order, each with the id of its source.
    Raises what `create_section` raises.
    """
    prepare(title, body)
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.IMPORT_TEXT)
        section = import_step(
            tx,
            actor,
            kind=SectionKind.SECTION,
            parent_id=parent_id,
            field_id=field_id,
            title=title,
            body=body,
            passages=passages,
            summary=summary,
        )
        activity.record(
            tx,
            actor,
            "import_section",
            "section",
            section.id,
            section_id=section.id,
            revision=section.head_id,
        )
        return section.id
