# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What every template knows: the viewer, permissions, dates, addresses and the menu."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from flask import Flask, request, url_for
from flask_babel import format_decimal, get_locale
from flask_babel import gettext as _

from charta.permissions import Answer, Permission, may, role_may
from charta.text.inner import emphasised
from charta.web import dates, i18n, words
from charta.web.assets import asset
from charta.web.i18n import locale_code
from charta.web.viewer import actor, current_round, current_viewer, policy, site_settings


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of a menu."""

    label: str
    url: str
    current: bool = False


def can(permission: str, subject: object = None) -> Answer:
    """Answer for templates: `can("approve_proposal", proposal)`; without a subject the role decides."""
    wanted = Permission(permission)
    if subject is None and wanted not in {Permission.PROPOSE, Permission.READ_DRAFT}:
        return role_may(actor(), wanted)
    return may(actor(), wanted, subject, policy=policy())


def _is_below(url: str) -> bool:
    return request.path == url or request.path.startswith(f"{url}/")


@lru_cache(maxsize=16)
def _main_links(root: str, locale: str, reads_draft: bool) -> list[tuple[str, str, list[str]]]:
    """Return label, address and further addresses of the main menu; root and locale are the key only.

    Who may not read the draft reads the editions that were published.
    """
    del root, locale
    charta = url_for("sections.charta" if reads_draft else "editions.index")
    return [
        (_("Charta"), charta, ["/charta", "/abschnitte", "/handlungsfelder"]),
        (_("Vorschläge"), url_for("proposals.index"), []),
        (_("Foren"), url_for("forums.index"), ["/f", "/umfragen"]),
        (_("Beiträge"), url_for("contributions.index"), ["/b", "/themen"]),
        (_("Abstimmungen"), url_for("votes.index"), []),
        (_("Maßnahmen"), url_for("measures.index"), []),
    ]


def navigation() -> list[NavItem]:
    """Return the main menu; entries of later capabilities come with them."""
    reads_draft = bool(may(actor(), Permission.READ_DRAFT, policy=policy()))
    return [
        NavItem(label, url, _is_below(url) or any(_is_below(more) for more in also))
        for label, url, also in _main_links(request.script_root, locale_code(), reads_draft)
    ]


def user_navigation() -> list[NavItem]:
    """Return the entries that depend on the role."""
    items = []
    if role_may(actor(), Permission.READ_QUEUE):
        items.append((_("Moderation"), url_for("pages.queue")))
    if role_may(actor(), Permission.MANAGE_PEOPLE):
        items.append((_("Verwaltung"), url_for("admin.index")))
    if current_viewer().is_authenticated:
        items.append((_("Mein Bereich"), url_for("pages.mine")))
    return [NavItem(label, url, _is_below(url)) for label, url in items]


def footer_navigation() -> list[NavItem]:
    """Return the entries at the foot of every page, also of error pages and before sign-in."""
    return _footer_links(request.script_root, locale_code())


@lru_cache(maxsize=16)
def _footer_links(root: str, locale: str) -> list[NavItem]:
    """Return them; root and locale are the key only."""
    del root, locale
    return [
        NavItem(_("Was geschehen ist"), url_for("watching.activity")),
        NavItem(_("Über uns"), url_for("site.page", slug="ueber-uns")),
        NavItem(_("Kontakt"), url_for("site.page", slug="kontakt")),
        NavItem(_("Wer darf was?"), url_for("web.who_may_what")),
        NavItem(_("Hilfe"), url_for("web.help_index")),
        NavItem(_("Barrierefreiheit"), url_for("site.page", slug="barrierefreiheit")),
        NavItem(_("Datenschutz"), url_for("site.page", slug="datenschutz")),
        NavItem(_("Impressum"), url_for("site.page", slug="impressum")),
    ]


def register(app: Flask) -> None:
    """Attach the names and filters to the application's templates."""
    i18n.install_gettext(app)
    app.jinja_env.filters.update(
        ago=dates.ago,
        day=dates.day,
        whole_day=dates.whole_day,
        exact=dates.exact,
        datetime=dates.exact,
        clock=dates.clock,
        moment=dates.moment,
        number=format_decimal,
    )
    app.jinja_env.globals.update(emphasised=emphasised, can=can, asset=asset, reason_sentence=words.reason)

    @app.context_processor
    def shared() -> dict[str, Any]:
        locale = get_locale()
        return {
            "locale": str(locale.language) if locale else "de",
            "site": site_settings(),
            "round": current_round(),
            "nav": navigation(),
            "nav_user": user_navigation(),
            "footer_links": footer_navigation(),
        }
