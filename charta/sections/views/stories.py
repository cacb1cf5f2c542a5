# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The story of a passage as a timeline: contribution, comment, proposal, ballot, decision, wording."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.comments.queries.threads import Thread
from charta.comments.talking import author
from charta.contributions.rules import GAP
from charta.proposals.queries.taken_up import Linked
from charta.sections.origins import Story
from charta.sections.rules import Cause
from charta.text import render
from charta.votes import decided_words
from charta.votes.queries import decided
from charta.votes.queries.decided import Decided
from charta.web.dates import day

CONTRIBUTIONS_SHOWN = COMMENTS_SHOWN = 3
# What a step shows of a comment, in characters; the link leads to all of it.
WORDS_SHOWN = 160


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a timeline, as the macro shows it; `quote` is what somebody wrote."""

    title: str
    when: datetime | None = None
    when_text: str = ""
    url: str = ""
    quote: str = ""
    by: str = ""
    proposal_url: str = ""


def story_steps(
    story: Story,
    section_id: int,
    taken_up: Mapping[int, Sequence[Linked]],
    answered: Mapping[int, Sequence[Thread]],
) -> list[Step]:
    """Return how some words came into the text, the oldest step first.

    `taken_up`: the contributions that proposals take up, `answered`: the comments they answer, both by the
    proposal's number.
    """
    number = story.proposal_id or 0
    return [
        *_contributions(taken_up.get(number, ())),
        *_steps(story, section_id, answered.get(number, ())),
    ]


def _contributions(linked: Sequence[Linked]) -> Iterator[Step]:
    """Return a step for each contribution, the most supported first; many are a number."""
    shown = sorted(linked, key=lambda one: -one.supporters)[:CONTRIBUTIONS_SHOWN]
    for one in shown:
        support = (
            ngettext("%(num)s Unterstützung", "%(num)s Unterstützungen", one.supporters)
            if one.supporters
            else ""
        )
        yield Step(
            _("Beitrag %(code)s", code=one.code),
            when=one.received_at,
            url=url_for("contributions.show", code=one.code),
            quote=one.title.replace(GAP, "…"),
            by=" · ".join(part for part in (one.forum_title, support) if part),
        )
    if len(linked) > len(shown):
        yield Step(
            ngettext(
                "und ein weiterer Beitrag",
                "und %(count)s weitere Beiträge",
                len(linked) - len(shown),
                count=len(linked) - len(shown),
            )
        )


def _comments(answered: Sequence[Thread]) -> Iterator[Step]:
    """Return a step for each comment, the first ones; many are a number."""
    for one in answered[:COMMENTS_SHOWN]:
        row = one.first
        words = " ".join(render.to_plain(row.body).split())
        yield Step(
            _("Kommentar von %(name)s", name=author(row.byline)),
            when=row.created_at,
            url=url_for("comments.show", comment_id=row.id),
            quote=words if len(words) <= WORDS_SHOWN else f"{words[:WORDS_SHOWN].rstrip()} …",
        )
    more = len(answered) - COMMENTS_SHOWN
    if more > 0:
        yield Step(
            ngettext("und ein weiterer Kommentar", "und %(count)s weitere Kommentare", more, count=more)
        )


def _steps(story: Story, section_id: int, answered: Sequence[Thread]) -> Iterator[Step]:
    for source in story.sources:
        yield Step(source.name, when_text=day(source.dated_on) if source.dated_on else "")
    yield from _comments(answered)
    entry = story.entry
    names = (entry.author.name, entry.author.organisation_name) if entry else ()
    who = ", ".join(name for name in names if name)
    if story.proposal_id:
        yield Step(
            _("Vorschlag %(number)s", number=story.proposal_id),
            quote=entry.summary if entry else "",
            by=who,
            proposal_url=url_for("proposals.show", number=story.proposal_id),
        )
    elif not story.sources:
        yield Step(_("ohne Quellenangabe"))
    ballot = decided.decided_in(entry.more) if entry else None
    if entry is None:
        return
    if ballot is not None and ballot.proposal_id is not None:  # it held the proposal
        yield _vote(ballot)
    if entry.cause is Cause.PROPOSAL:
        yield Step(
            _("Übernommen"),
            when=entry.created_at,
            by=_("Entschieden hat %(name)s", name=entry.approver_name) if entry.approver_name else "",
        )
    elif entry.cause is Cause.CORRECTION:
        yield Step(_("Berichtigt"), when=entry.created_at, quote=entry.summary, by=who)
    else:
        yield Step(_("Eingelesen"), when=entry.created_at, quote=entry.summary)
    yield Step(
        _("Textstand %(number)s", number=entry.number),
        url=url_for("sections.revision", section_id=section_id, number=entry.number),
    )
    if ballot is not None and ballot.proposal_id is None:  # on the text as it stands
        yield _vote(ballot)


def _vote(ballot: Decided) -> Step:
    """Return the step of a counted ballot: who decided, and what came out."""
    return Step(
        decided_words.line(ballot),
        when=ballot.closed_at,
        url=url_for("votes.result", ballot_id=ballot.id),
        by=_("Meinungsbild der Teilnehmenden") if ballot.is_adopted is None else _("Beschluss der Partner"),
    )
