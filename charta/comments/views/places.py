# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""From a comment to what became of the words it was written on."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from charta.comments.queries import places
from charta.comments.views.blueprint import blueprint
from charta.comments.views.showing import load
from charta.errors import NotFound
from charta.permissions import Permission
from charta.web.access import access


@blueprint.get("/kommentare/<id:comment_id>/wortlaut")
@access(Permission.READ_PUBLIC)
def wording(comment_id: int) -> ResponseReturnValue:
    """Lead to the comparison of the text a comment was written on with the one of today."""
    thread = load(comment_id)
    found = places.wordings(thread.id)
    if found is None:
        raise NotFound(kind="comment_place", id=comment_id)
    if found.section_id is not None:
        target = url_for("sections.compare", section_id=found.section_id, von=found.old, bis=found.new)
    else:
        target = url_for(
            "proposals.show",
            number=found.proposal_id,
            fassungen=f"{found.old}-{found.new}",
            _anchor="fassungen",
        )
    return redirect(target, 303)
