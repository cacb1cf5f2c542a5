# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of forums; each module adds its addresses to the blueprint."""

from charta.forums.views import (
    checking_in,
    documenting,
    importing_invitations,
    inviting,
    joining,
    listing,
    planning,
    registering,
    replying,
    seating,
    sending_waves,
    showing,
)
from charta.forums.views.blueprint import blueprint
from charta.forums.views.replying import invitation_unsubscribe_now

__all__ = [
    "blueprint",
    "checking_in",
    "documenting",
    "importing_invitations",
    "invitation_unsubscribe_now",
    "inviting",
    "joining",
    "listing",
    "planning",
    "registering",
    "replying",
    "seating",
    "sending_waves",
    "showing",
]
