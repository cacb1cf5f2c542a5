# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forums: dates, registration, invitations, joining in the hall, and what is shown on the projector."""
