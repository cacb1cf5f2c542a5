# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What ties a person to the own answer of a poll, as long as the key of the poll is kept. Pure."""

import hashlib
import hmac


def voter_key(key: str, person_id: int) -> str:
    """Return the HMAC-SHA-256 of a person's number under the key of one poll."""
    return hmac.new(bytes.fromhex(key), str(person_id).encode(), hashlib.sha256).hexdigest()
