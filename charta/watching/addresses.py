# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where the subject of a deed is read: on pages, in feeds and in mails."""

from collections.abc import Callable

from charta.watching.queries.deeds import Deed


def url_of(deed: Deed, address: Callable[..., str]) -> str:
    """Return where the subject of a deed is read; `address` is `url_for` or `external`."""
    match deed.subject_kind:
        case "proposal":
            return address("proposals.show", number=deed.subject_id)
        case "contribution":
            return address("contributions.show", code=deed.code)
        case "topic":
            return address("contributions.topic", topic_id=deed.subject_id)
        case "forum":
            return address("forums.show", slug=deed.forum_slug)
        case "measure":
            return address("measures.show", measure_id=deed.subject_id)
        case "comment":
            return address("comments.show", comment_id=deed.subject_id)
    return address("sections.show", section_id=deed.subject_id)
