# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who looks at the page: loaded with the session in one query, as a frozen snapshot."""

from dataclasses import dataclass

from flask import current_app, g, request
from flask_login import AnonymousUserMixin, LoginManager, UserMixin, current_user

from charta.accounts import queries as accounts
from charta.db import utcnow
from charta.notifications.queries import unread_count
from charta.permissions import ANONYMOUS, Actor, Policy
from charta.site import queries as site

login_manager = LoginManager()

# Read with the session: the bell in the head of every page costs no statement of its own.
_UNREAD = unread_count()


@dataclass(frozen=True)
class Viewer(UserMixin):
    """A signed-in person as pages need it; `key` is the secret of the session, never shown.

    `unread` counts the notices nobody has read yet, up to a hundred.
    """

    key: str
    session_id: int
    actor: Actor
    name: str
    email: str
    locale: str
    organisation_name: str
    organisation_short: str
    is_due_for_last_seen: bool
    unread: int

    def get_id(self) -> str:
        return self.key


class AnonymousViewer(AnonymousUserMixin):
    """Somebody who is not signed in; the same attributes as `Viewer`, all empty."""

    key = ""
    session_id = 0
    actor = ANONYMOUS
    name = ""
    email = ""
    locale = ""
    organisation_name = ""
    organisation_short = ""
    is_due_for_last_seen = False
    unread = 0


login_manager.anonymous_user = AnonymousViewer


@login_manager.user_loader  # type: ignore[untyped-decorator]
def load_viewer(key: str) -> Viewer | None:
    """Return the viewer of a session key, or None when the session has ended."""
    row = accounts.session_by_key(key, more=_UNREAD)
    if row is None or (row.is_demo and is_production()):
        return None
    return Viewer(
        key=key,
        session_id=row.session_id,
        actor=row.actor,
        name=row.name,
        email=row.email,
        locale=row.locale,
        organisation_name=row.organisation_name,
        organisation_short=row.organisation_short,
        is_due_for_last_seen=row.is_due_for_last_seen(utcnow()),
        unread=row.more,
    )


def current_viewer() -> Viewer | AnonymousViewer:
    """Return who looks at this page; `current_user` is a proxy that type checkers cannot see through."""
    value: Viewer | AnonymousViewer = current_user._get_current_object()
    return value


def actor() -> Actor:
    """Return the actor of this request."""
    return current_viewer().actor


def policy() -> Policy:
    """Return the policy in force, read once per request."""
    if "policy" not in g:
        g.policy = site.policy(site_settings(), current_round())
    value: Policy = g.policy
    return value


def _in_force() -> site.InForce:
    if "in_force" not in g:
        g.in_force = site.in_force()
    value: site.InForce = g.in_force
    return value


def site_settings() -> site.SiteSettings:
    """Return the settings of the installation, read with the round once per request."""
    return _in_force().settings


def current_round() -> site.RoundInForce | None:
    """Return the participation round that today's status sentences speak of, read with the settings."""
    return _in_force().round


def remote_address() -> str:
    """Return the address of the client, for throttles only; never stored in clear."""
    return request.remote_addr or "unknown"


def is_production() -> bool:
    """Whether this installation is run for real people."""
    return bool(current_app.config["CHARTA_MODE"] == "production")
