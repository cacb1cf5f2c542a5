# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Comments: threads on sections, proposals and contributions that keep their place in the text."""
