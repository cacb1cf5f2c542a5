# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What deeds leave to do for the worker: telling people of them, before mails leave."""

from charta.watching.service import telling

# Steps of one round, so that other work of the same worker is not kept waiting.
ROUND = 20


def run_due() -> int:
    """Tell people of what happened since the last time; return how many deeds were gone through."""
    done = 0
    for _step in range(ROUND):
        gone_through = telling.tell_next()
        done += gone_through
        if not gone_through:
            break
    return done
