# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of contributions; each module adds its addresses to the blueprint."""

from charta.contributions.views import (
    canned,
    handing_in,
    importing,
    listing,
    paper,
    projector,
    screening,
    screening_deeds,
    screening_text,
    screening_together,
    showing,
    subscribing,
    topic_deeds,
    topics,
)
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.subscribing import unsubscribe_now

__all__ = [
    "blueprint",
    "canned",
    "handing_in",
    "importing",
    "listing",
    "paper",
    "projector",
    "screening",
    "screening_deeds",
    "screening_text",
    "screening_together",
    "showing",
    "subscribing",
    "topic_deeds",
    "topics",
    "unsubscribe_now",
]
