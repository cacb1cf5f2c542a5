# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A ballot for a partner's own board: as a page, as PDF, and behind a read-only link without an account."""

import json
from functools import lru_cache
from typing import Any

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.editions import change_words
from charta.errors import NotFound
from charta.permissions import Permission, may
from charta.text.render import to_html
from charta.votes import words
from charta.votes.queries import boards, one_ballot
from charta.votes.queries.boards import CalledOff
from charta.votes.queries.one_ballot import BallotPage
from charta.votes.rules import Standing
from charta.votes.service import boards as service
from charta.votes.views import board_paper
from charta.votes.views.blueprint import blueprint
from charta.votes.views.editions import blocks_of, changes_of, edition_of
from charta.web.access import access
from charta.web.forms import Form, catching
from charta.web.headers import no_store
from charta.web.pdf import pdf, pdf_response
from charta.web.urls import external
from charta.web.viewer import actor, policy


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
    data = board_paper.pdf_data(ballot, boards.board(ballot), link)
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
    found, edition = boards.board(ballot), edition_of(ballot)
    return render_template(
        template,
        ballot=ballot,
        board=found,
        standing=words.standing(ballot),
        words=words,
        blocks=blocks_of(ballot),
        page={
            "edition": edition,
            "changes": changes_of(ballot),
            "against": board_paper.against(edition) if edition is not None else "",
            "compared": board_paper.compared(found),
            "places": board_paper.places(found.structure),
            "reads_draft": bool(may(actor(), Permission.READ_DRAFT, policy=policy())),
            "change_words": change_words,
        },
        reason=to_html(found.reason, prefix="grund-") if found.reason else "",
        title_runs=board_paper.title_runs(ballot, found),
        **more,
    )
