# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Handlers of domain events, in the order `app.py` registers them; they run in the publisher's transaction."""

from charta.events import Handler

HANDLERS: list[tuple[type, Handler]] = []
