# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blueprint that the modules of views about votes share."""

from flask import Blueprint

blueprint = Blueprint("votes", __name__)
