# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened, in words: one sentence a deed; for views and templates only."""

from functools import lru_cache

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from charta.contributions.rules import GAP
from charta.proposals.words import author
from charta.watching.queries.deeds import Deed, DeedKind
from charta.web.i18n import locale_code


def kinds() -> list[tuple[str, str]]:
    """Return what can be filtered by, with its words."""
    return [
        (DeedKind.TEXTS, _("Text der Charta")),
        (DeedKind.PROPOSALS, _("Vorschläge")),
        (DeedKind.CONTRIBUTIONS, _("Beiträge und Themen")),
        (DeedKind.COMMENTS, _("Kommentare")),
        (DeedKind.FORUMS, _("Foren")),
        (DeedKind.BALLOTS, _("Abstimmungen")),
    ]


def icon(deed: Deed) -> str:
    """Return the icon that stands for what the deed is about."""
    if deed.verb in {"approve_proposal", "agree_proposal"}:
        return "check"
    if deed.poll_id is not None:
        return "chart"
    return {
        "proposal": "edit",
        "contribution": "people",
        "topic": "bundle",
        "comment": "comment",
        "forum": "calendar",
        "measure": "flag",
        "ballot": "ballot",
        "edition": "check",
    }.get(deed.subject_kind, "document")


def subject(deed: Deed) -> str:
    """Return how the subject of a deed is called; this is the link."""
    match deed.subject_kind:
        case "proposal":
            return _("Vorschlag %(number)s", number=deed.proposal_id)
        case "contribution":
            return _("Beitrag %(code)s", code=deed.code)
        case "topic":
            return _("Thema „%(title)s“", title=deed.topic_title)
        case "forum":
            return deed.forum_title
        case "measure":
            return _("Maßnahme „%(title)s“", title=deed.section_title)
        case "ballot":
            return _("Abstimmung „%(title)s“", title=deed.ballot_title)
        case "edition":
            return _("Fassung %(name)s", name=deed.edition_name)
        case "comment":
            return _commented(deed)
    return _section(deed)


def _commented(deed: Deed) -> str:
    if deed.code:
        return _("Beitrag %(code)s", code=deed.code)
    if deed.proposal_id is not None:
        return _("Vorschlag %(number)s", number=deed.proposal_id)
    return _section(deed)


def _section(deed: Deed) -> str:
    if deed.section_number:
        return _("Abschnitt %(number)s", number=deed.section_number)
    return _("Abschnitt „%(title)s“", title=deed.section_title)


def more(deed: Deed) -> str:
    """Return what the subject is about, for the line below; empty when the sentence says it."""
    if deed.code:
        return deed.contribution_title.replace(GAP, "…")
    if deed.proposal_id is not None:
        return deed.summary
    if deed.subject_kind == "ballot":
        return f"{deed.section_number} {deed.section_title}".strip()
    if deed.subject_kind in {"section", "comment"} and deed.section_number:
        return deed.section_title
    return ""


def sentence(deed: Deed, link: Markup) -> Markup:
    """Return the sentence about a deed, with the link that the template made of its subject."""
    return escape(_pattern(deed)) % {"who": _who(deed), "what": link}


def plain(deed: Deed) -> str:
    """Return the sentence without a link, for feed readers."""
    return _pattern(deed) % {"who": _who(deed), "what": subject(deed)}


def _who(deed: Deed) -> str:
    return author(deed.by) if deed.by else _("Die Moderation")


def _pattern(deed: Deed) -> str:
    """Return the sentence of a verb, with places for who and what."""
    if deed.verb == "refuse_proposal" and deed.by is None:
        return _("Die Frist für eine Antwort auf die angepasste Fassung von %(what)s ist abgelaufen.")
    if deed.verb == "accept_contribution":
        return _accepted(deed.others)
    if deed.verb == "decline_contribution":
        return _declined(deed.others)
    return _patterns(locale_code())[deed.verb]


@lru_cache(maxsize=4)
def _patterns(locale: str) -> dict[str, str]:
    """Return the sentence of each verb; the locale is the key only."""
    del locale
    return {
        "submit_proposal": _("%(who)s hat %(what)s eingereicht."),
        "resubmit_proposal": _("%(who)s hat eine neue Fassung von %(what)s eingereicht."),
        "withdraw_proposal": _("%(who)s hat %(what)s zurückgezogen."),
        "request_changes_proposal": _("%(who)s hat um eine Überarbeitung von %(what)s gebeten."),
        "approve_proposal": _("%(who)s hat %(what)s in die Charta übernommen."),
        "agree_proposal": _(
            "%(who)s hat der angepassten Fassung zugestimmt: %(what)s ist in die Charta übernommen."
        ),
        "adapt_proposal": _("%(who)s hat %(what)s angepasst und bittet um Zustimmung."),
        "refuse_proposal": _("%(who)s hat der angepassten Fassung von %(what)s nicht zugestimmt."),
        "reject_proposal": _("%(who)s hat %(what)s nicht übernommen."),
        "take_up_comment": _("%(who)s antwortet mit %(what)s auf einen Kommentar."),
        "import_section": _("%(who)s hat %(what)s eingestellt."),
        "import_measure": _("%(who)s hat %(what)s eingestellt."),
        "change_measure": _("%(who)s hat die Angaben zu %(what)s geändert."),
        "merge_contribution": _("%(who)s hat %(what)s mit einem ähnlichen Beitrag zusammengeführt."),
        "answer_contribution": _("%(who)s hat %(what)s beantwortet."),
        "ask_contribution": _("%(who)s hat eine Frage zu %(what)s."),
        "hide_comment": _("%(who)s hat Ihren Kommentar zu %(what)s ausgeblendet."),
        "answer_topic": _("%(who)s hat das %(what)s beantwortet."),
        "write_comment": _("%(who)s hat zu %(what)s kommentiert."),
        "answer_comment": _("%(who)s hat auf einen Kommentar zu %(what)s geantwortet."),
        "resolve_comment": _("%(who)s hat ein Gespräch zu %(what)s als erledigt bezeichnet."),
        "confirm_forum": _("%(who)s hat den Termin bestätigt: %(what)s findet statt."),
        "move_forum": _("%(who)s hat den Termin verlegt: %(what)s."),
        "cancel_forum": _("%(who)s hat abgesagt: %(what)s."),
        "publish_documentation": _("%(who)s hat die Dokumentation veröffentlicht: %(what)s."),
        "launch_poll": _("%(who)s hat im Saal eine Umfrage gestartet: %(what)s."),
        "stop_poll": _("%(who)s hat die Umfrage im Saal beendet: %(what)s."),
        "open_poll_online": _("%(who)s hat eine Umfrage aus dem Saal online geöffnet: %(what)s."),
        "open_ballot": _("%(who)s hat zur %(what)s aufgerufen."),
        "close_ballot": _("Die %(what)s ist beendet. Das Ergebnis steht fest."),
        "cancel_ballot": _("%(who)s hat die %(what)s abgebrochen."),
        "state_outcome": _("%(who)s hat beschrieben, was aus der %(what)s folgt."),
        "note_dissent": _("%(who)s hat zu %(what)s eine Protokollnotiz hinterlegt."),
        "publish_edition": _("%(who)s hat die %(what)s der Charta freigegeben."),
        "withdraw_note": _("%(who)s hat eine Protokollnotiz zu %(what)s zurückgezogen."),
    }


def _accepted(others: int) -> str:
    if not others:
        return _("%(who)s hat %(what)s veröffentlicht.")
    pattern = ngettext(
        "%%(who)s hat %%(what)s und %(num)s weiteren Beitrag veröffentlicht.",
        "%%(who)s hat %%(what)s und %(num)s weitere Beiträge veröffentlicht.",
        others,
    )
    return str(pattern)


def _declined(others: int) -> str:
    if not others:
        return _("%(who)s hat %(what)s nicht aufgenommen.")
    pattern = ngettext(
        "%%(who)s hat %%(what)s und %(num)s weiteren Beitrag nicht aufgenommen.",
        "%%(who)s hat %%(what)s und %(num)s weitere Beiträge nicht aufgenommen.",
        others,
    )
    return str(pattern)
