# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why somebody hears of a deed, in one short sentence; the same on the page and in the digest."""

from flask_babel import gettext as _

from charta.notifications.rules import NoticeReason
from charta.watching.queries.notices import Line


def why(reason: NoticeReason, watched_kind: str) -> str:
    """Return the sentence for a reason and the kind of thing that is watched."""
    match reason:
        case NoticeReason.OWN:
            return _own(watched_kind)
        case NoticeReason.ANSWERED:
            return _("Sie nehmen an diesem Gespräch teil.")
        case NoticeReason.MENTIONED:
            return _("Ihr Name steht in dem Kommentar.")
        case NoticeReason.ORGANISATION:
            if watched_kind == "ballot":
                return _("Sie stimmen für Ihre Organisation ab.")
            return _("Es betrifft Ihre Organisation.")
    return _watched(watched_kind)


def _own(kind: str) -> str:
    return {
        "proposal": _("Das ist Ihr Vorschlag."),
        "contribution": _("Das ist Ihr Beitrag."),
        "comment": _("Sie haben dieses Gespräch begonnen."),
    }.get(kind, _("Das ist von Ihnen."))


def _watched(kind: str) -> str:
    return {
        "section": _("Sie beobachten diesen Abschnitt."),
        "measure": _("Sie beobachten diese Maßnahme."),
        "field": _("Sie beobachten dieses Handlungsfeld."),
        "proposal": _("Sie beobachten diesen Vorschlag."),
        "contribution": _("Sie beobachten diesen Beitrag."),
        "topic": _("Sie beobachten dieses Thema."),
        "forum": _("Sie beobachten dieses Forum."),
        "comment": _("Sie beobachten dieses Gespräch."),
        "ballot": _("Sie beobachten diese Abstimmung."),
    }.get(kind, _("Sie beobachten das."))


def why_of(line: Line) -> str:
    """Return the sentence for a line of the page; it names what is watched if that is something else."""
    deed, kind, name = line.deed, line.watched_kind, line.watched_name
    if deed is None or (deed.subject_kind, deed.subject_id) == (kind, line.watched_id):
        return why(line.reason, kind)
    if line.reason is NoticeReason.OWN:
        return _own_named(kind, name, line.watched_id)
    if line.reason is NoticeReason.WATCHED:
        return _watched_named(line)
    return why(line.reason, kind)


def _own_named(kind: str, name: str, number: int) -> str:
    if kind == "proposal":
        return _("Vorschlag %(number)s ist von Ihnen.", number=number)
    if kind == "contribution" and name:
        return _("Beitrag %(code)s ist von Ihnen.", code=name)
    return _own(kind)


def _watched_named(line: Line) -> str:
    kind, name = line.watched_kind, line.watched_name
    if kind == "proposal":
        return _("Sie beobachten Vorschlag %(number)s.", number=line.watched_id)
    if not name:
        return _watched(kind)
    match kind:
        case "contribution":
            return _("Sie beobachten Beitrag %(code)s.", code=name)
        case "topic":
            return _("Sie beobachten das Thema „%(title)s“.", title=name)
        case "forum":
            return _("Sie beobachten das Forum „%(title)s“.", title=name)
        case "ballot":
            return _("Sie beobachten die Abstimmung „%(title)s“.", title=name)
        case "field":
            return _("Sie beobachten das Handlungsfeld „%(title)s“.", title=name)
    if line.is_measure:
        return _("Sie beobachten die Maßnahme „%(title)s“.", title=name)
    return _("Sie beobachten den Abschnitt „%(title)s“.", title=name)
