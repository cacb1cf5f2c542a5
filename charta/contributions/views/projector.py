# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The projector of a forum, what it asks for each second, and the page that steers it.

It stands among the contributions because it shows them. The code of the hall is on it for everybody only
while the hall is open; before and after only who runs the forum sees it.
"""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.contributions import words
from charta.contributions.queries import projector as queries
from charta.contributions.queries.projector import Hall
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.projector_forms import FieldForm, SteerForm
from charta.db import utcnow
from charta.errors import InvalidInput, NotFound
from charta.fields import queries as fields
from charta.forums.queries import forums
from charta.forums.rules import ProjectorMode
from charta.forums.service import projecting
from charta.permissions import Permission, role_may
from charta.votes import poll_words
from charta.votes.queries import polls_live
from charta.votes.queries.polls_live import Wall
from charta.votes.rules import PollMethod, PollState
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import etag, not_modified
from charta.web.pager import cut, key_argument
from charta.web.qr import qr_svg
from charta.web.viewer import actor

REFRESH_SECONDS = 10  # without a script
OPTIONS_BESIDE = 6  # more do not fit beside the contributions


@blueprint.get("/beamer/<slug>")
@access(Permission.READ_PUBLIC)
def projector(slug: str) -> ResponseReturnValue:
    """Show the wall of a forum in full screen: join code, contributions, the live poll."""
    hall, wall = polls_live.wall(slug, utcnow())
    return render_template(
        "contributions/projector.html",
        tag=f'W/"{_tag(hall, wall)}"',
        refresh_seconds=REFRESH_SECONDS,
        **_stand(hall, wall),
    )


@blueprint.get("/beamer/<slug>/stand")
@access(Permission.READ_PUBLIC)
def projector_state(slug: str) -> ResponseReturnValue:
    """Return what the wall shows now, as a piece of HTML; 304 while nothing on it has changed."""
    hall, wall = polls_live.wall(slug, utcnow())
    tag = _tag(hall, wall)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    # Outside of `render_template`, whose menus would cost a statement each second.
    template = current_app.jinja_env.get_template("contributions/_projector_stand.html")
    response = make_response(template.render(**_stand(hall, wall)))
    response.set_etag(tag, weak=True)
    return response


@blueprint.route("/foren/<slug>/beamer", methods=["GET", "POST"])
@access(Permission.RUN_FORUM)
def projector_control(slug: str) -> ResponseReturnValue:
    """Steer the projector from a phone or laptop: what it shows, from which field, and what is large."""
    forum = forums.load(slug)
    steer, choice = SteerForm(), FieldForm()
    choice.offer(fields.fields())
    form = choice if "feld" in request.form else steer
    if form.validate_on_submit():
        with catching(form):
            _steer(forum.id, steer, choice)
            return redirect(url_for("contributions.projector_control", slug=slug), 303)
    if not choice.is_submitted() or form is steer:
        choice.field_id.data = forum.projector_field_id or 0
    hall = queries.hall(slug, utcnow())
    listed = polls_live.listed(forum.id)
    running = next((one for one in listed if one.poll.state is PollState.RUNNING), None)
    page = cut(queries.screened(forum.id, after_id=key_argument()), queries.PAGE_SIZE, lambda entry: entry.id)
    pinned = queries.entries(hall, limit=0)[0] if hall.forum.projector_pinned_id else None
    return (
        render_template(
            "contributions/projector_control.html",
            hall=hall,
            form=form,
            steer=steer,
            choice=choice,
            page=page,
            pinned=pinned,
            modes=_modes(),
            kind_word=words.kind,
            is_first=key_argument() is None,
            polls=listed,
            running=running,
            numbers=polls_live.numbers_of(running, hall),
            poll_words=poll_words,
        ),
        form.status_code,
    )


def _steer(forum_id: int, steer: SteerForm, choice: FieldForm) -> None:
    """Do what the pressed button says."""
    if "feld" in request.form:
        projecting.choose_field(actor(), forum_id, field_id=choice.field_id.data or None)
    elif "modus" in request.form:
        try:
            mode = ProjectorMode(request.form["modus"])
        except ValueError:
            raise InvalidInput("modus", "invalid") from None
        projecting.switch(actor(), forum_id, mode=mode)
    elif "loesen" in request.form:
        projecting.pin(actor(), forum_id, contribution_id=None)
    else:
        wanted = steer.number("anheften")
        if wanted is None or not queries.is_listed(forum_id, wanted):
            raise NotFound(kind="contribution", id=wanted)
        projecting.pin(actor(), forum_id, contribution_id=wanted)


def _modes() -> list[tuple[str, str, str, str]]:
    """Return value, icon, word and explanation of each mode."""
    return [
        (ProjectorMode.JOIN.value, "qr", _("Mitmachen"), _("Code und QR-Code groß, sonst nichts")),
        (ProjectorMode.STREAM.value, "list", _("Beiträge"), _("Gesichtete Beiträge, der neueste zuerst")),
        (ProjectorMode.PAUSE.value, "pause", _("Pause"), _("Ruhiges Bild mit dem Code am Rand")),
    ]


def _shows_code(hall: Hall) -> bool:
    return hall.code is not None and (hall.is_open or bool(role_may(actor(), Permission.RUN_FORUM)))


def _tag(hall: Hall, wall: Wall | None) -> str:
    return etag("projector", hall.signature, _shows_code(hall), wall.signature if wall else "")


def _stand(hall: Hall, wall: Wall | None) -> dict[str, Any]:
    """Return what the wall is filled with; words and many options take the place of the contributions."""
    poll = wall.result.poll if wall else None
    shows_words = poll is not None and poll.method is PollMethod.WORDS
    is_wide = shows_words or (poll is not None and len(poll.options) > OPTIONS_BESIDE)
    pinned, stream = (None, []) if is_wide else queries.entries(hall)
    base = str(current_app.config["BASE_URL"])
    address = urlsplit(base)
    code = hall.code if _shows_code(hall) else None
    return {
        "hall": hall,
        "forum": hall.forum,
        "mode": hall.forum.projector_mode.value,
        "wall": wall,
        "is_wide": is_wide,
        "poll": poll,
        "poll_words": poll_words,
        "words": polls_live.wall_words(poll) if poll and shows_words and wall and wall.result.shows else [],
        "pinned": pinned,
        "stream": stream,
        "code": code,
        "qr": qr_svg(f"{base}/f/{code}", label=_("QR-Code zum Mitmachen")) if code else None,
        "host": f"{address.netloc}{address.path}".rstrip("/"),
        "kind_word": words.kind,
    }
