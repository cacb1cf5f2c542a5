# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blueprint that the modules of this package attach their views to; no cache keeps its pages."""

from flask import Blueprint

from charta.web.headers import no_store

blueprint = Blueprint("admin", __name__)
blueprint.after_request(no_store)
