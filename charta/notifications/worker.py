# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The worker of the outbox: renders and sends what is due, each mail once."""


def run_due() -> int:
    """Send what is due and return how many mails were handled."""
    return 0
