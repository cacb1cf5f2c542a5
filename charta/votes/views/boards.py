# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A ballot for a partner's own board: as a page, as PDF, and behind a read-only link without an account."""

import json
from functools import lru_cache
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.errors import NotFound
from charta.permissions import Permission, may
from charta.sections import texts
from charta.text.diff import Block, BlockKind, Comparison, word_diff
from charta.text.render import to_html, to_plain
from charta.votes import words
from charta.votes.queries import boards, one_ballot
from charta.votes.queries.boards import Board, CalledOff, ReadLink
from charta.votes.queries.one_ballot import BallotPage
from charta.votes.rules import Standing
from charta.votes.service import boards as service
from charta.votes.views.blueprint import blueprint
from charta.web.access import access
from charta.web.dates import exact
from charta.web.forms import Form, catching
from charta.web.headers import no_store
from charta.web.i18n import locale_code
from charta.web.pdf import pdf, pdf_response
from charta.web.qr import qr_svg
from charta.web.urls import external
from charta.web.viewer import actor, site_settings


class LinkForm(Form):
    """The buttons that make and end the read-only link."""


@blueprint.get("/abstimmungen/<id:ballot_id>/gremienvorlage")
@access(Permission.READ_BALLOT)
def board(ballot_id: int) -> ResponseReturnValue:
    """Show what the own board reads, with the file and the read-only link."""
    return _board_page(_readable(ballot_id), LinkForm(formdata=None))


@blueprint.get("/abstimmungen/<id:ballot_id>/gremienvorlage.pdf")
@access(Permission.READ_BALLOT)
def board_pdf(ballot_id: int) -> Response:
    """Return the same as a tagged PDF file; its QR code leads to the read-only link, if there is one."""
    ballot = _readable(ballot_id)
    link = boards.own_link(actor(), ballot_id)
    data = _pdf_data(ballot, boards.board(ballot), link)
    return pdf_response(_file(json.dumps(data)), f"gremienvorlage-{ballot_id}.pdf")


@lru_cache(maxsize=4)
def _file(data: str) -> bytes:
    return pdf("board", json.loads(data))


@blueprint.post("/abstimmungen/<id:ballot_id>/leselink")
@access(Permission.CAST_FOR_PARTNER)
def share(ballot_id: int) -> ResponseReturnValue:
    """Make the read-only link of the own organisation."""
    form = LinkForm()
    if form.validate_on_submit():
        with catching(form):
            service.share(actor(), ballot_id)
            flash(_("Der Leselink ist da. Er zeigt den Text, keine Stimmen."), "success")
            return redirect(url_for("votes.board", ballot_id=ballot_id, _anchor="leselink"), 303)
    return _board_page(_readable(ballot_id), form)


@blueprint.post("/abstimmungen/<id:ballot_id>/leselink/beenden")
@access(Permission.CAST_FOR_PARTNER)
def unshare(ballot_id: int) -> ResponseReturnValue:
    """End the read-only link of the own organisation."""
    form = LinkForm()
    if form.validate_on_submit():
        with catching(form):
            service.unshare(actor(), ballot_id)
            flash(_("Der Leselink gilt nicht mehr."), "success")
            if one_ballot.load(actor(), ballot_id).own is None:  # called off, or not on the roll
                return redirect(url_for("votes.show", ballot_id=ballot_id), 303)
            return redirect(url_for("votes.board", ballot_id=ballot_id, _anchor="leselink"), 303)
    return _board_page(_readable(ballot_id), form)


@blueprint.get("/vorlage/<key>")
@access(Permission.READ_PUBLIC)
def read_board(key: str) -> ResponseReturnValue:
    """Show a ballot's text to whoever holds the link: nothing of any vote, no cache, no search engine."""
    found = boards.opened_by(key)
    if found is None:
        raise NotFound(kind="ballot_board", id=None)
    if isinstance(found, CalledOff):
        response = no_store(Response(render_template("votes/board_gone.html", ballot=found), 410))
    else:
        response = no_store(Response(_page("votes/board_read.html", one_ballot.without_votes(found))))
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _readable(ballot_id: int) -> BallotPage:
    """Return a ballot that was opened, for who votes for a partner in it and for the moderation."""
    ballot = one_ballot.load(actor(), ballot_id)
    votes_for_partner = ballot.own is not None and ballot.own.kind == "partner"
    if ballot.standing is Standing.DRAFT or not (
        votes_for_partner or may(actor(), Permission.MANAGE_BALLOTS)
    ):
        raise NotFound(kind="ballot_board", id=ballot_id)
    return ballot


def _board_page(ballot: BallotPage, form: LinkForm) -> ResponseReturnValue:
    link = boards.own_link(actor(), ballot.id) if ballot.own is not None else None
    url = external("votes.read_board", key=link.key) if link is not None and link.key else ""
    html = _page("votes/board.html", ballot, form=form, link=link, link_url=url)
    return no_store(Response(html)), form.status_code


def _page(template: str, ballot: BallotPage, **more: Any) -> str:
    found = boards.board(ballot)
    return render_template(
        template,
        ballot=ballot,
        board=found,
        standing=words.standing(ballot),
        words=words,
        blocks=texts.rendered(ballot.text_hash, ballot.text_body) if ballot.text_hash else (),
        reason=to_html(found.reason, prefix="grund-") if found.reason else "",
        title_runs=_title_runs(ballot, found),
        **more,
    )


def _title_runs(ballot: BallotPage, found: Board) -> list[tuple[str, str]]:
    if not found.base_title or found.comparison is None or found.base_title == ballot.text_title:
        return []
    return word_diff(found.base_title, ballot.text_title)


# ----------------------------------------------------------------------------------------------------- PDF


def _pdf_data(ballot: BallotPage, found: Board, link: ReadLink | None) -> dict[str, Any]:
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
        "plain": "" if found.exact is not None else ballot.text_body,
        "title_runs": [list(run) for run in _title_runs(ballot, found)],
        "changes": _blocks(changes, only_changed=True) if changes is not None else [],
        "compared": _compared(found),
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
    return _("Freie Frage")


def _compared(found: Board) -> str:
    if found.comparison is None:
        return ""
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
