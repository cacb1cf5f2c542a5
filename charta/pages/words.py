# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Where a proposal stands: icon, word, and one sentence „Wie es weitergeht“; for views and templates."""

from dataclasses import dataclass

from flask_babel import gettext as _

from charta.db import utcnow
from charta.permissions import Actor
from charta.proposals.queries import ProposalRow
from charta.proposals.rules import MergeState, State
from charta.site.queries import RoundInForce
from charta.web.dates import day


@dataclass(frozen=True, slots=True)
class Standing:
    """What `ui.status` and `ui.state` show; `kind` is one of "", ok, wait, stop, move."""

    kind: str
    icon: str
    word: str
    sentence: str = ""


def standing(row: ProposalRow, viewer: Actor, round_: RoundInForce | None) -> Standing:
    """Return where a proposal stands, told to its author or a colleague."""
    match row.state:
        case State.DRAFT:
            return _draft(row, viewer, round_)
        case State.CHANGES_REQUESTED:
            return Standing("wait", "edit", _("Überarbeitung erbeten"), _revise(round_))
        case State.APPROVED:
            return Standing("ok", "done", _("übernommen"), _("Der Vorschlag steht in der Arbeitsfassung."))
        case State.REJECTED:
            return Standing("stop", "stop", _("nicht übernommen"), _("Warum, steht beim Vorschlag."))
        case State.WITHDRAWN:
            return Standing("", "undo", _("zurückgezogen"), _("Er bleibt lesbar, entschieden wird nicht."))
        case State.SUBMITTED:
            return _submitted(row, round_)


def _draft(row: ProposalRow, viewer: Actor, round_: RoundInForce | None) -> Standing:
    if row.author_id != viewer.id:
        return Standing(
            "",
            "people",
            _("mit Ihnen geteilt"),
            _(
                "%(name)s hat diesen Entwurf in Ihrer Organisation geteilt. Sie können mitschreiben.",
                name=row.author.name or _("Eine Kollegin oder ein Kollege"),
            ),
        )
    if round_ is not None and round_.is_open:
        until = _("Einreichen können Sie ihn bis %(day)s.", day=day(round_.closes_at))
    else:
        until = _("Einreichen können Sie ihn, sobald eine Beteiligungsrunde geöffnet ist.")
    return Standing(
        "", "edit", _("Entwurf, in Ihrer Organisation geteilt") if row.is_shared else _("Entwurf"), until
    )


def _revise(round_: RoundInForce | None) -> str:
    if round_ is not None and round_.editorial_at > utcnow():
        return _(
            "Die Moderation bittet um eine neue Fassung. Redaktionsschluss ist am %(day)s.",
            day=day(round_.editorial_at),
        )
    return _("Die Moderation bittet um eine neue Fassung.")


def _submitted(row: ProposalRow, round_: RoundInForce | None) -> Standing:
    if row.awaits_author and row.adapted_until is not None:
        return Standing(
            "wait",
            "edit",
            _("Angepasste Fassung liegt vor"),
            _(
                "Bitte antworten Sie bis %(day)s. Ohne Antwort wird die angepasste Fassung übernommen.",
                day=day(row.adapted_until),
            ),
        )
    until = _decision(row, round_)
    if row.is_held:
        return Standing(
            "wait", "ballot", _("wartet auf Abstimmung"), _("Entschieden wird nach der Abstimmung.")
        )
    if row.needs_help:
        return Standing("stop", "conflict", _("Ihre Hilfe ist nötig"), why_help(row.merge_state))
    if row.merge_state is MergeState.ALREADY_CONTAINED:
        return Standing("", "document", _("eingereicht, steht schon im Text"), until)
    return Standing("", "clock", _("eingereicht"), until)


def _decision(row: ProposalRow, round_: RoundInForce | None) -> str:
    now = utcnow()
    if row.decide_until is not None and row.decide_until > now:
        return _("Die Moderation entscheidet bis %(day)s.", day=day(row.decide_until))
    if round_ is not None and round_.answer_at > now:
        return _("Die Antwort kommt bis %(day)s.", day=day(round_.answer_at))
    return _("Die Moderation entscheidet als Nächstes.")


def why_help(state: MergeState) -> str:
    """Return why a proposal needs its author, in one sentence."""
    return {
        MergeState.CONFLICT: _(
            "Dieselben Worte wurden inzwischen geändert. Bitte sagen Sie, was gelten soll."
        ),
        MergeState.TARGET_GONE: _("Die Stelle im Text gibt es nicht mehr. Bitte ändern Sie Ihren Vorschlag."),
        MergeState.BOTH_MOVED: _("Der Abschnitt wurde inzwischen verschoben. Bitte prüfen Sie das Ziel."),
        MergeState.EDITED_SINCE: _(
            "Der Text wurde inzwischen geändert. Bitte prüfen Sie, ob er wegfallen soll."
        ),
        MergeState.CYCLE: _(
            "Der Abschnitt kann nicht unter sich selbst stehen. Bitte wählen Sie ein anderes Ziel."
        ),
    }.get(state, "")


def fit(state: MergeState, *, is_held: bool = False) -> Standing:
    """Return how a proposal fits the present text, as moderators see it: a short word and one sentence."""
    if is_held:
        return Standing(
            "wait", "ballot", _("wartet auf Abstimmung"), _("Entschieden wird nach der Abstimmung.")
        )
    return {
        MergeState.CLEAN: Standing("ok", "done", _("passt"), _("Passt zum aktuellen Text.")),
        MergeState.MOVED: Standing(
            "ok",
            "done",
            _("passt weiterhin"),
            _("Der Text ringsum hat sich geändert, der Vorschlag passt weiterhin."),
        ),
        MergeState.CONFLICT: Standing(
            "stop", "conflict", _("Überschneidung"), _("Dieselben Worte wurden inzwischen anders geändert.")
        ),
        MergeState.ALREADY_CONTAINED: Standing(
            "", "document", _("steht schon im Text"), _("Was vorgeschlagen wird, steht schon im Text.")
        ),
        MergeState.TARGET_GONE: Standing(
            "stop", "warning", _("Ziel fehlt"), _("Die Stelle, auf die er sich bezieht, gibt es nicht mehr.")
        ),
        MergeState.BOTH_MOVED: Standing(
            "move",
            "move",
            _("zweimal verschoben"),
            _("Der Abschnitt wurde inzwischen an eine andere Stelle verschoben."),
        ),
        MergeState.EDITED_SINCE: Standing(
            "wait",
            "edit",
            _("inzwischen geändert"),
            _("Der Text, der wegfallen soll, wurde inzwischen geändert."),
        ),
        MergeState.CYCLE: Standing(
            "stop", "warning", _("Ziel unmöglich"), _("Der Abschnitt stünde unter sich selbst.")
        ),
    }[state]
