# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts that are a page of their own: help and legal pages, news."""

import itertools
import re

from flask_babel import gettext as _
from markupsafe import Markup, escape

from charta.text import render


def page_html(text: str, prefix: str = "") -> Markup:
    """Return a text as HTML whose highest heading is `h2` and whose wide tables scroll by themselves.

    Texts begin at level 3 because they usually stand inside a section; straight below the title of a page
    that would leave out a level, and people who jump from heading to heading would miss one.
    """
    html = str(render.to_html(text, prefix))
    # Safe again: the renderer escapes every `<` a person wrote, so only its own tags are changed.
    html = html.replace("<h3", "<h2").replace("</h3>", "</h2>")
    number = itertools.count(1)

    def region(_found: re.Match[str]) -> str:
        label = escape(_("Tabelle %(number)s", number=next(number)))
        return f'<div class="ch-table ch-scroll" role="region" tabindex="0" aria-label="{label}">'

    return Markup(re.sub('<div class="ch-table">', region, html))  # noqa: S704
