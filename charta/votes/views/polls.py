# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The results of polls for everybody: of one forum, as a trend over forums, and as tables to take along."""

from collections.abc import Iterator, Sequence

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.forums import words as forum_words
from charta.forums.models import Forum
from charta.permissions import Permission
from charta.votes import poll_words
from charta.votes.queries import polls
from charta.votes.queries.polls import Part, Result
from charta.votes.rules import PollMethod
from charta.votes.views.blueprint import blueprint
from charta.web import tables
from charta.web.access import access
from charta.web.dates import whole_day
from charta.web.downloads import download
from charta.web.tables import Cell


@blueprint.get("/foren/<slug>/umfragen")
@access(Permission.READ_PUBLIC)
def poll_results(slug: str) -> ResponseReturnValue:
    """Show what the hall answered, each poll with its number of answers; the online follow-up apart."""
    forum, found = polls.with_forum(slug)
    return render_template(
        "votes/poll_results.html",
        forum=forum,
        results=found,
        poll_words=poll_words,
        forum_words=forum_words,
    )


@blueprint.get("/foren/<slug>/umfragen.csv")
@access(Permission.READ_PUBLIC)
def poll_results_csv(slug: str) -> Response:
    """Return the results of a forum as a CSV file that opens with its umlauts."""
    forum, found = polls.with_forum(slug)
    rows = _rows([(forum, one) for one in found])
    return download(tables.write_csv(_columns(), rows), f"{_('umfragen')}-{slug}.csv")


@blueprint.get("/foren/<slug>/umfragen.xlsx")
@access(Permission.READ_PUBLIC)
def poll_results_xlsx(slug: str) -> Response:
    """Return the results of a forum as a workbook."""
    forum, found = polls.with_forum(slug)
    rows = _rows([(forum, one) for one in found])
    return download(tables.write_xlsx(_columns(), rows, sheet=_("Umfragen")), f"{_('umfragen')}-{slug}.xlsx")


@blueprint.get("/umfragen")
@access(Permission.READ_PUBLIC)
def poll_trends() -> ResponseReturnValue:
    """List the questions that were put to several halls."""
    return render_template("votes/poll_trends.html", asked=polls.asked_recurring())


@blueprint.get("/umfragen/<id:recurring_id>")
@access(Permission.READ_PUBLIC)
def poll_trend(recurring_id: int) -> ResponseReturnValue:
    """Show how halls answered the same question, one forum after the other."""
    asked, rows = polls.trend(recurring_id)
    return render_template(
        "votes/poll_trend.html",
        asked=asked,
        rows=rows,
        options=poll_words.options(asked),
        poll_words=poll_words,
        day=_day,
    )


@blueprint.get("/umfragen/<id:recurring_id>.csv")
@access(Permission.READ_PUBLIC)
def poll_trend_csv(recurring_id: int) -> Response:
    """Return the answers to the same question at all forums as a CSV file."""
    _asked, rows = polls.trend(recurring_id)
    return download(tables.write_csv(_columns(), _rows(rows)), f"{_('umfrage')}-{recurring_id}.csv")


@blueprint.get("/umfragen/<id:recurring_id>.xlsx")
@access(Permission.READ_PUBLIC)
def poll_trend_xlsx(recurring_id: int) -> Response:
    """Return the answers to the same question at all forums as a workbook."""
    _asked, rows = polls.trend(recurring_id)
    content = tables.write_xlsx(_columns(), _rows(rows), sheet=_("Umfrage"))
    return download(content, f"{_('umfrage')}-{recurring_id}.xlsx")


def _day(result: Result) -> str:
    return whole_day(result.poll.launched_at) if result.poll.launched_at else ""


def _columns() -> list[str]:
    return [
        _("Forum"), _("Tag"), _("Frage"), _("Art"), _("Wo"), _("Antwort"),
        _("Anzahl oder Punkte"), _("Anteil in Prozent"), _("Gezeigte Antworten"), _("Antworten insgesamt"),
    ]  # fmt: skip


def _rows(found: Sequence[tuple[Forum, Result]]) -> Iterator[list[Cell]]:
    """Yield one row per option and place; nothing of what pages do not show either."""
    for forum, one in found:
        parts: list[tuple[str, Part, list[str]]] = []
        if one.shows and not one.is_running:
            parts.append((_("im Forum"), one.hall, one.words))
        if one.online is not None and one.online.is_shown:
            parts.append((_("online danach"), one.online, one.online_words))
        for where, part, words in parts:
            head: list[Cell] = [
                forum.title, _day(one), one.poll.question, str(poll_words.METHODS[one.poll.method]), where,
            ]  # fmt: skip
            if one.poll.method is PollMethod.WORDS:
                yield from ([*head, word, None, None, part.answers, part.given] for word in words)
                continue
            for place, option in enumerate(poll_words.options(one.poll)):
                yield [*head, option, part.counts[place], part.percents[place], part.answers, part.given]
