# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The ground floor of every page: access, errors, languages, forms, headers."""
