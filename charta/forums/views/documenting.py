# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The documentation of a forum as page and PDF, and the page where a moderator makes and sends it."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from charta.contributions import words as contribution_words
from charta.contributions.queries import documentation as contributions
from charta.contributions.queries.documentation import Contents, Reason
from charta.contributions.rules import Kind, Outcome
from charta.db import utcnow
from charta.errors import NotFound
from charta.forums import words
from charta.forums.models import Forum
from charta.forums.queries import documentation, forums
from charta.forums.queries.documentation import GroupCount
from charta.forums.rules import TEXT_MAX, ForumState
from charta.forums.service import documenting as service
from charta.forums.views.blueprint import blueprint
from charta.forums.views.documenting_forms import DocumentationForm, PublishForm
from charta.permissions import Permission, role_may
from charta.proposals.queries import taken_up
from charta.text.render import to_html, to_plain
from charta.votes import poll_words
from charta.votes.queries import polls
from charta.votes.queries.polls import Part, Result
from charta.votes.rules import PollMethod
from charta.web import words as web_words
from charta.web.access import access
from charta.web.dates import whole_day
from charta.web.forms import catching
from charta.web.i18n import locale_code
from charta.web.pdf import pdf, pdf_response
from charta.web.urls import external
from charta.web.viewer import actor, current_round, site_settings

KINDS = (Kind.CHALLENGE, Kind.NEED, Kind.RECOMMENDATION, None)


@dataclass(frozen=True, slots=True)
class Documentation:
    """Everything a documentation says; the same for page and file."""

    forum: Forum
    contents: Contents
    attendance: list[GroupCount]
    reasons: list[Reason]
    outcomes: dict[int, frozenset[Outcome]]
    dates: list[tuple[str, str]]
    polls: list[Result]

    @property
    def people(self) -> int:
        """How many came."""
        return sum(one.count for one in self.attendance)

    @property
    def taken_up(self) -> int:
        """How many contributions a proposal takes up, or took up with success."""
        wanted = {Outcome.PROPOSED, Outcome.IN_CHARTA}
        return sum(bool(wanted & self.outcomes.get(row.id, frozenset())) for row in self.contents.listed)

    @property
    def in_charta(self) -> int:
        """How many led to words that stand in the Charta."""
        return sum(
            Outcome.IN_CHARTA in self.outcomes.get(row.id, frozenset()) for row in self.contents.listed
        )

    @property
    def figures(self) -> list[tuple[str, int]]:
        """The overview: word and number."""
        found = [
            (_("Personen waren dabei"), self.people),
            (_("Beiträge eingereicht"), self.contents.handed_in),
            (_("davon von Vorschlägen aufgegriffen"), self.taken_up),
            (_("davon schon in der Charta"), self.in_charta),
            (_("mit gleichen Beiträgen zusammengelegt"), self.contents.merged),
            (_("nicht aufgenommen, mit Begründung"), self.contents.declined),
        ]
        always = {0, 1, 2}
        return [pair for place, pair in enumerate(found) if pair[1] or place in always]


@blueprint.get("/foren/<slug>/dokumentation", endpoint="documentation")
@access(Permission.READ_PUBLIC)
def show_documentation(slug: str) -> ResponseReturnValue:
    """Show what came of a forum; before it is published only to who runs the forum."""
    forum, asked = _readable(slug)
    found = _documentation(forum, asked)
    return render_template(
        "forums/documentation.html",
        found=found,
        forum=forum,
        words=words,
        text=to_html(forum.documentation_text, prefix="doku-") if forum.documentation_text else "",
        kinds=KINDS,
        kind_word=contribution_words.kind,
        author=contribution_words.author,
        group_word=_group_word,
        standing=contribution_words.standing,
        poll_words=poll_words,
    )


@blueprint.get("/foren/<slug>/dokumentation.pdf")
@access(Permission.READ_PUBLIC)
def documentation_pdf(slug: str) -> Response:
    """Return the documentation as a tagged PDF file."""
    forum, asked = _readable(slug)
    data = _pdf_data(_documentation(forum, asked))
    return pdf_response(_file(json.dumps(data)), f"dokumentation-{forum.slug}.pdf")


@lru_cache(maxsize=4)
def _file(data: str) -> bytes:
    """Return the file of this data: the mail leads a whole hall here at once, and making it takes seconds."""
    return pdf("documentation", json.loads(data))


@blueprint.route("/foren/<slug>/dokumentation/erstellen", methods=["GET", "POST"])
@access(Permission.RUN_FORUM)
def documentation_write(slug: str) -> ResponseReturnValue:
    """Write the words of the documentation; the button below makes and sends it."""
    forum = forums.load(slug)
    form = DocumentationForm()
    if not form.is_submitted():
        form.text.data = forum.documentation_text
    elif form.validate_on_submit():
        with catching(form):
            service.write(actor(), forum.id, text=form.text.data or "")
            flash(_("Der Text ist gespeichert."), "success")
            return redirect(url_for("forums.documentation_write", slug=slug), 303)
    return _write_page(forum, form, PublishForm(formdata=None))


@blueprint.post("/foren/<slug>/dokumentation/senden")
@access(Permission.RUN_FORUM)
def documentation_publish(slug: str) -> ResponseReturnValue:
    """Publish the documentation and mail it to all who came; a second click sends nothing."""
    forum = forums.load(slug)
    form = PublishForm()
    if form.validate_on_submit():
        with catching(form):
            count = service.publish(actor(), forum.id)
            if forum.documentation_at is not None:
                flash(_("Die Dokumentation ist bereits veröffentlicht und verschickt."), "info")
            else:
                flash(
                    ngettext(
                        "Die Dokumentation ist veröffentlicht. %(num)s E-Mail geht hinaus.",
                        "Die Dokumentation ist veröffentlicht. %(num)s E-Mails gehen hinaus.",
                        count,
                    ),
                    "success",
                )
            return redirect(url_for("forums.documentation", slug=slug), 303)
    text = DocumentationForm(formdata=None, data={"text": forum.documentation_text})
    return _write_page(forums.load(slug), text, form)


def _write_page(forum: Forum, form: DocumentationForm, publish: PublishForm) -> ResponseReturnValue:
    return (
        render_template(
            "forums/documentation_write.html",
            forum=forum,
            form=form,
            publish=publish,
            words=words,
            recipients=len(documentation.recipients(forum.id)),
            unscreened=contributions.unscreened(forum.id),
            can_publish=words.is_over(forum, utcnow()) and forum.state is not ForumState.CANCELLED,
            text_max=TEXT_MAX,
        ),
        max(form.status_code, publish.status_code),
    )


def _readable(slug: str) -> tuple[Forum, list[Result]]:
    """Return the forum with its polls, which cost no statement of their own."""
    forum, asked = polls.with_forum(slug)
    if forum.documentation_at is None and not role_may(actor(), Permission.RUN_FORUM):
        raise NotFound(kind="documentation", slug=slug)
    return forum, asked


def _documentation(forum: Forum, asked: list[Result]) -> Documentation:
    contents = contributions.contents(forum.id)
    return Documentation(
        forum=forum,
        contents=contents,
        attendance=documentation.attendance(forum.id),
        reasons=contributions.reasons(forum.id) if contents.declined else [],
        outcomes=taken_up.outcomes([row.id for row in contents.listed]),
        dates=_dates(forum),
        polls=[one for one in asked if not one.is_running],
    )


def _dates(forum: Forum) -> list[tuple[str, str]]:
    """Return what comes next: the dates of the round that lie ahead, then the coming forums."""
    now, found = utcnow(), []
    round_ = current_round()
    if round_ is not None:
        for moment, what in (
            (round_.closes_at, _("%(round)s: Vorschläge sind bis dahin möglich", round=round_.name)),
            (round_.answer_at, _("%(round)s: bis dahin antworten wir auf alle Beiträge", round=round_.name)),
        ):
            if moment > now:
                found.append((moment, whole_day(moment), what))
    for one in documentation.coming_after(forum.id):
        if one.starts_at is not None:
            is_said = not one.place or one.place.lower() in one.title.lower()
            what = one.title if is_said else _("%(title)s in %(place)s", title=one.title, place=one.place)
            found.append((one.starts_at, whole_day(one.starts_at), what))
    return [(day, what) for _moment, day, what in sorted(found, key=lambda entry: entry[0])]


def _group_word(one: GroupCount) -> str:
    return str(web_words.GROUPS[one.group]) if one.group else _("Übrige und ohne Angabe")


def _pdf_data(found: Documentation) -> dict[str, Any]:
    forum, contents = found.forum, found.contents
    return {
        "lang": locale_code(),
        "title": _("Dokumentation: %(title)s", title=forum.title),
        "forum": forum.title,
        "heading": _("Dokumentation"),
        "when": words.date_line(forum),
        "place": ", ".join(part for part in (forum.place, forum.address) if part),
        "site": site_settings().name,
        "url": external("forums.documentation", slug=forum.slug),
        "figures": [[word, format_decimal(number)] for word, number in found.figures],
        "text": to_plain(forum.documentation_text) if forum.documentation_text else "",
        "words": {
            "overview": _("Überblick"),
            "attendance": _("Wer da war"),
            "group": _("Gruppe"),
            "people": _("Personen"),
            "small": _("Gruppen mit weniger als fünf Personen stehen unter „Übrige“."),
            "by_field": _("Beiträge nach Handlungsfeld und Art"),
            "field": _("Handlungsfeld"),
            "sum": _("zusammen"),
            "polls": _("Umfragen im Saal"),
            "topics": _("Themen und Antworten"),
            "contributions": _("Die Beiträge"),
            "declined": _("Nicht aufgenommen"),
            "reason": _("Begründung"),
            "count": _("Anzahl"),
            "dates": _("Wie es weitergeht"),
            "online": _("Der laufende Stand steht auf der Seite dieser Dokumentation:"),
            "answer": _("Antwort:"),
            "no_answer": _("Noch ohne Antwort."),
        },
        "attendance": [[_group_word(one), format_decimal(one.count)] for one in found.attendance],
        "kinds": [contribution_words.kind(kind) for kind in KINDS],
        "table": [
            [
                part.field.name if part.field else _("Noch keinem Handlungsfeld zugeordnet"),
                *(format_decimal(part.kinds[kind]) if part.kinds[kind] else "–" for kind in KINDS),
                format_decimal(len(part.rows)),
            ]
            for part in contents.fields
        ],
        "polls": [{"question": one.poll.question, "parts": _poll_parts(one)} for one in found.polls],
        "topics": [
            {
                "title": part.topic.title,
                "answer": to_plain(part.topic.answer) if part.topic.answer else "",
                "codes": ", ".join(row.code for row in part.rows),
            }
            for part in contents.topics
        ],
        "fields": [
            {
                "name": part.field.name if part.field else _("Noch keinem Handlungsfeld zugeordnet"),
                "rows": [
                    {
                        "code": row.code,
                        "url": f"{external('pages.home').rstrip('/')}/b/{row.code}",
                        "text": row.text,
                        "facts": " · ".join(_facts(found, row)),
                        "answer": to_plain(row.answer) if row.answer else "",
                    }
                    for row in part.rows
                ],
            }
            for part in contents.fields
        ],
        "reasons": [[one.text, format_decimal(one.count)] for one in found.reasons],
        "dates": [list(pair) for pair in found.dates],
    }


def _poll_parts(one: Result) -> list[dict[str, Any]]:
    """Return what the file says of a poll: the hall, and apart from it who answered online afterwards."""
    found = [_poll_part(one, one.hall, one.words, _("Im Saal"))]
    if one.online is not None:
        found.append(_poll_part(one, one.online, one.online_words, _("Online danach")))
    return found


def _poll_part(one: Result, part: Part, shown: list[str], where: str) -> dict[str, Any]:
    if not part.is_shown:
        return {"where": where, "basis": _("weniger als fünf Antworten, kein Ergebnis"), "rows": []}
    basis = poll_words.basis(part)
    if one.poll.method is PollMethod.WORDS:
        return {"where": where, "basis": basis, "rows": [], "words": ", ".join(shown)}
    mean = poll_words.mean_words(part)
    return {
        "where": where,
        "basis": f"{basis} · {mean}" if mean else basis,
        "rows": [
            [option, format_decimal(part.counts[place]), f"{part.percents[place]} %"]
            for place, option in enumerate(poll_words.options(one.poll))
        ],
    }


def _facts(found: Documentation, row: Any) -> list[str]:
    facts = [contribution_words.kind(row.kind)] if row.kind else []
    if row.supporters:
        facts.append(ngettext("%(num)s Unterstützung", "%(num)s Unterstützungen", row.supporters))
    facts.append(contribution_words.author(row.byline))
    facts.append(contribution_words.standing(row, found.outcomes.get(row.id, frozenset())).word)
    return facts
