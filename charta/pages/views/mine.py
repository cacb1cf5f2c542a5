# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mein Bereich: what waits for this person first, then the own proposals, then what is new."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.accounts.queries import count_of_open_invitations
from charta.contributions.queries import screening
from charta.contributions.queries.supporting import count_of_own
from charta.pages import queries
from charta.pages.views.blueprint import blueprint
from charta.permissions import Permission, may, role_may
from charta.proposals import queries as proposals
from charta.proposals.queries import ProposalRow, QueueSummary
from charta.proposals.rules import State
from charta.proposals.words import fit, standing
from charta.sections.words import until_when
from charta.web import words
from charta.web.access import access
from charta.web.dates import day
from charta.web.standing import Standing
from charta.web.viewer import actor, current_round, policy


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: where it stands and what happens next, what it is about, and where to do it."""

    standing: Standing
    title: str
    url: str
    row: ProposalRow | None = None
    since: datetime | None = None


@blueprint.get("/mein-bereich")
@access(Permission.USE_ACCOUNT)
def mine() -> ResponseReturnValue:
    """Show the tasks of the viewer's role, the own proposals and what is new in the Charta."""
    viewer = actor()
    decides = bool(role_may(viewer, Permission.READ_QUEUE))
    writes = bool(role_may(viewer, Permission.PROPOSE))
    desk = proposals.own_desk(viewer) if writes else []
    tasks: list[Task] = []
    if decides:
        tasks += queue_tasks(proposals.queue_summary()) + assigned_tasks(proposals.assigned_to(viewer))
        tasks += screening_tasks(*screening.waiting())
    if role_may(viewer, Permission.MANAGE_PEOPLE):
        tasks += office_tasks(*count_of_open_invitations(), queries.failed_mails())
    tasks += [proposal_task(row) for row in desk if waits_for_viewer(row)]
    rest = [row for row in desk if not waits_for_viewer(row)]
    return render_template(
        "pages/mine.html",
        role=words.ROLES[viewer.role],
        tasks=tasks,
        writes=writes,
        decides=decides,
        own=[(row, standing(row, viewer, current_round())) for row in rest[: proposals.PAGE_SIZE]],
        has_more=len(desk) > proposals.PAGE_SIZE,
        may_propose=may(viewer, Permission.PROPOSE, policy=policy()),
        round_sentence=until_when(current_round(), None, whole=True),
        news=queries.newest_texts(),
        own_contributions=count_of_own(viewer) if writes else 0,
    )


def waits_for_viewer(row: ProposalRow) -> bool:
    """Whether this proposal is a task of the person whose desk it lies on."""
    return (
        row.state in {State.DRAFT, State.CHANGES_REQUESTED}
        or row.awaits_author
        or (row.needs_help and row.state is State.SUBMITTED)
    )


def proposal_task(row: ProposalRow) -> Task:
    """Return the task an own proposal (or a shared draft) gives."""
    return Task(
        standing=shared(row) if row.author_id != actor().id else standing(row, actor(), current_round()),
        title=row.summary or _("Noch ohne Zusammenfassung"),
        url=url_for("proposals.edit" if row.state is State.DRAFT else "proposals.show", number=row.number),
        row=row,
        since=row.changed_at,
    )


def shared(row: ProposalRow) -> Standing:
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


def screening_tasks(received: int, topics: int) -> list[Task]:
    """Return what waits on the desk of contributions: those nobody has read, and topics without an answer."""
    tasks = []
    if received:
        tasks.append(
            Task(
                Standing("wait", "eye", _("sichten"), _("Neue Beiträge lesen, aufnehmen und bündeln.")),
                ngettext("%(num)s Beitrag zu sichten", "%(num)s Beiträge zu sichten", received),
                url_for("contributions.screening_desk"),
            )
        )
    if topics:
        tasks.append(
            Task(
                Standing("wait", "bundle", _("beantworten"), _("Eine Antwort gilt für alle Beiträge darin.")),
                ngettext("%(num)s Thema zu beantworten", "%(num)s Themen zu beantworten", topics),
                url_for("contributions.topic_board"),
            )
        )
    return tasks


def queue_tasks(summary: QueueSummary) -> list[Task]:
    """Return what the queue asks of a moderator: decisions, and overlaps to resolve."""
    tasks = []
    if summary.total:
        oldest = (
            _("Der älteste wartet seit dem %(day)s.", day=day(summary.oldest_at)) if summary.oldest_at else ""
        )
        tasks.append(
            Task(
                Standing("wait", "scale", _("entscheiden"), oldest),
                ngettext(
                    "%(num)s Vorschlag zu entscheiden", "%(num)s Vorschläge zu entscheiden", summary.total
                ),
                url_for("pages.queue"),
            )
        )
    if summary.overlaps:
        tasks.append(
            Task(
                Standing(
                    "stop", "conflict", _("auflösen"), _("Dieselben Worte wurden verschieden geändert.")
                ),
                ngettext("%(num)s Überschneidung", "%(num)s Überschneidungen", summary.overlaps),
                url_for("pages.queue", passung="ueberschneidung"),
            )
        )
    return tasks


def assigned_tasks(rows: Sequence[ProposalRow]) -> list[Task]:
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
        )
        for row in rows
        if row.state is State.SUBMITTED
    ]


def office_tasks(invitations: int, expired: int, failed: int) -> list[Task]:
    """Return what waits for an administrator: unanswered invitations and mails that were given up."""
    tasks = []
    if failed:
        tasks.append(
            Task(
                Standing(
                    "stop", "mail", _("nicht zugestellt"), _("Bitte prüfen Sie Adressen und Mailserver.")
                ),
                ngettext(
                    "%(num)s E-Mail konnte nicht zugestellt werden",
                    "%(num)s E-Mails konnten nicht zugestellt werden",
                    failed,
                ),
                url_for("admin.operation"),
            )
        )
    if invitations:
        sentence = ngettext(
            "%(num)s davon ist abgelaufen. Senden Sie sie bei Bedarf noch einmal.",
            "%(num)s davon sind abgelaufen. Senden Sie sie bei Bedarf noch einmal.",
            expired,
        )
        tasks.append(
            Task(
                Standing("wait", "mail", _("offen"), sentence if expired else _("Sie gelten 30 Tage.")),
                ngettext("%(num)s offene Einladung", "%(num)s offene Einladungen", invitations),
                url_for("admin.invitations"),
            )
        )
    return tasks
