# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sections of the Charta, their revisions, their tree and their sources."""
