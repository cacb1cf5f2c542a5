# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a section came about: its wordings, and the sources of its sentences."""

from flask import render_template
from flask.typing import ResponseReturnValue

from charta.comments.queries import answered, proposing
from charta.permissions import Permission
from charta.proposals.queries import taken_up
from charta.sections import queries, texts, words
from charta.sections.frames import tabs
from charta.sections.origins import Story, provenance
from charta.sections.views.blueprint import blueprint, frame, shown_sources
from charta.sections.views.stories import story_steps
from charta.votes import decided_words
from charta.votes.queries import decided
from charta.web.access import access
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor, site_settings


@blueprint.get("/abschnitte/<id:section_id>/entstehung")
@access(Permission.READ_DRAFT)
def origin(section_id: int) -> ResponseReturnValue:
    """Show how a section came about: its wordings, newest first."""
    found = frame(section_id)
    before = key_argument("vor")
    page = cut(
        queries.history(actor(), section_id, before_number=before),
        queries.PAGE_SIZE,
        lambda item: item.number,
    )
    voted = decided.of_section(section_id, [item.proposal_id for item in page.items if item.proposal_id])
    return render_template(
        "sections/origin.html",
        ballots=[one for one in voted if one.section_id is not None] if before is None else [],
        voted={one.proposal_id: one for one in reversed(voted) if one.proposal_id},
        voted_line=decided_words.line,
        frame=found,
        tabs=tabs(found, "origin"),
        history=page.items,
        next_key=page.next_key,
        is_first_page=before is None,
        answered=proposing.counts([item.proposal_id for item in page.items if item.proposal_id]),
        places=queries.structure_history(section_id) if before is None else [],
        cause=words.cause,
    )


@blueprint.get("/abschnitte/<id:section_id>/herkunft")
@access(Permission.READ_DRAFT)
def sources(section_id: int) -> ResponseReturnValue:
    """Show which source each sentence comes from; `quelle` filters, `rn` opens the story of a paragraph."""
    found = frame(section_id)
    head = found.page.head
    whole = provenance(head.id)
    shown = shown_sources()
    blocks = whole.blocks(shown, texts.rendered(head.content_hash, head.body))
    first_rn = found.first_rn or 1
    open_rn = key_argument("rn")
    opened = next((block for block in blocks if block.index >= 0 and block.index + first_rn == open_rn), None)
    stories: list[Story] = []
    if opened:
        stories = whole.stories(actor(), opened.start, opened.end, *decided.of_revision())
    numbers = {story.proposal_id for story in stories if story.proposal_id}
    return render_template(
        "sections/sources.html",
        frame=found,
        tabs=tabs(found, "origin"),
        blocks=blocks,
        first_rn=first_rn,
        open_rn=open_rn,
        legend=whole.shares(shown=shown),
        shown=shown,
        opened_shares=whole.shares(opened.start, opened.end) if opened else [],
        stories=stories,
        story_steps=story_steps,
        taken_up=taken_up.of_proposals(numbers),
        answered=answered.of_proposals(actor(), site_settings(), numbers),
        cause=words.cause,
    )
