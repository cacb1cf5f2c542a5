# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What proposals do when a text or the tree moves; runs in the publisher's transaction."""

from charta.events import Handler

HANDLERS: list[tuple[type, Handler]] = []
