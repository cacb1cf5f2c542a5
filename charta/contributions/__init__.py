# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Contributions: handed in at forums, screened, bundled into topics, answered."""
