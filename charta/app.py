# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""`create_app()`: settings, extensions, blueprints, event handlers, command line. No rule, no query."""

import hashlib
import os
import secrets
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_babel import Babel
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from charta import __version__, events
from charta.accounts import service as accounts
from charta.accounts import views as accounts_views
from charta.admin import views as admin_views
from charta.comments import handlers as comments_handlers
from charta.comments import views as comments_views
from charta.contributions import views as contributions_views
from charta.db import db
from charta.editions import views as editions_views
from charta.fields import views as fields_views
from charta.forums import views as forums_views
from charta.measures import views as measures_views
from charta.notifications import handlers as notifications_handlers
from charta.notifications import worker as mail_worker
from charta.pages import views as pages_views
from charta.paths import PACKAGE, data_root
from charta.proposals import handlers as proposals_handlers
from charta.proposals import views as proposals_views
from charta.sections import handlers as sections_handlers
from charta.sections import views as sections_views
from charta.site import views as site_views
from charta.votes import handlers as votes_handlers
from charta.votes import views as votes_views
from charta.watching import views as watching_views
from charta.web import access, compression, errors, headers, i18n, mails, template_context, uploads, viewer
from charta.web import views as web_views
from charta.web.cookies import CookieInterface
from charta.web.logs import set_up_logging
from charta.web.urls import IdConverter

BLUEPRINTS = (
    web_views.blueprint,
    accounts_views.blueprint,
    site_views.blueprint,
    fields_views.blueprint,
    sections_views.blueprint,
    measures_views.blueprint,
    editions_views.blueprint,
    forums_views.blueprint,
    contributions_views.blueprint,
    proposals_views.blueprint,
    comments_views.blueprint,
    votes_views.blueprint,
    watching_views.blueprint,
    pages_views.blueprint,
    admin_views.blueprint,
)

csrf = CSRFProtect()
babel = Babel()
migrate = Migrate()


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """Return the application; `settings` override those of `config.py`.

    Raises `RuntimeError` when production lacks a secret key or a view declares no permission.
    """
    root = data_root()
    app = Flask(
        "charta",
        root_path=str(PACKAGE),
        template_folder=str(root / "templates"),
        static_folder=str(root / "static"),
    )
    app.config.from_pyfile(str(root / "config.py"))
    app.config.from_mapping(settings or {})
    _derive_settings(app)
    set_up_logging(app)

    db.init_app(app)
    migrate.init_app(app, db, directory=str(root / "migrations"), render_as_batch=True, compare_type=True)
    csrf.init_app(app)
    babel.init_app(
        app,
        default_locale=i18n.DEFAULT,
        default_timezone="Europe/Berlin",
        default_translation_directories=str(PACKAGE / "translations"),
        locale_selector=i18n.select_locale,
    )
    viewer.login_manager.init_app(app)
    viewer.login_manager.session_protection = None  # type: ignore[assignment]  # the row decides

    app.session_interface = CookieInterface()

    app.url_map.converters["id"] = IdConverter
    app.url_value_preprocessor(uploads.widen)
    app.before_request(access.gate)
    # Flask runs these from the last to the first: packing comes after everything else.
    app.after_request(compression.compress)
    app.after_request(headers.add_headers)
    app.after_request(_store_last_seen)
    errors.register(app)
    template_context.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    # The mail program presses these buttons, without a session; the key in the address is what counts.
    csrf.exempt(contributions_views.unsubscribe_now)
    csrf.exempt(forums_views.invitation_unsubscribe_now)
    csrf.exempt(watching_views.unsubscribe_now)
    access.check_every_view_is_declared(app)
    events.register(
        (
            *notifications_handlers.HANDLERS,
            *sections_handlers.HANDLERS,
            *proposals_handlers.HANDLERS,
            *comments_handlers.HANDLERS,
            *votes_handlers.HANDLERS,
        ),
        comments_handlers.PREPARATIONS,
    )
    mail_worker.render_with(mails.render)

    if app.config["REVERSE_PROXY"]:
        hops = app.config["REVERSE_PROXY"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _derive_settings(app: Flask) -> None:
    config = app.config
    folder = Path(config["CHARTA_DATA_DIR"]).expanduser().resolve()
    config["CHARTA_DATA_DIR"] = str(folder)
    production = config["CHARTA_MODE"] == "production"
    if not config["SECRET_KEY"]:
        if production:
            raise RuntimeError("production needs SECRET_KEY or SECRET_KEY_FILE")
        config["SECRET_KEY"] = _embedded_secret_key(folder)
    url = config["DATABASE_URL"]
    if not url:
        folder.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{folder / 'charta.db'}"
    if url.startswith(("postgresql://", "postgres://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("postgresql"):
        config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
    if production and not config["TRUSTED_HOSTS"]:
        # This machine too: health checks ask under its address.
        config["TRUSTED_HOSTS"] = [urlsplit(config["BASE_URL"]).hostname, "127.0.0.1", "localhost"]
    https = config["BASE_URL"].startswith("https://")
    config.update(
        SESSION_COOKIE_NAME="__Host-charta" if https else "charta",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        MAX_CONTENT_LENGTH=1_000_000,
        MAX_FORM_MEMORY_SIZE=1_000_000,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a page may lie open for a day
        WTF_CSRF_SSL_STRICT=False,  # Referrer-Policy same-origin and SameSite cover it
        TEMPLATES_AUTO_RELOAD=config["DEVELOPMENT"],
        BUILD=_build_tag(),
        MIGRATION_HEAD=_migration_head(),
    )


def _embedded_secret_key(folder: Path) -> str:
    """Make a key once, readable by its owner only; two processes that start at once agree on one."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "secret_key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        key = secrets.token_hex(32)
        stream.write(key)
    return key


def _build_tag() -> str:
    """Return a short tag of program and templates; an entity tag of an older build no longer fits."""
    digest = hashlib.sha256(__version__.encode())
    for file in sorted((data_root() / "templates").rglob("*.html")):
        digest.update(f"{file.name}{file.stat().st_mtime_ns}".encode())
    return digest.hexdigest()[:12]


def _migration_head() -> str:
    """Return the newest migration, read from the file names' revision lines without loading Alembic."""
    folder = data_root() / "migrations" / "versions"
    revisions, parents = set(), set()
    for file in folder.glob("*.py"):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("revision ="):
                revisions.add(line.split('"')[1])
            if line.startswith("down_revision =") and '"' in line:
                parents.add(line.split('"')[1])
    heads = revisions - parents
    return heads.pop() if len(heads) == 1 else ""


def _store_last_seen(response: Any) -> Any:
    """Store that the session was seen, with a write and at most once a minute: a read never writes."""
    if request.method == "POST" and response.status_code < 400:
        looking = viewer.current_viewer()
        if looking.is_due_for_last_seen:
            accounts.seen(looking.session_id)
    return response
