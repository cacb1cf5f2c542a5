# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""All contributions and all topics as everybody may read them; the filters stand in the address."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions import words
from charta.contributions.queries import listing, public_topics
from charta.contributions.rules import LISTED, Kind, State, clean_code
from charta.contributions.views.blueprint import blueprint
from charta.errors import NotFound
from charta.fields import queries as fields
from charta.permissions import Permission, role_may
from charta.proposals import words as proposal_words
from charta.proposals.queries import taken_up
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.pager import cut, key_argument
from charta.web.viewer import actor, current_round, site_settings

SEARCH_MAX = 120


@blueprint.get("/beitraege")
@access(Permission.READ_PUBLIC)
def index() -> ResponseReturnValue:
    """List the contributions, newest first: accepted ones, and on demand those that were not."""
    viewer = actor()
    themes, places = fields.fields(), listing.forums_heard()
    theme = next((item for item in themes if item.slug == request.args.get("feld")), None)
    place = next((item for item in places if item.slug == request.args.get("forum")), None)
    kind = next((item for item in Kind if item.value == request.args.get("art")), None)
    chosen = request.args.get("stand", "")
    search = request.args.get("suche", "").strip()[:SEARCH_MAX]
    narrowed: dict[str, Any] = {
        "forum_id": place.id if place else None,
        "field_id": theme.id if theme else None,
        "kind": kind,
        "search": search,
    }
    counts = listing.counts(viewer, **narrowed)
    rows = listing.rows(
        viewer,
        **narrowed,
        states={State.DECLINED} if chosen == "nicht-aufgenommen" else LISTED,
        is_answered={"beantwortet": True, "offen": False}.get(chosen),
        after=key_argument("nach"),
    )
    page = cut(rows, listing.PAGE_SIZE, key=lambda row: row.id)
    outcomes = taken_up.outcomes([row.id for row in page.items])
    kept: dict[str, Any] = {
        key: value for key, value in request.args.items() if key in _KEPT and value and key != "nach"
    }
    return render_template(
        "contributions/index.html",
        rows=[(row, words.standing(row, outcomes.get(row.id, ()))) for row in page.items],
        next_url=url_for("contributions.index", **(kept | {"nach": page.next_key}))
        if page.next_key
        else None,
        first_url=url_for("contributions.index", **kept) if key_argument("nach") else None,
        tabs=[
            {
                "label": label,
                "url": url_for("contributions.index", **(kept | {"stand": value or None})),
                "current": chosen == value,
                "count": count,
            }
            for value, label, count in (
                ("", _("Alle"), counts.listed),
                ("beantwortet", _("Beantwortet"), counts.answered),
                ("offen", _("Antwort steht aus"), counts.unanswered),
                ("nicht-aufgenommen", _("Nicht aufgenommen"), counts.declined),
            )
        ],
        chosen=chosen,
        fields=themes,
        forums=places,
        kinds=[(item.value, words.kind(item)) for item in Kind],
        theme=theme,
        place=place,
        kind=kind,
        search=search,
        code=clean_code(search) if search else None,
        is_filtered=bool(chosen or theme or place or kind or search),
        words=words,
    )


_KEPT = ("feld", "forum", "art", "stand", "suche", "nach")


@blueprint.get("/themen")
@access(Permission.READ_PUBLIC)
def topics() -> ResponseReturnValue:
    """List the topics, newest first."""
    themes = fields.fields()
    theme = next((item for item in themes if item.slug == request.args.get("feld")), None)
    chosen = request.args.get("stand", "")
    search = request.args.get("suche", "").strip()[:SEARCH_MAX]
    page = cut(
        public_topics.topics(
            field_id=theme.id if theme else None,
            is_answered={"beantwortet": True, "offen": False}.get(chosen),
            search=search,
            before=key_argument("vor"),
        ),
        public_topics.PAGE_SIZE,
        key=lambda row: row.id,
    )
    kept: dict[str, Any] = {
        key: value for key, value in request.args.items() if key in {"feld", "stand", "suche"} and value
    }
    return render_template(
        "contributions/topics.html",
        rows=page.items,
        next_url=url_for("contributions.topics", **(kept | {"vor": page.next_key}))
        if page.next_key
        else None,
        first_url=url_for("contributions.topics", **kept) if key_argument("vor") else None,
        fields=themes,
        theme=theme,
        chosen=chosen,
        search=search,
        is_filtered=bool(theme or chosen or search),
    )


@blueprint.get("/themen/<id:topic_id>")
@access(Permission.READ_PUBLIC)
def topic(topic_id: int) -> ResponseReturnValue:
    """Show a topic: its answer, its contributions, the proposals that take them up."""
    viewer = actor()
    found = public_topics.topic(topic_id)
    if found is None:
        target = public_topics.merged_into(topic_id)
        if target is None:
            raise NotFound(kind="topic", id=topic_id)
        return redirect(url_for("contributions.topic", topic_id=target), 301)
    rows = listing.rows(viewer, topic_id=topic_id, after=key_argument("nach"))
    page = cut(rows, listing.PAGE_SIZE, key=lambda row: row.id)
    proposals = taken_up.of_topic(viewer, site_settings(), topic_id)
    return render_template(
        "contributions/topic.html",
        topic=found,
        rows=page.items,
        next_url=url_for("contributions.topic", topic_id=topic_id, nach=page.next_key)
        if page.next_key
        else None,
        first_url=url_for("contributions.topic", topic_id=topic_id) if key_argument("nach") else None,
        proposals=[(row, proposal_words.standing(row, viewer, current_round())) for row in proposals],
        proposal_words=proposal_words,
        answer_until=max((row.answer_until for row in page.items if row.answer_until), default=None),
        screens=bool(role_may(viewer, Permission.READ_SCREENING)),
        words=words,
        watching=button.of(WatchKind.TOPIC, topic_id),
    )
