# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What time does to proposals: adaptations that take effect after seven days."""


def run_due() -> int:
    """Do what is due and return how many proposals were touched."""
    return 0
