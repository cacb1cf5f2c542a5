# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The freeze while a ballot on a text is open, and notes of dissent: they go along with their text, and are
printed with editions.
"""

from charta.db import Transaction
from charta.errors import WrongState
from charta.events import EditionFrozen, Handler, PlanChanged, RevisionCreated, StructureChanged
from charta.sections.models import Section
from charta.votes.service import dissent, printing
from charta.votes.service.opening import text_held, text_is_held


def on_revision(tx: Transaction, event: RevisionCreated) -> None:
    """Refuse another wording of a text that is voted on; carry the partners' notes to a new one."""
    if event.previous_id is None:
        return
    held, notes = dissent.on_section(tx, event.section_id, held=text_held(tx, event.section_id))
    if held:
        raise WrongState("write", "text_held", section_id=event.section_id)
    dissent.carry(tx, notes, event.revision_id, event.previous_id)


def on_structure(tx: Transaction, event: StructureChanged) -> None:
    """Refuse to take a text out of the tree that is voted on; it may move."""
    section = tx.session.get(Section, event.section_id)
    if section is not None and section.is_deleted and text_is_held(tx, event.section_id):
        raise WrongState("bury", "text_held", section_id=event.section_id)


def on_plan(tx: Transaction, event: PlanChanged) -> None:
    """Refuse to change what a measure promises while it is voted on."""
    if text_is_held(tx, event.section_id):
        raise WrongState("change_measure", "text_held", section_id=event.section_id)


def on_edition(tx: Transaction, event: EditionFrozen) -> None:
    """Print the notes that stand with an edition that is composed or published."""
    printing.print_notes(tx, event.edition_id)


HANDLERS: list[tuple[type, Handler]] = [
    (RevisionCreated, on_revision),
    (StructureChanged, on_structure),
    (PlanChanged, on_plan),
    (EditionFrozen, on_edition),
]
