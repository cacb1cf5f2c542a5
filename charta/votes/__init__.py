# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Ballots of the partners and of the participants, live polls at forums, and notes of dissent."""
