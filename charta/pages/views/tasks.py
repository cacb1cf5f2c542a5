# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What waits for a person, as tasks of Mein Bereich: a title, where it stands, and where to do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.contributions.queries.listing import Row
from charta.contributions.rules import State as ContributionState
from charta.pages.queries.own import Conversations, Talk, Waiting
from charta.proposals.queries import ProposalRow
from charta.proposals.rules import State
from charta.proposals.words import fit, standing
from charta.votes.queries.ballots import BallotRow
from charta.web.dates import day, exact, whole_day
from charta.web.standing import Standing
from charta.web.viewer import actor, current_round


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: where it stands and what happens next, what it is about, and where to do it.

    `is_german` says that the title is somebody's words, not ours.
    """

    standing: Standing
    title: str
    url: str
    row: ProposalRow | None = None
    since: datetime | None = None
    is_german: bool = False


# --------------------------------------------------------------------------------------------------- votes


def to_vote(rows: Sequence[BallotRow]) -> list[Task]:
    """Return the running ballots in which the viewer, or the own organisation, has not voted yet."""
    return [
        Task(
            standing=Standing("wait", "ballot", _("abstimmen"), _until(row)),
            title=row.title,
            url=url_for("votes.show", ballot_id=row.id),
            is_german=True,
        )
        for row in rows
    ]


def _until(row: BallotRow) -> str:
    if row.reserved_until is not None:
        return _(
            "Gremienvorbehalt bis %(day)s. Die Abstimmung endet am %(when)s.",
            day=whole_day(row.reserved_until),
            when=exact(row.closes_at),
        )
    return _("Die Abstimmung endet am %(when)s.", when=exact(row.closes_at))


# ---------------------------------------------------------------------------------------------- moderation


def of_moderation(waiting: Waiting) -> list[Task]:
    """Return what the desks ask of a moderator: decide, resolve overlaps, read, answer, look at reports."""
    tasks = []
    if waiting.proposals:
        oldest = (
            _("Der älteste wartet seit dem %(day)s.", day=day(waiting.oldest_at)) if waiting.oldest_at else ""
        )
        tasks.append(
            Task(
                Standing("wait", "scale", _("entscheiden"), oldest),
                ngettext(
                    "%(num)s Vorschlag zu entscheiden", "%(num)s Vorschläge zu entscheiden", waiting.proposals
                ),
                url_for("pages.queue"),
            )
        )
    if waiting.overlaps:
        tasks.append(
            Task(
                Standing(
                    "stop", "conflict", _("auflösen"), _("Dieselben Worte wurden verschieden geändert.")
                ),
                ngettext("%(num)s Überschneidung", "%(num)s Überschneidungen", waiting.overlaps),
                url_for("pages.queue", passung="ueberschneidung"),
            )
        )
    if waiting.received:
        tasks.append(
            Task(
                Standing("wait", "eye", _("sichten"), _("Neue Beiträge lesen, aufnehmen und bündeln.")),
                ngettext("%(num)s Beitrag zu sichten", "%(num)s Beiträge zu sichten", waiting.received),
                url_for("contributions.screening_desk"),
            )
        )
    if waiting.topics:
        tasks.append(
            Task(
                Standing("wait", "bundle", _("beantworten"), _("Eine Antwort gilt für alle Beiträge darin.")),
                ngettext("%(num)s Thema zu beantworten", "%(num)s Themen zu beantworten", waiting.topics),
                url_for("contributions.topic_board"),
            )
        )
    if waiting.outcomes:
        only = waiting.outcome_id if waiting.outcomes == 1 else None
        tasks.append(
            Task(
                Standing(
                    "wait", "ballot", _("beschreiben"), _("Wer abstimmen konnte, erfährt dann, was folgt.")
                ),
                ngettext(
                    "Ergebnis einer Abstimmung beschreiben",
                    "Ergebnisse von %(num)s Abstimmungen beschreiben",
                    waiting.outcomes,
                ),
                url_for("votes.outcome", ballot_id=only) if only else url_for("votes.index"),
            )
        )
    if waiting.reported:
        tasks.append(
            Task(
                Standing(
                    "stop", "flag", _("prüfen"), _("Jemand bittet Sie, das zu lesen und zu entscheiden.")
                ),
                ngettext("%(num)s gemeldeter Kommentar", "%(num)s gemeldete Kommentare", waiting.reported),
                url_for("comments.desk"),
            )
        )
    return tasks


def assigned(rows: Sequence[ProposalRow]) -> list[Task]:
    """Return the proposals a moderator has taken on."""
    return [
        Task(
            standing=Standing(
                "", "user", _("von Ihnen in Arbeit"), fit(row.merge_state, is_held=row.is_held).sentence
            ),
            title=row.summary,
            url=url_for("pages.queue", nr=row.number),
            row=row,
            since=row.submitted_at,
            is_german=True,
        )
        for row in rows
        if row.state is State.SUBMITTED
    ]


def of_office(waiting: Waiting) -> list[Task]:
    """Return what waits for an administrator: unanswered invitations and mails that were given up."""
    tasks = []
    if waiting.failed_mails:
        tasks.append(
            Task(
                Standing(
                    "stop", "mail", _("nicht zugestellt"), _("Bitte prüfen Sie Adressen und Mailserver.")
                ),
                ngettext(
                    "%(num)s E-Mail konnte nicht zugestellt werden",
                    "%(num)s E-Mails konnten nicht zugestellt werden",
                    waiting.failed_mails,
                ),
                url_for("admin.operation"),
            )
        )
    if waiting.invitations:
        sentence = ngettext(
            "%(num)s davon ist abgelaufen. Senden Sie sie bei Bedarf noch einmal.",
            "%(num)s davon sind abgelaufen. Senden Sie sie bei Bedarf noch einmal.",
            waiting.expired,
        )
        tasks.append(
            Task(
                Standing(
                    "wait", "mail", _("offen"), sentence if waiting.expired else _("Sie gelten 30 Tage.")
                ),
                ngettext("%(num)s offene Einladung", "%(num)s offene Einladungen", waiting.invitations),
                url_for("admin.invitations"),
            )
        )
    return tasks


# --------------------------------------------------------------------------------------------- own proposals


def waits_for_viewer(row: ProposalRow) -> bool:
    """Whether this proposal is a task of the person whose desk it lies on."""
    return (
        row.state in {State.DRAFT, State.CHANGES_REQUESTED}
        or row.awaits_author
        or (row.needs_help and row.state is State.SUBMITTED)
    )


def of_proposal(row: ProposalRow) -> Task:
    """Return the task an own proposal (or a shared draft) gives."""
    return Task(
        standing=_shared(row) if row.author_id != actor().id else standing(row, actor(), current_round()),
        title=row.summary or _("Noch ohne Zusammenfassung"),
        url=url_for("proposals.edit" if row.state is State.DRAFT else "proposals.show", number=row.number),
        row=row,
        since=row.changed_at,
        is_german=bool(row.summary),
    )


def _shared(row: ProposalRow) -> Standing:
    """Return where the draft of a colleague stands."""
    return Standing(
        "",
        "people",
        _("Mit Ihnen geteilt"),
        _(
            "%(name)s hat diesen Entwurf in Ihrer Organisation geteilt. Sie können mitschreiben.",
            name=row.author.name or _("Eine Kollegin oder ein Kollege"),
        ),
    )


# --------------------------------------------------------------------------- own contributions, conversations


def questions(rows: Sequence[Row]) -> list[Task]:
    """Return the questions of the moderation about own contributions."""
    return [
        Task(
            standing=Standing(
                "wait",
                "comment",
                _("Rückfrage gestellt"),
                _("Die Moderation hat eine Frage dazu. Ihre Antwort lesen nur Sie und die Moderation."),
            ),
            title=row.title,
            url=url_for("contributions.show", code=row.code),
            since=row.changed_at,
            is_german=True,
        )
        for row in rows
        if row.state is ContributionState.ASKED
    ]


def of_conversations(found: Conversations) -> list[Task]:
    """Return answers nobody has read, and open conversations about own proposals, one task a proposal."""
    tasks = []
    if found.unread_answers:
        only = found.answered_id if found.unread_answers == 1 else None
        tasks.append(
            Task(
                Standing("wait", "comment", _("lesen"), _("Jemand hat Ihnen geantwortet.")),
                ngettext(
                    "%(num)s neue Antwort in Ihren Gesprächen",
                    "%(num)s neue Antworten in Ihren Gesprächen",
                    found.unread_answers,
                ),
                url_for("comments.show", comment_id=only)
                if only
                else url_for("watching.notices", nur="ungelesen"),
            )
        )
    by_proposal = sorted(found.open, key=lambda talk: talk.proposal_id or 0)
    for number, group in groupby(by_proposal, key=lambda talk: talk.proposal_id):
        tasks.append(_about(number or 0, list(group)))
    return tasks


def _about(number: int, talks: Sequence[Talk]) -> Task:
    return Task(
        Standing(
            "wait",
            "comment",
            _("antworten"),
            ngettext(
                "Zu Ihrem Vorschlag %(number)s wartet ein Gespräch auf Ihre Antwort.",
                "Zu Ihrem Vorschlag %(number)s warten %(num)s Gespräche auf Ihre Antwort.",
                len(talks),
                number=number,
            ),
        ),
        title=talks[0].summary,
        url=url_for("comments.show", comment_id=talks[0].id)
        if len(talks) == 1
        else url_for("proposals.show", number=number, _anchor="kommentare"),
        since=max(talk.at for talk in talks),
        is_german=True,
    )


def standing_of_talk(talk: Talk) -> Standing:
    """Return what became of an own comment and what happens next."""
    if talk.is_hidden:
        sentence = _("Andere lesen ihn nicht. Die Moderation sagt beim Kommentar, warum.")
        return Standing("stop", "stop", _("Ausgeblendet"), sentence)
    if talk.taken_up is not None:
        return _taken_up(talk.taken_up, talk.taken_up_state)
    if talk.is_resolved:
        return Standing("ok", "done", _("Erledigt"), _("Das Gespräch ist abgeschlossen."))
    if talk.answers:
        return Standing(
            "",
            "comment",
            ngettext("%(num)s Antwort", "%(num)s Antworten", talk.answers),
            _("Das Gespräch ist offen."),
        )
    return Standing(
        "wait", "clock", _("Noch keine Antwort"), _("Wer hier beobachtet, hat von Ihrem Kommentar erfahren.")
    )


def _taken_up(number: int, state: State | None) -> Standing:
    if state is State.APPROVED:
        sentence = _("Vorschlag %(number)s antwortet darauf und ist in die Charta übernommen.", number=number)
        return Standing("ok", "done", _("Aufgegriffen"), sentence)
    if state is State.REJECTED:
        sentence = _("Vorschlag %(number)s antwortet darauf. Dort steht, warum nicht.", number=number)
        return Standing("stop", "stop", _("Nicht übernommen"), sentence)
    sentence = _("Vorschlag %(number)s antwortet darauf. Die Entscheidung steht noch aus.", number=number)
    return Standing("wait", "edit", _("Wird vorgeschlagen"), sentence)


def where_of_talk(talk: Talk) -> str:
    """Return what an own comment is about."""
    if talk.code:
        return _("Beitrag %(code)s", code=talk.code)
    if talk.proposal_id is not None:
        return _("Vorschlag %(number)s", number=talk.proposal_id)
    return f"{talk.section_number} {talk.section_title}".strip()
