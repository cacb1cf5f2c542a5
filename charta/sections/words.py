# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Sentences about text that several pages say; for views and templates only."""

from flask_babel import gettext as _

from charta.permissions import Reason
from charta.sections.rules import Cause
from charta.site.queries import RoundInForce
from charta.site.rules import RoundStatus
from charta.web import words
from charta.web.dates import day


def cause(value: Cause) -> str:
    """Return why a revision came to be, in a word or two."""
    match value:  # not a table: it would look up all words for each line of a history
        case Cause.IMPORT:
            return _("eingelesen")
        case Cause.PROPOSAL:
            return _("Vorschlag übernommen")
        case Cause.CORRECTION:
            return _("Berichtigung")


def until_when(round_: RoundInForce | None, field_number: int | None, *, whole: bool = False) -> str:
    """Return what can be done with a text now and until when, from the participation round.

    `whole` speaks of the whole Charta, so the fields a round is limited to do not matter.
    """
    if round_ is None:
        return _("Zurzeit ist keine Beteiligungsrunde geplant.")
    match round_.status:
        case RoundStatus.PLANNED:
            return _(
                "Änderungen können Sie ab %(opens)s vorschlagen, bis %(closes)s.",
                opens=day(round_.opens_at),
                closes=day(round_.closes_at),
            )
        case RoundStatus.OPEN if whole or round_.covers(field_number):
            return _(
                "Änderungen können Sie bis %(closes)s vorschlagen. Die Antwort gibt es bis %(answer)s.",
                closes=day(round_.closes_at),
                answer=day(round_.answer_at),
            )
        case RoundStatus.OPEN:
            return _(
                "Dieser Text gehört nicht zur laufenden Beteiligungsrunde. Sie endet am %(closes)s.",
                closes=day(round_.closes_at),
            )
        case RoundStatus.EDITORIAL:
            return _(
                "Die Beteiligungsrunde ist beendet. Die Moderation entscheidet bis %(editorial)s über die "
                "Vorschläge, die Antwort gibt es bis %(answer)s.",
                editorial=day(round_.editorial_at),
                answer=day(round_.answer_at),
            )
        case _:
            return _(
                "Die letzte Beteiligungsrunde ist am %(closes)s zu Ende gegangen. "
                "Die nächste ist noch nicht geplant.",
                closes=day(round_.closes_at),
            )


def why_not(reason: Reason, round_: RoundInForce | None) -> str:
    """Return why the viewer cannot propose a change here."""
    if reason is Reason.ROUND_CLOSED and round_ is not None and round_.status is RoundStatus.PLANNED:
        return _("Änderungen können Sie ab %(opens)s vorschlagen.", opens=day(round_.opens_at))
    if reason is Reason.SIGN_IN:
        return _("Änderungen vorschlagen können Sie, sobald Sie angemeldet sind.")
    return words.reason(reason)
