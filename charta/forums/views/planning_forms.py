# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Shapes of the forms a moderator plans forums with; rules stand in `rules.py` and the service."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Optional
from wtforms.widgets import HiddenInput

from charta.forums.models import Forum, ForumSeries
from charta.forums.rules import DATED
from charta.forums.service.planning import Details, slug_is_fixed
from charta.sections.models import Source
from charta.web.choices import choice
from charta.web.forms import Form
from charta.web.local_time import BerlinTimeField


def number_or_none(value: object) -> int | None:
    """Read the value of a choice; what is no number is no choice (`ValueError`)."""
    return int(str(value)) if value not in {None, "", "None"} else None


class SeriesForm(Form):
    """A series of forums."""

    title = StringField(_l("Name der Reihe"), validators=[InputRequired()])
    text = TextAreaField(_l("Worum es geht"))


class ForumForm(Form):
    """Everything about a forum; what is fixed in its state is left out by `fit`."""

    series_id = SelectField(_l("Forumsreihe"), coerce=int)
    title = StringField(_l("Titel"), validators=[InputRequired()])
    slug = StringField(_l("Adresse im Netz"))
    starts_at = BerlinTimeField(_l("Beginn"))
    ends_at = BerlinTimeField(_l("Ende"))
    place = StringField(_l("Ort"))
    address = StringField(_l("Anschrift"))
    text = TextAreaField(_l("Einladungstext"))
    agenda = TextAreaField(_l("Ablauf"))
    capacity = IntegerField(_l("Plätze"), validators=[Optional()])
    registration_closes_at = BerlinTimeField(_l("Anmeldeschluss"))
    has_competition_notice = BooleanField(_l("Vor dem Mitmachen auf das Wettbewerbsrecht hinweisen"))
    code = StringField(_l("Code zum Mitmachen"))
    join_quota = IntegerField(_l("Höchstzahl der Telefone"), validators=[InputRequired()], default=300)
    join_opens_at = BerlinTimeField(_l("Code gilt ab"))
    join_closes_at = BerlinTimeField(_l("Code gilt bis"))
    hand_in_until = BerlinTimeField(_l("Beiträge einreichen bis"))
    source_id = SelectField(_l("Quelle"), coerce=number_or_none)
    is_always_open = BooleanField(_l("Immer offen, zum Ausprobieren"))
    seen_version = IntegerField(widget=HiddenInput(), default=0)

    def offer(self, series: Iterable[ForumSeries], sources: Iterable[Source]) -> None:
        """Fill the lists that are chosen from."""
        self.series_id.choices = [choice(one.id, one.title) for one in series]
        self.source_id.choices = [
            choice("", _("noch keine")),
            *(choice(one.id, f"{one.number} {one.name}") for one in sources),
        ]

    def fit(self, forum: Forum) -> None:
        """Leave out what this forum's state has fixed."""
        if forum.state in DATED:
            for name in ("starts_at", "ends_at", "place", "address"):
                del self[name]
        if slug_is_fixed(forum):
            del self["slug"]

    def fill(self, forum: Forum, code: str) -> None:
        """Show what is stored now."""
        for name in self._fields:
            if hasattr(forum, name):
                self[name].data = getattr(forum, name)
        self.code.data = code
        self.seen_version.data = forum.version

    def details(self, forum: Forum | None) -> Details:
        """Return what was typed; what the form left out stays as it is."""
        values = {
            name: self[name].data if name in self._fields else getattr(forum, name)
            for name in Details.__dataclass_fields__
        }
        for name in ("title", "slug", "place", "address", "text", "agenda", "code"):
            values[name] = values[name] or ""
        return Details(**values)


class SeenForm(Form):
    """A deed on what the moderator had seen."""

    seen_version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])


class MoveForm(SeenForm):
    """Another date or place, with the reason everybody registered reads."""

    starts_at = BerlinTimeField(_l("Neuer Beginn"))
    ends_at = BerlinTimeField(_l("Neues Ende"))
    place = StringField(_l("Ort"))
    address = StringField(_l("Anschrift"))
    reason = TextAreaField(_l("Begründung"))


class CancelForm(SeenForm):
    """Why a forum does not take place."""

    reason = TextAreaField(_l("Begründung"))


class AddTablesForm(Form):
    """How many tables more."""

    count = IntegerField(_l("Wie viele Tische kommen dazu?"), validators=[InputRequired()], default=1)
