# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Pages of the ground floor: language, help, who may do what, and the addresses for machines."""

import re
from dataclasses import dataclass

from flask import (
    Blueprint,
    Response,
    current_app,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask import session as browser_session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select, text
from wtforms import HiddenField, RadioField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired

from charta import __version__
from charta.accounts.service import set_locale
from charta.db import session, utcnow
from charta.errors import NotFound
from charta.notifications.models import OutboxMail
from charta.paths import data_root
from charta.permissions import TABLE, Permission, role_may
from charta.text import render
from charta.web import permission_table, words
from charta.web.access import access
from charta.web.forms import Form
from charta.web.i18n import LOCALES, locale_code
from charta.web.prose import page_html
from charta.web.urls import local_target
from charta.web.viewer import actor, current_viewer

blueprint = Blueprint("web", __name__)


class LanguageForm(Form):
    """The choice of a language, and where to go on."""

    locale = RadioField(
        _l("Sprache"), choices=[SelectChoice(*item) for item in LOCALES.items()], validators=[DataRequired()]
    )
    weiter = HiddenField()


@blueprint.route("/sprache", methods=["GET", "POST"])
@access(Permission.READ_PUBLIC)
def language() -> ResponseReturnValue:
    """Choose the language of this browser, and of the account of a signed-in person."""
    form = LanguageForm()
    if request.method == "GET":
        form.weiter.data = request.args.get("weiter", "")
        form.locale.data = locale_code()
    if form.validate_on_submit():
        browser_session["locale"] = form.locale.data
        if current_viewer().is_authenticated:
            set_locale(actor(), form.locale.data)
        return redirect(local_target(form.weiter.data, url_for("pages.home")), 303)
    return render_template("web/language.html", form=form), form.status_code


@blueprint.get("/wer-darf-was")
@access(Permission.READ_PUBLIC)
def who_may_what() -> ResponseReturnValue:
    """Show the table of permissions, generated from `permissions.TABLE`."""
    viewer = actor()
    return render_template(
        "web/who_may_what.html",
        own_role=words.ROLES[viewer.role] if current_viewer().is_authenticated else _("Gast ohne Anmeldung"),
        rows=[
            {
                "label": words.PERMISSIONS[permission],
                "who": permission_table.roles_in_words(rule),
                "condition": permission_table.condition_in_words(rule),
                "own": bool(role_may(viewer, permission)),
            }
            for permission, rule in TABLE.items()
        ],
        visibility=permission_table.visibility_in_words(),
    )


@dataclass(frozen=True, slots=True)
class HelpPage:
    """One page of the help: a Markdown file whose name orders it and gives it its address."""

    slug: str
    title: str
    body: str

    @property
    def summary(self) -> str:
        """The first paragraph, in plain words."""
        return render.to_plain(self.body.strip().split("\n\n")[0]).replace("`", "").strip()


def help_pages() -> list[HelpPage]:
    """Return every help page in the reader's language (else German), in the order of the file names."""
    folder = data_root() / "docs" / "help"
    chosen = folder / locale_code() if (folder / locale_code()).is_dir() else folder / "de"
    pages = []
    for file in sorted(chosen.glob("*.md")):
        text = re.sub(r"<!--.*?-->\s*", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
        title, _rest, body = text.partition("\n")
        pages.append(HelpPage(file.stem.partition("-")[2], title.removeprefix("# ").strip(), body))
    return pages


@blueprint.get("/hilfe")
@access(Permission.READ_PUBLIC)
def help_index() -> ResponseReturnValue:
    """List the help pages."""
    return render_template("web/help_index.html", pages=help_pages())


@blueprint.get("/hilfe/<slug>")
@access(Permission.READ_PUBLIC)
def help_page(slug: str) -> ResponseReturnValue:
    """Show one help page, with the ones before and after it."""
    pages = help_pages()
    place = next((index for index, page in enumerate(pages) if page.slug == slug), None)
    if place is None:
        raise NotFound(kind="help", slug=slug)
    return render_template(
        "web/help_page.html",
        page_title=pages[place].title,
        body=page_html(pages[place].body),
        previous=pages[place - 1] if place else None,
        next=pages[place + 1] if place + 1 < len(pages) else None,
    )


@blueprint.get("/healthz")
@access(Permission.READ_PUBLIC)
def healthz() -> Response:
    """Say that the process is alive; asks nobody else."""
    return make_response(
        "ok\n", 200, {"Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store"}
    )


@blueprint.get("/readyz")
@access(Permission.READ_PUBLIC)
def readyz() -> ResponseReturnValue:
    """Say whether the database answers, is migrated to the head, and the outbox is not stuck."""
    problems = []
    try:
        current = session.scalar(text("SELECT version_num FROM alembic_version"))
        if current != current_app.config["MIGRATION_HEAD"]:
            problems.append("migration")
        oldest = session.scalar(
            select(OutboxMail.created_at)
            .where(OutboxMail.sent_at.is_(None), OutboxMail.failed_at.is_(None))
            .order_by(OutboxMail.created_at)
            .limit(1)
        )
        if oldest is not None and (utcnow() - oldest).total_seconds() > 3600:
            problems.append("outbox")
    except Exception:  # noqa: BLE001 -- whatever the database says, the answer is "not ready"
        problems.append("database")
    answer = jsonify(ready=not problems, problems=problems)
    answer.headers["Cache-Control"] = "no-store"
    return answer, 503 if problems else 200


@blueprint.get("/version")
@access(Permission.READ_PUBLIC)
def version() -> Response:
    """Name the version of the program."""
    answer = jsonify(version=__version__)
    answer.headers["Cache-Control"] = "no-store"
    return answer
