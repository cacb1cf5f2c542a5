# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Hearing about a contribution by mail: ordering, confirming by link, ending it with one click."""

from flask import Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from charta.accounts.throttle import FreeAttempts
from charta.contributions.queries import page
from charta.contributions.rules import clean_code
from charta.contributions.service import subscribing
from charta.contributions.service.telling import SUBJECT
from charta.contributions.views.blueprint import blueprint
from charta.contributions.views.subscribing_forms import ButtonForm, SubscribeForm
from charta.errors import NotFound
from charta.notifications import subscriptions
from charta.notifications.models import Subscription
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.headers import no_store
from charta.web.i18n import locale_code
from charta.web.viewer import actor, remote_address


@blueprint.route("/b/<code>/benachrichtigen", methods=["GET", "POST"])
@access(Permission.SUBSCRIBE)
def notify(code: str) -> ResponseReturnValue:
    """Order news about a contribution: for an account with one click, else for an address.

    The form has a page of its own: who only reads a contribution gets no cookie.
    """
    canonical = clean_code(code)
    if canonical is None or not page.exists_code(canonical):
        raise NotFound(kind="contribution", code=code)
    back = redirect(url_for("contributions.show", code=canonical, _anchor="nachrichten"), 303)
    if request.method == "POST" and actor().id is not None and "email" not in request.form:
        if ButtonForm().validate_on_submit():
            if request.form.get("tun") == "ende":
                subscribing.unfollow(actor(), canonical)
                flash(_("Sie beobachten diesen Beitrag nicht mehr."), "success")
            else:
                subscribing.follow(actor(), canonical)
                flash(_("Sie beobachten diesen Beitrag: Neues steht in Ihren Nachrichten."), "success")
        return back
    form = SubscribeForm()
    if form.validate_on_submit():
        with catching(form):
            subscribing.subscribe(
                actor(),
                canonical,
                email=form.email.data or "",
                locale=locale_code(),
                address=remote_address(),
                free=_free_attempts(),
            )
            flash(
                _(
                    "Wir haben Ihnen eine E-Mail geschickt. Bitte öffnen Sie den Link darin: "
                    "Erst dann bekommen Sie Nachrichten."
                ),
                "success",
            )
            return back
    return render_template("contributions/notify.html", code=canonical, form=form), form.status_code


def _free_attempts() -> FreeAttempts:
    """Return how many orders cost nothing, as configured for signing in: a hall shares one address."""
    return FreeAttempts(
        current_app.config["SIGN_IN_FREE_ATTEMPTS"],
        current_app.config["SIGN_IN_FREE_ATTEMPTS_PER_ADDRESS"],
    )


# ------------------------------------------------------------------------------------------ links of mails


@blueprint.route("/nachrichten/<key>", methods=["GET", "POST"])
@access(Permission.SUBSCRIBE)
def subscription(key: str) -> ResponseReturnValue:
    """Confirm an address by the link sent to it; a button, because opening a link must not write."""
    found = _load(key)
    form = ButtonForm()
    if form.validate_on_submit():
        subscriptions.confirm(key)
        flash(_("Bestätigt. Sie bekommen eine Nachricht, wenn sich hier etwas bewegt."), "success")
        return redirect(url_for("contributions.subscription", key=key), 303)
    return _page("contributions/subscription.html", key, found, form)


@blueprint.get("/nachrichten/<key>/abbestellen")
@access(Permission.SUBSCRIBE)
def unsubscribe(key: str) -> ResponseReturnValue:
    """Show the button that ends the news; opening the link ends nothing (mail programs open links)."""
    return _page("contributions/unsubscribe.html", key, _load(key), ButtonForm(formdata=None))


@blueprint.post("/nachrichten/<key>/abbestellen")
@access(Permission.SUBSCRIBE)
def unsubscribe_now(key: str) -> ResponseReturnValue:
    """End the news: the page's button, and the one a mail program presses (RFC 8058).

    The key says whose they are, whoever is signed in; no token of a session is asked for, and a mail program
    gets an answer without a redirect. What came in one mail ends with it: all news about contributions.
    """
    if request.form.get("List-Unsubscribe") == "One-Click":
        subscribing.end_all(key)
        response = make_response("OK\n")
        response.mimetype = "text/plain"
        return no_store(response)
    if request.form.get("tun") == "alle":
        subscribing.end_all(key)
    else:
        subscriptions.unsubscribe(key)
    return redirect(url_for("contributions.unsubscribe", key=key), 303)


def _load(key: str) -> Subscription:
    found = subscriptions.subscription_by_key(key)
    if found is None or found.subject_kind != SUBJECT:
        raise NotFound(kind="subscription", id=None)
    return found


def _page(template: str, key: str, found: Subscription, form: ButtonForm) -> Response:
    subject = page.code_of(found.subject_id)
    html = render_template(template, key=key, subscription=found, code=subject, form=form)
    return no_store(make_response(html, form.status_code))
