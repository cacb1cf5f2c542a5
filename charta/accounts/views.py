# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages around the account: signing in and out."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from charta.accounts import service
from charta.accounts.forms import SignInForm
from charta.accounts.throttle import FreeAttempts
from charta.permissions import Permission
from charta.web.access import access
from charta.web.forms import catching
from charta.web.urls import local_target
from charta.web.viewer import load_viewer, remote_address

blueprint = Blueprint("accounts", __name__)


@blueprint.route("/anmelden", methods=["GET", "POST"])
@access(Permission.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Sign in by e-mail address and password."""
    form = SignInForm()
    if request.method == "GET":
        form.weiter.data = request.args.get("weiter", "")
        if current_user.is_authenticated:
            return redirect(local_target(form.weiter.data, url_for("pages.home")), 303)
    if form.validate_on_submit():
        with catching(form):
            key = service.sign_in(
                form.email.data or "",
                form.password.data or "",
                address=remote_address(),
                user_agent=request.user_agent.string,
                free=FreeAttempts(
                    current_app.config["SIGN_IN_FREE_ATTEMPTS"],
                    current_app.config["SIGN_IN_FREE_ATTEMPTS_PER_ADDRESS"],
                ),
            )
            start_browser_session(key)
            return redirect(local_target(form.weiter.data, url_for("pages.home")), 303)
    return render_template("accounts/sign_in.html", form=form), form.status_code


def start_browser_session(key: str) -> None:
    """Put a new session key into the cookie; what an anonymous visitor had there goes."""
    locale = session.get("locale")
    session.clear()
    if locale:
        session["locale"] = locale
    session.permanent = True
    viewer = load_viewer(key)
    if viewer is not None:
        login_user(viewer)


@blueprint.post("/abmelden")
@access(Permission.USE_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    service.sign_out(current_user.key)
    logout_user()
    session.clear()
    flash(_("Sie sind abgemeldet."), "success")
    return redirect(url_for("pages.home"), 303)
