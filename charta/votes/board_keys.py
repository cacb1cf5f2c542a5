# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The key of a board's read-only link. Pure."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

# How long after the end of a ballot a link leads to it.
KEPT_AFTER = timedelta(days=30)


def kind(organisation_id: int) -> str:
    """Return the kind of link of one organisation."""
    return f"ballot_board:{organisation_id}"


def kind_of_any() -> str:
    """Return how the kind of every organisation's link begins."""
    return kind(0)[:-1]


def key_of(ballot_key: str, organisation_id: int, created_at: datetime) -> str:
    """Return the key of a link from the ballot's own key (144 bits); a new link has a new one."""
    message = f"board:{organisation_id}:{created_at.isoformat()}"
    digest = hmac.new(bytes.fromhex(ballot_key), message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:18]).decode()
