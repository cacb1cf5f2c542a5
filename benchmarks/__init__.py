# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measurements by hand, on loopback only; what came out stands in docs/performance.md."""
