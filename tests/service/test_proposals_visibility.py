# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who sees which proposal: the table of PRODUCT.md section 3, state by viewer by setting."""

import pytest
from flask import Flask

from charta.permissions import ANONYMOUS, Actor
from charta.proposals import queries, service
from charta.proposals.rules import State
from charta.site.rules import ProposalsPublic, SiteSettings
from tests import factories, proposing
from tests.proposing import World, draft, seen, submitted

# Letters say who sees it: a author, k colleague of the same partner, f partner of another organisation,
# t attendee, m moderator, v administrator, o anybody without an account. The author here is a partner.
TABLE = {
    # state: (public "none", "decided", "submitted"), attendees see proposals in all three
    "draft": ("a", "a", "a"),
    "shared draft": ("ak", "ak", "ak"),
    "submitted": ("akftmv", "akftmv", "akftmvo"),
    "changes requested": ("akftmv", "akftmv", "akftmvo"),
    "approved": ("akftmv", "akftmvo", "akftmvo"),
    "rejected": ("akftmv", "akftmvo", "akftmvo"),
    "withdrawn": ("akftmv", "akftmvo", "akftmvo"),
}
# The same when attendees do not see proposals: they see what the public sees.
WITHOUT_ATTENDEES = {
    "draft": ("a", "a", "a"),
    "shared draft": ("ak", "ak", "ak"),
    "submitted": ("akfmv", "akfmv", "akftmvo"),
    "changes requested": ("akfmv", "akfmv", "akftmvo"),
    "approved": ("akfmv", "akftmvo", "akftmvo"),
    "rejected": ("akfmv", "akftmvo", "akftmvo"),
    "withdrawn": ("akfmv", "akftmvo", "akftmvo"),
}


def put_into(world: World, state: str) -> int:
    if state == "draft":
        return draft(world.author, world.section)
    if state == "shared draft":
        number = draft(world.author, world.section)
        service.share(world.author.actor, number)
        return number
    number = submitted(world.author, world.section)
    moderator = world.moderator.actor
    match state:
        case "changes requested":
            service.request_changes(moderator, number, seen_version=1, reason="Genauer.")
        case "approved":
            service.approve(moderator, number, **seen(number))
        case "rejected":
            service.reject(moderator, number, seen_version=1, reason="Nein.")
        case "withdrawn":
            service.withdraw(world.author.actor, number)
    return number


@pytest.mark.parametrize("state", list(TABLE))
def test_every_state_for_every_viewer(app: Flask, state: str) -> None:
    world = proposing.world()
    viewers: dict[str, Actor] = {
        "a": world.author.actor,
        "k": world.colleague.actor,
        "f": world.stranger.actor,
        "t": world.attendee.actor,
        "m": world.moderator.actor,
        "v": factories.administrator().actor,
        "o": ANONYMOUS,
    }
    number = put_into(world, state)
    for attendees_see, table in ((True, TABLE), (False, WITHOUT_ATTENDEES)):
        for public, expected in zip(ProposalsPublic, table[state], strict=True):
            settings = SiteSettings(proposals_public=public, attendees_see_proposals=attendees_see)
            seen_by = {
                letter
                for letter, viewer in viewers.items()
                if queries.by_number(viewer, settings, number) is not None
            }
            assert "".join(sorted(seen_by)) == "".join(sorted(expected)), (public, attendees_see)
            # The list, the page and the edit page ask the same condition.
            for letter, viewer in viewers.items():
                listed = queries.listing(viewer, settings, states=list(State))
                assert bool(listed) is (letter in expected)
                assert (queries.detail(viewer, settings, number) is not None) is (letter in expected)
                assert (queries.editing(viewer, settings, number) is not None) is (letter in expected)


def test_an_attendee_of_the_same_organisation_does_not_see_a_shared_draft(app: Flask) -> None:
    world = proposing.world()
    number = put_into(world, "shared draft")
    attendee = factories.attendee(organisation_id=world.author.organisation_id)
    assert queries.by_number(attendee.actor, SiteSettings(), number) is None


def test_lists_leave_drafts_out_unless_they_are_asked_for(app: Flask) -> None:
    world = proposing.world()
    number = draft(world.author, world.section)
    settings = SiteSettings()
    assert queries.listing(world.author.actor, settings) == []
    assert [row.number for row in queries.listing(world.author.actor, settings, mine=True)] == [number]
    assert [row.number for row in queries.drafts(world.author.actor, settings)] == [number]
    assert queries.of_section(world.author.actor, settings, world.section) == []


def test_the_queue_is_oldest_first_and_leaves_out_what_waits_for_its_author(app: Flask) -> None:
    world = proposing.world()
    numbers = [submitted(person, world.section) for person in (world.author, world.stranger, world.attendee)]
    service.request_changes(world.moderator.actor, numbers[0], seen_version=1, reason="Genauer.")
    viewer = world.moderator.actor
    assert [row.number for row in queries.queue(viewer)] == numbers[1:]
    assert [row.number for row in queries.queue(viewer, after=numbers[1])] == numbers[2:]
    found = queries.detail(viewer, SiteSettings(), numbers[1])
    assert found is not None
    assert (found.previous_number, found.next_number) == (None, numbers[2])


def test_a_search_finds_words_and_numbers_and_takes_signs_literally(app: Flask) -> None:
    world = proposing.world()
    number = submitted(world.author, world.section, summary="100 % Ökostrom")
    settings, viewer = SiteSettings(), world.moderator.actor
    for search in ("ökostrom", "100 %", str(number)):
        found = [row.number for row in queries.listing(viewer, settings, search=search)]
        assert found == ([number] if search != "ökostrom" else found)
    assert queries.listing(viewer, settings, search="_00") == []
