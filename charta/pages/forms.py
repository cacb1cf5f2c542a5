# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Forms of the moderation queue; buttons say what is decided, hidden fields what was seen."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, TextAreaField

from charta.errors import InvalidInput
from charta.web.forms import Form
from charta.web.urls import MAX_ID


def number(raw: str | None, *, least: int = 1) -> int | None:
    """Return a number that a page remembered, or None when it is none from `least` to 2^31-1."""
    if not raw or not (raw.isascii() and raw.isdigit() and len(raw) <= 10):
        return None
    return int(raw) if least <= int(raw) <= MAX_ID else None


class DecisionForm(Form):
    """A decision on one proposal: reason, and the version and text the moderator had before the eyes."""

    reason = TextAreaField(_l("Begründung der Entscheidung"))
    seen_version = HiddenField()
    seen_head = HiddenField()
    naechster = HiddenField()  # what opens afterwards

    def seen(self, name: str) -> int:
        """Return what was seen; `InvalidInput` when the page was tampered with."""
        found = number(self[name].data, least=0)
        if found is None:
            raise InvalidInput(name, "invalid")
        return found


class TogetherForm(Form):
    """The confirmation of a bulk approval; the rows are plain fields `nummer` and `gesehen`."""


class AssignmentForm(Form):
    """Taking a proposal on or handing it back."""
