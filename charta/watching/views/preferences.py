# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Which mails one gets: the page of the account, and the links of mails that end them with one click."""

from flask import Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts import queries as accounts
from charta.db import utcnow
from charta.errors import NotFound
from charta.notifications import preferences as service
from charta.notifications.queries import mail_state
from charta.notifications.rules import Digest, Unsubscribe, next_digest_at
from charta.permissions import Permission
from charta.watching.views.blueprint import blueprint
from charta.watching.views.preferences_forms import ButtonForm, MailsForm
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.mail_keys import read_unsubscribe_key
from charta.web.viewer import actor


@blueprint.route("/konto/mails", methods=["GET", "POST"])
@access(Permission.USE_ACCOUNT)
def preferences() -> ResponseReturnValue:
    """Show and change which mails one gets, and whether the address takes them."""
    form = MailsForm()
    if form.validate_on_submit():
        with catching(form):
            service.choose(actor(), digest=Digest(form.digest.data), wants_own=bool(form.wants_own.data))
            flash(_("Gespeichert. So schreiben wir Ihnen ab jetzt."), "success")
            return redirect(url_for("watching.preferences"), 303)
    state = mail_state(actor().id or 0)
    if request.method == "GET":
        form = MailsForm(formdata=None, data={"digest": state.digest.value, "wants_own": state.wants_own})
    html = render_template(
        "watching/preferences.html",
        form=form,
        state=state,
        next_at=next_digest_at(state.digest, utcnow()),
    )
    return no_store(make_response(html, form.status_code))


@blueprint.post("/konto/mails/adresse")
@access(Permission.USE_ACCOUNT)
def address_is_fine() -> ResponseReturnValue:
    """Let mails be tried again that the address refused."""
    if ButtonForm().validate_on_submit():
        service.address_is_fine(actor())
        flash(_("Danke. Wir schreiben Ihnen wieder an diese Adresse."), "success")
    return redirect(url_for("watching.preferences"), 303)


# ------------------------------------------------------------------------------------------ links of mails


@blueprint.get("/abbestellen/<key>")
@access(Permission.SUBSCRIBE)
def unsubscribe(key: str) -> ResponseReturnValue:
    """Show the button that ends one kind of mails; opening the link ends nothing: mail programs open them."""
    person_id, what = _load(key)
    state = mail_state(person_id)
    is_ended = state.digest is Digest.NEVER if what is Unsubscribe.DIGEST else not state.wants_own
    html = render_template(
        "watching/unsubscribe.html",
        what=what.value,
        is_ended=is_ended,
        has_digest=state.digest is not Digest.NEVER,
        form=ButtonForm(formdata=None),
    )
    response = make_response(html)
    response.headers["Referrer-Policy"] = "no-referrer"
    return no_store(response)


@blueprint.post("/abbestellen/<key>")
@access(Permission.SUBSCRIBE)
def unsubscribe_now(key: str) -> ResponseReturnValue:
    """End them: the page's button, and the one a mail program presses (RFC 8058).

    The signed key says whose mails, whoever is signed in: no token of a session is asked for.
    """
    person_id, what = _load(key)
    if request.form.get("tun") == "wieder":
        service.subscribe_again(person_id, what)
    else:
        service.unsubscribe(person_id, what)
    if request.form.get("List-Unsubscribe") == "One-Click":
        response = make_response("OK\n")
        response.mimetype = "text/plain"
        return no_store(response)
    return no_store(_redirected(key))


def _redirected(key: str) -> Response:
    response = make_response(redirect(url_for("watching.unsubscribe", key=key), 303))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _load(key: str) -> tuple[int, Unsubscribe]:
    found = read_unsubscribe_key(key)
    if found is None or accounts.person(found[0]) is None:
        raise NotFound(kind="subscription", id=None)
    return found
