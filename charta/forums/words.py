# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for states, dates and places of forums; for views and templates only."""

from datetime import datetime

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.db import utcnow
from charta.forums.models import Forum
from charta.forums.queries.forums import ForumRow, is_open, takes_registrations, window
from charta.forums.queries.registrations import Guest
from charta.forums.rules import COMING, CompanySize, ForumState, RegistrationState
from charta.web.dates import clock, day, local
from charta.web.standing import Standing

STATES = {
    ForumState.PLANNED: _l("geplant"),
    ForumState.CONFIRMED: _l("findet statt"),
    ForumState.MOVED: _l("verlegt"),
    ForumState.CANCELLED: _l("abgesagt"),
    ForumState.HELD: _l("hat stattgefunden"),
}

REGISTRATION_STATES = {
    RegistrationState.UNCONFIRMED: _l("nicht bestätigt"),
    RegistrationState.INTERESTED: _l("interessiert"),
    RegistrationState.REGISTERED: _l("angemeldet"),
    RegistrationState.WAITING: _l("auf der Warteliste"),
    RegistrationState.CANCELLED: _l("abgemeldet"),
}

COMPANY_SIZES = {
    CompanySize.MICRO: _l("bis 9 Beschäftigte"),
    CompanySize.SMALL: _l("10 bis 49 Beschäftigte"),
    CompanySize.MEDIUM: _l("50 bis 249 Beschäftigte"),
    CompanySize.LARGE: _l("ab 250 Beschäftigte"),
}


def when(starts_at: datetime, ends_at: datetime | None) -> str:
    """Return „Mittwoch, 24. April 2027, 14:00 bis 18:00 Uhr“."""
    start = local(starts_at)
    first = str(format_date(start.date(), _("EEEE, d. MMMM y")))
    if ends_at is None:
        return _("%(day)s, %(start)s Uhr", day=first, start=clock(starts_at))
    if local(ends_at).date() == start.date():
        return _("%(day)s, %(start)s bis %(end)s Uhr", day=first, start=clock(starts_at), end=clock(ends_at))
    last = str(format_date(local(ends_at).date(), _("EEEE, d. MMMM y")))
    return _(
        "%(day)s, %(start)s Uhr, bis %(last)s, %(end)s Uhr",
        day=first,
        start=clock(starts_at),
        last=last,
        end=clock(ends_at),
    )


def date_line(forum: Forum) -> str:
    """Return when a forum takes place, in words also while no date is sure."""
    if forum.is_always_open:
        return _("jederzeit")
    if forum.starts_at is None:
        return _("Termin noch offen")
    line = when(forum.starts_at, forum.ends_at)
    if forum.state is ForumState.CANCELLED:
        return _("geplant war: %(when)s", when=line)
    return _("voraussichtlich %(when)s", when=line) if forum.state is ForumState.PLANNED else line


def places(row: ForumRow) -> str:
    """Return how many places are left, or how long the queue is; nothing without a limit and afterwards."""
    left, capacity = row.places_left, row.forum.capacity
    if left is None or capacity is None or row.forum.state not in COMING or is_over(row.forum, utcnow()):
        return ""
    if left == 0:
        if row.waiting:
            return ngettext(
                "Alle Plätze sind vergeben, %(num)s Person wartet.",
                "Alle Plätze sind vergeben, %(num)s Personen warten.",
                row.waiting,
            )
        return _("Alle Plätze sind vergeben.")
    return ngettext(
        "Noch %(num)s von %(capacity)s Plätzen frei.",
        "Noch %(num)s von %(capacity)s Plätzen frei.",
        left,
        capacity=capacity,
    )


def is_over(forum: Forum, now: datetime) -> bool:
    """Whether a forum is past, also when nobody has closed it yet."""
    if forum.is_always_open:
        return False
    if forum.state is ForumState.HELD:
        return True
    last = forum.ends_at or forum.starts_at
    return last is not None and last < now and forum.state in {ForumState.CONFIRMED, ForumState.MOVED}


def standing(row: ForumRow) -> Standing:
    """Return the status of a forum: icon, word, and what happens next."""
    forum, now = row.forum, utcnow()
    if forum.is_always_open:
        return Standing(
            "ok", "play", _("läuft"), _("Dieses Forum ist zum Ausprobieren immer offen. Machen Sie mit.")
        )
    if forum.state is ForumState.CANCELLED:
        return Standing("stop", "stop", str(STATES[forum.state]), _("Es gibt noch keinen neuen Termin."))
    if is_over(forum, now):
        return Standing(
            "",
            "done",
            str(STATES[ForumState.HELD]),
            _("Was aus den Beiträgen wird, lesen Sie bei jedem Beitrag."),
        )
    if is_open(forum, now):
        return Standing("ok", "play", _("läuft"), _("Sind Sie im Saal? Dann machen Sie jetzt mit."))
    if forum.state is ForumState.PLANNED:
        return Standing(
            "wait",
            "clock",
            str(STATES[forum.state]),
            _("Lassen Sie sich vormerken. Sobald der Termin feststeht, schreiben wir Ihnen."),
        )
    return Standing(
        "move" if forum.state is ForumState.MOVED else "ok",
        "move" if forum.state is ForumState.MOVED else "calendar",
        str(STATES[forum.state]),
        _registration_sentence(forum, now),
    )


def _registration_sentence(forum: Forum, now: datetime) -> str:
    if not takes_registrations(forum, now):
        return _("Die Anmeldung ist geschlossen.")
    if forum.registration_closes_at is not None:
        return _("Anmeldung bis %(day)s.", day=day(forum.registration_closes_at))
    return _("Die Anmeldung ist offen.")


def code_sentence(forum: Forum) -> str:
    """Return from when until when the code opens the hall, for the moderator."""
    if forum.is_always_open:
        return _("Der Code gilt immer.")
    found = window(forum)
    if found is None:
        return _("Der Code gilt, sobald das Forum einen Termin hat.")
    return _("Der Code gilt: %(when)s.", when=when(*found))


def registration_standing(forum: Forum, state: RegistrationState, *, queue_place: int = 0) -> Standing:
    """Return the status of somebody's registration as the personal page shows it."""
    match state:
        case RegistrationState.REGISTERED:
            return Standing("ok", "done", _("Angemeldet"), _("Ihr Platz ist reserviert."))
        case RegistrationState.WAITING:
            return Standing(
                "wait",
                "clock",
                _("Warteliste, Platz %(number)s", number=queue_place) if queue_place else _("Warteliste"),
                _("Wird ein Platz frei, rücken Sie von selbst nach. Dann bekommen Sie eine E-Mail."),
            )
        case RegistrationState.INTERESTED if forum.state in COMING:
            return Standing(
                "wait",
                "bell",
                _("Vorgemerkt, noch ohne Platz"),
                _("Der Termin steht fest. Ihr Platz ist erst reserviert, wenn Sie ihn nehmen."),
            )
        case RegistrationState.INTERESTED:
            return Standing(
                "wait",
                "bell",
                _("Vorgemerkt"),
                _("Sobald der Termin feststeht, schreiben wir Ihnen. Dann nehmen Sie hier einen Platz."),
            )
        case RegistrationState.CANCELLED:
            return Standing("stop", "stop", _("Abgemeldet"), _("Sie nehmen nicht teil."))
        case _:
            return Standing(
                "wait",
                "mail",
                _("Noch nicht bestätigt"),
                _("Bitte bestätigen Sie Ihre Anmeldung mit einem Klick. Erst dann gilt sie."),
            )


def guest_standing(guest: Guest) -> Standing:
    """Return the status of a line of the list: came, expected, waiting and so on."""
    if guest.checked_in_at is not None:
        return Standing("ok", "done", _("da seit %(time)s", time=clock(guest.checked_in_at)))
    kind, icon = {
        RegistrationState.REGISTERED: ("", "user"),
        RegistrationState.WAITING: ("wait", "clock"),
        RegistrationState.INTERESTED: ("wait", "bell"),
        RegistrationState.UNCONFIRMED: ("wait", "mail"),
        RegistrationState.CANCELLED: ("stop", "stop"),
    }[guest.state]
    return Standing(kind, icon, str(REGISTRATION_STATES[guest.state]))
