# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms a moderator prepares and follows up polls with; rules stand in `poll_rules`."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import HiddenInput

from charta.votes import poll_rules, poll_words
from charta.votes.models import Poll, RecurringQuestion
from charta.votes.poll_rules import Question
from charta.votes.rules import PollMethod
from charta.web.choices import choice, choices
from charta.web.forms import Form
from charta.web.local_time import BerlinTimeField


class QuestionForm(Form):
    """A question to a hall; a recurring one is taken from the list instead."""

    recurring_id = SelectField(_l("Wiederkehrende Frage"), coerce=int, default=0)
    question = StringField(_l("Frage"))
    method = RadioField(_l("So wird geantwortet"), default=PollMethod.SINGLE.value)
    options = TextAreaField(_l("Antworten"))
    points = IntegerField(_l("Punkte"), validators=[Optional()])
    shows_results = BooleanField(_l("Das Ergebnis schon zeigen, während die Umfrage läuft"), default=True)
    is_recurring = BooleanField(_l("Diese Frage für andere Foren aufheben"))
    seen_version = IntegerField(widget=HiddenInput(), default=0)

    def offer(self, known: Iterable[RecurringQuestion]) -> None:
        """Fill the lists that are chosen from."""
        self.recurring_id.choices = [
            choice(0, _("keine, ich stelle eine eigene")),
            *(choice(one.id, one.text) for one in known),
        ]
        self.method.choices = choices(PollMethod, poll_words.METHODS)

    def fill(self, poll: Poll) -> None:
        """Show what is stored now."""
        self.question.data, self.method.data = poll.question, poll.method.value
        self.options.data, self.points.data = "\n".join(str(one) for one in poll.options), poll.points
        self.shows_results.data, self.seen_version.data = poll.shows_results, poll.version

    def asked(self) -> Question:
        """Return the question that was typed; raise `InvalidInput`."""
        return poll_rules.question(
            self.question.data or "",
            PollMethod(self.method.data),
            (self.options.data or "").splitlines(),
            self.points.data,
        )


class DeedForm(Form):
    """Buttons with a value, nothing to fill in."""


class OnlineForm(Form):
    """Until when those who came can answer online."""

    until = BerlinTimeField(_l("Online offen bis"))
