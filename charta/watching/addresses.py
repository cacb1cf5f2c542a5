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
        case "forum" if deed.poll_id is not None:
            return f"{address('votes.poll_results', slug=deed.forum_slug)}#u{deed.poll_id}"
        case "forum":
            return address("forums.show", slug=deed.forum_slug)
        case "measure":
            return address("measures.show", measure_id=deed.subject_id)
        case "ballot":
            is_over = deed.verb in {"close_ballot", "state_outcome"}
            return address("votes.result" if is_over else "votes.show", ballot_id=deed.subject_id)
        case "comment":
            return address("comments.show", comment_id=deed.subject_id)
        case "edition":
            return address("editions.show", name=deed.edition_name)
    # A note of dissent is read at its passage; so is a section that is its own subject.
    return address("sections.show", section_id=deed.section_id or deed.subject_id)


Thing = tuple[str, object]


def thing(deed: Deed) -> Thing:
    """Return what a deed is about, so that deeds about the same can stand together.

    A comment is about what was commented on.
    """
    if deed.subject_kind == "contribution" or (deed.subject_kind == "comment" and deed.code):
        return "contribution", deed.code
    if deed.subject_kind != "comment":
        return deed.subject_kind, deed.subject_id
    if deed.proposal_id is not None:
        return "proposal", deed.proposal_id
    return "section", deed.section_id


def thing_url(deed: Deed, address: Callable[..., str]) -> str:
    """Return where that is read; `address` is `url_for` or `external`."""
    if deed.subject_kind != "comment":
        return url_of(deed, address)
    if deed.code:
        return address("contributions.show", code=deed.code)
    if deed.proposal_id is not None:
        return address("proposals.show", number=deed.proposal_id)
    return address("sections.show", section_id=deed.section_id)
