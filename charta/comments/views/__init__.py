# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of comments; each module adds its addresses to the blueprint."""

from charta.comments.views import moderating, places, proposing, showing, writing
from charta.comments.views.blueprint import blueprint

__all__ = ["blueprint", "moderating", "places", "proposing", "showing", "writing"]
