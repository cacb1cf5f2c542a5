# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of contributions; each module adds its addresses to the blueprint."""

from charta.contributions.views import handing_in, projector, showing, subscribing
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.subscribing import unsubscribe_now

__all__ = ["blueprint", "handing_in", "projector", "showing", "subscribing", "unsubscribe_now"]
