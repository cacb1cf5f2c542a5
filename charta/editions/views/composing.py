# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The moderation puts an edition together, anew, and throws one away."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.db import utcnow
from charta.editions import change_words, differences, queries, rules, service, words
from charta.editions.forms import ComposeForm, SeenForm
from charta.editions.queries import EditionRow, comparing
from charta.editions.rules import EditionState
from charta.editions.views.blueprint import blueprint
from charta.errors import EditConflict, InvalidInput, NotFound, WrongState
from charta.permissions import Permission
from charta.proposals import queries as proposals
from charta.sections.rules import SectionKind
from charta.votes.queries import on_text
from charta.web.access import access
from charta.web.forms import catching, conflict_sentence
from charta.web.viewer import actor, policy, site_settings


@blueprint.route("/charta/fassungen/zusammenstellen", methods=["GET", "POST"])
@access(Permission.COMPOSE_EDITION)
def compose() -> ResponseReturnValue:
    """Show what would go into an edition now, and put it together."""
    form = ComposeForm()
    if form.validate_on_submit():
        with catching(form):
            if _compose(form):
                name = rules.clean_name(form.name.data or "")
                flash(_("Die Fassung %(name)s ist zusammengestellt.", name=name), "success")
                return redirect(url_for("editions.show", name=name), 303)
    elif not form.is_submitted():
        name = site_settings().next_edition
        form.name.data, form.title.data = name, f"Charta {name}"
    known, log = comparing.known(actor(), policy())
    latest = queries.in_force(known.values())
    draft = queries.document()
    html = render_template(
        "editions/compose.html",
        form=form,
        sections=sum(one.kind is SectionKind.SECTION for one in draft),
        measures=sum(one.kind is SectionKind.MEASURE for one in draft),
        paragraphs=max((one.last_rn for one in draft if one.kind is SectionKind.SECTION), default=0),
        open_proposals=sum(proposals.queue_counts().values()),
        voted=_under_vote(draft, log),
        latest=latest,
        totals=_totals(latest, draft),
        waiting=[row for row in known.values() if row.state is EditionState.COMPOSED],
        draft_name=rules.DRAFT_NAME,
        note_max=rules.NOTE_MAX,
    )
    return html, form.status_code


def _compose(form: ComposeForm) -> bool:
    try:
        service.compose(
            actor(), name=form.name.data or "", title=form.title.data or "", note=form.note.data or ""
        )
    except InvalidInput as error:
        if error.field != "edition":
            raise
        form.refuse("", _("Die Charta hat noch keinen Text, der in eine Fassung kommen könnte."))
        return False
    return True


@blueprint.post("/charta/fassungen/<id:edition_id>/neu")
@access(Permission.COMPOSE_EDITION)
def recompose(edition_id: int) -> ResponseReturnValue:
    """Put the present texts in place of those of an edition."""
    row = found(edition_id)
    form = SeenForm()
    if form.validate_on_submit():
        try:
            service.recompose(actor(), edition_id, seen_version=form.seen_version())
        except WrongState as error:
            flash(words.wrong_state(error), "error")
        except EditConflict as error:
            flash(conflict_sentence(error), "error")
        except InvalidInput:
            flash(_("Die Charta hat keinen Text mehr. Die Fassung bleibt, wie sie ist."), "error")
        else:
            after = found(edition_id)
            if after.content_hash == row.content_hash:
                flash(_("Seit der letzten Zusammenstellung hat sich kein Text geändert."), "info")
            else:
                flash(_("Die Fassung %(name)s hat jetzt die Texte von heute.", name=row.name), "success")
    return redirect(_page_of(found(edition_id)), 303)


@blueprint.route("/charta/fassungen/<id:edition_id>/verwerfen", methods=["GET", "POST"])
@access(Permission.COMPOSE_EDITION)
def discard(edition_id: int) -> ResponseReturnValue:
    """Throw an edition away that was not published, after a page that names it."""
    row = found(edition_id)
    form = SeenForm()
    if form.validate_on_submit():
        with catching(form):
            try:
                service.discard(actor(), edition_id)
            except WrongState as error:
                form.refuse("", words.wrong_state(error), status_code=409)
            else:
                flash(_("Die Fassung %(name)s ist verworfen.", name=row.name), "success")
                return redirect(url_for("editions.index"), 303)
    return render_template("editions/discard.html", form=form, edition=row), form.status_code


def found(edition_id: int) -> EditionRow:
    """Return an edition; raise `NotFound`."""
    row = queries.by_id(edition_id)
    if row is None:
        raise NotFound(kind="edition", id=edition_id)
    return row


def _page_of(row: EditionRow) -> str:
    if row.state is EditionState.DISCARDED:
        return url_for("editions.index")
    return url_for("editions.show", name=row.name)


def _under_vote(draft: Sequence[queries.Entry], log: int) -> list[tuple[queries.Entry, int]]:
    """Return the texts that a ballot is open on, each with the ballot."""
    places = {one.section_id: one for one in draft}
    return [
        (places[ballot.section_id], ballot.id)
        for ballot in on_text.known(log).ballots
        if ballot.section_id in places and ballot.closes_at > utcnow()
    ]


def _totals(latest: EditionRow | None, draft: Sequence[queries.Entry]) -> list[str]:
    if latest is None:
        return []
    changes = differences.differences(queries.entries(latest.id), draft)
    lines = [change_words.totals(kind, differences.totals(changes, kind)) for kind in SectionKind]
    return [line for line in lines if line]
