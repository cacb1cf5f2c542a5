# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages around the account: signing in and out, links of mails, and „Mein Konto“.

None of them may be kept by a cache, and links with a key send no referrer.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import (
    Blueprint,
    Response,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import logout_user

from charta.accounts import queries, service
from charta.accounts.forms import (
    AddressForm,
    ChangePasswordForm,
    EmailForm,
    ForgotPasswordForm,
    InvitationForm,
    NewPasswordForm,
    PlainForm,
    ProfileForm,
    SignInForm,
)
from charta.accounts.rules import LinkState, PublicName, TokenPurpose, device
from charta.accounts.service import links
from charta.accounts.throttle import FreeAttempts
from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import Permission
from charta.web import words
from charta.web.access import access
from charta.web.browser_session import start_browser_session
from charta.web.forms import Form, catching
from charta.web.headers import no_store
from charta.web.urls import local_target
from charta.web.viewer import Viewer, current_viewer, is_production, remote_address

blueprint = Blueprint("accounts", __name__)


@blueprint.after_request
def keep_private(response: Response) -> Response:
    """Let no cache keep these pages and no other page learn a key from the referrer."""
    response.headers["Referrer-Policy"] = "no-referrer" if request.view_args else "same-origin"
    return no_store(response)


def free_attempts() -> FreeAttempts:
    """Return how many failures cost nothing, as configured."""
    return FreeAttempts(
        current_app.config["SIGN_IN_FREE_ATTEMPTS"],
        current_app.config["SIGN_IN_FREE_ATTEMPTS_PER_ADDRESS"],
    )


@blueprint.route("/anmelden", methods=["GET", "POST"])
@access(Permission.SIGN_IN)
def sign_in() -> ResponseReturnValue:
    """Sign in by e-mail address and password."""
    form = SignInForm()
    if request.method == "GET":
        form.weiter.data = local_target(request.args.get("weiter"), "")
        if current_viewer().is_authenticated:
            return redirect(local_target(form.weiter.data, url_for("pages.home")), 303)
    if form.validate_on_submit():
        with catching(form):
            key = service.sign_in(
                form.email.data or "",
                form.password.data or "",
                address=remote_address(),
                user_agent=request.user_agent.string,
                free=free_attempts(),
                demo_may_sign_in=not is_production(),
            )
            start_browser_session(key)
            return redirect(local_target(form.weiter.data, url_for("pages.home")), 303)
    return render_template("accounts/sign_in.html", form=form), form.status_code


@blueprint.post("/abmelden")
@access(Permission.USE_ACCOUNT)
def sign_out() -> ResponseReturnValue:
    """End this session."""
    service.sign_out(_viewer().key)
    return _goodbye(_("Sie sind abgemeldet."))


def _goodbye(message: str) -> ResponseReturnValue:
    logout_user()
    session.clear()
    flash(message, "success")
    return redirect(url_for("pages.home"), 303)


def _viewer() -> Viewer:
    """Return the person of a page that only opens to somebody who is signed in."""
    viewer = current_viewer()
    assert isinstance(viewer, Viewer)
    return viewer


# ------------------------------------------------------------------------------------- links of mails


@contextmanager
def _catching_input(form: Form) -> Iterator[None]:
    """As `catching` for what was typed; a link that is spent passes, it has a page of its own."""
    try:
        yield
    except InvalidInput as error:
        form.refuse(error.field, words.input_error(error.code, error.data))


def _spent(purpose: TokenPurpose, state: LinkState | str) -> ResponseReturnValue:
    """Say what became of a link that no longer works, and what to do now."""
    return render_template(
        "accounts/link_spent.html", purpose=purpose.value, state=LinkState(state).value
    ), 404 if state == LinkState.UNKNOWN else 410


@blueprint.route("/einladung/<key>", methods=["GET", "POST"])
@access(Permission.SIGN_IN)
def accept_invitation(key: str) -> ResponseReturnValue:
    """Join: say the name, choose a password."""
    link = queries.link(TokenPurpose.INVITATION, key)
    if not link:
        return _spent(TokenPurpose.INVITATION, link.state)
    form = InvitationForm()
    if request.method == "GET":
        form.name.data = link.name
    if form.validate_on_submit():
        try:
            with _catching_input(form):
                session_key = links.accept_invitation(
                    key,
                    name=form.name.data or "",
                    password=form.password.data or "",
                    user_agent=request.user_agent.string,
                )
                start_browser_session(session_key)
                flash(_("Willkommen! Ihr Konto ist eingerichtet."), "success")
                return redirect(url_for("pages.mine"), 303)
        except WrongState as error:
            return _spent(TokenPurpose.INVITATION, error.state)
    return render_template("accounts/invitation.html", form=form, link=link), form.status_code


@blueprint.route("/passwort-vergessen", methods=["GET", "POST"])
@access(Permission.SIGN_IN)
def forgot_password() -> ResponseReturnValue:
    """Ask for a link to choose a new password."""
    form = ForgotPasswordForm()
    if form.validate_on_submit():
        with catching(form):
            links.request_password_reset(
                form.email.data or "", address=remote_address(), free=free_attempts()
            )
            return redirect(url_for("accounts.forgot_password_sent"), 303)
    return render_template("accounts/forgot_password.html", form=form), form.status_code


@blueprint.get("/passwort-vergessen/unterwegs")
@access(Permission.SIGN_IN)
def forgot_password_sent() -> ResponseReturnValue:
    """Say the same words whether there is such an account or not."""
    return render_template("accounts/forgot_password_sent.html")


@blueprint.route("/passwort/<key>", methods=["GET", "POST"])
@access(Permission.SIGN_IN)
def reset_password(key: str) -> ResponseReturnValue:
    """Choose a new password by the link of a mail."""
    link = queries.link(TokenPurpose.PASSWORD_RESET, key)
    if not link:
        return _spent(TokenPurpose.PASSWORD_RESET, link.state)
    form = NewPasswordForm()
    if form.validate_on_submit():
        try:
            with _catching_input(form):
                links.reset_password(key, password=form.password.data or "")
                logout_user()
                session.clear()
                flash(_("Ihr neues Passwort gilt. Bitte melden Sie sich damit an."), "success")
                return redirect(url_for("accounts.sign_in"), 303)
        except WrongState as error:
            return _spent(TokenPurpose.PASSWORD_RESET, error.state)
    return render_template("accounts/reset_password.html", form=form, link=link), form.status_code


@blueprint.route("/konto/e-mail/<key>", methods=["GET", "POST"])
@access(Permission.SIGN_IN)
def confirm_email(key: str) -> ResponseReturnValue:
    """Confirm a new address by the link sent to it; a button, because opening a link must not write."""
    link = queries.link(TokenPurpose.EMAIL_CHANGE, key)
    if not link:
        return _spent(TokenPurpose.EMAIL_CHANGE, link.state)
    form = PlainForm()
    if form.validate_on_submit():
        try:
            links.confirm_email(key)
        except WrongState as error:
            return _spent(TokenPurpose.EMAIL_CHANGE, error.state)
        flash(_("Ihre neue E-Mail-Adresse gilt ab jetzt."), "success")
        person = queries.person(link.person_id)
        if person is not None and person.password_hash is None:
            # On another device there is no session: the way to a password leads through the inbox again.
            is_here = current_viewer().actor.id == person.id
            return redirect(url_for("accounts.keep" if is_here else "accounts.forgot_password"), 303)
        signed_in = current_viewer().is_authenticated
        return redirect(url_for("accounts.profile" if signed_in else "accounts.sign_in"), 303)
    return render_template("accounts/confirm_email.html", form=form, link=link), form.status_code


# --------------------------------------------------------------------------------------- „Mein Konto“


@blueprint.route("/konto", methods=["GET", "POST"])
@access(Permission.USE_ACCOUNT)
def profile() -> ResponseReturnValue:
    """Show and change what belongs to the own account."""
    form = ProfileForm(prefix="profile")
    if form.validate_on_submit():
        with catching(form):
            service.change_profile(
                _viewer().actor,
                name=form.name.data or "",
                locale=form.locale.data,
                public_name=PublicName(form.public_name.data),
            )
            session["locale"] = form.locale.data
            flash(_("Ihre Angaben sind gespeichert."), "success")
            return redirect(url_for("accounts.profile"), 303)
    return _profile_page(profile=form)


# Three forms on one page: the prefix keeps their fields apart; "password" in it keeps them off error pages.
_FORMS: dict[str, type[Form]] = {"profile": ProfileForm, "email": EmailForm, "password": ChangePasswordForm}


def _profile_page(**submitted: Form) -> ResponseReturnValue:
    """Render the page with the form that was refused, and fresh ones beside it."""
    viewer = _viewer()
    person = queries.person(viewer.actor.id or 0)
    if person is None:
        raise NotFound(kind="person")
    if person.password_hash is None and submitted.keys() & {"email", "password"}:
        return redirect(url_for("accounts.keep"), 303)  # a first password is set there, without an old one
    made = {name: submitted.get(name) or kind(formdata=None, prefix=name) for name, kind in _FORMS.items()}
    if request.method == "GET" or "profile" not in submitted:
        made["profile"] = ProfileForm(formdata=None, prefix="profile", obj=person)
    status = next((form.status_code for form in submitted.values()), 200)
    return (
        render_template(
            "accounts/profile.html",
            forms=made,
            refused=next((form for form in submitted.values() if form.errors), None),
            person=person,
            role_word=words.ROLES[person.role],
            sessions=[
                {
                    "id": row.id,
                    "device": device(row.user_agent) or _("Unbekanntes Gerät"),
                    "created_at": row.created_at,
                    "last_seen_at": row.last_seen_at,
                }
                for row in queries.sessions_of(person.id)
            ],
            own_session_id=viewer.session_id,
        ),
        status,
    )


@blueprint.route("/konto/behalten", methods=["GET", "POST"])
@access(Permission.USE_ACCOUNT)
def keep() -> ResponseReturnValue:
    """Make an account last that was made in the hall: first an address, then a password."""
    viewer = _viewer()
    person = queries.person(viewer.actor.id or 0)
    if person is None:
        raise NotFound(kind="person")
    if person.password_hash is not None:
        return redirect(url_for("accounts.profile"), 303)
    address, password = AddressForm(formdata=None), NewPasswordForm(formdata=None)
    if request.method == "POST" and "email" in request.form:
        address = AddressForm()
        if address.validate_on_submit():
            with catching(address):
                links.request_email_change(viewer.actor, email=address.email.data or "")
                flash(_("Gleich liegt dort eine Nachricht. Bitte öffnen Sie den Link darin."), "success")
                return redirect(url_for("accounts.keep"), 303)
    elif request.method == "POST":
        password = NewPasswordForm()
        if password.validate_on_submit():
            with catching(password):
                service.set_first_password(viewer.actor, new=password.password.data or "")
                flash(_("Ihr Konto bleibt. Sie melden sich künftig mit Adresse und Passwort an."), "success")
                return redirect(url_for("pages.mine"), 303)
    refused = next((form for form in (address, password) if form.errors), None)
    html = render_template(
        "accounts/keep.html",
        person=queries.person(viewer.actor.id or 0),
        address=address,
        password=password,
        refused=refused,
    )
    return html, refused.status_code if refused else 200


@blueprint.post("/konto/e-mail")
@access(Permission.USE_ACCOUNT)
def change_email() -> ResponseReturnValue:
    """Ask for a confirmation link to a new address."""
    form = EmailForm(prefix="email")
    if form.validate_on_submit():
        with catching(form):
            links.request_email_change(
                _viewer().actor, email=form.email.data or "", password=form.password.data or ""
            )
            flash(
                _(
                    "Wenn die Adresse frei ist, liegt dort gleich eine Nachricht mit einem Link. "
                    "Bis Sie ihn öffnen, gilt die bisherige Adresse."
                )
            )
            return redirect(url_for("accounts.profile"), 303)
    return _profile_page(email=form)


@blueprint.post("/konto/passwort")
@access(Permission.USE_ACCOUNT)
def change_password() -> ResponseReturnValue:
    """Set a new password; other sessions end."""
    form = ChangePasswordForm(prefix="password")
    if form.validate_on_submit():
        with catching(form):
            key = service.change_password(
                _viewer().actor,
                current=form.current.data or "",
                new=form.password.data or "",
                user_agent=request.user_agent.string,
            )
            start_browser_session(key)
            flash(_("Ihr Passwort ist geändert. Alle anderen Sitzungen sind beendet."), "success")
            return redirect(url_for("accounts.profile"), 303)
    return _profile_page(password=form)


@blueprint.post("/konto/ueberall-abmelden")
@access(Permission.USE_ACCOUNT)
def sign_out_everywhere() -> ResponseReturnValue:
    """End every session of the account, this one too."""
    service.sign_out_everywhere(_viewer().actor)
    return _goodbye(_("Sie sind auf allen Geräten abgemeldet."))


@blueprint.post("/konto/sitzungen/<id:session_id>/beenden")
@access(Permission.USE_ACCOUNT)
def end_session(session_id: int) -> ResponseReturnValue:
    """End one session of the account."""
    viewer = _viewer()
    service.end_session(viewer.actor, session_id)
    if session_id == viewer.session_id:
        return _goodbye(_("Sie sind abgemeldet."))
    flash(_("Die Sitzung ist beendet."), "success")
    return make_response(redirect(url_for("accounts.profile"), 303))
