# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Measures by field, one measure, and its attributes."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts import queries as accounts
from charta.comments import talking
from charta.comments.beside import beside, known_counts
from charta.comments.queries import places
from charta.comments.queries.subjects import Subject
from charta.comments.rules import SubjectKind
from charta.errors import NotFound, WrongState
from charta.fields import queries as fields
from charta.fields.models import FieldOfAction
from charta.measures import queries, service, words
from charta.measures.forms import AttributesForm
from charta.measures.queries import MeasurePage, MeasureRow, OrganisationRef
from charta.measures.rules import MeasureStatus
from charta.permissions import Permission
from charta.proposals import queries as proposals
from charta.proposals.rules import State
from charta.sections import queries as sections
from charta.sections import texts
from charta.sections.frames import Frame, frame_of, propose_url, tabs, today
from charta.sections.origins import provenance
from charta.votes.margin import margin_of
from charta.votes.queries import on_text
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import etag, not_modified, tagged
from charta.web.pager import key_argument
from charta.web.viewer import actor, current_round, site_settings

blueprint = Blueprint("measures", __name__)


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """The measures of one field of action that fit the filter."""

    field: FieldOfAction | None
    rows: Sequence[MeasureRow]


@blueprint.get("/massnahmen")
@access(Permission.READ_DRAFT)
def index() -> ResponseReturnValue:
    """List the measures by field; the address holds the filter: feld, stand, verantwortlich."""
    known = fields.fields()
    slug = request.args.get("feld", "")
    chosen_field = next((one for one in known if one.slug == slug), None)
    chosen_status = _status(request.args.get("stand", ""))
    responsible_id = key_argument("verantwortlich")
    rows = queries.measures(
        field_id=chosen_field.id if chosen_field else None,
        status=chosen_status,
        responsible_id=responsible_id,
    )
    groups = [FieldGroup(one, [row for row in rows if row.field_id == one.id]) for one in known]
    groups.append(FieldGroup(None, [row for row in rows if row.field_id is None]))
    counts = queries.counts_by_status()
    return render_template(
        "measures/index.html",
        groups=[group for group in groups if group.rows],
        fields=known,
        organisations=queries.responsible_organisations(),
        chosen_field=chosen_field,
        chosen_status=chosen_status,
        responsible_id=responsible_id,
        is_filtered=bool(chosen_field or chosen_status or responsible_id),
        total=sum(counts.values()),
        parts_of_bar=[(status, counts[status]) for status in words.BAR_ORDER if counts.get(status)],
        propose_url=url_for("proposals.new_measure", feld=chosen_field.slug if chosen_field else None),
        words=words,
        sees_open=_sees_open_proposals(),
    )


def _status(raw: str) -> MeasureStatus | None:
    try:
        return MeasureStatus(raw)
    except ValueError:
        return None


def _measure(measure_id: int) -> tuple[MeasurePage, Frame]:
    page = queries.measure_page(measure_id)
    if page is None:
        raise NotFound(kind="measure", id=measure_id)
    around = sections.SectionPage(page.section, page.head, page.field)
    return page, frame_of(around, (), measure_id, sees_open_proposals=_sees_open_proposals())


def _sees_open_proposals() -> bool:
    return State.SUBMITTED in proposals.visible_states(actor(), site_settings())


@blueprint.get("/massnahmen/<id:measure_id>")
@access(Permission.READ_DRAFT)
def show(measure_id: int) -> ResponseReturnValue:
    """Show one measure: its wording, who answers for it, how far it is; `rn` opens a paragraph's panel."""
    rn = key_argument("rn")
    # Deeds about a measure's attributes move the log, and with it the version.
    asked = (measure_id, rn, request.args.get("von"), request.args.get("bis"))
    shown = (site_settings(), current_round(), actor(), today())
    # The section is not known yet: a page that did not change is not read.
    version, (watched_as, *stamp) = sections.version_with(
        button.column(WatchKind.SECTION, queries.section_of(measure_id)), *on_text.stamp()
    )
    at = tuple(stamp)
    tag = etag("measure", version, *shown, asked, watched_as)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    page, found = _measure(measure_id)
    # With a panel open the origin takes two statements; a short text is rendered rather than looked up.
    head = page.head
    vote = on_text.on_text(actor(), section_id=page.section.id, at=at)
    blocks = texts.rendered(head.content_hash, head.body) if rn or vote else sections.rendered(head)
    is_open = rn is not None and any(block.index == rn - 1 >= 0 for block in blocks)
    said = beside(
        Subject(SubjectKind.SECTION, page.section.id),
        places.in_section(page.section.id, head.id),
        counted=known_counts(page.section.id, head.id, blocks, log=sections.log_of(version)),
        content_hash=head.content_hash,
        body=head.body,
        blocks=blocks,
        index=rn - 1 if rn is not None and is_open else None,
        back=url_for("measures.show", measure_id=measure_id, rn=rn, _anchor=f"rn{rn}"),
        is_closed=page.section.is_deleted,
    )
    html = render_template(
        "measures/show.html",
        measure=page,
        frame=found,
        tabs=tabs(found, "text", comments=said.total),
        blocks=said.blocks,
        said=said,
        comment_author=talking.author,
        opened_shares=provenance(page.head.id).paragraph_shares(blocks, rn - 1) if rn and is_open else [],
        tombstone=sections.tombstone(page.section.id) if page.section.is_deleted else None,
        open_rn=rn,
        propose_url=propose_url,
        vote=vote,
        words=words,
        watching=button.known(WatchKind.SECTION, page.section.id, watched_as),
        margin=margin_of(
            head,
            blocks,
            index=rn - 1 if rn is not None and is_open else None,
            at=at,
            has_proposals=found.open_proposals > 0,
        ),
    )
    return tagged(html, tag)


@blueprint.route("/massnahmen/<id:measure_id>/bearbeiten", methods=["GET", "POST"])
@access(Permission.EDIT_MEASURE)
def edit(measure_id: int) -> ResponseReturnValue:
    """Change who answers for a measure, its time, status and figures."""
    page, found = _measure(measure_id)
    form = AttributesForm()
    known = [OrganisationRef(one.id, one.name, one.short) for one in accounts.organisations()]
    shown = {one.id for one in known}
    # An organisation that was archived meanwhile stays where it was chosen.
    named = [*page.participants, *([page.responsible] if page.responsible else [])]
    form.offer([*known, *{one.id: one for one in named if one.id not in shown}.values()])
    if not form.is_submitted():
        form.fill(page)
    elif form.validate_on_submit():
        with catching(form):
            try:
                service.change_attributes(
                    actor(),
                    measure_id,
                    responsible_id=form.responsible_id.data or None,
                    participant_ids=form.participant_ids.data or [],
                    status=form.chosen_status,
                    starts_on=form.starts_on.data,
                    ends_on=form.ends_on.data,
                    indicators=form.figures,
                    seen_version=form.seen_version.data or 0,
                )
            except WrongState:
                form.refuse("", str(words.HELD), status_code=409)
            else:
                flash(_("Die Angaben sind gespeichert."), "success")
                return redirect(url_for("measures.show", measure_id=measure_id), 303)
    return render_template("measures/edit.html", form=form, measure=page, frame=found), form.status_code
