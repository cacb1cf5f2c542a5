# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What sections do when a field of action changes; runs in the publisher's transaction."""

from charta.events import FieldRenumbered, Handler
from charta.sections.structure import renumber

HANDLERS: list[tuple[type, Handler]] = [(FieldRenumbered, renumber)]
