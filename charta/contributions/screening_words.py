# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the screening desk says: its filters, its messages, and why something did not go."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from charta.contributions.rules import State
from charta.contributions.service.entering import Outcome
from charta.errors import ChartaError, EditConflict, InvalidInput, NotFound, WrongState
from charta.web import words as web_words


def piles() -> list[tuple[str, str]]:
    """Return the choices of the first filter, by their value in the address."""
    return [
        ("neu", _("Neu eingegangen")),
        ("rueckfrage", _("Rückfrage gestellt")),
        ("offen", _("Aufgenommen, ohne Antwort")),
        ("aufgenommen", _("Alle aufgenommenen")),
        ("nicht", _("Nicht aufgenommen")),
        ("zusammen", _("Zusammengelegt oder aufgeteilt")),
        ("alle", _("Alle Beiträge")),
    ]


def done(deed: str, code: str) -> str:
    """Return the message after a deed on one contribution."""
    match deed:
        case "aufnehmen":
            return _("Beitrag %(code)s ist aufgenommen.", code=code)
        case "nachfragen":
            return _("Zu Beitrag %(code)s ist nachgefragt.", code=code)
        case "ablehnen":
            return _("Beitrag %(code)s ist nicht aufgenommen.", code=code)
        case "beantworten":
            return _("Beitrag %(code)s ist beantwortet.", code=code)
        case "oeffnen":
            return _("Beitrag %(code)s ist wieder in Sichtung.", code=code)
        case "aufteilen":
            return _("Beitrag %(code)s ist aufgeteilt.", code=code)
        case "schwaerzen":
            return _("Die Worte in Beitrag %(code)s sind entfernt.", code=code)
        case "trennen":
            return _("Beitrag %(code)s ist wieder ein eigener Beitrag.", code=code)
        case _other:
            return _("Die Angaben zu Beitrag %(code)s sind gespeichert.", code=code)


def done_together(deed: str, count: int) -> str:
    """Return the message after a deed on several contributions."""
    match deed:
        case "aufnehmen":
            return ngettext("%(num)s Beitrag ist aufgenommen.", "%(num)s Beiträge sind aufgenommen.", count)
        case "ablehnen":
            return ngettext(
                "%(num)s Beitrag ist nicht aufgenommen.", "%(num)s Beiträge sind nicht aufgenommen.", count
            )
        case "buendeln":
            return ngettext("%(num)s Beitrag ist gebündelt.", "%(num)s Beiträge sind gebündelt.", count)
        case "zusammenlegen":
            return ngettext(
                "%(num)s Beitrag ist zusammengelegt.", "%(num)s Beiträge sind zusammengelegt.", count
            )
        case "uebernehmen":
            return ngettext(
                "%(num)s Beitrag liegt jetzt bei Ihnen.", "%(num)s Beiträge liegen jetzt bei Ihnen.", count
            )
        case "herausnehmen":
            return ngettext(
                "%(num)s Beitrag ist aus dem Thema genommen.",
                "%(num)s Beiträge sind aus dem Thema genommen.",
                count,
            )
        case "zurueck":
            return ngettext(
                "%(num)s Beitrag ist wieder wie vorher.", "%(num)s Beiträge sind wieder wie vorher.", count
            )
        case _other:
            return ngettext("%(num)s Beitrag ist gespeichert.", "%(num)s Beiträge sind gespeichert.", count)


def left_over(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a sentence for each reason why contributions stayed as they were, with their codes."""
    by_reason: dict[str, list[str]] = {}
    for item in outcomes:
        if item.error is not None:
            by_reason.setdefault(error(item.error), []).append(item.code or "?")
    return [
        _("Unverändert: %(codes)s. %(reason)s", codes=", ".join(codes), reason=reason)
        for reason, codes in by_reason.items()
    ]


def error(found: ChartaError) -> str:
    """Return why a deed on a contribution or topic did not go."""
    match found:
        case WrongState():
            return wrong_state(found)
        case EditConflict():
            return _("Inzwischen hat jemand anderes hier etwas geändert. Bitte sehen Sie noch einmal hin.")
        case NotFound():
            return _("Das gibt es nicht.")
        case InvalidInput():
            return web_words.input_error(found.code, found.data)
        case _other:
            return _("Das hat nicht geklappt.")


def wrong_state(found: WrongState) -> str:
    """Return why a deed does not fit the state of a contribution or topic."""
    match found.action, found.state:
        case "merge", State.MERGED:
            return _("Dieser Beitrag ist schon mit einem anderen zusammengelegt.")
        case "merge_into", State.DECLINED:
            return _("Das Ziel ist nicht aufgenommen. Nehmen Sie es zuerst auf.")
        case "merge_into", State.SPLIT:
            return _("Das Ziel ist aufgeteilt. Wählen Sie einen seiner Teile.")
        case "bundle", "same_topic":
            return _("Der Beitrag gehört schon zu diesem Thema.")
        case "merge_topic", "answered":
            return _("Dieses Thema ist schon beantwortet und bleibt für sich.")
        case "change_topic", "merged":
            return _("Dieses Thema ist in einem anderen aufgegangen.")
        case _action, State.MERGED:
            return _("Der Beitrag ist inzwischen mit einem anderen zusammengelegt.")
        case _action, State.SPLIT:
            return _("Der Beitrag ist inzwischen aufgeteilt.")
        case _action, State.ACCEPTED:
            return _("Der Beitrag ist schon aufgenommen.")
        case _action, State.DECLINED:
            return _("Der Beitrag ist schon nicht aufgenommen.")
        case _action, State.ASKED:
            return _("Zu diesem Beitrag läuft eine Rückfrage.")
        case _:
            return _("Das ist im jetzigen Stand nicht mehr möglich.")
