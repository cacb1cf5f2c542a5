# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for invitations: states and answers; for views and templates only."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.forums.queries.invitations import Line
from charta.forums.rules import CompanySize, InvitationState, RegistrationState
from charta.forums.words import COMPANY_SIZES
from charta.web.standing import Standing

INVITATION_STATES = {
    InvitationState.DRAFT: _l("noch nicht angeschrieben"),
    InvitationState.SENT: _l("ohne Antwort"),
    InvitationState.YES: _l("zugesagt"),
    InvitationState.NO: _l("abgesagt"),
    InvitationState.SUBSTITUTE: _l("Vertretung genannt"),
}


def size_word(size: CompanySize | None) -> str:
    """Return the words for a size class."""
    return _("Größe unbekannt") if size is None else str(COMPANY_SIZES[size])


def answer(line: Line) -> Standing:
    """Return where an invitation stands, as the list shows it."""
    one = line.invitation
    word = str(INVITATION_STATES[one.state])
    match one.state:
        case InvitationState.DRAFT if line.is_closed:
            return Standing("stop", "stop", _("möchte keine Einladungen"))
        case InvitationState.DRAFT if line.registered is not None:
            return Standing("ok", "done", _("hat sich selbst angemeldet"))
        case InvitationState.DRAFT if line.wave_number is not None:
            return Standing("", "clock", _("in Welle %(number)s vorgesehen", number=line.wave_number))
        case InvitationState.DRAFT:
            return Standing("", "clock", word)
        case InvitationState.SENT if line.registered is not None:
            return Standing("ok", "done", _("hat sich selbst angemeldet"))
        case InvitationState.SENT:
            return Standing("wait", "mail", word)
        case InvitationState.YES if line.registered is RegistrationState.WAITING:
            return Standing("wait", "clock", _("zugesagt, auf der Warteliste"))
        case InvitationState.YES if line.registered is RegistrationState.CANCELLED:
            return Standing("stop", "stop", _("zugesagt, später abgemeldet"))
        case InvitationState.YES:
            return Standing("ok", "done", word)
        case InvitationState.NO:
            return Standing("stop", "stop", word)
        case InvitationState.SUBSTITUTE:
            return Standing("", "people", word)
