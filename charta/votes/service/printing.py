# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Notes of dissent go into an edition: those that stand when it is composed, and when it is published."""

from sqlalchemy import select

from charta.accounts.models import Organisation
from charta.db import Transaction
from charta.editions.models import EditionEntry
from charta.editions.service import steps
from charta.editions.service.steps import PrintedNote
from charta.votes.models import DissentNote
from charta.votes.rules import NoteState


def print_notes(tx: Transaction, edition_id: int) -> None:
    """Print the notes that stand on texts of an edition, in its order.

    A note keeps its place only where the edition has the wording on which it stands, unchanged; else it is
    printed with the whole text, and its quote tells what it was about.
    """
    rows = tx.session.execute(
        select(DissentNote, Organisation.name, EditionEntry.revision_id)
        .join(Organisation, Organisation.id == DissentNote.organisation_id)
        .join(EditionEntry, EditionEntry.section_id == DissentNote.section_id)
        .where(
            EditionEntry.edition_id == edition_id,
            DissentNote.withdrawn_at.is_(None),
            DissentNote.created_at <= tx.now,
        )
        .order_by(EditionEntry.position, Organisation.name, DissentNote.id)
    )
    notes = []
    for one, name, revision_id in rows:
        is_here = one.state is NoteState.IN_PLACE and one.revision_id == revision_id
        notes.append(
            PrintedNote(
                section_id=one.section_id,
                organisation_name=name,
                quote=one.anchor["quote"],
                text=one.text,
                start_at=one.start_at if is_here else None,
                end_at=one.end_at if is_here else None,
            )
        )
    steps.replace_notes(tx, edition_id, notes)
