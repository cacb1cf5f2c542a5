# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The text engine: pure functions over strings, free of Flask and of the database.

Every offset counts code points of a normalised text. Import the modules, not names from here.
"""
