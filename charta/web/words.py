# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for codes: reasons, input errors and states, German first, all through gettext.

German is the source language of every message, so German is never missing.
"""

from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.permissions import Permission, Reason, Role

ROLES = {
    Role.READER: _l("Leserin oder Leser"),
    Role.ATTENDEE: _l("Teilnehmende"),
    Role.PARTNER: _l("Konsortialpartner"),
    Role.MODERATOR: _l("Moderation"),
    Role.ADMINISTRATOR: _l("Administration"),
}

REASONS = {
    Reason.ALLOWED: _l("Erlaubt."),
    Reason.SIGN_IN: _l("Bitte melden Sie sich dafür an."),
    Reason.DEACTIVATED: _l("Dieses Konto ist gesperrt."),
    Reason.ROLE: _l("Ihre Rolle erlaubt das nicht."),
    Reason.OWN_PROPOSAL: _l("Über den eigenen Vorschlag entscheidet immer eine zweite Person."),
    Reason.NOT_OWN: _l("Das kann nur die Person, die den Vorschlag geschrieben hat."),
    Reason.NOT_OWN_ORGANISATION: _l("Der Entwurf gehört einer anderen Organisation."),
    Reason.ROUND_CLOSED: _l("Zurzeit ist keine Beteiligungsrunde geöffnet."),
    Reason.ROUND_NOT_FOR_ROLE: _l("In dieser Beteiligungsrunde können Sie keine Änderungen vorschlagen."),
    Reason.OWN_ACCOUNT: _l("Die eigene Rolle können Sie nicht ändern."),
}

PERMISSIONS = {
    Permission.READ_PUBLIC: _l("Veröffentlichtes lesen"),
    Permission.READ_DRAFT: _l("Die Arbeitsfassung lesen"),
    Permission.SIGN_IN: _l("Sich anmelden"),
    Permission.USE_ACCOUNT: _l("Das eigene Konto verwalten"),
    Permission.PROPOSE: _l("Änderungen vorschlagen"),
    Permission.EDIT_DRAFT: _l("Einen Entwurf bearbeiten"),
    Permission.SHARE_DRAFT: _l("Einen Entwurf in der eigenen Organisation teilen"),
    Permission.SUBMIT_PROPOSAL: _l("Einen Vorschlag einreichen"),
    Permission.WITHDRAW_PROPOSAL: _l("Einen Vorschlag zurückziehen"),
    Permission.SUPPORT_PROPOSAL: _l("Einen Vorschlag unterstützen"),
    Permission.ANSWER_ADAPTATION: _l("Einer angepassten Fassung zustimmen"),
    Permission.RESOLVE_OVERLAP: _l("Eine Überschneidung auflösen"),
    Permission.READ_QUEUE: _l("Die Vorschläge zur Entscheidung sehen"),
    Permission.TAKE_ON_PROPOSAL: _l("Einen Vorschlag in Arbeit nehmen"),
    Permission.APPROVE_PROPOSAL: _l("Einen Vorschlag übernehmen"),
    Permission.ADAPT_PROPOSAL: _l("Einen Vorschlag angepasst übernehmen"),
    Permission.REQUEST_CHANGES: _l("Um Überarbeitung bitten"),
    Permission.REJECT_PROPOSAL: _l("Einen Vorschlag nicht übernehmen"),
    Permission.EDIT_MEASURE: _l("Angaben einer Maßnahme ändern"),
    Permission.MANAGE_SOURCES: _l("Quellen verwalten"),
    Permission.MANAGE_ROUNDS: _l("Beteiligungsrunden verwalten"),
    Permission.MANAGE_PEOPLE: _l("Personen verwalten und einladen"),
    Permission.CHANGE_ROLE: _l("Rollen vergeben"),
    Permission.MANAGE_ORGANISATIONS: _l("Organisationen verwalten"),
    Permission.MANAGE_SITE: _l("Einstellungen und Seiten verwalten"),
    Permission.READ_ACTIVITY: _l("Das Protokoll lesen"),
}


# What a condition of the permission table means, by the name of its function.
CONDITIONS = {
    "_is_author": _l("nur beim eigenen Vorschlag"),
    "_is_author_or_colleague": _l("eigener Entwurf, oder in der eigenen Organisation geteilt"),
    "_four_eyes": _l("nie beim eigenen Vorschlag (Vier-Augen-Prinzip)"),
    "_author_or_moderator": _l("eigener Vorschlag, oder als Moderation"),
    "_round_allows": _l("in einer Beteiligungsrunde, die für diese Rolle offen ist"),
    "_draft_is_readable": _l("ohne Anmeldung nur, wenn die Arbeitsfassung öffentlich ist"),
    "_not_own_account": _l("nicht beim eigenen Konto"),
}


def reason(code: str) -> str:
    """Return the sentence of a refusal."""
    return str(REASONS[Reason(code)])


def input_error(code: str, data: dict[str, Any]) -> str:
    """Return the sentence for an `InvalidInput` code; an unknown code gets a general one."""
    number = {name: _number(value) for name, value in data.items() if isinstance(value, int)}
    match code:
        case "required":
            return _("Bitte füllen Sie dieses Feld aus.")
        case "too_long":
            return _(
                "Der Text hat %(length)s Zeichen, erlaubt sind %(limit)s. Bitte kürzen Sie ihn.",
                length=number["length"],
                limit=number["limit"],
            )
        case "too_short":
            return _("Bitte geben Sie mindestens %(minimum)s Zeichen ein.", minimum=number["minimum"])
        case "invalid":
            return _("Diese Angabe ist nicht gültig.")
        case "forbidden_character":
            return _("Der Text enthält ein Zeichen, das nicht gespeichert werden kann.")
        case "mixed_scripts":
            return _("Im Wort „%(word)s“ sind mehrere Schriften gemischt.", word=data["word"])
        case "taken":
            return _("Das ist bereits vergeben.")
        case "wrong_password":
            return _("Das Passwort ist nicht richtig.")
        case "like_email":
            return _("Das Passwort darf nicht Ihre E-Mail-Adresse sein.")
        case "unchanged":
            return _("Der Text ist noch unverändert. Ändern Sie ihn, bevor Sie einreichen.")
        case "reason_required":
            return _(
                "Bitte begründen Sie die Entscheidung. Die Begründung geht an die Verfasserin oder den Verfasser."
            )
        case "ends_before_start":
            return _("Das Ende liegt vor dem Beginn.")
        case "before_opening":
            return _("Das Ende der Runde liegt vor ihrem Beginn.")
        case "before_closing":
            return _("Der Redaktionsschluss liegt vor dem Ende der Runde.")
        case "before_editorial":
            return _("Der Termin der Antwort liegt vor dem Redaktionsschluss.")
        case "unresolved":
            return _("Bitte entscheiden Sie jede Überschneidung.")
        case _:
            return _("Diese Angabe kann so nicht gespeichert werden.")


def _number(value: int) -> str:
    return str(format_decimal(value))
