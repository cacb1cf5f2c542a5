# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Subject, text and HTML of a mail, in the recipient's language, outside of any request.

Stands in `web` because mails need addresses, dates and the settings of the installation; the worker below
gets it handed over by `app.py`.
"""

import re
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from charta.db import utcnow
from charta.notifications.rules import UNSUBSCRIBED, mail_class
from charta.notifications.worker import Rendered
from charta.site import queries as site
from charta.site.calendar import Event, Guest, calendar
from charta.web.i18n import DEFAULT, LOCALES
from charta.web.mail_keys import unsubscribe_key
from charta.web.urls import external


def render(
    template: str,
    *,
    locale: str,
    recipient: str,
    secret: str | None,
    data: dict[str, Any],
    person_id: int | None = None,
    subscription_id: int | None = None,
) -> Rendered:
    """Fill the pair `emails/<template>.txt` and `.html`; the subject is a block of the first.

    Only names of ours and JSON values of `data` reach the templates, so a missing one is an empty string.
    A mail that its person can refuse says why it comes and how to end it (`emails/base.*`).
    """
    code = locale if locale in LOCALES else DEFAULT
    kind = mail_class(template)
    end_url = _end_url(template, secret, person_id, subscription_id)
    values: dict[str, Any] = {
        **data,
        "locale": code,
        "recipient": recipient,
        "secret": secret,
        "site": site.settings(),
        "external": external,
        "home": external("pages.home"),
        "mail_class": kind.value,
        "end_url": end_url,
        "choose_url": external("watching.preferences") if person_id and kind in UNSUBSCRIBED else "",
    }
    environment = current_app.jinja_env
    with force_locale(code):
        values["why"] = _why(template, data) if end_url and not secret else ""
        plain = environment.get_template(f"emails/{template}.txt")
        subject = " ".join("".join(plain.blocks["subject"](plain.new_context(values))).split())
        text = re.sub(r"[ \t]+\n", "\n", plain.render(values)).strip()
        # "-- " with its blank marks the signature (RFC 3676); the line above has just lost it.
        text = re.sub(r"\n{3,}", "\n\n", text).replace("\n--\n", "\n-- \n") + "\n"
        html = environment.get_template(f"emails/{template}.html").render(**values, subject=subject)
    entry = data.get("calendar") or {}
    return Rendered(
        subject,
        text,
        html.strip() + "\n",
        calendar=_calendar(entry, recipient) if entry else "",
        calendar_method=entry.get("method", ""),
        unsubscribe_url=end_url,
    )


_INVITING = frozenset({"forum_invitation", "forum_reminder", "forum_substitute"})


def _end_url(template: str, secret: str | None, person_id: int | None, subscription_id: int | None) -> str:
    """Return the address that ends this kind of mail with one POST; empty where it cannot be refused.

    The key of a subscription ends what was ordered for one's contributions, that of an invitation all
    invitations, that of an account all mails of the kind.
    """
    if secret and subscription_id is not None:
        return external("contributions.unsubscribe", key=secret)
    if secret and template in _INVITING:
        return external("forums.invitation_unsubscribe", key=secret)
    what = UNSUBSCRIBED.get(mail_class(template))
    if what is None or person_id is None:
        return ""
    return external("watching.unsubscribe", key=unsubscribe_key(person_id, what))


def _why(template: str, data: dict[str, Any]) -> str:
    """Return why a mail about one's own things comes, in one sentence; the digest says it line by line."""
    if template == "comment_written":
        if data.get("is_mention"):
            return _("Sie erhalten diese Nachricht, weil Ihr Name in dem Kommentar steht.")
        return _(
            "Sie erhalten diese Nachricht, weil Sie den ersten Kommentar dieses Gesprächs geschrieben haben."
        )
    if template.startswith("comment_"):
        return _("Sie erhalten diese Nachricht, weil Sie den Kommentar geschrieben haben.")
    if template.startswith("ballot_"):
        if organisation := data.get("organisation"):
            return _(
                "Sie erhalten diese Nachricht, weil Sie für %(organisation)s abstimmen.",
                organisation=organisation,
            )
        return _("Sie erhalten diese Nachricht, weil Sie in dieser Abstimmung eine Stimme haben.")
    if template.startswith("proposal_"):
        return _("Sie erhalten diese Nachricht, weil Sie den Vorschlag geschrieben haben.")
    if template == "contribution_support_moved":
        return _("Sie erhalten diese Nachricht, weil Sie den Beitrag unterstützen.")
    if template.startswith("contribution_"):
        return _("Sie erhalten diese Nachricht, weil Sie den Beitrag geschrieben haben.")
    return _("Sie erhalten diese Übersicht, weil Sie etwas beobachten oder selbst etwas geschrieben haben.")


def calendar_uid(kind: str, number: int) -> str:
    """Return the name of a calendar entry, the same in every file and mail."""
    return f"{kind}-{number}@{urlsplit(current_app.config['BASE_URL']).hostname or 'charta'}"


def _calendar(entry: dict[str, Any], recipient: str) -> str:
    """Return the file of a mail whose data holds a `calendar` entry.

    Shape: {kind, id, method, sequence, title, place, starts_at, ends_at, endpoint, values, address}.
    """
    organiser, sender = parseaddr(current_app.config["MAIL_FROM"])
    ends_at = entry.get("ends_at")
    event = Event(
        uid=calendar_uid(entry["kind"], entry["id"]),
        title=entry["title"],
        place=entry["place"],
        starts_at=datetime.fromisoformat(entry["starts_at"]),
        ends_at=datetime.fromisoformat(ends_at) if ends_at else None,
        url=external(entry["endpoint"], **entry["values"]),
        sequence=entry["sequence"],
        is_cancelled=entry["method"] == "CANCEL",
    )
    guest = Guest(recipient, entry["address"], organiser, sender)
    return calendar([event], name="", made_at=utcnow(), method=entry["method"], guest=guest)
