# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words of ballots: where one stands, rules in plain words, choices and results."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from charta.errors import WrongState
from charta.votes.queries.ballots import BallotRow
from charta.votes.queries.one_ballot import BallotPage
from charta.votes.rules import DecisionRule, Electorate, Method, PartnerChoice, Scope
from charta.votes.rules import Standing as Where
from charta.web.dates import exact
from charta.web.forms import wrong_state_sentence
from charta.web.standing import Standing
from charta.web.words import GROUPS

CHOICES = {
    PartnerChoice.YES: _l("Ja"),
    PartnerChoice.NO: _l("Nein"),
    PartnerChoice.ABSTAIN: _l("Enthaltung"),
    PartnerChoice.OBJECTION: _l("Schwerwiegender Einwand"),
}
# How a choice looks: icon, and the kind of its part in a bar.
LOOKS = {
    PartnerChoice.YES: ("check", "yes"),
    PartnerChoice.NO: ("cross", "no"),
    PartnerChoice.ABSTAIN: ("pause", "abst"),
    PartnerChoice.OBJECTION: ("stop", "object"),
}
SCALE = {
    1: _l("gar nicht"),
    2: _l("eher nicht"),
    3: _l("teils, teils"),
    4: _l("eher ja"),
    5: _l("voll und ganz"),
}
METHODS = {
    Method.YES_NO: _l("Ja, Nein oder Enthaltung"),
    Method.SCALE: _l("Skala von 1 bis 5"),
    Method.POINTS: _l("Punkte verteilen"),
    Method.RANKING: _l("Rangfolge (ausgezählt nach Schulze)"),
}
RULES = {
    DecisionRule.CONSENT: _l("Konsent"),
    DecisionRule.SIMPLE: _l("einfache Mehrheit"),
    DecisionRule.QUALIFIED: _l("Zweidrittelmehrheit"),
    DecisionRule.UNANIMITY: _l("Einstimmigkeit"),
}
ELECTORATES = {
    Electorate.PARTNERS: _l("Die Partner: eine Stimme je Organisation, verbindlich"),
    Electorate.PARTICIPANTS: _l("Die Teilnehmenden: eine Stimme je Person, beratend"),
}
SCOPES = {
    Scope.VERIFIED: _l("Alle bestätigten"),
    Scope.FORUMS: _l("Nur wer bei bestimmten Foren eingecheckt war"),
}
# What a moderator chooses between, in plain words.
RULE_HINTS = {
    DecisionRule.CONSENT: _l(
        "Mehr Ja als Nein und kein schwerwiegender Einwand. Für Texte, die alle tragen sollen."
    ),
    DecisionRule.SIMPLE: _l("Mehr Ja als Nein. Enthaltungen zählen nicht mit, Gleichstand ist abgelehnt."),
    DecisionRule.QUALIFIED: _l("Zwei Drittel der Ja- und Nein-Stimmen sind Ja."),
    DecisionRule.UNANIMITY: _l("Alle Partner der Liste sagen Ja."),
}
SCOPE_HINTS = {
    Scope.VERIFIED: _l("Bei einem Forum eingecheckt oder mit bestätigter E-Mail-Adresse."),
    Scope.FORUMS: _l("Konten ohne E-Mail-Adresse stimmen mit, wenn sie eingecheckt waren."),
}
METHOD_HINTS = {
    Method.YES_NO: _l("Dieselbe Frage wie an die Partner."),
    Method.SCALE: _l("Von „gar nicht“ bis „voll und ganz“."),
    Method.POINTS: _l("Nur für Abstimmungen ohne Partner."),
    Method.RANKING: _l("Nur für Abstimmungen ohne Partner."),
}
_BECAUSE = {
    "adopted": _l("Die Regel ist erfüllt."),
    "no_quorum": _l("Es haben nicht genug Partner teilgenommen."),
    "objection": _l(
        "Es gibt mindestens einen schwerwiegenden Einwand. Der Text geht zurück in die Beratung."
    ),
    "no_majority": _l("Es gab mehr Nein als Ja."),
    "tie": _l("Es gab gleich viele Ja und Nein. Damit ist der Antrag nicht angenommen."),
    "no_two_thirds": _l("Zwei Drittel Ja wurden nicht erreicht."),
    "not_all": _l("Nicht alle Partner haben mit Ja gestimmt."),
}


def standing(ballot: BallotPage | BallotRow) -> Standing:
    """Return where a ballot stands and what happens next."""
    until = exact(ballot.closes_at)
    match ballot.standing:
        case Where.DRAFT:
            return Standing("", "edit", _("Entwurf"), _("Nur die Moderation sieht diese Abstimmung."))
        case Where.SCHEDULED:
            begins = exact(ballot.opens_at) if ballot.opens_at else ""
            return Standing(
                "wait",
                "clock",
                _("Beginnt am %(when)s", when=begins),
                _("Sie endet am %(when)s.", when=until),
            )
        case Where.OPEN:
            return Standing(
                "wait",
                "ballot",
                _("Läuft bis %(when)s", when=until),
                _("Danach erscheint das Ergebnis sofort. Bis dahin können Sie Ihre Stimme ändern."),
            )
        case Where.CANCELLED:
            return Standing("stop", "stop", _("Abgebrochen"), _("Es wird nichts gezählt."))
    return Standing("ok", "done", _("Beendet am %(when)s", when=until), _("Das Ergebnis steht fest."))


def outcome(result: dict[str, Any]) -> Standing:
    """Return the partners' outcome of one question in words."""
    sentence = str(_BECAUSE[result["because"]])
    if result["outcome"] == "adopted":
        return Standing("ok", "done", _("Angenommen"), sentence)
    return Standing("stop", "stop", _("Nicht angenommen"), sentence)


def partners_rule(ballot: BallotPage) -> str:
    """Return in one or two sentences when the partners have adopted something."""
    takes_part = ngettext(
        "Mindestens %(num)s Partner muss teilnehmen.",
        "Mindestens %(num)s Partner müssen teilnehmen.",
        ballot.quorum,
    )
    rule = ""
    match ballot.rule:
        case DecisionRule.CONSENT:
            rule = _("Angenommen, wenn mehr Ja als Nein zählen und kein schwerwiegender Einwand vorliegt.")
        case DecisionRule.SIMPLE:
            rule = _("Angenommen, wenn mehr Ja als Nein zählen. Enthaltungen zählen nicht mit.")
        case DecisionRule.QUALIFIED:
            rule = _("Angenommen, wenn zwei Drittel der Ja- und Nein-Stimmen Ja sind.")
        case DecisionRule.UNANIMITY:
            rule = _("Angenommen, wenn alle Partner mit Ja stimmen.")
    return f"{rule} {takes_part}"


def participants_rule(ballot: BallotPage) -> str:
    """Return who takes part in the advisory vote."""
    if ballot.scope is Scope.FORUMS:
        return _("Beratend, eine Stimme je Person, die bei den ausgewählten Foren eingecheckt war.")
    return _("Beratend, eine Stimme je bestätigter Person.")


def voices(value: str) -> Standing | None:
    """Return whether both electorates say the same; None when one of them says nothing."""
    if value == "agree":
        return Standing(
            "ok", "check", _("Beide Stimmen sind sich einig"),
            _("Beschluss der Partner und Meinungsbild der Teilnehmenden gehen in dieselbe Richtung."),
        )  # fmt: skip
    if value == "differ":
        return Standing(
            "wait", "conflict", _("Die beiden Stimmen gehen auseinander"),
            _("Der Beschluss der Partner und das Meinungsbild der Teilnehmenden weichen voneinander ab."),
        )  # fmt: skip
    return None


def group(value: str | None) -> str:
    """Return how a published group is called; folded ones share a name."""
    if value in GROUPS:
        return str(GROUPS[value])  # type: ignore[index]
    return _("keine Angabe") if value in {None, "none"} else _("weitere Gruppen")


def wrong_state(error: WrongState) -> str:
    """Return what to say when a deed of the moderation does not fit where the ballot stands."""
    if "edition" in error.data:
        return _edition_stands(error)
    sentences = {
        "text_held": _("Über diesen Text läuft schon eine Abstimmung. Bitte warten Sie deren Ende ab."),
        "held": _("Über diesen Vorschlag läuft schon eine Abstimmung. Bitte warten Sie deren Ende ab."),
        "deleted": _("Der Abschnitt wurde inzwischen aus der Charta genommen."),
        "not_a_test": _("Nur eine Probe kann vor ihrem Ende beendet werden."),
        "open": _("Die Abstimmung ist schon geöffnet. Text, Regeln und Stimmberechtigte stehen fest."),
        "over": _("Die Abstimmung ist zu Ende."),
        "closed": _("Die Abstimmung ist zu Ende."),
        "cancelled": _("Die Abstimmung wurde abgebrochen."),
        "draft": _("Die Abstimmung ist noch ein Entwurf."),
        "scheduled": _("Die Abstimmung hat noch nicht begonnen."),
    }
    if error.action == "prepare":
        return _("Über diesen Vorschlag ist schon entschieden, oder er ist noch nicht eingereicht.")
    return sentences.get(error.state) or wrong_state_sentence(error)


def _edition_stands(error: WrongState) -> str:
    name = error.data["edition"]
    match error.state:
        case "held":
            return _(
                "Über die Fassung %(name)s läuft schon eine Abstimmung. Bitte warten Sie deren Ende ab.",
                name=name,
            )
        case "published":
            return _(
                "Die Fassung %(name)s ist schon freigegeben. Darüber wird nicht mehr abgestimmt.", name=name
            )
    return _("Die Fassung %(name)s wurde verworfen.", name=name)
