# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What belongs to the installation: settings, rounds, pages, news and dates."""
