# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time does to proposals: adapted versions take effect after seven days."""

from charta.errors import WrongState
from charta.proposals import service


def run_due() -> int:
    """Let what is due take effect and return how many proposals were touched; safe to run at any time."""
    return sum(_settle(number) for number in service.due_adaptations())


def _settle(number: int) -> bool:
    try:
        return service.settle_adaptation(number) is not None
    except WrongState:  # a ballot on the text: it waits, the others do not
        return False
