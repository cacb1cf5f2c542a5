# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages say about contributions: kinds, where they came in, where they stand and what happens next."""

from collections.abc import Collection

from flask_babel import gettext as _

from charta.accounts.rules import Byline, Group
from charta.contributions.queries.listing import Row
from charta.contributions.rules import Kind, Origin, Outcome, State, Verb
from charta.db import utcnow
from charta.web import words as web_words
from charta.web.dates import day
from charta.web.standing import Standing


def kind(value: Kind | None) -> str:
    """Return what a contribution is; what nobody has said yet is open."""
    match value:
        case Kind.CHALLENGE:
            return _("Herausforderung")
        case Kind.NEED:
            return _("Bedarf")
        case Kind.RECOMMENDATION:
            return _("Empfehlung")
        case None:
            return _("Art noch offen")


def origin(value: Origin) -> str:
    """Return how a contribution came in."""
    match value:
        case Origin.PHONE:
            return _("Mit dem eigenen Gerät eingereicht")
        case Origin.TABLE:
            return _("An einem Tisch aufgeschrieben")
        case Origin.CARD:
            return _("Von einer Karte erfasst")
        case Origin.IMPORT:
            return _("Aus einer Liste eingelesen")
        case Origin.SPLIT:
            return _("Aus einem anderen Beitrag hervorgegangen")


def state(value: State) -> str:
    """Return the word for a state: what a list or a filter shows."""
    match value:
        case State.RECEIVED:
            return _("Eingegangen")
        case State.ASKED:
            return _("Rückfrage gestellt")
        case State.ACCEPTED:
            return _("Aufgenommen")
        case State.DECLINED:
            return _("Nicht aufgenommen")
        case State.MERGED:
            return _("Zusammengelegt")
        case State.SPLIT:
            return _("Aufgeteilt")


def verb(value: Verb) -> str:
    """Return what happened, as the head of a line of the timeline."""
    return {
        Verb.RECEIVE: _("Eingereicht"),
        Verb.ACCEPT: _("Aufgenommen"),
        Verb.ASK: _("Rückfrage der Moderation"),
        Verb.REPLY: _("Antwort auf die Rückfrage"),
        Verb.DECLINE: _("Nicht aufgenommen"),
        Verb.REOPEN: _("Noch einmal in Sichtung"),
        Verb.MERGE: _("Mit einem gleichen Beitrag zusammengelegt"),
        Verb.UNMERGE: _("Wieder ein eigener Beitrag"),
        Verb.SPLIT: _("In mehrere Beiträge aufgeteilt"),
        Verb.REDACT: _("Worte entfernt"),
        Verb.BUNDLE: _("Zu einem Thema gebündelt"),
        Verb.UNBUNDLE: _("Aus dem Thema genommen"),
        Verb.ANSWER: _("Beantwortet"),
    }[value]


VERB_ICONS = {
    Verb.RECEIVE: "download",
    Verb.ACCEPT: "check",
    Verb.ASK: "comment",
    Verb.REPLY: "comment",
    Verb.DECLINE: "cross",
    Verb.REOPEN: "undo",
    Verb.MERGE: "bundle",
    Verb.UNMERGE: "undo",
    Verb.SPLIT: "list",
    Verb.REDACT: "edit",
    Verb.BUNDLE: "bundle",
    Verb.UNBUNDLE: "undo",
    Verb.ANSWER: "comment",
}


def group(value: Group | None) -> str:
    """Return the stakeholder group somebody named, empty for none."""
    return str(web_words.GROUPS[value]) if value is not None else ""


def author(who: Byline) -> str:
    """Return who handed something in, as far as it was chosen to be shown; a person's own words, no badge."""
    if who.name and who.organisation_name:
        return _("%(name)s, %(organisation)s", name=who.name, organisation=who.organisation_name)
    return who.name or who.organisation_name or _("Ohne Namen eingereicht")


def byline(row: Row) -> str:
    """Return who handed a contribution in, with the group where one was named."""
    if row.group is None:
        return author(row.byline)
    return _("%(author)s, Gruppe %(group)s", author=author(row.byline), group=group(row.group))


# ---------------------------------------------------------------------------------------- where it stands


def standing(row: Row, outcomes: Collection[Outcome] = ()) -> Standing:
    """Return where a contribution stands and what happens next.

    `outcomes` is what its proposals became, where the page knows (proposals stand above contributions).
    """
    match row.state:
        case State.RECEIVED:
            return Standing(
                "wait", "clock", _("Eingegangen"), _with_date(row, _("Die Moderation liest den Beitrag."))
            )
        case State.ASKED:
            sentence = (
                _("Die Moderation hat eine Frage dazu. Bitte antworten Sie unten.")
                if row.is_own
                else _("Die Moderation hat nachgefragt und wartet auf die Antwort.")
            )
            return Standing("wait", "comment", _("Rückfrage gestellt"), sentence)
        case State.DECLINED:
            return Standing(
                "stop", "stop", _("Nicht aufgenommen"), _("Die Begründung steht unten im Verlauf.")
            )
        case State.MERGED:
            return Standing(
                "move",
                "bundle",
                _("Zusammengelegt"),
                _("Derselbe Gedanke wird in einem anderen Beitrag weiter verfolgt."),
            )
        case State.SPLIT:
            return Standing(
                "move", "list", _("Aufgeteilt"), _("Jeder Gedanke darin hat jetzt einen eigenen Beitrag.")
            )
        case State.ACCEPTED:
            return _accepted(row, outcomes)


def _accepted(row: Row, outcomes: Collection[Outcome]) -> Standing:
    if Outcome.IN_CHARTA in outcomes:
        return Standing(
            "ok", "done", _("Steht in der Charta"), _("Wo und in welchen Worten, steht unten im Verlauf.")
        )
    if Outcome.PROPOSED in outcomes:
        return Standing(
            "wait",
            "edit",
            _("Wird vorgeschlagen"),
            _("Ein Änderungsvorschlag greift den Beitrag auf. Die Entscheidung lesen Sie dann hier."),
        )
    if row.is_answered:
        return Standing("ok", "comment", _("Beantwortet"), _("Die Antwort steht unten im Verlauf."))
    if Outcome.REJECTED in outcomes:
        return Standing(
            "stop",
            "stop",
            _("Vorschlag nicht übernommen"),
            _with_date(row, _("Die Begründung steht unten im Verlauf.")),
        )
    if row.topic is not None:
        return Standing(
            "", "bundle", _("Zu einem Thema gebündelt"), _with_date(row, _("Das Thema wird beantwortet."))
        )
    return Standing("", "check", _("Aufgenommen"), _with_date(row, _("Die Moderation antwortet.")))


def _with_date(row: Row, sentence: str) -> str:
    """Return the sentence with the date promised for the answer, as long as that lies ahead."""
    if row.answer_until is None or row.answer_until <= utcnow() or row.is_answered:
        return sentence
    return " ".join([sentence, _("Die Antwort kommt bis zum %(day)s.", day=day(row.answer_until))])
