# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time does to ballots: they end, their voters are reminded, and their keys are destroyed."""

from charta.votes.service import closing


def run_due() -> int:
    """Do what is due and return how many things were done; safe to run at any time."""
    return closing.close_over() + closing.remind_due() + closing.destroy_keys()
