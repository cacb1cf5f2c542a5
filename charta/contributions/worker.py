# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What an update leaves to do for contributions: terms that an older search engine made are made anew."""

from charta.contributions import similar
from charta.db import session, transaction

# Databases all of whose terms are of this engine: what comes in later is indexed as it comes, so that the
# worker does not read all contributions every few seconds to find nothing.
_finished: set[str] = set()


def run_due() -> int:
    """Index some contributions again and return how many; 0 when none is left."""
    database = str(session.get_bind().engine.url)
    if database in _finished:
        return 0
    done = 0
    if similar.has_outdated():
        with transaction() as tx:
            done = similar.index_again(tx)
    if not done:
        _finished.add(database)
    return done
