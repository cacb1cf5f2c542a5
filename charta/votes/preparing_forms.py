# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The shapes of the forms a moderator prepares ballots with; rules stand in `votes.rules`."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    FieldList,
    FormField,
    IntegerField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms import (
    Form as PlainForm,
)
from wtforms.validators import Optional
from wtforms.widgets import CheckboxInput, HiddenInput, ListWidget

from charta.errors import InvalidInput
from charta.forums.models import Forum
from charta.votes import rules, words
from charta.votes.queries.one_ballot import BallotPage, Subject
from charta.votes.rules import (
    QUESTIONS_MAX,
    TIME_ZONE,
    BallotInput,
    DecisionRule,
    Electorate,
    Method,
    QuestionInput,
    Scope,
)
from charta.web.choices import choice, choices
from charta.web.dates import whole_day
from charta.web.forms import Form, presentable
from charta.web.local_time import WallClockField

_OF_QUESTION = re.compile(r"question_(\d+)(?:_(options|points))?")


class QuestionForm(PlainForm):
    """One question; options and points belong to points and ranking."""

    text = StringField(_l("Frage"))
    method = RadioField(_l("So antworten die Teilnehmenden"), default=Method.YES_NO.value)
    options = TextAreaField(_l("Möglichkeiten, eine je Zeile"))
    points = IntegerField(_l("Punkte je Person"), validators=[Optional()])


class QuestionRows(FieldList):
    """Rows whose numbers come from an address; only plain small numbers are rows."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        for name in formdata:
            number = name[len(prefix) + 1 :].split("-", 1)[0] if name.startswith(f"{prefix}-") else ""
            if number.isascii() and number.isdigit() and len(number) < 4:
                yield int(number)


class BallotForm(Form):
    """A ballot that is prepared; times are German wall-clock times."""

    title = StringField(_l("Titel"))
    intro = TextAreaField(_l("Worum es geht"))
    questions = QuestionRows(FormField(QuestionForm), min_entries=1, max_entries=QUESTIONS_MAX)
    electorate = SelectMultipleField(
        _l("Wer stimmt ab?"),
        default=[Electorate.PARTNERS.value, Electorate.PARTICIPANTS.value],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    rule = RadioField(_l("Wann ist etwas beschlossen?"), default=DecisionRule.CONSENT.value)
    quorum = IntegerField(_l("So viele Partner müssen mindestens teilnehmen"), default=4)
    scope = RadioField(_l("Welche Teilnehmenden?"), default=Scope.VERIFIED.value)
    forum_ids = SelectMultipleField(
        _l("Foren"), coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    opens_at = WallClockField(_l("Beginn"), validators=[Optional()])
    opens_fold = RadioField(_l("Welche der beiden Stunden ist beim Beginn gemeint?"), validate_choice=False)
    closes_at = WallClockField(_l("Ende"))
    closes_fold = RadioField(_l("Welche der beiden Stunden ist beim Ende gemeint?"), validate_choice=False)
    section_id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    proposal_id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    edition_id = IntegerField(widget=HiddenInput(), validators=[Optional()])
    seen_version = IntegerField(widget=HiddenInput(), default=0)

    def offer(self, forums: Iterable[Forum]) -> None:
        """Fill the lists that are chosen from."""
        for row in self.questions:
            row.form.method.choices = choices(Method, words.METHODS)
        self.electorate.choices = choices(Electorate, words.ELECTORATES)
        self.rule.choices = choices(DecisionRule, words.RULES)
        self.scope.choices = choices(Scope, words.SCOPES)
        known = [
            choice(one.id, f"{one.title} ({whole_day(one.starts_at)})" if one.starts_at else one.title)
            for one in forums
        ]
        if known:
            self.forum_ids.choices = known
        elif "forum_ids" in self:
            del self["forum_ids"]  # there is nothing to choose from
        hours = [choice("0", _("die erste (Sommerzeit)")), choice("1", _("die zweite (Normalzeit)"))]
        self.opens_fold.choices = self.closes_fold.choices = hours

    def suggest(self, subject: Subject) -> None:
        """Suggest words for a new ballot on a text or an edition."""
        self._keep(subject)
        if subject.kind == "edition":
            self.title.data = _("Freigabe der Fassung %(name)s", name=subject.edition_name)
            self.questions[0].form.text.data = _(
                "Soll die Fassung %(name)s so freigegeben werden?", name=subject.edition_name
            )
        elif subject.kind != "free":
            self.title.data = subject.title[: rules.TITLE_MAX]
            self.questions[0].form.text.data = _("Soll dieser Text so in die Charta?")

    def _keep(self, subject: Subject) -> None:
        match subject.kind:
            case "proposal":
                self.proposal_id.data = subject.id
            case "edition":
                self.edition_id.data = subject.id
            case _:
                self.section_id.data = subject.section_id

    def fill(self, ballot: BallotPage) -> None:
        """Show a draft as it is stored."""
        self.title.data, self.intro.data = ballot.title, ballot.intro
        while len(self.questions) < len(ballot.questions):
            self.questions.append_entry()
        for row, question in zip(self.questions, ballot.questions, strict=True):
            row.form.text.data, row.form.method.data = question.text, question.method.value
            row.form.options.data, row.form.points.data = "\n".join(question.options), question.points
        self.electorate.data = [
            *([Electorate.PARTNERS.value] if ballot.has_partners else []),
            *([Electorate.PARTICIPANTS.value] if ballot.has_participants else []),
        ]
        self.rule.data, self.quorum.data = ballot.rule.value, ballot.quorum
        self.scope.data = ballot.scope.value
        if "forum_ids" in self:
            self.forum_ids.data = list(ballot.forum_ids)
        self.closes_at.data, self.closes_fold.data = _on_the_wall(ballot.closes_at)
        if ballot.opens_at is not None:
            self.opens_at.data, self.opens_fold.data = _on_the_wall(ballot.opens_at)
        self._keep(ballot.subject)
        self.seen_version.data = ballot.version

    def another_question(self) -> None:
        """Add an empty row, up to the limit."""
        if len(self.questions) < QUESTIONS_MAX:
            self.questions.append_entry()
        self._show_forbidden()

    def values(self) -> BallotInput:
        """Return what was typed; raise `InvalidInput` for a time that does not exist or comes twice."""
        chosen = self.electorate.data or []
        closes_at = self._moment("closes_at")
        if closes_at is None:
            raise InvalidInput("closes_at", "required")
        return BallotInput(
            title=self.title.data or "",
            intro=self.intro.data or "",
            questions=[_question(row.form) for row in self.questions if _is_meant(row.form)],
            has_partners=Electorate.PARTNERS.value in chosen,
            has_participants=Electorate.PARTICIPANTS.value in chosen,
            rule=DecisionRule(self.rule.data),
            quorum=self.quorum.data if self.quorum.data is not None else -1,
            scope=Scope(self.scope.data),
            forum_ids=(self.forum_ids.data or []) if "forum_ids" in self else [],
            opens_at=self._moment("opens_at"),
            closes_at=closes_at,
            section_id=self.section_id.data or None,
            proposal_id=self.proposal_id.data or None,
            edition_id=self.edition_id.data or None,
        )

    def _moment(self, name: str) -> datetime | None:
        naive = self[name].data
        if naive is None:
            return None
        fold = self[name.replace("_at", "_fold")]
        try:
            return rules.moment_of(naive, fold=int(fold.data) if fold.data in {"0", "1"} else None)
        except InvalidInput as error:
            code = "which_hour" if error.code == "ambiguous_time" else error.code
            raise InvalidInput(name, code) from error

    def asks_which_hour(self, name: str) -> bool:
        """Whether the clock shows the typed time twice that night, so that both hours are offered."""
        naive = self[name].data
        if not isinstance(naive, datetime):
            return False
        try:
            rules.moment_of(naive)
        except InvalidInput as error:
            return error.code == "ambiguous_time"
        return False

    def refuse(self, field: str, message: str, *, status_code: int = 422) -> None:
        """Put an error of a question beside the question, and above the form with its number."""
        found = _OF_QUESTION.fullmatch(field)
        rows = [row for row in self.questions if _is_meant(row.form)]
        if found and int(found[1]) <= len(rows):
            part = rows[int(found[1]) - 1].form[found[2] or "text"]
            part.errors = [*part.errors, message]
            message = _("Frage %(number)s: %(message)s", number=found[1], message=message)
            field = ""
        super().refuse(field, message, status_code=status_code)

    def _show_forbidden(self) -> None:
        super()._show_forbidden()
        for row in self.questions:
            for part in (row.form.text, row.form.options):
                part.data = presentable(part.data or "")
        for part in (*self, *(part for row in self.questions for part in row.form)):
            if getattr(part, "raw_data", None):
                part.raw_data = [presentable(str(raw)) for raw in part.raw_data]
            if not isinstance(part, FieldList):
                part.errors = [presentable(str(message)) for message in part.errors]  # some quote the value


def _is_meant(row: PlainForm) -> bool:
    """Whether anything was typed into the row of a question."""
    return any(str(row[name].data or "").strip() for name in ("text", "options"))


def _question(row: PlainForm) -> QuestionInput:
    return QuestionInput(
        row["text"].data or "",
        Method(row["method"].data),
        (row["options"].data or "").splitlines(),
        row["points"].data,
    )


def _on_the_wall(moment: datetime) -> tuple[datetime, str | None]:
    """Return the wall-clock time of a moment, and which of two equal hours it is when there are two."""
    local = moment.astimezone(ZoneInfo(TIME_ZONE))
    naive = local.replace(tzinfo=None, fold=0)
    first, second = (naive.replace(tzinfo=local.tzinfo, fold=fold) for fold in (0, 1))
    return naive, str(local.fold) if first.utcoffset() != second.utcoffset() else None


class ReasonForm(Form):
    """Why a ballot is called off."""

    reason = TextAreaField(_l("Grund"))


class OutcomeForm(Form):
    """What follows from a result."""

    words = TextAreaField(_l("Was daraus folgt"))
    seen_version = IntegerField(widget=HiddenInput(), default=0)
