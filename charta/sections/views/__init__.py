# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Reading: the whole Charta, a section, its history, its origins and comparisons."""

from charta.sections.views import comparing, origin, section, whole
from charta.sections.views.blueprint import blueprint

__all__ = ["blueprint", "comparing", "origin", "section", "whole"]
