# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What happened: for the whole, a field of action, a section; by day, with filters, and as Atom feeds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.activity.queries import log_position
from charta.db import utcnow
from charta.errors import NotFound
from charta.fields import queries as fields
from charta.fields.models import FieldOfAction
from charta.permissions import ANONYMOUS, Permission, may
from charta.sections import queries as sections
from charta.watching import words
from charta.watching.addresses import url_of
from charta.watching.queries import deeds as queries
from charta.watching.queries.deeds import Deed, DeedKind
from charta.watching.views.blueprint import blueprint
from charta.web import headers
from charta.web.access import access
from charta.web.dates import local
from charta.web.pager import cut, key_argument
from charta.web.urls import external
from charta.web.viewer import actor, policy, site_settings


@dataclass(frozen=True, slots=True)
class Day:
    """The deeds of one day in Germany, newest first."""

    at: datetime
    deeds: Sequence[Deed]


@blueprint.get("/aktivitaet")
@access(Permission.READ_PUBLIC)
def activity() -> ResponseReturnValue:
    """Show what happened in the whole installation, as far as the viewer may know of it."""
    return _page("watching.activity", {}, feed_url=url_for("watching.activity_feed"))


@blueprint.get("/handlungsfelder/<slug>/aktivitaet")
@access(Permission.READ_DRAFT)
def activity_of_field(slug: str) -> ResponseReturnValue:
    """Show what happened in a field of action."""
    field = _field(slug)
    return _page(
        "watching.activity_of_field",
        {"slug": slug},
        field_id=field.id,
        about=field.name,
        about_url=url_for("fields.show", slug=slug),
        feed_url=url_for("watching.activity_feed_of_field", slug=slug),
    )


@blueprint.get("/abschnitte/<id:section_id>/aktivitaet")
@access(Permission.READ_DRAFT)
def activity_of_section(section_id: int) -> ResponseReturnValue:
    """Show what happened to a section, its proposals and its discussion."""
    found = sections.section(section_id)
    if found is None:
        raise NotFound(kind="section", id=section_id)
    return _page(
        "watching.activity_of_section",
        {"section_id": section_id},
        section_id=section_id,
        about=f"{found.number} {found.title}".strip(),
        about_url=url_for("sections.show", section_id=section_id),
    )


def _field(slug: str) -> FieldOfAction:
    found = fields.field_by_slug(slug)
    if found is None:
        raise NotFound(kind="field", slug=slug)
    return found


def _page(
    endpoint: str,
    place: dict[str, Any],
    *,
    field_id: int | None = None,
    section_id: int | None = None,
    about: str = "",
    about_url: str = "",
    feed_url: str = "",
) -> str:
    kind = next((item for item in DeedKind if item == request.args.get("art")), None)
    partners = queries.organisations()
    chosen = key_argument("organisation")
    organisation_id = next((ident for ident, _name in partners if ident == chosen), None)
    before = key_argument("vor")
    page = cut(
        queries.deeds(
            actor(),
            site_settings(),
            reads_text=bool(may(actor(), Permission.READ_DRAFT, policy=policy())),
            kind=kind,
            organisation_id=organisation_id,
            field_id=field_id,
            section_id=section_id,
            before=before,
        ),
        queries.PAGE_SIZE,
        lambda deed: deed.seq,
    )
    kept: dict[str, Any] = dict(place)
    if kind is not None:
        kept["art"] = kind.value
    if organisation_id is not None:
        kept["organisation"] = organisation_id
    offered = [
        item
        for item in words.kinds()
        if not place or item[0] != DeedKind.FORUMS  # these belong to no field
    ]
    return render_template(
        "watching/activity.html",
        days=_by_day(page.items),
        about=about,
        about_url=about_url,
        feed_url=feed_url,
        page_url=url_for(endpoint, **place),
        next_url=url_for(endpoint, **kept, vor=page.next_key) if page.next_key else None,
        first_url=url_for(endpoint, **kept) if before is not None else None,
        kinds=offered,
        kind=kind,
        organisations=partners,
        organisation_id=organisation_id,
        words=words,
        url_of=lambda deed: url_of(deed, url_for),
    )


def _by_day(deeds: Sequence[Deed]) -> list[Day]:
    # The log is in order of time, except where a demonstration wrote its past afterwards.
    ordered = sorted(deeds, key=lambda deed: (deed.at, deed.seq), reverse=True)
    days = [list(group) for _date, group in groupby(ordered, key=lambda deed: local(deed.at).date())]
    return [Day(group[0].at, group) for group in days]


# ---------------------------------------------------------------------------------------------------- feeds


@blueprint.get("/aktivitaet.atom")
@access(Permission.READ_PUBLIC)
def activity_feed() -> Response:
    """Return what the public may read of the newest deeds, for feed readers (Atom, RFC 4287)."""
    return _feed(
        title=_("Was geschehen ist"),
        field_id=None,
        self_url=external("watching.activity_feed"),
        base_url=external("watching.activity"),
    )


@blueprint.get("/handlungsfelder/<slug>/aktivitaet.atom")
@access(Permission.READ_PUBLIC)
def activity_feed_of_field(slug: str) -> Response:
    """Return the same for a field of action."""
    field = _field(slug)
    return _feed(
        title=field.name,
        field_id=field.id,
        self_url=external("watching.activity_feed_of_field", slug=slug),
        base_url=external("watching.activity_of_field", slug=slug),
    )


def _feed(*, title: str, field_id: int | None, self_url: str, base_url: str) -> Response:
    """Return the feed as a visitor may read it, whoever asks: readers of feeds keep and share them."""
    tag = headers.etag("activity", log_position(), field_id)
    unchanged = headers.not_modified(tag)
    if unchanged is not None:
        return unchanged
    found = queries.deeds(
        ANONYMOUS,
        site_settings(),
        reads_text=bool(may(ANONYMOUS, Permission.READ_DRAFT, policy=policy())),
        field_id=field_id,
    )[: queries.PAGE_SIZE]
    text = render_template(
        "watching/activity.xml",
        title=title,
        entries=[
            {
                "id": f"{base_url}#e{deed.seq}",
                "url": url_of(deed, external),
                "title": words.plain(deed),
                "at": deed.at.isoformat(timespec="seconds"),
                "more": words.more(deed),
            }
            for deed in found
        ],
        updated=(found[0].at if found else utcnow()).isoformat(timespec="seconds"),
        self_url=self_url,
        base_url=base_url,
    )
    response = make_response(text, {"Content-Type": "application/atom+xml; charset=utf-8"})
    response.set_etag(tag, weak=True)
    return response
