# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Subject, text and HTML of a mail, in the recipient's language, outside of any request.

Stands in `web` because mails need addresses, dates and the settings of the installation; the worker below
gets it handed over by `app.py`.
"""

import re
from typing import Any

from flask import current_app
from flask_babel import force_locale

from charta.notifications.worker import Rendered
from charta.site import queries as site
from charta.web.i18n import DEFAULT, LOCALES
from charta.web.urls import external


def render(
    template: str, *, locale: str, recipient: str, secret: str | None, data: dict[str, Any]
) -> Rendered:
    """Fill the pair `emails/<template>.txt` and `.html`; the subject is a block of the first.

    Only names of ours and JSON values of `data` reach the templates, so a missing one is an empty string.
    """
    code = locale if locale in LOCALES else DEFAULT
    values: dict[str, Any] = {
        **data,
        "locale": code,
        "recipient": recipient,
        "secret": secret,
        "site": site.settings(),
        "external": external,
        "home": external("pages.home"),
    }
    environment = current_app.jinja_env
    with force_locale(code):
        plain = environment.get_template(f"emails/{template}.txt")
        subject = " ".join("".join(plain.blocks["subject"](plain.new_context(values))).split())
        text = re.sub(r"[ \t]+\n", "\n", plain.render(values)).strip()
        # "-- " with its blank marks the signature (RFC 3676); the line above has just lost it.
        text = re.sub(r"\n{3,}", "\n\n", text).replace("\n--\n", "\n-- \n") + "\n"
        html = environment.get_template(f"emails/{template}.html").render(**values, subject=subject)
    return Rendered(subject, text, html.strip() + "\n")
