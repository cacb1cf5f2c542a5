# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Why somebody hears of a deed, in one short sentence; the same on the page and in the digest."""

from flask_babel import gettext as _

from charta.notifications.rules import NoticeReason


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
    }.get(kind, _("Sie beobachten das."))
