# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The whole working draft as one text."""

from collections.abc import Collection, Mapping, Sequence

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from charta.editions import queries as editions
from charta.editions.rules import DRAFT_NAME
from charta.permissions import Permission
from charta.sections import queries, words
from charta.sections.frames import propose_url, proposing, toc, today
from charta.sections.origins import Provenance, SourceShare, provenances, shares_of
from charta.sections.queries import Outline
from charta.sections.rules import SectionKind
from charta.sections.views.blueprint import blueprint, sees_open_proposals, shown_sources
from charta.votes.margin import margins_of
from charta.votes.queries import on_text
from charta.web.access import access
from charta.web.headers import etag, not_modified, tagged
from charta.web.pager import key_argument
from charta.web.viewer import actor, current_round, policy, site_settings


@blueprint.get("/charta")
@access(Permission.READ_DRAFT)
def charta() -> ResponseReturnValue:
    """Show the working draft as one text; `rn` opens the panel of a paragraph.

    `entstehung` marks which source each passage comes from, `quelle` only those of some sources.
    """
    rn = key_argument("rn")
    shows_origin = request.args.get("entstehung") == "1"
    shown = shown_sources() if shows_origin else frozenset()
    asked = (rn, shows_origin, sorted(shown))
    version, stamp = queries.version_with(*on_text.stamp())
    tag = etag("charta", version, site_settings(), current_round(), actor(), today(), asked)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    entries = queries.tree(with_measures=True, at=version)
    known = editions.editions(actor(), policy=policy())
    sections = [entry for entry in entries if entry.kind is SectionKind.SECTION]
    by_field: dict[int, list[Outline]] = {}
    for entry in entries:
        if entry.kind is SectionKind.MEASURE and entry.field_id is not None:
            by_field.setdefault(entry.field_id, []).append(entry)
    numbers = {entry.field_number for entry in sections}
    blocks = queries.rendered_heads(sections)
    opened = next((entry for entry in sections if rn and entry.first_rn <= rn <= entry.last_rn), None)
    origins: Mapping[int, Provenance] = {}
    if shows_origin:
        origins = provenances([entry.head_id for entry in sections])
    elif opened is not None:
        origins = provenances([opened.head_id])
    sees_proposals = sees_open_proposals()
    html = render_template(
        "sections/charta.html",
        margins=margins_of(
            sections,
            blocks,
            version=version,
            at=stamp,
            sees_proposals=sees_proposals and not shows_origin,
        ),
        editions=editions.living(known),
        in_force=editions.in_force(known),
        draft_name=DRAFT_NAME,
        sections=sections,
        toc=toc(sections),
        texts={entry.id: origins[entry.head_id].blocks(shown, blocks[entry.id]) for entry in sections}
        if shows_origin
        else blocks,
        legend=_legend(origins, shown) if shows_origin else None,
        shown=shown,
        opened_shares=origins[opened.head_id].paragraph_shares(blocks[opened.id], rn - opened.first_rn)
        if opened is not None and rn
        else [],
        here=url_for("sections.charta", entstehung=1, quelle=sorted(shown))
        if shows_origin
        else url_for("sections.charta"),
        measures_after={
            last: by_field[field_id]
            for field_id, last in _last_of_field(sections).items()
            if field_id in by_field
        },
        proposing={number: proposing(number) for number in numbers},
        propose_url=propose_url,
        until_when=words.until_when(current_round(), None, whole=True),
        open_rn=rn,
        open_proposals=sum(entry.open_proposals for entry in sections) if sees_proposals else 0,
    )
    return tagged(html, tag)


def _legend(origins: Mapping[int, Provenance], shown: Collection[int]) -> list[SourceShare]:
    """Return the parts of the sources in the whole text; nothing when no source is known."""
    sources = next((one.sources for one in origins.values()), ())
    return shares_of((one.characters() for one in origins.values()), sources, shown)


def _last_of_field(sections: Sequence[Outline]) -> dict[int, int]:
    """Return the last section of each field, by field: the field's measures are listed after it."""
    return {entry.field_id: entry.id for entry in sections if entry.field_id is not None}
