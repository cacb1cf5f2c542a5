# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charta: a region writes one strategic document together."""

__version__ = "0.1.0"
