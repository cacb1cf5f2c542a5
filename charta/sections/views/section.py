# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One section: its text, its proposals, an earlier wording."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from charta.comments import talking
from charta.comments.beside import beside, known_counts
from charta.comments.queries import places
from charta.comments.queries.subjects import Subject
from charta.comments.rules import SubjectKind
from charta.errors import NotFound
from charta.permissions import Permission
from charta.proposals import queries as proposals
from charta.sections import queries, texts, words
from charta.sections.frames import propose_url, tabs, today
from charta.sections.origins import provenance
from charta.sections.views.blueprint import blueprint, frame
from charta.votes.margin import margin_of
from charta.votes.queries import on_text
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.headers import etag, not_modified, tagged
from charta.web.pager import key_argument
from charta.web.viewer import actor, current_round, site_settings


@blueprint.get("/abschnitte/<id:section_id>")
@access(Permission.READ_DRAFT)
def show(section_id: int) -> ResponseReturnValue:
    """Show one section; the wording of a measure stands on the measure's own page.

    `rn` opens the panel of a paragraph with what is said about it, `von` and `bis` are chosen words of it.
    """
    rn = key_argument("rn")
    asked = (section_id, rn, request.args.get("von"), request.args.get("bis"))
    shown = (site_settings(), current_round(), actor(), today())
    # What else has to be known before the page is read comes with the version: no statement more.
    version, (watched_as, *stamp) = queries.version_with(
        button.column(WatchKind.SECTION, section_id), *on_text.stamp()
    )
    at = tuple(stamp)
    watching = button.known(WatchKind.SECTION, section_id, watched_as)
    tag = etag("section", version, *shown, asked, watching)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    found = frame(section_id, at=version)
    if found.measure_id is not None:
        return redirect(url_for("measures.show", measure_id=found.measure_id))
    head = found.page.head
    vote = on_text.on_text(actor(), section_id=section_id, at=at)
    # Where there is more to read, the panel or a ballot, the text is rendered rather than looked up.
    blocks = texts.rendered(head.content_hash, head.body) if rn or vote else queries.rendered(head)
    index = rn - found.first_rn if rn and found.first_rn else -1
    is_open = any(block.index == index >= 0 for block in blocks)
    subject, place = Subject(SubjectKind.SECTION, section_id), places.in_section(section_id, head.id)
    said = beside(
        subject,
        place,
        counted=known_counts(section_id, head.id, blocks, log=queries.log_of(version)),
        content_hash=head.content_hash,
        body=head.body,
        blocks=blocks,
        index=index if is_open else None,
        back=url_for("sections.show", section_id=section_id, rn=rn, _anchor=f"rn{rn}"),
        is_closed=found.section.is_deleted,
    )
    html = render_template(
        "sections/show.html",
        frame=found,
        tabs=tabs(found, "text", comments=said.total),
        blocks=said.blocks,
        said=said,
        comment_author=talking.author,
        opened_shares=provenance(found.page.head.id).paragraph_shares(blocks, index) if is_open else [],
        children=[item for item in found.outline if item.parent_id == section_id],
        tombstone=queries.tombstone(section_id) if found.section.is_deleted else None,
        propose_url=propose_url,
        open_rn=rn,
        vote=vote,
        watching=watching,
        margin=margin_of(
            head,
            blocks,
            index=index if is_open else None,
            at=at,
            has_proposals=found.open_proposals > 0,
        ),
    )
    return tagged(html, tag)


@blueprint.get("/abschnitte/<id:section_id>/vorschlaege")
@access(Permission.READ_DRAFT)
def section_proposals(section_id: int) -> ResponseReturnValue:
    """List the proposals about a section that the viewer may see, open ones first."""
    found = frame(section_id)
    rows = proposals.of_section(actor(), site_settings(), section_id)
    return render_template(
        "sections/proposals.html",
        frame=found,
        tabs=tabs(found, "proposals"),
        rows=rows[: proposals.PAGE_SIZE],
        has_more=len(rows) > proposals.PAGE_SIZE,
        propose_url=propose_url,
    )


@blueprint.get("/abschnitte/<id:section_id>/textstand/<id:number>")
@access(Permission.READ_DRAFT)
def revision(section_id: int, number: int) -> ResponseReturnValue:
    """Show an earlier wording of a section."""
    found = frame(section_id)
    wording = queries.revision(section_id, number)
    if wording is None:
        raise NotFound(kind="revision", section_id=section_id, number=number)
    entry = queries.history(actor(), section_id, before_number=number + 1, limit=1)[0]
    return render_template(
        "sections/revision.html",
        frame=found,
        tabs=tabs(found, "origin"),
        revision=wording,
        entry=entry,
        blocks=queries.rendered(wording),
        is_head=number == found.section.head_number,
        restore_url=propose_url(section_id, ab=number),
        cause=words.cause,
    )
