# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The words for codes: reasons, input errors and states, German first, all through gettext.

German is the source language of every message, so German is never missing.
"""

from typing import Any

from flask_babel import format_decimal
from flask_babel import lazy_gettext as _l

from charta.accounts.rules import Group
from charta.permissions import Permission, Reason, Role

ROLES = {
    Role.READER: _l("Leserin oder Leser"),
    Role.ATTENDEE: _l("Teilnehmende"),
    Role.PARTNER: _l("Konsortialpartner"),
    Role.MODERATOR: _l("Moderation"),
    Role.ADMINISTRATOR: _l("Administration"),
}

GROUPS = {
    Group.COMPANY: _l("Unternehmen"),
    Group.EMPLOYEES: _l("Beschäftigte und Betriebsräte"),
    Group.SCIENCE: _l("Wissenschaft"),
    Group.EDUCATION: _l("Bildung"),
    Group.YOUTH: _l("Jugend"),
    Group.ADMINISTRATION: _l("Verwaltung und Politik"),
    Group.CHAMBER: _l("Kammer und Verband"),
    Group.UNION: _l("Gewerkschaft"),
    Group.LABOUR_ADMINISTRATION: _l("Arbeitsverwaltung"),
    Group.CONTRACTOR: _l("Beauftragtes Unternehmen"),
    Group.OTHER: _l("Andere"),
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
    Reason.NOT_ON_ROLL: _l(
        "Sie stehen nicht im Verzeichnis dieser Abstimmung. Es wurde beim Öffnen festgelegt."
    ),
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
    Permission.IMPORT_TEXT: _l("Vorhandenen Text einlesen"),
    Permission.REGISTER_FOR_FORUM: _l("Sich zu einem Forum anmelden"),
    Permission.JOIN_FORUM: _l("An einem Forum mit dem Code teilnehmen"),
    Permission.HAND_IN: _l("Einen Beitrag einreichen"),
    Permission.SUPPORT_CONTRIBUTION: _l("Einen Beitrag unterstützen"),
    Permission.REPLY_TO_QUESTION: _l("Auf eine Rückfrage antworten"),
    Permission.SUBSCRIBE: _l("Nachrichten zu einem Beitrag erhalten"),
    Permission.MANAGE_FORUMS: _l("Foren verwalten"),
    Permission.INVITE_TO_FORUM: _l("Unternehmen zu einem Forum einladen"),
    Permission.RUN_FORUM: _l("Ein Forum leiten"),
    Permission.READ_ATTENDANCE: _l("Sehen, wer zu einem Forum kommt"),
    Permission.RECORD_CONTRIBUTION: _l("Beiträge von Karten erfassen und einlesen"),
    Permission.READ_SCREENING: _l("Eingegangene Beiträge sehen"),
    Permission.SCREEN_CONTRIBUTION: _l("Beiträge sichten"),
    Permission.ANSWER_TOPIC: _l("Themen bilden und beantworten"),
    Permission.COMMENT: _l("Kommentieren"),
    Permission.EDIT_COMMENT: _l("Einen Kommentar ändern oder löschen"),
    Permission.RESOLVE_COMMENT: _l("Einen Kommentar für erledigt erklären"),
    Permission.REPORT_COMMENT: _l("Einen Kommentar melden"),
    Permission.HIDE_COMMENT: _l("Einen Kommentar ausblenden"),
    Permission.WATCH: _l("Etwas beobachten und Nachrichten dazu bekommen"),
    Permission.READ_BALLOT: _l("Abstimmungen und ihre Ergebnisse ansehen"),
    Permission.MANAGE_BALLOTS: _l("Abstimmungen vorbereiten, öffnen und schließen"),
    Permission.CAST_FOR_PARTNER: _l("Für eine Partnerorganisation abstimmen"),
    Permission.CAST_VOTE: _l("Am Meinungsbild teilnehmen"),
    Permission.RUN_POLL: _l("Eine Umfrage im Forum starten und beenden"),
    Permission.ANSWER_POLL: _l("Eine Umfrage im Forum beantworten"),
    Permission.NOTE_DISSENT: _l("Eine Protokollnotiz anbringen"),
    Permission.COMPOSE_EDITION: _l("Eine Fassung zusammenstellen und zur Abstimmung vorbereiten"),
    Permission.PUBLISH_EDITION: _l("Eine Fassung freigeben"),
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
    "_round_lets_comment": _l("Teilnehmende in einer Beteiligungsrunde, die dafür offen ist"),
    "_own_comment": _l("nur beim eigenen Kommentar"),
    "_author_or_partner": _l("Teilnehmende nur beim eigenen Kommentar"),
    "_draft_is_readable": _l("ohne Anmeldung nur, wenn die Arbeitsfassung öffentlich ist"),
    "_of_partner": _l("nur für eine Organisation, die Partner ist"),
    "_not_own_account": _l("nicht beim eigenen Konto"),
}


def reason(code: str) -> str:
    """Return the sentence of a refusal."""
    return str(REASONS[Reason(code)])


# One sentence per `InvalidInput` code; %(…)s are the error's data, numbers in German format.
INPUT_ERRORS = {
    "required": _l("Bitte füllen Sie dieses Feld aus."),
    "too_long": _l("Der Text hat %(length)s Zeichen, erlaubt sind %(limit)s. Bitte kürzen Sie ihn."),
    "too_short": _l("Bitte geben Sie mindestens %(minimum)s Zeichen ein."),
    "invalid": _l("Diese Angabe ist nicht gültig."),
    "forbidden_character": _l("Der Text enthält ein Zeichen, das nicht gespeichert werden kann."),
    "mixed_scripts": _l("Im Wort „%(word)s“ sind mehrere Schriften gemischt."),
    "taken": _l("Das ist bereits vergeben."),
    "wrong_password": _l("E-Mail-Adresse oder Passwort sind nicht richtig."),
    "not_your_password": _l("Das ist nicht Ihr bisheriges Passwort."),
    "unchanged_email": _l("Das ist bereits Ihre E-Mail-Adresse."),
    "organisation_required": _l(
        "Konsortialpartner gehören zu einer Organisation. Bitte wählen Sie eine aus."
    ),
    "partners_only": _l("Stimmberechtigt sind nur Konsortialpartner einer Partnerorganisation."),
    "no_such_time": _l(
        "Diese Uhrzeit gibt es an diesem Tag nicht: Die Uhr wird von 2 auf 3 Uhr vorgestellt. "
        "Bitte wählen Sie eine andere Zeit."
    ),
    "ambiguous_time": _l(
        "Diese Uhrzeit gibt es an diesem Tag zweimal: Die Uhr wird von 3 auf 2 Uhr zurückgestellt. "
        "Bitte wählen Sie eine Zeit vor 2 Uhr oder ab 3 Uhr."
    ),
    "like_email": _l("Das Passwort darf nicht Ihre E-Mail-Adresse sein."),
    "comment_hidden": _l("Dieser Kommentar ist ausgeblendet. Darauf kann niemand mehr antworten."),
    "comment_deleted": _l("Dieser Kommentar wurde gelöscht. Darauf kann niemand mehr antworten."),
    "comment_gone": _l("Dieser Kommentar ist inzwischen gelöscht oder ausgeblendet."),
    "not_on_section": _l("Antworten kann ein Vorschlag auf Kommentare zu Abschnitten und Maßnahmen."),
    "outside_text": _l(
        "Die Stelle, zu der Sie kommentieren wollten, steht so nicht in diesem Text. "
        "Wenn Sie noch einmal absenden, gilt Ihr Kommentar dem Ganzen."
    ),
    "comments_required": _l("Bitte kreuzen Sie mindestens einen Kommentar an."),
    "too_many_comments": _l("Sie haben %(number)s Kommentare angekreuzt, möglich sind %(limit)s auf einmal."),
    "unchanged": _l("Der Text ist noch unverändert. Ändern Sie ihn, bevor Sie einreichen."),
    "contained": _l("Dieser Text steht schon so in der Charta. Es bleibt nichts zu ändern."),
    "reason_required": _l(
        "Bitte begründen Sie die Entscheidung. Die Begründung geht an die Verfasserin oder den Verfasser."
    ),
    "ends_before_start": _l("Das Ende liegt vor dem Beginn."),
    "before_opening": _l("Das Ende der Runde liegt vor ihrem Beginn."),
    "before_closing": _l("Der Redaktionsschluss liegt vor dem Ende der Runde."),
    "before_editorial": _l("Der Termin der Antwort liegt vor dem Redaktionsschluss."),
    "unresolved": _l("Bitte entscheiden Sie jede Überschneidung."),
    "not_found": _l("Das gibt es nicht oder nicht mehr. Bitte wählen Sie neu."),
    "has_root": _l(
        "Dieses Handlungsfeld hat schon einen Abschnitt auf der obersten Ebene. "
        "Wählen Sie eine Stelle darunter."
    ),
    "cycle": _l("Ein Abschnitt kann nicht unter sich selbst stehen."),
    "not_a_sibling": _l("Dieser Nachbar steht nicht an der gewählten Stelle. Bitte wählen Sie neu."),
    "passage_missing": _l("Passage %(number)s steht nicht im Text."),
    "too_many": _l("Es sind höchstens %(limit)s erlaubt."),
    "twice": _l("Das kommt zweimal vor."),
    # Screening contributions.
    "nothing_chosen": _l("Bitte wählen Sie mindestens einen Beitrag."),
    "itself": _l("Beides ist dasselbe: Ein Beitrag oder Thema geht nicht in sich selbst auf."),
    "words_missing": _l("„%(words)s“ steht nicht im Text. Bitte schreiben Sie es genau so wie dort."),
    "nothing_redacted": _l("Damit bleibt alles, wie es ist. Bitte nennen Sie die Worte, die wegfallen."),
    "too_few_parts": _l("Bitte schreiben Sie mindestens %(minimum)s Teile."),
    "accepting_tells_nothing": _l(
        "Beim Aufnehmen wird kein Text verschickt. Wählen Sie „Beantworten“, oder leeren Sie das Feld."
    ),
    "same_answer": _l("Diese Antwort steht schon da."),
    "no_such_code": _l(
        "„%(wanted)s“ ist keine Nummer eines aufgenommenen Beitrags. Bitte prüfen Sie die sechs Zeichen."
    ),
    "out_of_range": _l("Bitte geben Sie eine Zahl von %(least)s bis %(most)s ein."),
    "unknown_code": _l("Diesen Code kennen wir nicht. Bitte vergleichen Sie ihn mit dem an der Wand."),
    # Cards and rows of lists (charta.contributions.card_rows).
    "card_unknown": _l("„%(value)s“ ist keine Karte dieses Forums. Bitte prüfen Sie Code oder Nummer."),
    "card_taken": _l("Die Karte %(value)s ist schon erfasst."),
    "card_twice": _l("Die Karte %(value)s steht schon in Zeile %(line)s."),
    "row_known": _l("Diese Zeile ist schon eingelesen."),
    "unknown_choice": _l("„%(value)s“ gehört nicht zur Auswahl."),
    "unknown_field": _l("„%(value)s“ ist kein Handlungsfeld."),
    "unknown_people": _l("Die Zahl der Personen muss zwischen 1 und %(limit)s liegen."),
    "no_text_column": _l("Bitte wählen Sie die Spalte mit dem Text der Beiträge."),
    "no_file": _l("Bitte wählen Sie eine Datei aus."),
    "nothing_taken": _l(
        "Es wurde nichts eingelesen. Nicht übernommene Zeilen: %(count)s. "
        "Bessern Sie sie nach und laden Sie die Datei neu, oder lesen Sie nur die guten Zeilen ein."
    ),
    # Files with tables (charta.web.tables).
    "edition_name": _l("Eine Fassung heißt wie eine Nummer mit Punkt, zum Beispiel 2.0 oder 2.1."),
    "edition_order": _l(
        "Die Fassung %(newest)s ist schon freigegeben. Die nächste braucht eine höhere Nummer."
    ),
    "empty": _l("Die Datei ist leer oder hat nur eine Überschrift."),
    "encoding": _l(
        "Die Umlaute dieser Datei lassen sich nicht sicher lesen. Bitte speichern Sie sie "
        "als „CSV UTF-8“ oder als Excel-Datei (.xlsx)."
    ),
    "too_many_rows": _l(
        "Die Datei hat %(length)s Zeilen, erlaubt sind %(limit)s. "
        "Bitte teilen Sie sie auf mehrere Dateien auf."
    ),
    "too_many_columns": _l("Die Datei hat mehr als %(limit)s Spalten."),
    "not_a_table": _l("Das ist keine Tabelle. Gelesen werden CSV-Dateien und Excel-Dateien (.xlsx)."),
    "broken": _l("Die Datei ist beschädigt und lässt sich nicht lesen."),
    "broken_line": _l(
        "Die Datei lässt sich nur bis Zeile %(line)s lesen. "
        "Dort stimmen die Anführungszeichen nicht, oder eine Zelle ist viel zu lang."
    ),
    "too_large": _l("Die Datei enthält zu viel. Erlaubt sind %(limit)s MB, bei Excel-Dateien ausgepackt."),
    "slug_form": _l(
        "Bitte nur Kleinbuchstaben, Ziffern und Bindestriche, zum Beispiel zukunftsforum-zwickau."
    ),
    "in_the_past": _l("Dieser Zeitpunkt liegt in der Vergangenheit."),
    "not_moved": _l("Datum und Ort sind unverändert. Bitte geben Sie an, was sich ändert."),
    "both_or_none": _l("Bitte geben Sie Beginn und Ende an, oder lassen Sie beides leer."),
    "between": _l("Bitte geben Sie eine Zahl von %(minimum)s bis %(limit)s an."),
    "after_start": _l("Der Anmeldeschluss liegt nach dem Beginn des Forums."),
    "nobody": _l("Für diese Auswahl steht niemand auf der Liste, der noch angeschrieben werden kann."),
    "on_list": _l("Diese Adresse steht schon auf der Liste."),
    "after_forum": _l("Dieser Zeitpunkt liegt nach dem Beginn des Forums."),
    "own_address": _l("Das ist Ihre eigene Adresse. Bitte geben Sie die Adresse der Vertretung an."),
    "no_email_column": _l("Bitte geben Sie an, in welcher Spalte die E-Mail-Adressen stehen."),
    "file_or_text": _l("Bitte wählen Sie eine Datei aus, oder fügen Sie die Tabelle in das Feld ein."),
    # Ballots and votes.
    "answer_required": _l("Bitte wählen Sie eine Antwort."),
    "objection_reason": _l("Ein schwerwiegender Einwand braucht eine Begründung."),
    "over_budget": _l("Sie haben %(given)s Punkte vergeben, zur Verfügung stehen %(limit)s."),
    "ranking_incomplete": _l("Bitte ordnen Sie alle %(wanted)s Möglichkeiten oder enthalten Sie sich."),
    "partners_answer_yes_no": _l(
        "Punkte und Rangfolgen gibt es nur im Meinungsbild der Teilnehmenden. "
        "Die Partner stimmen mit Ja oder Nein ab."
    ),
    "too_few_options": _l("Bitte nennen Sie mindestens %(minimum)s Möglichkeiten."),
    "electorate_required": _l("Bitte wählen Sie, wer abstimmt."),
    "forums_required": _l("Bitte wählen Sie mindestens ein Forum."),
    "which_hour": _l(
        "Diese Uhrzeit gibt es in dieser Nacht zweimal: Die Uhr wird von 3 auf 2 Uhr zurückgestellt. "
        "Bitte wählen Sie unten, welche gemeint ist."
    ),
    "closes_before_opening": _l("Das Ende der Abstimmung liegt vor ihrem Beginn."),
    "after_closing": _l("Dieser Tag liegt nach dem Ende der Abstimmung."),
    "nobody_on_roll": _l("Niemand ist stimmberechtigt. Bitte prüfen Sie, wer abstimmt."),
    "code_form": _l("Ein Code hat 4 bis 12 Buchstaben und Ziffern."),
    # Polls at forums.
    "scale_options": _l(
        "Eine Skala hat genau %(limit)s Stufen. Lassen Sie das Feld leer, wenn die üblichen Worte passen."
    ),
    "one_only": _l("Bitte wählen Sie nur eine Antwort."),
    "too_many_polls": _l("Ein Forum hat höchstens %(limit)s Umfragen."),
    "recurring_differs": _l(
        "Diese Frage gibt es schon als wiederkehrende Frage, mit anderen Antworten. "
        "Wählen Sie sie aus der Liste, oder fragen Sie etwas anders."
    ),
    "too_far": _l("Dieser Zeitpunkt liegt mehr als %(limit)s Tage voraus."),
}
_ANY_INPUT_ERROR = _l("Diese Angabe kann so nicht gespeichert werden.")


def input_error(code: str, data: dict[str, Any]) -> str:
    """Return the sentence for an `InvalidInput` code; an unknown code gets a general one."""
    values = {
        name: format_decimal(value) if isinstance(value, int) else value for name, value in data.items()
    }
    return str(INPUT_ERRORS.get(code, _ANY_INPUT_ERROR)) % values
