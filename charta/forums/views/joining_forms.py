# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms of a phone in the hall: joining, and writing for a table."""

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField

from charta.accounts.rules import Group
from charta.web.choices import choice, choices
from charta.web.forms import Form
from charta.web.words import GROUPS

_GROUPS = (
    Group.COMPANY,
    Group.EMPLOYEES,
    Group.SCIENCE,
    Group.EDUCATION,
    Group.YOUTH,
    Group.ADMINISTRATION,
    Group.CHAMBER,
    Group.UNION,
    Group.LABOUR_ADMINISTRATION,
    Group.OTHER,
)


class JoinForm(Form):
    """What everybody may say who joins; nothing of it is needed."""

    organisation_name = StringField(_l("Organisation"))
    group = SelectField(
        _l("Ich gehöre zu"), choices=[choice("", _l("keine Angabe")), *choices(_GROUPS, GROUPS)]
    )

    @property
    def chosen_group(self) -> Group | None:
        """The stakeholder group, None for no answer."""
        return Group(self.group.data) if self.group.data else None


class GuestForm(JoinForm):
    """The same with the name of somebody who is not signed in; the rules judge it."""

    name = StringField(_l("Ihr Name"))


class TableForm(Form):
    """How many people sit at the table for which somebody writes."""

    people = IntegerField(_l("Wie viele Personen sitzen am Tisch?"))
