# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms about the documentation of a forum."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField

from charta.web.forms import Form


class DocumentationForm(Form):
    """What the moderator writes into it."""

    text = TextAreaField(_l("Worte der Moderation"))


class PublishForm(Form):
    """The button that shows and sends it."""
