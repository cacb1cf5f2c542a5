# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The page of one contribution by its code, looking a code up, and the reply to a question."""

from dataclasses import replace

from flask import flash, make_response, redirect, render_template, request, url_for
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.comments import talking
from charta.comments.queries.subjects import Subject
from charta.comments.rules import SubjectKind
from charta.contributions import words
from charta.contributions.queries import page
from charta.contributions.queries.page import Detail
from charta.contributions.rules import SCREENED, Outcome, State, clean_code
from charta.contributions.service import replying
from charta.contributions.views import timeline, timeline_text
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.subscribing_forms import ReplyForm
from charta.db import utcnow
from charta.errors import NotFound, WrongState
from charta.measures.rules import MeasureStatus
from charta.permissions import Permission, may, role_may
from charta.proposals.queries import taken_up
from charta.proposals.queries.taken_up import TakingUp
from charta.votes.queries import decided
from charta.watching import button
from charta.watching.rules import WatchKind
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import etag, no_store, not_modified, tagged
from charta.web.standing import Standing
from charta.web.viewer import actor, current_round, policy, site_settings


@blueprint.get("/b")
@access(Permission.READ_PUBLIC)
def look_up() -> ResponseReturnValue:
    """Ask for a code and lead to its page; the code is free in case, blanks and hyphens."""
    typed = request.args.get("code", "").strip()[:40]
    if not typed:
        return render_template("contributions/look_up.html", typed="", state="")
    code = clean_code(typed)
    if code is None:
        return render_template("contributions/look_up.html", typed=typed, state="form"), 422
    return redirect(url_for("contributions.show", code=code), 303)


@blueprint.get("/b/<code>")
@access(Permission.READ_PUBLIC)
def show(code: str) -> ResponseReturnValue:
    """Show a contribution and what became of it."""
    canonical = clean_code(code)
    if canonical is None:
        return render_template("contributions/look_up.html", typed=code[:40], state="form"), 404
    if canonical != code:
        key = request.args.get("schluessel")
        return redirect(url_for("contributions.show", code=canonical, schluessel=key), 301)
    found = page.detail(actor(), canonical)
    if found is None:
        card = page.card(canonical)
        state = "card" if card else "unknown"
        html = render_template("contributions/look_up.html", typed=canonical, state=state, card=card)
        return html, 200 if card else 404
    if "schluessel" in request.args:
        return no_store(make_response(_page(found)))
    tag = _tag(found)
    return not_modified(tag) or tagged(_page(found), tag)


def _tag(found: Detail) -> str:
    """Return what the page depends on: every deed moves the log, support and orders of news do not."""
    return etag(
        found.row.code,
        found.row.version,
        found.row.supporters,
        found.is_supported,
        found.watch_state,
        found.log,
        current_round(),
        site_settings(),
        utcnow().strftime("%Y%m%d%H"),
        browser_session.get("_flashes"),
        browser_session.get("csrf_token"),
    )


def _page(found: Detail, *, reply: ReplyForm | None = None) -> str:
    row, viewer, settings = found.row, actor(), site_settings()
    key = (reply.schluessel.data if reply else request.args.get("schluessel", "")) or ""
    is_asked = row.state is State.ASKED
    answers = is_asked and replying.may_reply(viewer, row.id, found.author_id, key)
    if answers and reply is None:
        reply = ReplyForm(formdata=None)
        reply.schluessel.data = key
    takings = taken_up.of_contribution(viewer, settings, row.id, *decided.of_proposal())
    relatives = page.relatives(found)
    may_read_draft = bool(may(viewer, Permission.READ_DRAFT, policy=policy()))
    screens = bool(role_may(viewer, Permission.READ_SCREENING))
    talk = None
    if row.state in SCREENED:
        back = url_for("contributions.show", code=row.code)
        talk = talking.talk(Subject(SubjectKind.CONTRIBUTION, row.id), back=back)
    return render_template(
        "contributions/show.html",
        found=found,
        row=row,
        standing=_standing(found, takings),
        steps=timeline.steps(
            found,
            page.events(viewer, found, is_private=answers),
            relatives,
            takings,
            timeline_text.sentences(takings, log=found.log) if may_read_draft else {},
            may_read_draft=may_read_draft,
            talk=talk,
        ),
        relatives=relatives,
        can_support=row.state is State.ACCEPTED
        and not row.is_own
        and bool(may(viewer, Permission.SUPPORT_CONTRIBUTION)),
        reply=reply if answers or (reply is not None and reply.is_submitted()) else None,
        watching=button.known(WatchKind.CONTRIBUTION, row.id, found.watch_state)
        if row.state in SCREENED or row.is_own or screens
        else None,
        follows=found.watch_state in {"watched", "muted"},
        screens=screens,
        words=words,
        talk=talk,
        comment_author=talking.author,
    )


def _standing(found: Detail, takings: list[TakingUp]) -> Standing:
    standing = words.standing(found.row, [taken_up.outcome_of(one.row.state) for one in takings])
    runs = any(
        one.measure is not None and one.measure.status in {MeasureStatus.RUNNING, MeasureStatus.DONE}
        for one in takings
        if taken_up.outcome_of(one.row.state) is Outcome.IN_CHARTA
    )
    if runs and found.row.state is State.ACCEPTED:
        return replace(standing, word=_("Steht in der Charta und wird umgesetzt"))
    return standing


@blueprint.post("/b/<code>/antworten")
@access(Permission.REPLY_TO_QUESTION)
def reply(code: str) -> ResponseReturnValue:
    """Answer a question of the moderation: the author, or who holds the link of the mail."""
    canonical = clean_code(code)
    found = page.detail(actor(), canonical) if canonical else None
    if found is None:
        raise NotFound(kind="contribution", code=code)
    form = ReplyForm()
    if form.validate_on_submit():
        with catching(form):
            try:
                replying.reply(
                    actor(), found.row.code, text=form.reply.data or "", key=form.schluessel.data or ""
                )
            except WrongState:
                form.refuse(
                    "",
                    _("Zu diesem Beitrag ist keine Rückfrage (mehr) offen. Ihr Text steht noch im Feld."),
                    status_code=409,
                )
            else:
                flash(_("Vielen Dank, Ihre Antwort ist bei der Moderation."), "success")
                return redirect(url_for("contributions.show", code=found.row.code), 303)
    again = page.detail(actor(), found.row.code)
    assert again is not None
    return no_store(make_response(_page(again, reply=form), form.status_code))
