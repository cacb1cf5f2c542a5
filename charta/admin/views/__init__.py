# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The pages of the administration, a module for each kind of thing."""

from charta.admin.views import (
    content,
    fields,
    invitations,
    operation,
    organisations,
    people,
    rounds,
    settings,
)
from charta.admin.views.blueprint import blueprint

__all__ = [
    "blueprint",
    "content",
    "fields",
    "invitations",
    "operation",
    "organisations",
    "people",
    "rounds",
    "settings",
]
