# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms of the administration; rules stand in the features' `rules.py`."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from charta.accounts.models import Organisation
from charta.accounts.rules import ROLES_WITH_ACCOUNT, Group, Voting
from charta.admin import words
from charta.fields.rules import NUMBER_MAX
from charta.site.rules import DECISION_DAYS_MAX, ProposalsPublic
from charta.web.choices import choice, choices
from charta.web.forms import Form
from charta.web.local_time import BerlinTimeField
from charta.web.words import ROLES


def _number_or_none(value: object) -> int | None:
    """Read the value of the choice; what is no number is no choice (`ValueError`)."""
    return int(str(value)) if value not in {None, ""} else None


class MembershipForm(Form):
    """Role, organisation and voting right; `offer` fills in the organisations."""

    role = SelectField(
        _l("Rolle"),
        choices=choices(ROLES_WITH_ACCOUNT, ROLES),
        validators=[DataRequired()],
    )
    organisation_id = SelectField(_l("Organisation"), coerce=_number_or_none, validators=[Optional()])
    voting = SelectField(
        _l("Stimmrecht in Beschlüssen der Partner"),
        choices=choices(Voting, words.VOTING),
        validators=[DataRequired()],
    )

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Offer these organisations, and none."""
        self.organisation_id.choices = [
            choice("", _("keine")),
            *(choice(organisation.id, organisation.name) for organisation in organisations),
        ]


class PersonForm(MembershipForm):
    """What the administration says about a person."""

    name = StringField(_l("Name"), validators=[DataRequired()])


class InviteForm(MembershipForm):
    """A list of people, one a line, who get the same role."""

    people = TextAreaField(_l("Wen laden Sie ein?"), validators=[DataRequired()])


class OrganisationForm(Form):
    """What an organisation is called and what it is."""

    name = StringField(_l("Name"), validators=[DataRequired()])
    short = StringField(_l("Kurzname"), validators=[DataRequired()])
    group = SelectField(
        _l("Gruppe"),
        choices=choices(Group, words.GROUPS),
        validators=[DataRequired()],
    )
    is_partner = BooleanField(_l("Konsortialpartner"))


class FieldForm(Form):
    """What a field of action says; `offer` fills in the organisations."""

    number = IntegerField(_l("Nummer"), validators=[InputRequired(), NumberRange(1, NUMBER_MAX)])
    name = StringField(_l("Name"), validators=[DataRequired()])
    short_name = StringField(_l("Kurzname"))
    description = TextAreaField(_l("Beschreibung"))
    lead_organisation_id = SelectField(_l("Federführung"), coerce=_number_or_none, validators=[Optional()])
    seen = HiddenField()

    def offer(self, organisations: Iterable[Organisation]) -> None:
        """Offer these organisations, and none."""
        self.lead_organisation_id.choices = [
            choice("", _("noch offen")),
            *(choice(organisation.id, organisation.name) for organisation in organisations),
        ]


class RoundForm(Form):
    """A participation round; times are German time."""

    name = StringField(_l("Name"), validators=[DataRequired()])
    opens_at = BerlinTimeField(_l("Beginn"), validators=[InputRequired()])
    closes_at = BerlinTimeField(_l("Ende"), validators=[InputRequired()])
    editorial_at = BerlinTimeField(_l("Redaktionsschluss"), validators=[InputRequired()])
    answer_at = BerlinTimeField(_l("Zugesagte Antwort"), validators=[InputRequired()])
    field_numbers = SelectMultipleField(
        _l("Offene Handlungsfelder"),
        coerce=int,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    partners_may_propose = BooleanField(_l("Konsortialpartner dürfen Änderungen vorschlagen"))
    attendees_may_propose = BooleanField(_l("Teilnehmende dürfen Änderungen vorschlagen"))
    attendees_may_comment = BooleanField(_l("Teilnehmende dürfen kommentieren"))
    decision_days = IntegerField(
        _l("Tage bis zu einer Entscheidung"),
        validators=[InputRequired(), NumberRange(1, DECISION_DAYS_MAX)],
    )


class SettingsForm(Form):
    """The settings of the installation."""

    name = StringField(_l("Name der Plattform"), validators=[DataRequired()])
    region = StringField(_l("Region"))
    initiative = StringField(_l("Name der Initiative"))
    claim = StringField(_l("Leitsatz der Startseite"))
    lede = TextAreaField(_l("Zwei Sätze dazu"))
    next_edition = StringField(_l("Nächste Fassung"))
    funding_notice = TextAreaField(_l("Förderhinweis"))
    demo_notice = TextAreaField(_l("Hinweis am Fuß jeder Seite"))
    four_eyes = BooleanField(_l("Vier-Augen-Prinzip"))
    draft_is_public = BooleanField(_l("Arbeitsfassung ohne Anmeldung lesbar"))
    proposals_public = RadioField(
        _l("Vorschläge, die ohne Anmeldung lesbar sind"),
        choices=choices(ProposalsPublic, words.PROPOSALS_PUBLIC),
        validators=[DataRequired()],
    )
    attendees_see_proposals = BooleanField(_l("Teilnehmende sehen alle eingereichten Vorschläge"))
    phases = TextAreaField(_l("Phasen des Vorhabens"))
    phase = IntegerField(_l("Heutige Phase"), validators=[InputRequired(), NumberRange(1, 6)])


class PageForm(Form):
    """A page administrators edit, with the version they have seen."""

    title = StringField(_l("Titel"), validators=[DataRequired()])
    body = TextAreaField(_l("Text"), validators=[DataRequired()])
    is_checked = BooleanField(_l("Der Text ist vollständig und geprüft"))
    seen_version = HiddenField()


class NewsForm(Form):
    """A piece of news."""

    title = StringField(_l("Überschrift"), validators=[DataRequired()])
    body = TextAreaField(_l("Text"), validators=[DataRequired()])
    published_at = BerlinTimeField(_l("Erscheint am"), validators=[InputRequired()])


class DateForm(Form):
    """A date of the calendar."""

    title = StringField(_l("Titel"), validators=[DataRequired()])
    place = StringField(_l("Ort"))
    starts_at = BerlinTimeField(_l("Beginn"), validators=[InputRequired()])
    ends_at = BerlinTimeField(_l("Ende"), validators=[Optional()])
