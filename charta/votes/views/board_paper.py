# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What stands in a board's paper, in words; the page and the file say the same."""

from typing import Any

from flask_babel import gettext as _

from charta.editions import change_words
from charta.proposals.places import place_words
from charta.proposals.rules import ProposalKind
from charta.sections import queries as sections
from charta.text.diff import Block, BlockKind, Comparison, word_diff
from charta.text.render import to_plain
from charta.votes import words
from charta.votes.queries.boards import Board, ReadLink, Structure
from charta.votes.queries.one_ballot import BallotPage
from charta.votes.rules import Standing
from charta.votes.views.editions import EditionText, changes_of, edition_of
from charta.web.dates import exact
from charta.web.i18n import locale_code
from charta.web.qr import qr_svg
from charta.web.urls import external
from charta.web.viewer import site_settings


def places(wanted: Structure | None) -> list[tuple[str, str]]:
    """Return where a text stood and where it is to stand, as label and words; [] without a place."""
    if wanted is None or wanted.kind not in {ProposalKind.MOVE, ProposalKind.NEW_SECTION}:
        return []
    outline = {entry.id: entry for entry in sections.tree()}
    new = place_words(outline, wanted.parent_id, wanted.after_id)
    found = [(_("Neuer Platz"), _("%(above)s, %(after)s", above=new.parent, after=new.after))]
    if wanted.kind is ProposalKind.MOVE:
        # The number it had is no longer known once it has moved; what it stood below is.
        old = place_words(outline, wanted.stood_under, None).parent
        own = outline.get(wanted.section_id or 0)
        if own is not None and own.parent_id == wanted.stood_under:
            old = _("%(above)s, als %(number)s", above=old, number=own.number or own.title)
        found.insert(0, (_("Bisheriger Platz"), old))
    return found


def title_runs(ballot: BallotPage, found: Board) -> list[tuple[str, str]]:
    """Return how the title changes, [] when it stays."""
    if found.structure is not None and found.structure.kind is ProposalKind.DELETION:
        return [("-", found.base_title)] if found.base_title else []
    if not found.base_title or found.comparison is None or found.base_title == ballot.text_title:
        return []
    return word_diff(found.base_title, ballot.text_title)


def pdf_data(ballot: BallotPage, found: Board, link: ReadLink | None) -> dict[str, Any]:
    """Return what the template of the file reads: plain JSON values."""
    is_link = link is not None and link.key is not None
    url = (
        external("votes.read_board", key=link.key)
        if link is not None and link.key
        else external("votes.show", ballot_id=ballot.id)
    )
    standing = words.standing(ballot)
    rules = []
    if ballot.has_partners:
        rules.append([_("Beschluss der Partner"), words.partners_rule(ballot)])
    if ballot.has_participants:
        rules.append([_("Meinungsbild der Teilnehmenden"), words.participants_rule(ballot)])
    changes = found.comparison
    edition = edition_of(ballot)
    return {
        "lang": locale_code(),
        "title": _("Gremienvorlage: %(title)s", title=ballot.title),
        "heading": _("Probe, es folgt nichts daraus") if ballot.is_test else _("Gremienvorlage"),
        "name": ballot.title,
        "site": site_settings().name,
        "standing": standing.word,
        "is_cancelled": ballot.standing is Standing.CANCELLED,
        "intro": ballot.intro,
        "deadline": [_("Ende der Abstimmung"), f"{exact(ballot.closes_at)} ({ballot.time_zone})"],
        "subject": _subject(ballot),
        "questions": [
            [str(question.position), question.text, ", ".join(question.options)]
            for question in ballot.questions
        ],
        "text_title": ballot.text_title,
        "text": _blocks(found.exact) if found.exact is not None else [],
        "plain": "" if found.exact is not None or edition is not None else ballot.text_body,
        "whole": _whole(edition, url if is_link else "") if edition is not None else [],
        "totals": list(edition.lines) if edition is not None else [],
        "edition": _edition(ballot) if edition is not None else [],
        "places": [list(one) for one in places(found.structure)],
        "title_runs": [list(run) for run in title_runs(ballot, found)],
        "changes": _blocks(changes, only_changed=True) if changes is not None else [],
        "compared": compared(found) if edition is None else against(edition),
        "summary": found.summary,
        "reason": to_plain(found.reason) if found.reason else "",
        "author": found.author_name,
        "contributions": [
            [one.code, one.title or _("Wortlaut ausgeblendet"), one.forum_title]
            for one in found.contributions
        ],
        "rules": rules,
        "hashes": [
            [_("Prüfsumme des Textes"), ballot.text_hash or ""],
            [_("Prüfsumme der Regeln"), ballot.rules_hash or ""],
        ],
        "url": url,
        "qr": str(qr_svg(url, label=url, border=0)),
        "qr_words": _(
            "Leselink: Er zeigt diesen Text ohne Anmeldung, keine Stimmen. Er gilt bis 30 Tage nach dem Ende."
        )
        if is_link
        else _("Seite der Abstimmung, mit Anmeldung."),
        "words": {
            "questions": _("Worüber abgestimmt wird"),
            "text": _("Genauer Wortlaut"),
            "fact": _("Angabe"),
            "before": _("bisher"),
            "after": _("künftig"),
            "changes": _("Was sich ändert"),
            "key": _("Unterstrichen ist neu, durchgestrichen entfällt."),
            "reasons": _("Begründung"),
            "author": _("Vorgeschlagen von"),
            "contributions": _("Aufgenommene Beiträge"),
            "rules": _("Regeln"),
            "apart": _("Beide werden getrennt gezählt und nie addiert."),
            "check": _("Zum Nachprüfen"),
            "moved": _("verschoben"),
        },
    }


def _subject(ballot: BallotPage) -> str:
    subject = ballot.subject
    match subject.kind:
        case "proposal":
            return _(
                "Vorschlag %(number)s, Fassung %(version)s",
                number=subject.id,
                version=subject.proposal_version,
            )
        case "measure":
            return _(
                "Maßnahme „%(title)s“, Textstand %(number)s",
                title=subject.title,
                number=subject.revision_number,
            )
        case "section":
            return _(
                "Abschnitt „%(title)s“, Textstand %(number)s",
                title=subject.title,
                number=subject.revision_number,
            )
        case "edition":
            return subject.title
    return _("Freie Frage")


def _whole(edition: EditionText, link: str) -> list[str]:
    """Return where the whole text of an edition can be read: the words, and the address.

    Behind the read-only link everybody reads it; the page of an edition may ask for an account.
    """
    words = _("Den ganzen Wortlaut lesen Sie hier:")
    if link:
        return [words, link]
    if not edition.name or edition.is_other:
        return []
    return [words, external("editions.show", name=edition.name)]


def against(edition: EditionText) -> str:
    """Return what an edition is compared with."""
    if edition.is_other:
        return _("Die Fassung wurde nach dieser Abstimmung neu zusammengestellt.")
    if edition.previous_name:
        return _("Verglichen mit Fassung %(name)s.", name=edition.previous_name)
    return _("Es ist die erste Fassung.")


def _edition(ballot: BallotPage) -> list[dict[str, Any]]:
    """Return every text of an edition that changed: heading, fate, facts and words."""
    found = changes_of(ballot)
    if found is None:
        return []
    return [
        {
            "title": f"{shown.one.here.number} {shown.one.here.title}".strip(),
            "fate": ", ".join(fate.word for fate in change_words.fates(shown.one)),
            "place": change_words.place(shown.one, found.before, found.after),
            "title_runs": [list(run) for run in shown.title_runs],
            "facts": [[fact.label, fact.old or "–", fact.new or "–"] for fact in shown.facts],
            "changes": _blocks(shown.comparison, only_changed=True) if shown.comparison is not None else [],
        }
        for shown in found.shown
    ]


def compared(found: Board) -> str:
    """Return what a text is compared with, or what is to become of it; "" where nothing can be compared."""
    if found.structure is not None and found.structure.kind is ProposalKind.DELETION:
        return _("Der ganze Text soll entfallen.")
    if found.structure is not None and found.structure.kind is ProposalKind.MOVE:
        return _("Der Text soll an einen anderen Platz. Sein Wortlaut bleibt, wie er ist.")
    if found.comparison is None:
        return ""
    if found.base_edition:
        if found.comparison.is_unchanged:
            return _("Am Wortlaut ändert sich gegenüber Fassung %(name)s nichts.", name=found.base_edition)
        return _("Verglichen mit Fassung %(name)s.", name=found.base_edition)
    if found.base_number is None:
        return _("Der Text ist neu.")
    if found.comparison.is_unchanged:
        return _("Am Wortlaut ändert sich gegenüber Textstand %(number)s nichts.", number=found.base_number)
    return _("Verglichen mit Textstand %(number)s.", number=found.base_number)


def _blocks(comparison: Comparison, *, only_changed: bool = False) -> list[dict[str, Any]]:
    return [
        _block(block)
        for block in comparison.blocks
        if not (only_changed and block.kind is BlockKind.UNCHANGED)
    ]


def _block(block: Block) -> dict[str, Any]:
    side = block.new or block.old
    assert side is not None
    return {
        "type": side.type.value,
        "level": side.level,
        "number": side.number,
        "moved": block.kind is BlockKind.MOVED,
        "cells": [
            [
                {
                    "op": run.op,
                    "text": f"[{run.note}]" if run.note else run.text,
                    "strong": "strong" in run.marks,
                    "em": "em" in run.marks,
                }
                for run in cell
            ]
            for cell in block.cells
        ],
    }
