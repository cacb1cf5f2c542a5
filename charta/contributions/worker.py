# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time and updates leave to do for contributions.

Uploaded tables go after a day; terms that an older search engine made are made anew.
"""

from charta.contributions import similar
from charta.contributions.service import drafts
from charta.db import transaction


def run_due() -> int:
    """Do what is due and return how many things were done; 0 when nothing is left."""
    removed = drafts.remove_expired()
    # Look without a lock first: a worker that polls must not queue for the write lock every few seconds.
    if not similar.has_outdated():
        return removed
    with transaction() as tx:
        return removed + similar.index_again(tx)
