# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Texts that are a page of their own: help and legal pages, news."""

from markupsafe import Markup

from charta.text import render


def page_html(text: str, prefix: str = "") -> Markup:
    """Return a text as HTML whose highest heading is `h2`.

    Texts begin at level 3 because they usually stand inside a section; straight below the title of a page
    that would leave out a level, and people who jump from heading to heading would miss one.
    """
    html = str(render.to_html(text, prefix))
    # Safe again: the renderer escapes every `<` a person wrote, so only its own tags are renamed.
    return Markup(html.replace("<h3", "<h2").replace("</h3>", "</h2>"))  # noqa: S704
