# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Words for what is watched: how a subject is called, and its kind; for views and templates only."""

from flask_babel import gettext as _

from charta.contributions.rules import GAP
from charta.watching.queries.subjects import Subject
from charta.watching.rules import WatchKind


def several(kind: WatchKind) -> str:
    """Return the heading over all that is watched of a kind."""
    return {
        WatchKind.FIELD: _("Handlungsfelder"),
        WatchKind.SECTION: _("Abschnitte und Maßnahmen"),
        WatchKind.PROPOSAL: _("Vorschläge"),
        WatchKind.CONTRIBUTION: _("Beiträge"),
        WatchKind.TOPIC: _("Themen"),
        WatchKind.FORUM: _("Foren"),
        WatchKind.BALLOT: _("Abstimmungen"),
        WatchKind.COMMENT: _("Gespräche"),
    }[kind]


def icon(kind: WatchKind) -> str:
    """Return the icon that stands for a kind, as in the list of what happened."""
    return {
        WatchKind.FIELD: "flag",
        WatchKind.PROPOSAL: "edit",
        WatchKind.CONTRIBUTION: "people",
        WatchKind.TOPIC: "bundle",
        WatchKind.FORUM: "calendar",
        WatchKind.BALLOT: "ballot",
        WatchKind.COMMENT: "comment",
    }.get(kind, "document")


def name(subject: Subject) -> str:
    """Return how a subject is called in a list: its number or code, and its words."""
    title = subject.title.replace(GAP, "…")
    match subject.kind:
        case WatchKind.PROPOSAL:
            return _("Vorschlag %(number)s: %(title)s", number=subject.code, title=title)
        case WatchKind.CONTRIBUTION:
            if not title:
                return _("Beitrag %(code)s", code=subject.code)
            return _("Beitrag %(code)s: %(title)s", code=subject.code, title=title)
        case WatchKind.COMMENT:
            return _("„%(words)s“", words=title) if title else _("Ein Gespräch, dessen Anfang fehlt")
        case WatchKind.SECTION:
            return f"{subject.code} {title}".strip()
    return title


def gone(kind: WatchKind) -> str:
    """Return what stands in place of something the viewer may not see (any more)."""
    return {
        WatchKind.PROPOSAL: _("Ein Vorschlag, der nicht mehr zu sehen ist"),
        WatchKind.CONTRIBUTION: _("Ein Beitrag, der nicht mehr zu sehen ist"),
        WatchKind.TOPIC: _("Ein Thema, das es so nicht mehr gibt"),
        WatchKind.BALLOT: _("Eine Abstimmung, die nicht mehr zu sehen ist"),
        WatchKind.COMMENT: _("Ein Gespräch, das nicht mehr zu sehen ist"),
    }.get(kind, _("Etwas, das nicht mehr zu sehen ist"))
