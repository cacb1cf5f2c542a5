# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blueprint of the pages of editions."""

from flask import Blueprint

blueprint = Blueprint("editions", __name__)
