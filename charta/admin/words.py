# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words of the administration: groups, voting rights, and a sentence for every deed of the log."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from charta.accounts.rules import Voting
from charta.activity.models import ActivityEntry
from charta.site.rules import ProposalsPublic
from charta.web import words as web_words

GROUPS = web_words.GROUPS

VOTING = {
    Voting.NONE: _l("nicht stimmberechtigt"),
    Voting.MEMBER: _l("stimmberechtigt"),
    Voting.DEPUTY: _l("Vertretung"),
}

PROPOSALS_PUBLIC = {
    ProposalsPublic.NONE: _l("Keine"),
    ProposalsPublic.DECIDED: _l("Entschiedene Vorschläge"),
    ProposalsPublic.SUBMITTED: _l("Alle eingereichten Vorschläge"),
}

# What is wrong with a line of an invitation list.
LINE_ERRORS = {
    "no_email": _l("Hier fehlt die E-Mail-Adresse."),
    "invalid_email": _l("Diese E-Mail-Adresse ist nicht vollständig."),
    "invalid_name": _l("Dieser Name kann so nicht gespeichert werden."),
    "twice": _l("Diese Adresse steht schon weiter oben."),
    "taken": _l("Zu dieser Adresse gibt es schon ein Konto."),
}

# One sentence per deed; „who“ is put in front. The verbs are those that services write.
DEEDS = {
    "create_person": _l("hat ein Konto angelegt"),
    "accept_invitation": _l("hat die Einladung angenommen"),
    "renew_invitation": _l("hat eine Einladung erneuert"),
    "revoke_invitation": _l("hat eine Einladung zurückgezogen"),
    "change_person": _l("hat Angaben einer Person geändert"),
    "deactivate_person": _l("hat ein Konto gesperrt"),
    "reactivate_person": _l("hat ein Konto wieder freigegeben"),
    "end_sessions": _l("hat alle Sitzungen einer Person beendet"),
    "make_reset_link": _l("hat einen Link für ein neues Passwort erzeugt"),
    "change_profile": _l("hat das eigene Profil geändert"),
    "choose_mails": _l("hat festgelegt, welche E-Mails kommen"),
    "try_address_again": _l("hat die eigene Adresse für in Ordnung erklärt"),
    "change_password": _l("hat das eigene Passwort geändert"),
    "reset_password": _l("hat ein neues Passwort gewählt"),
    "request_email_change": _l("möchte die eigene E-Mail-Adresse ändern"),
    "change_email": _l("hat die eigene E-Mail-Adresse geändert"),
    "sign_out_everywhere": _l("hat sich überall abgemeldet"),
    "set_first_password": _l("hat zum ersten Mal ein Passwort gewählt"),
    "join_forum": _l("ist einem Forum beigetreten"),
    "write_for_table": _l("hat begonnen oder aufgehört, für einen Tisch zu schreiben"),
    "hand_in": _l("hat einen Beitrag eingereicht"),
    "print_cards": _l("hat Beitragskarten angelegt"),
    "record_card": _l("hat eine Beitragskarte erfasst"),
    "import_contributions": _l("hat Beiträge eingelesen"),
    "create_organisation": _l("hat eine Organisation angelegt"),
    "change_organisation": _l("hat eine Organisation geändert"),
    "archive_organisation": _l("hat eine Organisation archiviert"),
    "restore_organisation": _l("hat eine Organisation wieder aufgenommen"),
    "save_round": _l("hat eine Beteiligungsrunde gespeichert"),
    "change_settings": _l("hat Einstellungen geändert"),
    "save_page": _l("hat eine Seite gespeichert"),
    "publish_news": _l("hat eine Nachricht veröffentlicht"),
    "change_news": _l("hat eine Nachricht geändert"),
    "delete_news": _l("hat eine Nachricht gelöscht"),
    "announce_date": _l("hat einen Termin angekündigt"),
    "change_date": _l("hat einen Termin geändert"),
    "delete_date": _l("hat einen Termin gelöscht"),
    "send_mails_again": _l("hat Nachrichten erneut in den Versand gegeben"),
    "discard_mail": _l("hat eine Nachricht verworfen"),
    "seed": _l("hat Daten für Messungen geladen"),
    "create_field": _l("hat ein Handlungsfeld angelegt"),
    "change_field": _l("hat ein Handlungsfeld geändert"),
    "add_source": _l("hat eine Quelle angelegt"),
    "import_section": _l("hat einen Abschnitt übernommen"),
    "import_measure": _l("hat eine Maßnahme übernommen"),
    "create_revision": _l("hat einen Textstand geschrieben"),
    "change_measure": _l("hat Angaben einer Maßnahme geändert"),
    "submit_proposal": _l("hat eingereicht"),
    "resubmit_proposal": _l("hat überarbeitet und erneut eingereicht"),
    "take_up_comment": _l("hat einen Vorschlag mit einem Kommentar verbunden"),
    "leave_out_comment": _l("hat einen Vorschlag von einem Kommentar gelöst"),
    "take_up_contributions": _l("hat Beiträge mit einem Vorschlag verbunden"),
    "leave_out_contribution": _l("hat einen Beitrag von einem Vorschlag gelöst"),
    "reply_to_question": _l("hat auf eine Rückfrage geantwortet"),
    "withdraw_proposal": _l("hat zurückgezogen"),
    "request_changes_proposal": _l("hat um Überarbeitung gebeten"),
    "approve_proposal": _l("hat übernommen"),
    "adapt_proposal": _l("möchte angepasst übernehmen"),
    "agree_proposal": _l("hat der angepassten Fassung zugestimmt"),
    "refuse_proposal": _l("hat die angepasste Fassung abgelehnt"),
    "reject_proposal": _l("hat nicht übernommen"),
    "prepare_ballot": _l("hat eine Abstimmung vorbereitet"),
    "change_ballot": _l("hat eine vorbereitete Abstimmung geändert"),
    "discard_ballot": _l("hat eine vorbereitete Abstimmung verworfen"),
    "open_ballot": _l("hat eine Abstimmung geöffnet"),
    "close_ballot": _l("hat ausgezählt"),
    "cancel_ballot": _l("hat eine Abstimmung abgebrochen"),
    "remind_ballot": _l("hat an eine Abstimmung erinnert"),
    "share_ballot": _l("hat einen Leselink für das eigene Gremium erstellt"),
    "unshare_ballot": _l("hat den Leselink für das eigene Gremium beendet"),
    "note_dissent": _l("hat eine Protokollnotiz hinterlegt"),
    "withdraw_note": _l("hat eine Protokollnotiz zurückgezogen"),
    "compose_edition": _l("hat eine Fassung zusammengestellt"),
    "recompose_edition": _l("hat eine Fassung neu zusammengestellt"),
    "discard_edition": _l("hat eine zusammengestellte Fassung verworfen"),
    "publish_edition": _l("hat eine Fassung freigegeben"),
    "state_outcome": _l("hat das Ergebnis einer Abstimmung beschrieben"),
    "accept_contribution": _l("hat aufgenommen"),
    "ask_contribution": _l("hat nachgefragt"),
    "decline_contribution": _l("hat nicht aufgenommen"),
    "reopen_contribution": _l("hat zurück in die Sichtung gegeben"),
    "sort_contribution": _l("hat Feld, Art oder Überschrift geändert"),
    "merge_contribution": _l("hat zusammengelegt"),
    "unmerge_contribution": _l("hat wieder getrennt"),
    "split_contribution": _l("hat aufgeteilt"),
    "redact_contribution": _l("hat Worte entfernt"),
    "answer_contribution": _l("hat beantwortet"),
    "create_topic": _l("hat ein Thema angelegt"),
    "bundle_contributions": _l("hat Beiträge zu einem Thema gebündelt"),
    "unbundle_contributions": _l("hat Beiträge aus einem Thema genommen"),
    "change_topic": _l("hat ein Thema geändert"),
    "answer_topic": _l("hat ein Thema beantwortet"),
    "merge_topic": _l("hat ein Thema mit einem anderen zusammengelegt"),
    "create_canned_answer": _l("hat eine vorbereitete Antwort angelegt"),
    "change_canned_answer": _l("hat eine vorbereitete Antwort geändert"),
    "delete_canned_answer": _l("hat eine vorbereitete Antwort gelöscht"),
    "move_canned_answer": _l("hat vorbereitete Antworten umgeordnet"),
    "put_on_list": _l("hat Personen auf die Einladungsliste gesetzt"),
    "take_off_list": _l("hat eine Person von der Einladungsliste genommen"),
    "plan_wave": _l("hat eine Welle von Einladungen vorbereitet"),
    "change_wave": _l("hat den Brief einer Welle geändert"),
    "discard_wave": _l("hat eine Welle verworfen"),
    "send_wave": _l("hat eine Welle von Einladungen verschickt"),
    "set_reminder": _l("hat den Zeitpunkt einer Erinnerung geändert"),
    "remind_wave": _l("hat an Einladungen erinnert"),
    "answer_invitation": _l("hat eine Einladung beantwortet"),
    "steer_projector": _l("hat den Beamer gesteuert"),
    "prepare_poll": _l("hat eine Umfrage vorbereitet"),
    "change_poll": _l("hat eine Umfrage geändert"),
    "remove_poll": _l("hat eine Umfrage entfernt"),
    "launch_poll": _l("hat eine Umfrage im Forum gestartet"),
    "stop_poll": _l("hat eine Umfrage im Forum beendet"),
    "reveal_poll": _l("hat das Ergebnis einer laufenden Umfrage gezeigt"),
    "show_poll": _l("hat eine Umfrage auf den Beamer gebracht"),
    "take_down_poll": _l("hat eine Umfrage vom Beamer genommen"),
    "open_poll_online": _l("hat eine Umfrage nach dem Forum online geöffnet"),
    "close_poll_online": _l("hat die Online-Nachfrage einer Umfrage beendet"),
    "let_poll_words_through": _l("hat Antworten einer Umfrage gezeigt"),
    "hide_poll_words": _l("hat Antworten einer Umfrage ausgeblendet"),
    "write_documentation": _l("hat die Dokumentation bearbeitet"),
    "publish_documentation": _l("hat die Dokumentation veröffentlicht und verschickt"),
    "make_forum_series": _l("hat eine Forumsreihe angelegt"),
    "change_forum_series": _l("hat eine Forumsreihe geändert"),
    "order_forum_series": _l("hat die Forumsreihen geordnet"),
    "make_forum": _l("hat ein Forum angelegt"),
    "change_forum": _l("hat ein Forum geändert"),
    "confirm_forum": _l("hat den Termin eines Forums zugesagt"),
    "move_forum": _l("hat ein Forum verlegt"),
    "cancel_forum": _l("hat ein Forum abgesagt"),
    "close_forum": _l("hat ein Forum abgeschlossen"),
    "add_tables": _l("hat Tische angelegt"),
    "change_tables": _l("hat Tische geändert"),
    "remove_table": _l("hat einen Tisch entfernt"),
    "register": _l("hat sich zu einem Forum angemeldet"),
    "confirm_registration": _l("hat die Anmeldung zu einem Forum bestätigt"),
    "cancel_registration": _l("hat die Anmeldung zu einem Forum zurückgenommen"),
    "take_off_registration": _l("hat jemanden von der Anmeldeliste genommen"),
    "add_at_the_door": _l("hat jemanden an der Tür ergänzt"),
    "check_in": _l("hat jemanden am Einlass abgehakt"),
    "undo_check_in": _l("hat ein Abhaken am Einlass zurückgenommen"),
    "link_phone": _l("hat ein Telefon mit einer Anmeldung verbunden"),
    "unlink_phone": _l("hat ein Telefon von einer Anmeldung gelöst"),
    "write_comment": _l("hat einen Kommentar geschrieben"),
    "answer_comment": _l("hat auf einen Kommentar geantwortet"),
    "edit_comment": _l("hat einen Kommentar geändert"),
    "delete_comment": _l("hat einen Kommentar gelöscht"),
    "resolve_comment": _l("hat ein Gespräch für erledigt erklärt"),
    "reopen_comment": _l("hat ein Gespräch wieder geöffnet"),
    "report_comment": _l("hat einen Kommentar gemeldet"),
    "hide_comment": _l("hat einen Kommentar ausgeblendet"),
    "show_comment": _l("hat einen Kommentar wieder gezeigt"),
    "settle_comment": _l("hat eine Meldung zu einem Kommentar geklärt"),
}

SUBJECTS = {
    "person": _l("Konto %(id)s"),
    "organisation": _l("Organisation %(id)s"),
    "round": _l("Beteiligungsrunde %(id)s"),
    "site": _l("Einstellungen"),
    "page": _l("Seite %(id)s"),
    "news": _l("Nachricht %(id)s"),
    "date": _l("Termin %(id)s"),
    "outbox": _l("Versand"),
    "field": _l("Handlungsfeld %(id)s"),
    "source": _l("Quelle %(id)s"),
    "section": _l("Abschnitt %(id)s"),
    "measure": _l("Maßnahme %(id)s"),
    "proposal": _l("Vorschlag %(id)s"),
    "forum": _l("Forum %(id)s"),
    "contribution": _l("Beitrag %(id)s"),
    "topic": _l("Thema %(id)s"),
    "canned_answer": _l("Vorbereitete Antwort %(id)s"),
    "comment": _l("Kommentar %(id)s"),
    "ballot": _l("Abstimmung %(id)s"),
    "poll": _l("Umfrage %(id)s"),
    "edition": _l("Fassung %(id)s"),
}

# The kinds offered as a filter of the log, in this order.
SUBJECT_KINDS = {
    "person": _l("Personen"),
    "organisation": _l("Organisationen"),
    "section": _l("Abschnitte"),
    "proposal": _l("Vorschläge"),
    "measure": _l("Maßnahmen"),
    "field": _l("Handlungsfelder"),
    "round": _l("Beteiligungsrunden"),
    "site": _l("Einstellungen"),
    "page": _l("Seiten"),
    "news": _l("Nachrichten"),
    "date": _l("Termine"),
}


TRANSPORTS = {
    "smtp": _l("über den Mailserver"),
    "file": _l("als Dateien auf diesem Rechner, es wird nichts verschickt"),
    "console": _l("auf die Konsole, es wird nichts verschickt"),
}

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def deed(entry: ActivityEntry) -> str:
    """Return what happened without who did it; an unknown verb is named as it stands."""
    known = DEEDS.get(entry.verb)
    return str(known) if known else _("hat „%(verb)s“ ausgeführt", verb=entry.verb)


def subject(entry: ActivityEntry) -> str:
    """Return what it happened to, such as „Vorschlag 12“; measures and proposals carry their own number."""
    number = entry.data.get("number", entry.subject_id)
    known = SUBJECTS.get(entry.subject_kind)
    if known is None:
        return f"{entry.subject_kind} {number}"
    return str(known) % {"id": number}
