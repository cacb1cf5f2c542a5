# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms of registration and of the door."""

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired

from charta.accounts.forms import looks_like_email
from charta.accounts.rules import Group
from charta.web.choices import choice, choices
from charta.web.forms import Form
from charta.web.words import GROUPS

# Contractors of the initiative are no stakeholders.
_GROUPS = tuple(group for group in Group if group is not Group.CONTRACTOR)


class NamedForm(Form):
    """Who somebody is, in their own words."""

    name = StringField(_l("Name"))
    organisation_name = StringField(_l("Organisation"))
    group = SelectField(
        _l("Gehört zu"), choices=[choice("", _l("keine Angabe")), *choices(_GROUPS, GROUPS)], default=""
    )

    @property
    def chosen_group(self) -> Group | None:
        """The stakeholder group, None for no answer."""
        return Group(self.group.data) if self.group.data else None


class RegistrationForm(NamedForm):
    """Somebody wants to come."""

    name = StringField(_l("Ihr Name"), validators=[DataRequired()])
    email = EmailField(_l("Ihre E-Mail-Adresse"), validators=[DataRequired(), looks_like_email])
    group = SelectField(
        _l("Ich gehöre zu"), choices=[choice("", _l("keine Angabe")), *choices(_GROUPS, GROUPS)], default=""
    )


class AtTheDoorForm(NamedForm):
    """Somebody stands at the door without a registration."""

    suche = HiddenField()


class DeedForm(Form):
    """One tap; where the list stood comes along."""

    suche = HiddenField()
    nur = HiddenField()
