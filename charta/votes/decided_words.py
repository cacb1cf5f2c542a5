# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a counted ballot came to, in one line; for views and templates only."""

from flask_babel import force_locale
from flask_babel import gettext as _

from charta.votes.queries.decided import Decided
from charta.web.i18n import DEFAULT


def line(ballot: Decided) -> str:
    """Return how a ballot ended: with its numbers where it had one question."""
    if ballot.is_adopted is None:
        return _("Abstimmung der Teilnehmenden: Meinungsbild liegt vor")
    if ballot.questions > 1:
        if ballot.is_adopted:
            return _("Abstimmung: alle Fragen angenommen")
        return _("Abstimmung: nicht alle Fragen angenommen")
    yes, entitled = ballot.partners_yes, ballot.partners_entitled
    if ballot.is_adopted:
        return _("Abstimmung: angenommen, %(yes)s von %(all)s Partnern", yes=yes, all=entitled)
    return _("Abstimmung: nicht angenommen, %(yes)s von %(all)s Partnern", yes=yes, all=entitled)


def reason(ballot: Decided) -> str:
    """Return the reason with which a proposal the partners did not adopt can be turned down.

    It stands in public, so it is German whatever language the moderator reads.
    """
    with force_locale(DEFAULT):
        text = _(
            "Die Partner haben den Vorschlag in der Abstimmung „%(title)s“ nicht angenommen "
            "(%(yes)s von %(all)s mit Ja).",
            title=ballot.title,
            yes=ballot.partners_yes,
            all=ballot.partners_entitled,
        )
    return f"{text}\n\n{ballot.outcome}" if ballot.outcome else text
