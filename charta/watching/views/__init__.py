# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of what happened and what is watched; each module adds its addresses to the blueprint."""

from charta.watching.views import activity, notices, preferences, watching
from charta.watching.views.blueprint import blueprint
from charta.watching.views.preferences import unsubscribe_now

__all__ = ["activity", "blueprint", "notices", "preferences", "unsubscribe_now", "watching"]
