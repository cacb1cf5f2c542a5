# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blueprint that the modules of this package attach their views to."""

from flask import Blueprint

blueprint = Blueprint("pages", __name__)
