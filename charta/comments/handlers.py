# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What comments do when the text they stand on changes: made ready before the lock, written inside."""

from charta.comments import carrying
from charta.db import Transaction
from charta.events import (
    Handler,
    Preparation,
    ProposalResubmitted,
    RevisionAhead,
    RevisionCreated,
    VersionAhead,
)


def on_revision(tx: Transaction, event: RevisionCreated) -> None:
    """Carry the comments on the words of a section to its new text."""
    if event.previous_id is not None:
        carrying.carry_to_revision(tx, event.section_id, event.revision_id)


def on_resubmitted(tx: Transaction, event: ProposalResubmitted) -> None:
    """Carry the comments on the words of a proposal to its new version."""
    carrying.carry_to_version(tx, event.proposal_id, event.version)


HANDLERS: list[tuple[type, Handler]] = [
    (RevisionCreated, on_revision),
    (ProposalResubmitted, on_resubmitted),
]
PREPARATIONS: list[tuple[type, Preparation]] = [
    (RevisionAhead, carrying.prepare_revision),
    (VersionAhead, carrying.prepare_version),
]
