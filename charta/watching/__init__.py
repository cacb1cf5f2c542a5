# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened, who hears of it, and how: activity pages, watching, notices and digests."""
