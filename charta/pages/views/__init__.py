# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Home, Mein Bereich and the moderation queue."""

from charta.pages.views import home, mine, queue, together
from charta.pages.views.blueprint import blueprint

__all__ = ["blueprint", "home", "mine", "queue", "together"]
