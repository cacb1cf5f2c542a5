# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Editions: an ordered, frozen set of wordings that is put together, voted on and published."""
