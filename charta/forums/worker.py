# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time does to forums: unconfirmed registrations go after two days, reminders leave on their day."""

from charta.forums.queries import invitations, registrations
from charta.forums.service import registering, waves


def run_due() -> int:
    """Do what is due and return how many things were done; safe to run at any time."""
    # Look without a lock first: a worker that polls must not queue for the write lock every few seconds.
    done = registering.remove_unconfirmed() if registrations.has_overdue() else 0
    return done + sum(waves.remind_due(wave_id) for wave_id in invitations.due_reminders())
