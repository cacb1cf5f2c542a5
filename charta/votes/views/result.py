# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Results: both electorates side by side, never added up; and what it takes to check them."""

import json
from pathlib import Path

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from charta.errors import NotFound
from charta.permissions import Permission
from charta.votes import recount, words
from charta.votes.queries import results
from charta.votes.views.blueprint import blueprint
from charta.votes.views.editions import blocks_of, edition_of
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.downloads import download
from charta.web.viewer import actor


@blueprint.get("/abstimmungen/<id:ballot_id>/ergebnis")
@access(Permission.READ_BALLOT)
def result(ballot_id: int) -> ResponseReturnValue:
    """Show the result of a ballot that is over."""
    found = results.result(actor(), ballot_id)
    ballot = found.ballot
    return render_template(
        "votes/result.html",
        result=found,
        ballot=ballot,
        tally=found.tally,
        blocks=blocks_of(ballot),
        edition=edition_of(ballot),
        words=words,
        watching=button.known(WatchKind.BALLOT, ballot.id, ballot.watch_state),
    )


@blueprint.get("/abstimmungen/<id:ballot_id>/pruefen")
@access(Permission.READ_BALLOT)
def check(ballot_id: int) -> ResponseReturnValue:
    """List the receipts of the counted votes, and say how to count again."""
    found = results.result(actor(), ballot_id)
    export = json.loads(results.export_of(ballot_id)) if found.is_stored else None
    return render_template("votes/check.html", result=found, ballot=found.ballot, export=export, words=words)


@blueprint.get("/abstimmungen/<id:ballot_id>/stimmen.json")
@access(Permission.READ_BALLOT)
def export_file(ballot_id: int) -> Response:
    """Return the file that `charta ballot recount` counts."""
    return download(results.export_for(actor(), ballot_id), f"charta-abstimmung-{ballot_id}.json")


@blueprint.get("/abstimmungen/<id:ballot_id>/auszaehlung.json")
@access(Permission.READ_BALLOT)
def tally_file(ballot_id: int) -> Response:
    """Return the stored tally, byte for byte as a recount makes it."""
    tally = results.result(actor(), ballot_id).ballot.tally
    if tally is None:
        raise NotFound(kind="tally", id=ballot_id)
    return download(tally.encode(), f"charta-auszaehlung-{ballot_id}.json")


@blueprint.get("/abstimmungen/recount.py")
@access(Permission.READ_BALLOT)
def program() -> Response:
    """Return the program that counts again, as it counted here."""
    return download(Path(recount.__file__).read_bytes(), "recount.py")
