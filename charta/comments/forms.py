# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms around comments: writing one, reasons, a choice of several."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import DataRequired, Length

from charta.comments.rules import Place, SubjectKind
from charta.web.forms import Form
from charta.web.urls import MAX_ID


class CommentForm(Form):
    """Words and where they belong: the subject, the place in it, or the comment that is answered."""

    body = TextAreaField(_l("Ihr Kommentar"), validators=[DataRequired()])
    schluessel = HiddenField()  # drawn by the form: sending it twice writes one comment
    art = HiddenField()
    nr = HiddenField()
    fassung = HiddenField()
    textstand = HiddenField()
    absatz = HiddenField()
    von = HiddenField()
    bis = HiddenField()
    antwort_auf = HiddenField()
    weiter = HiddenField()

    def number(self, name: str) -> int | None:
        """Return a hidden number, None when it is missing or nonsense."""
        raw = str(getattr(self, name).data or "")
        return int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 11 and int(raw) <= MAX_ID else None

    def kind(self) -> SubjectKind | None:
        """Return what kind of thing is commented on."""
        return SubjectKind(self.art.data) if self.art.data in list(SubjectKind) else None

    def place(self) -> Place:
        """Return how much of it: the words chosen, else the paragraph, else all of it."""
        if self.von.data and self.bis.data:
            return Place.RANGE
        return Place.PARAGRAPH if self.absatz.data else Place.WHOLE

    def forget_place(self) -> None:
        """Mean the whole thing from now on: the place that was sent does not exist."""
        for field in (self.absatz, self.von, self.bis, self.textstand, self.weiter):
            field.data = ""


class EditForm(Form):
    """The words of the own comment, to be changed."""

    body = TextAreaField(_l("Ihr Kommentar"), validators=[DataRequired()])
    weiter = HiddenField()


class ReportForm(Form):
    """Why the moderation should look at a comment."""

    reason = TextAreaField(_l("Was stimmt mit diesem Kommentar nicht?"))
    weiter = HiddenField()


class HideForm(Form):
    """Why a comment is no longer shown."""

    reason = TextAreaField(_l("Begründung"), validators=[DataRequired()])
    weiter = HiddenField()


class DeedForm(Form):
    """A button and where it leads back to."""

    weiter = HiddenField()


class SeveralForm(Form):
    """What shall happen to several comments; the chosen ones come as `kommentar`."""

    reason = TextAreaField(_l("Begründung"))
    weiter = HiddenField()


class ProposeForm(Form):
    """What shall become of a comment: a new proposal, or an own one that answers it."""

    wahl = RadioField(_l("Was soll daraus werden?"), choices=[])
    schluessel = HiddenField(validators=[Length(max=64)])  # sending it twice begins one draft
