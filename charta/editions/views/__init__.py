# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of editions: the list, one as a text, comparisons, and what the moderation does with them."""

from charta.editions.views import comparing, composing, listing, publishing, reading
from charta.editions.views.blueprint import blueprint

__all__ = ["blueprint", "comparing", "composing", "listing", "publishing", "reading"]
