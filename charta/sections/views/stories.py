# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The story of a passage as steps of a timeline: source, proposal, decision, wording."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _

from charta.sections.origins import Story
from charta.sections.rules import Cause
from charta.web.dates import day


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


def story_steps(story: Story, section_id: int) -> list[Step]:
    """Return how some words came into the text, the oldest step first."""
    return list(_steps(story, section_id))


def _steps(story: Story, section_id: int) -> Iterator[Step]:
    for source in story.sources:
        yield Step(source.name, when_text=day(source.dated_on) if source.dated_on else "")
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
    if entry is None:
        return
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
