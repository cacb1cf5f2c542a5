# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Watching: the deed behind the button of each page, and the list of all that is watched."""

from collections.abc import Callable, Mapping
from itertools import groupby
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.errors import NotFound
from charta.permissions import Actor, Permission, may
from charta.watching import kind_words
from charta.watching.queries import watched as queries
from charta.watching.rules import WatchKind
from charta.watching.service import watching as service
from charta.watching.views.blueprint import blueprint
from charta.web.access import access
from charta.web.pager import cut, key_argument
from charta.web.urls import MAX_ID, local_target
from charta.web.viewer import actor, policy, site_settings

_DEEDS: Mapping[str, Callable[[Actor, str, int], None]] = {
    "beobachten": service.watch,
    "ende": service.unwatch,
    "stumm": service.mute,
    "laut": service.unmute,
}
# Names in the address; those of the database are English.
_KINDS: Mapping[str, WatchKind] = {
    "handlungsfelder": WatchKind.FIELD,
    "abschnitte": WatchKind.SECTION,
    "vorschlaege": WatchKind.PROPOSAL,
    "beitraege": WatchKind.CONTRIBUTION,
    "themen": WatchKind.TOPIC,
    "foren": WatchKind.FORUM,
    "abstimmungen": WatchKind.BALLOT,
    "gespraeche": WatchKind.COMMENT,
}
ONLY_MUTED = "stumm"


@blueprint.post("/beobachten")
@access(Permission.WATCH)
def watch() -> ResponseReturnValue:
    """Begin, mute or end watching: `art` and `nr` name the subject, `tat` the deed, `weiter` the way back."""
    deed, ident = request.form.get("tat", ""), _number(request.form.get("nr", ""))
    if deed not in _DEEDS or ident is None:
        raise NotFound(kind="subject", id=ident)
    _DEEDS[deed](actor(), request.form.get("art", ""), ident)
    flash(_said(deed), "success")
    return redirect(local_target(request.form.get("weiter"), url_for("watching.watched")), 303)


def _number(raw: str) -> int | None:
    return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 11 and 0 < int(raw) <= MAX_ID else None


def _said(deed: str) -> str:
    return {
        "beobachten": _("Sie beobachten das jetzt. Was hier geschieht, steht in Ihren Nachrichten."),
        "ende": _("Sie beobachten das nicht mehr."),
        "stumm": _("Stumm geschaltet: Sie hören davon nichts mehr, bis Sie es wieder ändern."),
        "laut": _("Sie hören wieder davon, was hier geschieht."),
    }[deed]


@blueprint.get("/mein-bereich/beobachtet")
@access(Permission.WATCH)
def watched() -> ResponseReturnValue:
    """List what the viewer watches by kind, newest first; `art` and `nur=stumm` filter it."""
    kind = _KINDS.get(request.args.get("art", ""))
    only_muted = request.args.get("nur") == ONLY_MUTED
    after = key_argument("nach")
    page = cut(
        queries.lines(
            actor(),
            site_settings(),
            reads_text=bool(may(actor(), Permission.READ_DRAFT, policy=policy())),
            kind=kind,
            only_muted=only_muted,
            after=after,
        ),
        queries.PAGE_SIZE,
        lambda line: line.id,
    )
    counts, muted = queries.counts(actor())
    kept: dict[str, Any] = {}
    if kind is not None:
        kept["art"] = request.args["art"]
    if only_muted:
        kept["nur"] = ONLY_MUTED
    return render_template(
        "watching/watched.html",
        groups=[(one, list(lines)) for one, lines in groupby(page.items, key=lambda line: line.kind)],
        total=sum(counts.values()),
        muted=muted,
        is_filtered=kind is not None or only_muted,
        segments=[
            {"label": _("Alles"), "url": url_for("watching.watched"), "current": not kept},
            *(
                {
                    "label": kind_words.several(one),
                    "url": url_for("watching.watched", art=slug),
                    "current": one is kind,
                    "count": counts[one],
                }
                for slug, one in _KINDS.items()
                if one in counts
            ),
            *(
                [
                    {
                        "label": _("Stumm"),
                        "url": url_for("watching.watched", nur=ONLY_MUTED),
                        "current": only_muted and kind is None,
                        "count": muted,
                    }
                ]
                if muted
                else []
            ),
        ],
        next_url=url_for("watching.watched", **kept, nach=page.next_key) if page.next_key else None,
        first_url=url_for("watching.watched", **kept) if after is not None else None,
        here=request.full_path if request.query_string else request.path,
        words=kind_words,
    )


@blueprint.post("/mein-bereich/beobachtet")
@access(Permission.WATCH)
def change_watched() -> ResponseReturnValue:
    """Change one line of the list (`zeile`: deed, kind and number), or end all chosen ones (`auswahl`)."""
    back = redirect(local_target(request.form.get("weiter"), url_for("watching.watched")), 303)
    deed, _colon, ref = request.form.get("zeile", "").partition(":")
    kind, _colon, raw = ref.partition(":")
    ident = _number(raw)
    if deed:
        if deed not in _DEEDS or ident is None:
            raise NotFound(kind="subject", id=ident)
        _DEEDS[deed](actor(), kind, ident)
        flash(_said(deed), "success")
        return back
    chosen = [number for raw in request.form.getlist("auswahl")[:500] if (number := _number(raw)) is not None]
    if not chosen:
        flash(_("Bitte wählen Sie zuerst aus, was Sie nicht mehr beobachten möchten."), "error")
        return back
    count = service.end_all(actor(), chosen)
    flash(
        ngettext("Sie beobachten das nicht mehr.", "Sie beobachten %(num)s Dinge nicht mehr.", count)
        if count
        else _("Davon haben Sie nichts mehr beobachtet."),
        "success",
    )
    return back
