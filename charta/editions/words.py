# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for states of editions and what happens next with them; for views and templates only."""

from flask_babel import gettext as _

from charta.editions.queries import EditionRow
from charta.editions.rules import Decision, EditionState
from charta.errors import WrongState
from charta.web.dates import whole_day
from charta.web.standing import Standing


def standing(row: EditionRow, following: EditionRow | None = None) -> Standing:
    """Return where an edition stands: kind, icon and word; `following` came into force after it."""
    if row.published_at is not None:
        word = _("Freigegeben am %(day)s", day=whole_day(row.published_at))
        return Standing("", "history", word) if following else Standing("ok", "check", word)
    if row.state is EditionState.DISCARDED:
        return Standing("stop", "stop", _("Verworfen"))
    return Standing("wait", "clock", _("Zusammengestellt, noch nicht freigegeben"))


def next_step(row: EditionRow, following: EditionRow | None = None, *, knows_ballot: bool = True) -> str:
    """Return what is to be known about an edition now, or what happens next with it.

    `knows_ballot`: whether the reader may know that a ballot is open.
    """
    if row.published_at is not None and following is not None and following.published_at is not None:
        return _(
            "Sie galt bis %(day)s. Seitdem gilt Fassung %(name)s.",
            day=whole_day(following.published_at),
            name=following.name,
        )
    if row.published_at is not None:
        return _("Diese Fassung gilt. Ihr Text, ihre Nummern und ihre Angaben ändern sich nicht mehr.")
    if row.state is EditionState.DISCARDED:
        return _("Diese Zusammenstellung wurde nicht freigegeben.")
    if row.held_by_ballot is not None and knows_ballot:
        return _("Über genau diesen Text wird abgestimmt. Bis zum Ende der Abstimmung steht er still.")
    match row.decision:
        case Decision.ADOPTED:
            return _(
                "Die Partner haben genau diesen Text beschlossen. Als Nächstes gibt die Moderation ihn frei."
            )
        case Decision.NOT_ADOPTED:
            return _(
                "Die Partner haben diesen Text nicht beschlossen. Die Moderation stellt ihn neu zusammen."
            )
        case _:
            return _(
                "Stand der Texte vom %(day)s. Als Nächstes stimmen die Partner darüber ab, "
                "oder die Moderation gibt die Fassung frei.",
                day=whole_day(row.composed_at),
            )


def wrong_state(error: WrongState) -> str:
    """Return why a deed does not fit an edition any more."""
    name = error.data.get("edition", "")
    match error.state:
        case "held":
            return _(
                "Über die Fassung %(name)s wird gerade abgestimmt (Abstimmung %(number)s). "
                "Bis zum Ende der Abstimmung steht sie still.",
                name=name,
                number=error.data.get("ballot", ""),
            )
        case "overtaken":
            return _(
                "Die Fassung %(newest)s ist schon freigegeben. Nach ihr kann %(name)s nicht mehr gelten.",
                newest=error.data["newest"],
                name=name,
            )
        case "published":
            return _("Die Fassung %(name)s ist freigegeben. Sie ändert sich nicht mehr.", name=name)
        case _:
            return _("Die Fassung %(name)s ist verworfen.", name=name)
