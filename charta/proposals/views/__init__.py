# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Proposals: the list, the page of one, editing, deciding, overlaps."""

from charta.proposals.views import deciding, editing, listing, showing, structure
from charta.proposals.views.blueprint import blueprint

__all__ = ["blueprint", "deciding", "editing", "listing", "showing", "structure"]
