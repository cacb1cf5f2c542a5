# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mein Bereich: what waits for this person first, then the own things, then what is new for them."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from charta.contributions.queries.listing import Row
from charta.contributions.rules import Outcome, first_words
from charta.contributions.words import standing as standing_of_contribution
from charta.notifications.queries import bounced
from charta.pages import queries
from charta.pages.queries import own
from charta.pages.views import tasks
from charta.pages.views.blueprint import blueprint
from charta.permissions import Permission, may, role_may
from charta.proposals import queries as proposals
from charta.proposals.rules import State
from charta.proposals.words import standing
from charta.sections.words import until_when
from charta.text.render import to_plain
from charta.votes.queries import ballots
from charta.watching import words as watching_words
from charta.watching.addresses import url_of
from charta.watching.queries import notices
from charta.watching.reasons import why_of
from charta.web import words
from charta.web.access import access
from charta.web.standing import Standing
from charta.web.viewer import actor, current_round, current_viewer, policy, site_settings

# How much of what is new stands here; the rest on its own page.
NEWS_SHOWN = 10


@blueprint.get("/mein-bereich")
@access(Permission.USE_ACCOUNT)
def mine() -> ResponseReturnValue:
    """Show the tasks of the viewer's role, the own things with what happens next, and what is new."""
    viewer = actor()
    decides = bool(role_may(viewer, Permission.READ_QUEUE))
    writes = bool(role_may(viewer, Permission.PROPOSE))
    waiting = own.waiting_for_moderation(viewer) if decides else own.Waiting()
    desk = proposals.own_desk(viewer) if writes else []
    # Moderators hand in seldom: for them the number does, on a page that has much else to read.
    handed_in = own.own_contributions(viewer) if writes and not decides else []
    talk = own.conversations(viewer, site_settings()) if writes else own.Conversations([], [], 0, None)
    votes, bounced_at = ballots.to_vote_with(viewer, bounced(viewer.id or 0))
    todo = tasks.to_vote(votes)
    if decides:
        todo += tasks.of_moderation(waiting) + tasks.assigned(proposals.assigned_to(viewer))
    if role_may(viewer, Permission.MANAGE_PEOPLE):
        todo += tasks.of_office(own.waiting_for_office())
    asked = [row for row in desk if tasks.waits_for_viewer(row)]
    todo += [tasks.of_proposal(row) for row in asked if row.state is not State.DRAFT]
    todo += tasks.questions([row for row, _outcomes in handed_in]) + tasks.of_conversations(talk)
    todo += [tasks.of_proposal(row) for row in asked if row.state is State.DRAFT]
    rest = [row for row in desk if not tasks.waits_for_viewer(row)]
    return render_template(
        "pages/mine.html",
        role=words.ROLES[viewer.role],
        tasks=todo,
        writes=writes,
        decides=decides,
        own=[(row, standing(row, viewer, current_round())) for row in rest[: proposals.PAGE_SIZE]],
        has_more=len(desk) > proposals.PAGE_SIZE,
        contributions=_contributions(handed_in),
        more_contributions=len(handed_in) > own.SHOWN,
        count_of_contributions=waiting.own_contributions,
        talks=[
            (one, first_words(to_plain(one.body)), tasks.where_of_talk(one), tasks.standing_of_talk(one))
            for one in talk.own[: own.SHOWN]
        ],
        may_propose=may(viewer, Permission.PROPOSE, policy=policy()),
        round_sentence=until_when(current_round(), None, whole=True),
        address=current_viewer().email,
        bounced_at=bounced_at,
        **_news(),
    )


def _contributions(rows: Sequence[tuple[Row, frozenset[Outcome]]]) -> list[tuple[Row, Standing]]:
    return [(row, standing_of_contribution(row, outcomes)) for row, outcomes in rows[: own.SHOWN]]


def _news() -> dict[str, Any]:
    """Return what is new among watched things; without anything unread, the newest texts of the Charta."""
    unread = current_viewer().unread
    if not unread:
        return {"unread": 0, "news": queries.newest_texts()}
    told = notices.newest_unread(
        actor(),
        site_settings(),
        reads_text=bool(may(actor(), Permission.READ_DRAFT, policy=policy())),
        limit=NEWS_SHOWN,
    )
    return {
        "unread": unread,
        "told": sorted(told, key=lambda line: line.at, reverse=True),
        "words": watching_words,
        "why": why_of,
        "url_of": lambda deed: url_of(deed, url_for),
        "here": request.path,
    }
