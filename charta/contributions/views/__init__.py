# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of contributions; each module adds its addresses to the blueprint."""

from charta.contributions.views import projector
from charta.contributions.views.blueprint import blueprint

__all__ = ["blueprint", "projector"]
