# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The front page: what this is, where one sentence comes from, where we stand, what comes next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_time, ngettext
from flask_babel import gettext as _

from charta.accounts.queries import has_people
from charta.activity.queries import log_position_with
from charta.db import utcnow
from charta.pages import queries
from charta.pages.rules import Excerpt, elapsed_percent, most_telling
from charta.pages.views.blueprint import blueprint
from charta.pages.words import short_day
from charta.permissions import Permission, may
from charta.sections import queries as sections
from charta.sections import texts
from charta.site.rules import ProposalsPublic, RoundStatus
from charta.votes import poll_words
from charta.votes.queries import on_text, polls
from charta.web import headers
from charta.web.access import access
from charta.web.dates import day, local
from charta.web.i18n import locale_code
from charta.web.viewer import actor, current_round, current_viewer, policy, site_settings

# How long a page whose data did not change may be shown again: dates pass without anybody's deed.
_FRESH_SECONDS = 600
BALLOTS_SHOWN = 3


@blueprint.get("/")
@access(Permission.READ_PUBLIC)
def home() -> ResponseReturnValue:
    """Show the front page; without any text it says what an administrator does first."""
    now = utcnow()
    log, stamp = log_position_with(*on_text.stamp())
    tag = headers.etag(
        "home",
        log,
        int(now.timestamp()) // _FRESH_SECONDS,
        current_viewer().name,
    )
    unchanged = headers.not_modified(tag)
    if unchanged is not None:
        return unchanged
    may_read = bool(may(actor(), Permission.READ_DRAFT, policy=policy()))
    outline = sections.tree(at=sections.version_at(log))
    news, dates = queries.notices()
    # A forum wants people, other dates only want to be known.
    coming = next((item for item in dates if item.kind == "forum"), dates[0] if dates else None)
    fields = queries.fields_overview()
    html = render_template(
        "pages/home.html",
        may_read=may_read,
        is_empty=not outline,
        specimen=specimen(outline) if may_read else None,
        steps=first_steps(fields=len(fields)) if not outline else [],
        has_people=bool(outline) or has_people(),
        phases=phases(),
        today=_("Heute, %(day)s", day=day(now)),
        today_percent=today_percent(),
        next_date=date_band(coming) if coming else None,
        next_item=coming,
        next_places=next_places(coming) if coming else "",
        can_register=coming is not None and coming.kind == "forum" and now < (coming.closes_at or coming.at),
        dates=dates,
        news=news,
        short_day=short_day,
        fields=fields,
        ballots=[(one, one.is_for(actor())) for one in on_text.running(actor(), at=stamp)][:BALLOTS_SHOWN],
        shows_proposals=_proposals_visible(),
        mood=polls.newest_scale(),
        poll_words=poll_words,
        title_of_fields=title_of_fields(len(fields)),
    )
    return headers.tagged(html, tag)


@dataclass(frozen=True, slots=True)
class Specimen:
    """One paragraph of the present text and the steps that led to it."""

    row: queries.SpecimenRow
    excerpt: Excerpt
    rn: int

    @property
    def url(self) -> str:
        """The address of the section it stands in."""
        return url_for("sections.show", section_id=self.row.section.id)

    @property
    def steps(self) -> list[dict[str, object]]:
        """The thread of the sentence: source, proposal, text, and the edition it waits for."""
        proposal, source = self.row.proposal, self.row.source
        steps: list[dict[str, object]] = []
        if source is not None:
            steps.append(
                {
                    "title": source.name,
                    "when_text": day(source.dated_on) if source.dated_on else "",
                    "text": _("Von dort kommt der Anstoß."),
                }
            )
        steps.append(
            {
                "title": _("Vorschlag %(number)s", number=proposal.id),
                "url": url_for("proposals.show", number=proposal.id) if _proposals_visible() else "",
                "when_text": day(proposal.submitted_at) if proposal.submitted_at else "",
                "text": proposal.summary,
            }
        )
        steps.append(
            {
                "title": _("Textstand %(number)s", number=self.row.revision.number),
                "url": self.url,
                "when_text": day(self.row.revision.created_at),
                "text": _("Der Satz steht in der Arbeitsfassung."),
            }
        )
        if site_settings().next_edition:
            steps.append(
                {
                    "title": f"{site_settings().name}\u00a0{site_settings().next_edition}",
                    "when_text": _("folgt"),
                    "text": _("Am Ende beschließen die Partner den ganzen Text."),
                    "pending": True,
                }
            )
        return steps


def _proposals_visible() -> bool:
    return actor().id is not None or site_settings().proposals_public is not ProposalsPublic.NONE


def specimen(outline: Sequence[sections.Outline]) -> Specimen | None:
    """Return the newest paragraph that gained words by a proposal, None while there is none."""
    first_rn = {entry.id: entry.first_rn for entry in outline}
    for row in queries.newest_changes():
        if row.section.id not in first_rn:
            continue
        old_hash, old_body = (row.previous.content_hash, row.previous.body) if row.previous else ("", "")
        comparison = texts.compared(old_hash, old_body, row.revision.content_hash, row.revision.body)
        excerpt = most_telling(comparison)
        if excerpt is not None:
            return Specimen(row, excerpt, first_rn[row.section.id] + excerpt.paragraph)
    return None


def phases() -> list[dict[str, object]]:
    """Return the phases of the settings; the present one says what the round allows and until when."""
    settings = site_settings()
    found: list[dict[str, object]] = []
    for number, (title, sentence) in enumerate(settings.phases, 1):
        state = "now" if number == settings.phase else "done" if number < settings.phase else "later"
        found.append(
            {"title": title, "state": state, "text": round_sentence(sentence) if state == "now" else sentence}
        )
    return found


def round_sentence(otherwise: str) -> str:
    """Return what the round in force allows and until when; `otherwise` when it is over or there is none."""
    current = current_round()
    if current is None or current.status is RoundStatus.CLOSED:
        return otherwise
    if current.status is RoundStatus.PLANNED:
        return _("%(name)s beginnt am %(day)s", name=current.name, day=day(current.opens_at))
    if current.status is RoundStatus.EDITORIAL:
        return _("Redaktion bis %(day)s, danach beschließen die Partner", day=day(current.editorial_at))
    return _(
        "Änderungsvorschläge bis %(day)s, Antwort bis %(answer)s",
        day=day(current.closes_at),
        answer=day(current.answer_at),
    )


def today_percent() -> int:
    """Return where today stands inside the present phase, in percent of it."""
    current = current_round()
    return elapsed_percent(current.opens_at, current.answer_at, utcnow()) if current else 50


@dataclass(frozen=True, slots=True)
class DateBand:
    """The next date, large: its day, month with year, and one line with time and place."""

    title: str
    day: str
    month: str
    line: str


def date_band(item: queries.Notice) -> DateBand:
    """Return the next date as the front page shows it."""
    start = local(item.at)
    weekday = str(format_date(start.date(), "EEEE"))
    if item.ends_at is None:
        line = _("%(weekday)s, %(start)s Uhr", weekday=weekday, start=_hour(item.at))
    elif local(item.ends_at).date() == start.date():
        line = _(
            "%(weekday)s, %(start)s bis %(end)s Uhr",
            weekday=weekday,
            start=_hour(item.at),
            end=_hour(item.ends_at),
        )
    else:
        line = _("%(weekday)s, bis %(day)s", weekday=weekday, day=day(item.ends_at))
    return DateBand(item.title, str(start.day), str(format_date(start.date(), "MMMM\u00a0y")), line)


def next_places(item: queries.Notice) -> str:
    """Return how many places the next forum still has."""
    if item.places_left is None or item.at <= utcnow():
        return ""
    if item.places_left == 0:
        return _("Alle Plätze sind vergeben.")
    return ngettext(
        "Noch %(num)s von %(capacity)s Plätzen frei.",
        "Noch %(num)s von %(capacity)s Plätzen frei.",
        item.places_left,
        capacity=item.capacity,
    )


def _hour(moment: datetime) -> str:
    """Return „14“ or „9:30“, as German says it; with minutes always in other languages."""
    text = str(format_time(moment, "H:mm"))
    return text.removesuffix(":00") if locale_code() == "de" else text


def title_of_fields(count: int) -> str:
    """Return „Fünf Handlungsfelder“, with a figure where the word would be unusual."""
    words = {
        2: _("Zwei Handlungsfelder"),
        3: _("Drei Handlungsfelder"),
        4: _("Vier Handlungsfelder"),
        5: _("Fünf Handlungsfelder"),
        6: _("Sechs Handlungsfelder"),
        7: _("Sieben Handlungsfelder"),
        8: _("Acht Handlungsfelder"),
    }
    return words.get(count) or _("Handlungsfelder")


def first_steps(*, fields: int) -> list[dict[str, object]]:
    """Return what an administrator does first in a new installation, with what is done already."""
    if not may(actor(), Permission.MANAGE_SITE):
        return []
    done = queries.set_up()
    return [
        {
            "title": _("Sagen, wer hier schreibt"),
            "text": _("Name, Region, Leitsatz und die Seiten Impressum und Datenschutz."),
            "is_done": bool(site_settings().region or site_settings().initiative),
            "url": url_for("admin.settings"),
        },
        {
            "title": _("Organisationen und Personen einladen"),
            "text": _("Moderation und Partner bekommen einen Link per E-Mail."),
            "is_done": done.organisations > 0 and done.people > 1,
            "url": url_for("admin.organisations"),
        },
        {
            "title": _("Handlungsfelder anlegen"),
            "text": _("Sie ordnen Abschnitte und Maßnahmen. Ändern lassen sie sich später jederzeit."),
            "is_done": fields > 0,
            "url": url_for("admin.fields"),
        },
        {
            "title": _("Den ersten Abschnitt schreiben"),
            "text": _(
                "Eine Person der Moderation schlägt ihn unter „Vorschläge“ vor, auch ohne offene Runde; "
                "eine zweite übernimmt ihn."
            ),
            "is_done": done.sections > 0,
            "url": url_for("web.help_page", slug="verwaltung"),
        },
        {
            "title": _("Eine Beteiligungsrunde öffnen"),
            "text": _("Sie legt fest, wer bis wann Änderungen vorschlagen kann und wann die Antwort kommt."),
            "is_done": done.rounds > 0,
            "url": url_for("admin.rounds"),
        },
    ]
