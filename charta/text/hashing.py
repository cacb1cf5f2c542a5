# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The content hash that names a text in ledger, caches and anchors."""

from hashlib import sha256

# The prefix keeps this hash apart from every other use of SHA-256 over similar bytes, and carries a version.
_DOMAIN = b"charta/content/1\0"


def content_hash(title: str, body: str) -> str:
    """Return the SHA-256 (64 hex digits) of a title and a body, both already normalised or canonical.

    The length of the title is hashed too, so that moving words from the title to the body changes the hash.

    >>> content_hash("Vision", "Text\\n") == content_hash("Vision", "Text\\n")
    True
    >>> content_hash("a", "bc") == content_hash("ab", "c")
    False
    """
    title_bytes = title.encode("utf-8")
    length = len(title_bytes).to_bytes(8, "big")
    return sha256(_DOMAIN + length + title_bytes + body.encode("utf-8")).hexdigest()
