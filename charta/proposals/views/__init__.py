# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proposals: the list, the page of one, editing, deciding, overlaps."""

from charta.proposals.views import (
    adapting,
    deciding,
    editing,
    listing,
    overlapping,
    pasting,
    sending,
    showing,
    structure,
    taking_up,
)
from charta.proposals.views.blueprint import blueprint

__all__ = [
    "adapting",
    "blueprint",
    "deciding",
    "editing",
    "listing",
    "overlapping",
    "pasting",
    "sending",
    "showing",
    "structure",
    "taking_up",
]
