# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an update leaves to do for contributions: terms that an older search engine made are made anew."""

from charta.contributions import similar
from charta.db import transaction


def run_due() -> int:
    """Index some contributions again and return how many; 0 when none is left."""
    # Look without a lock first: a worker that polls must not queue for the write lock every few seconds.
    if not similar.has_outdated():
        return 0
    with transaction() as tx:
        return similar.index_again(tx)
