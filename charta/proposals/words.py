# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the pages of proposals say: kinds, deeds, names, and where a proposal stands; for views and templates.

Every status is an icon, a word and one sentence that says what happens next and until when.
"""

from collections.abc import Sequence

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from charta.accounts.rules import Byline
from charta.db import utcnow
from charta.errors import WrongState
from charta.permissions import Actor, Role
from charta.proposals.queries import DecisionRow, ProposalRow, Writer
from charta.proposals.rules import MergeState, ProposalKind, State, Verb
from charta.site.queries import RoundInForce
from charta.site.rules import ProposalsPublic, SiteSettings
from charta.web.dates import day
from charta.web.standing import Standing


def kind(value: ProposalKind) -> str:
    """Return what a proposal wants, in a word or two."""
    match value:  # not a table: it would look up all words for each line of a list
        case ProposalKind.CHANGE:
            return _("Änderung")
        case ProposalKind.NEW_SECTION:
            return _("Neuer Abschnitt")
        case ProposalKind.NEW_MEASURE:
            return _("Neue Maßnahme")
        case ProposalKind.DELETION:
            return _("Streichung")
        case ProposalKind.MOVE:
            return _("Verschiebung")


def name(row: ProposalRow) -> str:
    """Return how a proposal is cited."""
    if row.state is State.DRAFT:
        return _("Entwurf %(number)s", number=row.number)
    return _("Vorschlag %(number)s", number=row.number)


def version(number: int) -> str:
    """Return „erste Fassung“, „zweite Fassung“, and so on."""
    ordinals = [
        _("erste Fassung"),
        _("zweite Fassung"),
        _("dritte Fassung"),
        _("vierte Fassung"),
        _("fünfte Fassung"),
        _("sechste Fassung"),
    ]
    return ordinals[number - 1] if 0 < number <= len(ordinals) else _("%(number)s. Fassung", number=number)


def version_title(number: int) -> str:
    """Return „Erste Fassung“ at the start of a line."""
    words = version(number)
    return words[:1].upper() + words[1:]


def author(who: Byline) -> str:
    """Return the words for a person: name or organisation, else the role."""
    if who.organisation_name:
        return who.organisation_name
    if who.role is Role.MODERATOR:
        return who.name or _("Moderation")
    return who.name or _("Eine teilnehmende Person")


def presence(writers: Sequence[Writer]) -> str:
    """Return who else is writing on this section right now, in one sentence; empty when nobody is."""
    named = list(dict.fromkeys(_named(one) for one in writers if one.name or one.role is not Role.ATTENDEE))
    unnamed = sum(1 for one in writers if not one.name and one.role is Role.ATTENDEE)
    if not named and unnamed:
        return ngettext(
            "Eine teilnehmende Person bearbeitet diesen Abschnitt gerade.",
            "%(num)s teilnehmende Personen bearbeiten diesen Abschnitt gerade.",
            unnamed,
        )
    if unnamed:
        named.append(ngettext("eine teilnehmende Person", "%(num)s teilnehmende Personen", unnamed))
    if len(named) > 1:
        who = format_list(named, locale=get_locale() or "de")
        return _("%(who)s bearbeiten diesen Abschnitt gerade.", who=who)
    return _("%(who)s bearbeitet diesen Abschnitt gerade.", who=named[0]) if named else ""


def _named(writer: Writer) -> str:
    return writer.name or (_("Ein Partner") if writer.role is Role.PARTNER else _("Die Moderation"))


# ---------------------------------------------------------------------------------------- where it stands


def standing(
    row: ProposalRow, viewer: Actor, round_: RoundInForce | None, *, revision_number: int | None = None
) -> Standing:
    """Return where a proposal stands and what happens next, told to this viewer."""
    mine = row.author_id == viewer.id
    match row.state:
        case State.DRAFT:
            return Standing("", "edit", _("Entwurf"), _draft(row, round_))
        case State.CHANGES_REQUESTED:
            return Standing("wait", "edit", _("Überarbeitung erbeten"), _revision(mine, round_))
        case State.APPROVED:
            return Standing("ok", "done", _("Übernommen"), _approved(row, revision_number))
        case State.REJECTED:
            return Standing(
                "stop", "stop", _("Nicht übernommen"), _("Die Begründung steht unten im Verlauf.")
            )
        case State.WITHDRAWN:
            return Standing(
                "",
                "undo",
                _("Zurückgezogen"),
                _("Der Vorschlag bleibt lesbar, darüber entschieden wird nicht."),
            )
        case State.SUBMITTED:
            return _submitted(row, viewer, mine, round_)


def _draft(row: ProposalRow, round_: RoundInForce | None) -> str:
    if round_ is not None and round_.is_open:
        until = _("Einreichen ist bis %(day)s möglich.", day=day(round_.closes_at))
    else:
        until = _("Einreichen können Sie, sobald eine Beteiligungsrunde geöffnet ist.")
    if row.is_shared:
        return " ".join(
            [_("In Ihrer Organisation geteilt: Kolleginnen und Kollegen können mitschreiben."), until]
        )
    return " ".join([_("Nur Sie sehen diesen Entwurf."), until])


def _revision(mine: bool, round_: RoundInForce | None) -> str:
    until = round_.editorial_at if round_ is not None and round_.editorial_at > utcnow() else None
    if mine and until:
        return _(
            "Die Moderation bittet Sie um eine neue Fassung. Redaktionsschluss ist am %(day)s.",
            day=day(until),
        )
    if mine:
        return _("Die Moderation bittet Sie um eine neue Fassung. Die Begründung steht unten im Verlauf.")
    if until:
        return _(
            "Die Verfasserin oder der Verfasser überarbeitet den Text. Redaktionsschluss ist am %(day)s.",
            day=day(until),
        )
    return _("Die Verfasserin oder der Verfasser überarbeitet den Text.")


def _approved(row: ProposalRow, revision_number: int | None) -> str:
    if row.kind is ProposalKind.DELETION:
        return _("Der Abschnitt steht nicht mehr in der Arbeitsfassung.")
    if row.kind is ProposalKind.MOVE:
        return _("Der Abschnitt steht jetzt an der neuen Stelle.")
    if revision_number is not None:
        return _(
            "Der Text steht seit Textstand %(number)s in der Arbeitsfassung, die zur nächsten Fassung wird.",
            number=revision_number,
        )
    return _("Der Text steht in der Arbeitsfassung, die zur nächsten Fassung wird.")


def _submitted(row: ProposalRow, viewer: Actor, mine: bool, round_: RoundInForce | None) -> Standing:
    if row.awaits_author:
        return _adapted(row, mine)
    until = decision(row, round_)
    if row.is_held:
        return Standing(
            "wait",
            "ballot",
            _("Wartet auf eine Abstimmung"),
            _("Entschieden wird, wenn das Ergebnis der Abstimmung feststeht."),
        )
    if mine and row.needs_help:
        return Standing("stop", "conflict", _("Ihre Hilfe ist nötig"), why_help(row.merge_state))
    if row.merge_state is MergeState.ALREADY_CONTAINED and (mine or viewer.role is Role.MODERATOR):
        return Standing(
            "wait",
            "document",
            _("Eingereicht"),
            " ".join([_("Was vorgeschlagen wird, steht inzwischen schon im Text."), until]),
        )
    return Standing("wait", "clock", _("Eingereicht"), until)


def _adapted(row: ProposalRow, mine: bool) -> Standing:
    word = _("Angepasste Fassung liegt vor")
    if row.adapted_until is None:
        sentence = _("Der Text hat sich seitdem geändert; die angepasste Fassung passt so nicht mehr.")
    elif mine:
        sentence = _(
            "Bitte antworten Sie bis %(day)s. Ohne Antwort wird die angepasste Fassung dann übernommen.",
            day=day(row.adapted_until),
        )
    else:
        sentence = _(
            "Die Verfasserin oder der Verfasser ist gefragt. Ohne Antwort wird die angepasste Fassung am "
            "%(day)s übernommen.",
            day=day(row.adapted_until),
        )
    return Standing("wait", "edit", word, sentence)


def decision(row: ProposalRow, round_: RoundInForce | None) -> str:
    """Return until when a decision comes."""
    now = utcnow()
    if row.decide_until is not None and row.decide_until > now:
        return _("Die Moderation entscheidet bis %(day)s.", day=day(row.decide_until))
    if round_ is not None and round_.answer_at > now:
        return _("Die Antwort auf alle Vorschläge kommt bis %(day)s.", day=day(round_.answer_at))
    return _("Die Moderation entscheidet als Nächstes.")


def why_help(state: MergeState) -> str:
    """Return why a proposal needs its author, in one sentence."""
    return {
        MergeState.CONFLICT: _(
            "Dieselben Worte wurden inzwischen anders geändert. Bitte sagen Sie, was gelten soll."
        ),
        MergeState.TARGET_GONE: _("Die Stelle im Text gibt es nicht mehr. Bitte ändern Sie Ihren Vorschlag."),
        MergeState.BOTH_MOVED: _(
            "Der Abschnitt wurde inzwischen an eine andere Stelle verschoben. Bitte prüfen Sie das Ziel."
        ),
        MergeState.EDITED_SINCE: _(
            "Der Text wurde inzwischen geändert. Bitte prüfen Sie, ob er trotzdem wegfallen soll."
        ),
        MergeState.CYCLE: _(
            "Der Abschnitt kann nicht unter sich selbst stehen. Bitte wählen Sie ein anderes Ziel."
        ),
    }.get(state, "")


def fit(state: MergeState, *, is_held: bool = False) -> Standing:
    """Return how a proposal fits the present text, as moderators see it: short word and one sentence."""
    if is_held:
        return Standing(
            "wait", "ballot", _("wartet auf Abstimmung"), _("Entschieden wird nach der Abstimmung.")
        )
    return {
        MergeState.CLEAN: Standing("ok", "done", _("passt"), _("Passt zum aktuellen Text")),
        MergeState.MOVED: Standing(
            "ok", "done", _("passt weiterhin"), _("Text ringsum geändert, passt weiterhin")
        ),
        MergeState.CONFLICT: Standing(
            "stop", "conflict", _("Überschneidung"), _("Überschneidet sich mit dem aktuellen Text")
        ),
        MergeState.ALREADY_CONTAINED: Standing(
            "", "document", _("steht schon im Text"), _("Steht schon im Text")
        ),
        MergeState.TARGET_GONE: Standing(
            "stop", "warning", _("Ziel fehlt"), _("Die Stelle gibt es nicht mehr")
        ),
        MergeState.BOTH_MOVED: Standing(
            "move", "move", _("zweimal verschoben"), _("Inzwischen an eine andere Stelle verschoben")
        ),
        MergeState.EDITED_SINCE: Standing(
            "wait", "edit", _("inzwischen geändert"), _("Text inzwischen geändert")
        ),
        MergeState.CYCLE: Standing("stop", "warning", _("Ziel unmöglich"), _("Stünde unter sich selbst")),
    }[state]


# ------------------------------------------------------------------------------------------------ history


def deed(row: DecisionRow) -> str:
    """Return what happened, in a few words."""
    if row.verb is Verb.AGREE and row.by is None:
        return _("Angepasste Fassung nach sieben Tagen übernommen")
    return {
        Verb.SUBMIT: _("Eingereicht"),
        Verb.RESUBMIT: _("Neue Fassung eingereicht"),
        Verb.WITHDRAW: _("Zurückgezogen"),
        Verb.REQUEST_CHANGES: _("Überarbeitung erbeten"),
        Verb.APPROVE: _("Übernommen"),
        Verb.ADAPT: _("Angepasste Fassung vorgelegt"),
        Verb.AGREE: _("Angepasster Fassung zugestimmt, übernommen"),
        Verb.REFUSE: _("Angepasste Fassung abgelehnt"),
        Verb.REJECT: _("Nicht übernommen"),
    }[row.verb]


DEED_ICONS = {
    Verb.SUBMIT: "upload",
    Verb.RESUBMIT: "upload",
    Verb.WITHDRAW: "undo",
    Verb.REQUEST_CHANGES: "edit",
    Verb.APPROVE: "check",
    Verb.ADAPT: "edit",
    Verb.AGREE: "check",
    Verb.REFUSE: "cross",
    Verb.REJECT: "cross",
}


def who_can_see(row: ProposalRow, settings: SiteSettings) -> str:
    """Return in one line who can see a proposal, from the same settings as `queries.visible_to`."""
    if row.state is State.DRAFT:
        if row.is_shared:
            return _("Diesen Entwurf sehen Sie und die Konsortialpartner-Konten Ihrer Organisation.")
        return _("Diesen Entwurf sehen nur Sie, auch die Moderation nicht.")
    public = settings.proposals_public is ProposalsPublic.SUBMITTED or (
        settings.proposals_public is ProposalsPublic.DECIDED and not row.is_open
    )
    if public:
        return _("Diesen Vorschlag können alle lesen, auch ohne Anmeldung.")
    if settings.attendees_see_proposals:
        return _("Diesen Vorschlag lesen alle, die angemeldet sind.")
    return _("Diesen Vorschlag lesen Konsortialpartner, Moderation und wer ihn geschrieben hat.")


def wrong_state(error: WrongState) -> str:
    """Return what to say when a deed on a proposal came too late or does not fit."""
    sentences = {
        State.APPROVED.value: _(
            "Der Vorschlag ist schon übernommen. Ihre Eingabe wurde nicht mehr gebraucht."
        ),
        State.REJECTED.value: _("Über den Vorschlag ist schon entschieden: nicht übernommen."),
        State.WITHDRAWN.value: _("Der Vorschlag wurde inzwischen zurückgezogen."),
        State.CHANGES_REQUESTED.value: _("Zu diesem Vorschlag wurde inzwischen um Überarbeitung gebeten."),
        State.SUBMITTED.value: _("Der Vorschlag ist eingereicht; das geht in diesem Stand nicht (mehr)."),
        State.DRAFT.value: _("Der Vorschlag ist noch ein Entwurf."),
        "held": _("Über diesen Vorschlag wird gerade abgestimmt. Bis dahin bleibt er, wie er ist."),
        "text_held": _("Über diesen Text wird gerade abgestimmt. Bis dahin bleibt er, wie er ist."),
        "awaits_author": _(
            "Zu diesem Vorschlag liegt eine angepasste Fassung vor; zuerst antwortet, wer ihn schrieb."
        ),
        "has_children": _(
            "Unter diesem Abschnitt stehen noch andere. Bitte streichen oder verschieben Sie zuerst diese."
        ),
        "own": _("Den eigenen Vorschlag können Sie nicht unterstützen."),
        MergeState.CONFLICT.value: _(
            "Der Vorschlag überschneidet sich mit dem aktuellen Text. Bitte lösen Sie das zuerst auf."
        ),
    }
    if error.state in sentences:
        return sentences[error.state]
    if error.state in set(MergeState):
        why = fit(MergeState(error.state)).sentence
        return _("Der Vorschlag passt nicht mehr zum aktuellen Stand: %(why)s.", why=why)
    return _("Das ist im jetzigen Stand nicht mehr möglich. Wahrscheinlich war jemand anderes schneller.")
