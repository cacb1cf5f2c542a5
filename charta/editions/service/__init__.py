# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Commands on editions: compose, compose anew, discard, publish."""

from charta.editions.service.composing import compose, discard, recompose
from charta.editions.service.publishing import publish

__all__ = ["compose", "discard", "publish", "recompose"]
