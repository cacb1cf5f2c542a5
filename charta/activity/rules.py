# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The canonical line of an entry and the hash that chains it to the one before. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

GENESIS = "0" * 64


def chain_hash(previous: str, line: str) -> str:
    """Return the hash of an entry: SHA-256 over the previous hash, a newline and the canonical line."""
    return hashlib.sha256(f"{previous}\n{line}".encode()).hexdigest()


def canonical_line(entry: Mapping[str, Any]) -> str:
    """Return the one form in which an entry is hashed: JSON, keys sorted, no blanks, UTF-8."""
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def entry_line(
    *,
    seq: int,
    at: datetime,
    actor_id: int | None,
    verb: str,
    subject: tuple[str, int],
    section_id: int | None,
    data: Mapping[str, Any],
) -> str:
    """Return the canonical line of an entry from its parts; `at` is in UTC."""
    return canonical_line(
        {
            "seq": seq,
            "at": at.isoformat(timespec="microseconds"),
            "actor": actor_id,
            "verb": verb,
            "subject": list(subject),
            "section": section_id,
            "data": data,
        }
    )
