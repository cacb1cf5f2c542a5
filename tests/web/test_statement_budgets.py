# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Statement budgets (PERFORMANCE.md, P14 and P18): bounded, and the same however many rows there are.

All pages are fetched twice by people of each role: from an installation with a few rows of everything, and
from one with ten times as many. The memory of the process is empty each time: the worst case counts.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from shutil import copyfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select, update

from charta.accounts import passwords
from charta.accounts import service as accounts
from charta.accounts.models import Attempt, Organisation, Person, UserSession
from charta.accounts.rules import Group, TokenPurpose, Voting
from charta.db import Transaction, db, session, transaction
from charta.demo.seed import Amount, Seeded, seed
from charta.measures.models import Indicator, Measure, MeasureParticipant
from charta.notifications.models import OutboxMail
from charta.notifications.rules import Unsubscribe
from charta.permissions import Actor, Role
from charta.proposals import merging
from charta.proposals.models import (
    Proposal,
    ProposalContribution,
    ProposalDecision,
    ProposalDraft,
    ProposalVersion,
)
from charta.proposals.rules import MergeState, ProposalKind, State, Verb
from charta.sections import queries as sections
from charta.sections import texts
from charta.sections.models import Revision, Section
from charta.sections.rules import SectionKind
from charta.site.models import CalendarDate, NewsItem, Round
from charta.text.hashing import content_hash
from charta.votes.held_keys import KEYS
from charta.votes.queries import on_text
from charta.web.mail_keys import unsubscribe_key
from tests import ballot_samples, databases, edition_samples, gatherings, talking, told
from tests.databases import Statements, count_statements

READ, NOT_MODIFIED, SIMPLE_WRITE, DECISION = 8, 4, 12, 25
# Mails to all whom a deed concerns (contributions/service/telling.py), however many they are.
TELLING = 9
FEW, TIMES = 6, 10
ROLES = (Role.READER, Role.MODERATOR, Role.PARTNER, Role.ATTENDEE, Role.ADMINISTRATOR)

# Every page, by the name of its view. A new page needs a line here (test).
PAGES: dict[str, Sequence[str]] = {
    "pages.home": ["/"],
    "pages.mine": ["/mein-bereich"],
    "pages.queue": ["/moderation", "/moderation?nr={proposal}", "/moderation?feld=1&sortierung=neueste"],
    "pages.queue_keys": ["/moderation/tasten"],
    "pages.together": ["/moderation/gemeinsam?nummer={proposal}&nummer={next_proposal}"],
    "pages.together_result": ["/moderation/gemeinsam/ergebnis"],
    "sections.charta": ["/charta", "/charta?rn=3", "/charta?entstehung=1&quelle=1&rn=3"],
    "sections.show": ["/abschnitte/{section}", "/abschnitte/{section}?rn={rn}"],
    "sections.section_proposals": ["/abschnitte/{section}/vorschlaege"],
    "sections.origin": ["/abschnitte/{section}/entstehung", "/abschnitte/{section}/entstehung?vor=4"],
    "sections.sources": ["/abschnitte/{section}/herkunft", "/abschnitte/{section}/herkunft?rn=1&quelle=1"],
    "sections.revision": ["/abschnitte/{section}/textstand/2"],
    "sections.compare": [
        "/abschnitte/{section}/vergleich",
        "/abschnitte/{section}/vergleich?von=1&bis=4&ansicht=gegenueber",
    ],
    "fields.show": ["/handlungsfelder/handlungsfeld-1"],
    "measures.index": ["/massnahmen", "/massnahmen?feld=handlungsfeld-1"],
    "measures.show": ["/massnahmen/{measure}", "/massnahmen/{measure}?rn=1"],
    "measures.edit": ["/massnahmen/{measure}/bearbeiten"],
    "proposals.index": ["/vorschlaege"],
    "proposals.show": [
        "/vorschlaege/{proposal}",
        "/vorschlaege/{next_proposal}?ansicht=gegen",
        "/vorschlaege/{proposal}?fassungen=1-2",
        "/vorschlaege/{conflict}",
        "/vorschlaege/{move}",
        "/vorschlaege/1",
    ],
    "proposals.new": ["/abschnitte/{section}/aendern", "/abschnitte/{section}/aendern?absatz=2"],
    "proposals.edit": [
        "/vorschlaege/{draft}/bearbeiten",
        "/vorschlaege/{draft}/bearbeiten?absatz=2",
        "/vorschlaege/{draft_with_contributions}/bearbeiten",
        "/vorschlaege/{move}/bearbeiten",
    ],
    "proposals.new_section": ["/vorschlaege/neu/abschnitt"],
    "proposals.new_measure": ["/vorschlaege/neu/massnahme"],
    "proposals.deletion": ["/abschnitte/{leaf}/streichen"],
    "proposals.move": ["/abschnitte/{leaf}/verschieben"],
    "proposals.adapt": ["/vorschlaege/{next_proposal}/anpassen"],
    "proposals.overlap": ["/vorschlaege/{conflict}/ueberschneidung"],
    "site.page": ["/impressum", "/ueber-uns"],
    "site.news": ["/aktuelles"],
    "site.news_feed": ["/aktuelles.atom"],
    "site.dates": ["/termine"],
    "site.calendar_file": ["/termine.ics"],
    "web.who_may_what": ["/wer-darf-was"],
    "web.help_index": ["/hilfe"],
    "web.healthz": ["/healthz"],
    "web.readyz": ["/readyz"],
    "web.version": ["/version"],
    "web.language": ["/sprache"],
    "accounts.sign_in": ["/anmelden"],
    "accounts.profile": ["/konto"],
    "accounts.forgot_password": ["/passwort-vergessen"],
    "accounts.forgot_password_sent": ["/passwort-vergessen/unterwegs"],
    "accounts.accept_invitation": ["/einladung/{invitation}"],
    "accounts.reset_password": ["/passwort/{reset}"],
    "accounts.confirm_email": ["/konto/e-mail/{email_change}"],
    "forums.index": ["/foren"],
    "forums.show": ["/foren/{hall}", "/foren/forum-1"],
    "forums.calendar_file": ["/foren/{hall}.ics"],
    "forums.register": ["/foren/forum-1/anmelden"],
    "forums.register_sent": ["/foren/forum-1/anmelden/gesendet"],
    "forums.registration": ["/foren/anmeldung/{registration_key}"],
    "forums.join_registered": ["/foren/anmeldung/{registration_key}/da"],
    "forums.invitation": ["/foren/einladung/{invitation_key}"],
    "forums.invitation_unsubscribe": ["/foren/einladung/{invitation_key}/abbestellen"],
    "forums.enter_code": ["/f", "/f?code={join_code}", "/f?code=FALSCH"],
    "forums.join": ["/f/{join_code}", "/f/{table_code}"],
    "forums.hall": ["/foren/{hall}/mitmachen"],
    "forums.table": ["/foren/{hall}/tisch"],
    "forums.lead": ["/foren/{hall}/leitung"],
    "forums.new": ["/foren/neu"],
    "forums.edit": ["/foren/{hall}/bearbeiten"],
    "forums.move": ["/foren/forum-1/verlegen"],
    "forums.cancel": ["/foren/forum-1/absagen"],
    "forums.series": ["/foren/reihen"],
    "forums.edit_series": ["/foren/reihen/{series_id}"],
    "forums.tables": ["/foren/{hall}/tische"],
    "forums.wall_sheet": ["/foren/{hall}/aushang.pdf"],
    "forums.table_sheets": ["/foren/{hall}/tischschilder.pdf"],
    "forums.guests": ["/foren/{hall}/anmeldungen", "/foren/{hall}/anmeldungen?suche=gast"],
    "forums.guest": ["/foren/{hall}/anmeldungen/{registration_id}"],
    "forums.guests_csv": ["/foren/{hall}/anmeldungen.csv"],
    "forums.guests_xlsx": ["/foren/{hall}/anmeldungen.xlsx"],
    "forums.print_guests": ["/foren/{hall}/anmeldungen/drucken"],
    "forums.link_phone": ["/foren/{hall}/anmeldungen/{registration_id}/telefon"],
    "forums.invitations": ["/foren/{hall}/einladungen", "/foren/{hall}/einladungen?welle=1"],
    "forums.invitations_csv": ["/foren/{hall}/einladungen.csv"],
    "forums.invitations_xlsx": ["/foren/{hall}/einladungen.xlsx"],
    "forums.invitations_upload": ["/foren/{hall}/einladungen/einlesen"],
    "forums.invitations_preview": ["/foren/{hall}/einladungen/einlesen/{invitations_draft}"],
    "forums.invitation_add": ["/foren/{hall}/einladungen/hinzufuegen"],
    "forums.wave": ["/foren/{hall}/einladungen/wellen/1", "/foren/{hall}/einladungen/wellen/2"],
    "forums.wave_new": ["/foren/{hall}/einladungen/wellen/neu"],
    "forums.documentation": ["/foren/{hall}/dokumentation"],
    "forums.documentation_pdf": ["/foren/{hall}/dokumentation.pdf"],
    "forums.documentation_write": ["/foren/{hall}/dokumentation/erstellen"],
    "contributions.look_up": ["/b", "/b?nummer={code}"],
    "contributions.show": ["/b/{code}", "/b/{waiting_code}"],
    "contributions.notify": ["/b/{code}/benachrichtigen"],
    "contributions.received": ["/b/{waiting_code}/danke"],
    "contributions.index": ["/beitraege", "/beitraege?suche=Betriebe", "/beitraege?stand=nicht-aufgenommen"],
    "contributions.topics": ["/themen"],
    "contributions.topic": ["/themen/{topic_id}"],
    "contributions.mine": ["/mein-bereich/beitraege"],
    "contributions.in_hall": ["/foren/{hall}/beitraege"],
    "contributions.hand_in": ["/foren/{hall}/beitrag"],
    "contributions.projector": ["/beamer/{hall}"],
    "contributions.projector_state": ["/beamer/{hall}/stand"],
    "contributions.projector_control": ["/foren/{hall}/beamer"],
    "contributions.subscription": ["/nachrichten/{subscription_key}"],
    "contributions.unsubscribe": ["/nachrichten/{subscription_key}/abbestellen"],
    "contributions.screening_desk": [
        "/moderation/beitraege",
        "/moderation/beitraege?nr={contribution_id}",
        "/moderation/beitraege?stand=offen&ohne=thema",
    ],
    "contributions.screening_keys": ["/moderation/beitraege/tasten"],
    "contributions.split_form": ["/moderation/beitraege/{contribution_id}/aufteilen"],
    "contributions.redact_form": ["/moderation/beitraege/{contribution_id}/worte-entfernen"],
    "contributions.topic_board": ["/moderation/themen"],
    "contributions.topic_desk": ["/moderation/themen/{topic_id}"],
    "contributions.canned_answers": ["/moderation/antworten"],
    "contributions.cards": ["/foren/{hall}/karten"],
    "contributions.cards_pdf": ["/foren/{hall}/karten.pdf?von=1&bis=6"],
    "contributions.record_card": ["/foren/{hall}/karten/erfassen"],
    "contributions.import_upload": ["/foren/{hall}/beitraege/einlesen"],
    "contributions.import_template": ["/foren/{hall}/beitraege/vorlage.xlsx"],
    "contributions.import_columns": ["/foren/{hall}/beitraege/einlesen/{cards_draft}"],
    "contributions.import_preview": ["/foren/{hall}/beitraege/einlesen/{cards_draft}/vorschau"],
    "contributions.import_report": ["/foren/{hall}/beitraege/einlesen/{done_draft}/bericht"],
    "contributions.import_refused": [
        "/foren/{hall}/beitraege/einlesen/{cards_draft}/abgewiesen.csv",
        "/foren/{hall}/beitraege/einlesen/{done_draft}/abgewiesen.csv",
    ],
    "proposals.from_contributions": [
        "/vorschlaege/aus-beitrag?beitrag={code}",
        "/vorschlaege/aus-beitrag?thema={topic_id}",
    ],
    "votes.index": ["/abstimmungen"],
    "votes.show": ["/abstimmungen/{ballot_id}", "/abstimmungen/{draft_ballot_id}"],
    "votes.turnout": ["/abstimmungen/{ballot_id}/beteiligung"],
    "votes.calendar_file": ["/abstimmungen/{ballot_id}.ics"],
    "votes.prepare": ["/abstimmungen/vorbereiten?abschnitt={section}"],
    "votes.edit": ["/abstimmungen/{draft_ballot_id}/bearbeiten"],
    "votes.cancel": ["/abstimmungen/{ballot_id}/abbrechen"],
    "votes.outcome": ["/abstimmungen/{closed_ballot_id}/folge"],
    "votes.result": ["/abstimmungen/{closed_ballot_id}/ergebnis"],
    "votes.check": ["/abstimmungen/{closed_ballot_id}/pruefen"],
    "votes.export_file": ["/abstimmungen/{closed_ballot_id}/stimmen.json"],
    "votes.tally_file": ["/abstimmungen/{closed_ballot_id}/auszaehlung.json"],
    "votes.program": ["/abstimmungen/recount.py"],
    "votes.board": ["/abstimmungen/{ballot_id}/gremienvorlage"],
    "votes.board_pdf": ["/abstimmungen/{ballot_id}/gremienvorlage.pdf"],
    "votes.note": [
        "/abschnitte/{section}/protokollnotiz?absatz=1",
        "/abschnitte/{section}/protokollnotiz?rn={rn}",
    ],
    "votes.withdraw_note": ["/protokollnotizen/{note_id}/zurueckziehen"],
    "votes.read_board": ["/vorlage/{board_key}"],
    "votes.poll_stand": ["/foren/{hall}/umfrage"],
    "votes.poll_numbers": ["/foren/{hall}/umfragen/zahlen"],
    "votes.poll_answer": [
        "/foren/{hall}/umfragen/{poll_id}/antwort",
        "/foren/{hall}/umfragen/{stopped_poll_id}/antwort",
    ],
    "votes.polls_prepare": ["/foren/{hall}/umfragen/vorbereiten"],
    "votes.poll_edit": ["/foren/{hall}/umfragen/{ready_poll_id}/bearbeiten"],
    "votes.poll_online": ["/foren/{hall}/umfragen/{stopped_poll_id}/online"],
    "votes.poll_moderate": ["/foren/{hall}/umfragen/{words_poll_id}/worte"],
    "votes.poll_results": ["/foren/{hall}/umfragen"],
    "votes.poll_results_csv": ["/foren/{hall}/umfragen.csv"],
    "votes.poll_results_xlsx": ["/foren/{hall}/umfragen.xlsx"],
    "votes.poll_trends": ["/umfragen"],
    "votes.poll_trend": ["/umfragen/{recurring_id}"],
    "votes.poll_trend_csv": ["/umfragen/{recurring_id}.csv"],
    "votes.poll_trend_xlsx": ["/umfragen/{recurring_id}.xlsx"],
    "editions.index": ["/charta/fassungen"],
    "editions.show": ["/charta/{edition}", "/charta/{composed_edition}"],
    "editions.wording": ["/charta/{edition}/wortlaut.txt"],
    "editions.compare": [
        "/charta/{edition}/vergleich/{composed_edition}",
        "/charta/{edition}/vergleich/arbeitsfassung?ansicht=gegenueber&alles=1",
    ],
    "editions.compose": ["/charta/fassungen/zusammenstellen"],
    "editions.publish": ["/charta/fassungen/{edition_id}/freigeben"],
    "editions.discard": ["/charta/fassungen/{edition_id}/verwerfen"],
    "watching.activity": ["/aktivitaet"],
    "watching.activity_feed": ["/aktivitaet.atom"],
    "watching.activity_of_field": ["/handlungsfelder/handlungsfeld-1/aktivitaet"],
    "watching.activity_feed_of_field": ["/handlungsfelder/handlungsfeld-1/aktivitaet.atom"],
    "watching.notices": ["/mein-bereich/nachrichten", "/mein-bereich/nachrichten?nur=ungelesen"],
    "watching.preferences": ["/konto/mails"],
    "watching.unsubscribe": ["/abbestellen/{unsubscribe_key}"],
    "watching.watched": ["/mein-bereich/beobachtet", "/mein-bereich/beobachtet?art=abschnitte"],
    "watching.activity_of_section": ["/abschnitte/{section}/aktivitaet"],
    "comments.of_section": ["/abschnitte/{section}/diskussion"],
    "comments.show": ["/kommentare/{comment_id}"],
    "comments.wording": ["/kommentare/{comment_id}/wortlaut"],
    "comments.edit": ["/kommentare/{comment_id}/bearbeiten"],
    "comments.report": ["/kommentare/{comment_id}/melden"],
    "comments.hide": ["/kommentare/{comment_id}/ausblenden"],
    "comments.desk": ["/moderation/kommentare", "/moderation/kommentare?zeige=alle"],
    "comments.propose": ["/kommentare/{comment_id}/vorschlag"],
    "comments.answers": ["/vorschlaege/{draft}/kommentare", "/vorschlaege/{conflict}/kommentare"],
    "comments.mention": ["/kommentare/erwaehnen", "/kommentare/erwaehnen?suche=a&faden={comment_id}"],
    "accounts.keep": ["/konto/behalten"],
    "admin.index": ["/verwaltung"],
    "admin.people": ["/verwaltung/personen", "/verwaltung/personen?suche=a&rolle=partner"],
    "admin.person": ["/verwaltung/personen/{person}"],
    "admin.organisations": ["/verwaltung/organisationen"],
    "admin.organisation": ["/verwaltung/organisationen/{organisation}"],
    "admin.new_organisation": ["/verwaltung/organisationen/neu"],
    "admin.fields": ["/verwaltung/handlungsfelder"],
    "admin.edit_field": ["/verwaltung/handlungsfelder/1"],
    "admin.new_field": ["/verwaltung/handlungsfelder/neu"],
    "admin.invitations": ["/verwaltung/einladungen"],
    "admin.invite": ["/verwaltung/einladungen/neu"],
    "admin.settings": ["/verwaltung/einstellungen"],
    "admin.rounds": ["/verwaltung/runden"],
    "admin.edit_round": ["/verwaltung/runden/1"],
    "admin.new_round": ["/verwaltung/runden/neu"],
    "admin.pages": ["/verwaltung/seiten"],
    "admin.edit_page": ["/verwaltung/seiten/impressum/de"],
    "admin.news": ["/verwaltung/aktuelles"],
    "admin.edit_news": ["/verwaltung/aktuelles/1"],
    "admin.new_news": ["/verwaltung/aktuelles/neu"],
    "admin.dates": ["/verwaltung/termine"],
    "admin.edit_date": ["/verwaltung/termine/1"],
    "admin.new_date": ["/verwaltung/termine/neu"],
    "admin.log": ["/verwaltung/protokoll", "/verwaltung/protokoll?pruefen=1"],
    "admin.operation": ["/verwaltung/betrieb"],
}
# Files of the disk, without any row.
NO_ROWS = {"static", "web.help_page"}
# Addresses that find out where to go.
LEADS_ON = {"comments.wording", "forums.invitation_unsubscribe"}
# The pages people read again and again answer „nothing new“.
TAGGED = {"sections.charta", "editions.show", "sections.show", "measures.show", "proposals.show"}


@dataclass
class Answer:
    """What one page cost one person."""

    status: int
    statements: Statements
    tag: str
    again: int = 0
    again_statements: Statements | None = None


@dataclass
class Installation:
    """An application with rows of everything, and a browser for each role."""

    app: Flask
    seeded: Seeded
    names: dict[str, object]

    def client(self, role: Role) -> FlaskClient:
        client = self.app.test_client()
        for ready in self.seeded.sessions:
            if ready.role is role:
                client.set_cookie(self.app.config["SESSION_COOKIE_NAME"], ready.cookie)
                return client
        return client

    def fetch(self, role: Role, path: str) -> Answer:
        client = self.client(role)
        forget()
        with count_statements() as counted:
            response = client.get(path.format(**self.names))
        answer = Answer(response.status_code, counted, response.headers.get("ETag", ""))
        if answer.tag:
            # The first page of a session may have made its form token, which belongs to the tag.
            tag = client.get(path.format(**self.names)).headers["ETag"]
            forget()
            with count_statements() as answer.again_statements:
                again = client.get(path.format(**self.names), headers={"If-None-Match": tag})
            answer.again = again.status_code
        return answer


def forget() -> None:
    """Empty what this process remembers of texts, as after a start."""
    for module in (texts, merging):
        for value in vars(module).values():
            if isinstance(value, texts.Memo):
                value._items.clear()
    on_text._known.clear()
    KEYS.clear()


# ---------------------------------------------------------------------------------------------- installations


# Filled once in a process for each number of rows, then copied.
_filled: dict[int, tuple[Path, Seeded, dict[str, object]]] = {}


@contextmanager
def install(template: Path, folder: Path, count: int) -> Iterator[Installation]:
    """Lend an installation with `count` rows of everything."""
    if count not in _filled:
        _filled[count] = fill(template, template.with_name(f"budgets-{count}.db"), count)
    file, seeded, names = _filled[count]
    copyfile(file, folder / "charta.db")
    with databases.application(f"sqlite:///{folder / 'charta.db'}", folder) as app:
        with app.app_context(), transaction() as tx:
            # Seen just now: what is due once a minute is no part of a budget.
            tx.session.execute(update(UserSession).values(last_seen_at=tx.now))
        yield Installation(app, seeded, dict(names))


def fill(template: Path, file: Path, count: int) -> tuple[Path, Seeded, dict[str, object]]:
    """Store `count` rows of everything; return where, and what the addresses name."""
    copyfile(template, file)
    with databases.application(f"sqlite:///{file}", file.parent) as app, app.app_context():
        amount = Amount(
            people=max(count, 4), sections=count, revisions=count, proposals=count, measures=count,
            sessions=4, characters=900,
        )  # fmt: skip
        seeded = seed(amount)
        with transaction() as tx:
            names = {"section": seeded.section_id} | more_rows(tx, seeded, count)
        names |= ballot_samples.build(
            *_actors(seeded), section_id=seeded.section_id, noted_on=seeded.section_id, count=count
        )
        names |= edition_samples.build(_actors(seeded)[0], count=count)
        names["unsubscribe_key"] = unsubscribe_key(1, Unsubscribe.OWN)
        names["rn"] = next(one.first_rn for one in sections.tree() if one.id == seeded.section_id)
        db.session.remove()
    return file, seeded, names


def _actors(seeded: Seeded) -> list[Actor]:
    """Return the moderator, the partner and the attendee who read the pages."""
    emails = {ready.role: ready.email for ready in seeded.sessions}
    found = []
    for role in (Role.MODERATOR, Role.PARTNER, Role.ATTENDEE):
        person = db.session.scalars(select(Person).where(Person.email == emails[role])).one()
        found.append(person.as_actor(organisation_is_partner=role is Role.PARTNER))
    db.session.rollback()
    return found


def more_rows(tx: Transaction, seeded: Seeded, count: int) -> dict[str, object]:
    """Add what mass data has none of; return what the addresses of the pages name."""
    now, each = tx.now, range(1, count + 1)
    measure_id = tx.session.scalar(select(Measure.id).limit(1))
    people = {person.role: person for person in tx.session.scalars(select(Person).order_by(Person.id.desc()))}
    partner, administrator = people[Role.PARTNER], people[Role.ADMINISTRATOR]
    for ready in seeded.sessions:
        person = tx.session.scalars(select(Person).where(Person.email == ready.email)).one()
        people[ready.role] = person
    partner, administrator = people[Role.PARTNER], people[Role.ADMINISTRATOR]

    def add(model: type, rows: list[dict[str, object]]) -> None:
        tx.session.execute(insert(model), rows)

    add(NewsItem, [{"title": f"Nachricht {n}", "body": "Text.\n", "published_at": now} for n in each])
    add(CalendarDate, [{"title": f"Termin {n}", "starts_at": now + timedelta(days=n)} for n in each])
    for n in each:
        opens = now - timedelta(days=400 * n)
        dates = [opens + timedelta(days=days) for days in (0, 10, 20, 30)]
        names = ("opens_at", "closes_at", "editorial_at", "answer_at")
        tx.session.add(Round(name=f"Runde {n}", field_numbers=[1], **dict(zip(names, dates, strict=True))))
    organisation = {"group": Group.COMPANY, "is_partner": False, "created_at": now}
    add(Organisation, [{"name": f"Betrieb {n}", "short": f"B{n}", **organisation} for n in each])
    organisations = list(tx.session.scalars(select(Organisation.id).order_by(Organisation.id)))
    add(MeasureParticipant, [{"measure_id": measure_id, "organisation_id": one} for one in organisations])
    figures = {"measure_id": measure_id, "unit": "%", "baseline": 1, "target": 9, "current": 3}
    fewer = range(1, count // FEW + 1)  # a measure has twelve at most
    add(Indicator, [{"position": n, "name": f"Kennzahl {n}", **figures} for n in fewer])
    invited = [
        accounts.new_person(
            tx, email=f"eingeladen{n}@example.org", name=f"Eingeladen {n}", role=Role.ATTENDEE,
            organisation_id=None, voting=Voting.NONE,
        )
        for n in each
    ]  # fmt: skip
    keys = [
        accounts.make_token(tx, person.id, TokenPurpose.INVITATION, created_by_id=administrator.id)
        for person in invited
    ]
    mail = {"address": "a@example.org", "template": "proposal_approved", "locale": "de", "data": {}}
    times = {"created_at": now, "next_attempt_at": now, "failed_at": now, "last_error": "refused"}
    add(OutboxMail, [{**mail, **times, "person_id": partner.id} for _ in each])
    add(Attempt, [{"kind": "sign_in", "key_hash": f"{n}", "at": now} for n in each])
    browser = {"data": {}, "user_agent": "Firefox", "created_at": now, "last_seen_at": now}
    for person in people.values():
        add(
            UserSession,
            [
                {
                    **browser,
                    "key_hash": f"{person.id}-{n}",
                    "person_id": person.id,
                    "expires_at": now + timedelta(days=9),
                }
                for n in each
            ],
        )
    number = seeded.first_proposal
    version = tx.session.scalars(select(ProposalVersion).where(ProposalVersion.proposal_id == number)).one()
    same = {
        name: getattr(version, name)
        for name in (
            "proposal_id",
            "base_id",
            "title",
            "body",
            "content_hash",
            "summary",
            "author_id",
            "reason",
        )
    }
    add(ProposalVersion, [{**same, "number": n + 1, "created_at": now} for n in each])
    tx.session.get_one(Proposal, number).version = count + 1
    deed = {"proposal_id": number, "verb": Verb.RESUBMIT, "by_id": version.author_id, "at": now}
    add(ProposalDecision, [{**deed, "version": n + 1} for n in each])
    section = tx.session.get_one(Section, seeded.section_id)
    drafts = [
        Proposal(
            kind=ProposalKind.CHANGE, section_id=section.id, field_id=section.field_id, author_id=partner.id,
            organisation_id=partner.organisation_id, state=State.DRAFT, merge_state=MergeState.CLEAN,
            is_shared=True, created_at=now, changed_at=now,
        )
        for _ in each
    ]  # fmt: skip
    tx.session.add_all(drafts)
    tx.session.flush()
    wording = {"base_id": version.base_id, "title": version.title, "body": version.body, "saved_at": now}
    add(ProposalDraft, [{**wording, "proposal_id": one.id, "saved_by_id": partner.id} for one in drafts])
    conflict = Proposal(
        kind=ProposalKind.CHANGE, section_id=section.id, field_id=section.field_id, author_id=partner.id,
        organisation_id=partner.organisation_id, state=State.SUBMITTED, merge_state=MergeState.CONFLICT,
        summary="Alles neu", version=1, created_at=now, changed_at=now, submitted_at=now, decide_until=now,
    )  # fmt: skip
    leaf = tx.session.scalar(select(func.max(Section.id)).where(Section.kind == SectionKind.SECTION))
    move = Proposal(
        kind=ProposalKind.MOVE, section_id=leaf, field_id=section.field_id, author_id=partner.id,
        organisation_id=partner.organisation_id, state=State.SUBMITTED, merge_state=MergeState.CLEAN,
        summary="An den Anfang", version=1, created_at=now, changed_at=now, submitted_at=now,
        decide_until=now,
    )  # fmt: skip
    section.open_proposals += 1
    tx.session.add_all([conflict, move])
    tx.session.flush()
    before = tx.session.scalars(
        select(Revision).where(Revision.section_id == section.id, Revision.number == section.head_number - 1)
    ).one()
    body = "Alles steht hier anders als zuvor.\n"
    add(
        ProposalVersion,
        [
            {
                **same,
                "proposal_id": conflict.id,
                "base_id": before.id,
                "number": 1,
                "title": before.title,
                "body": body,
                "content_hash": content_hash(before.title, body),
                "created_at": now,
            }
        ],
    )
    place = {"base_structure": 1, "target_parent_id": section.id, "content_hash": content_hash("", "")}
    author = {"author_id": partner.id, "created_at": now, "summary": "An den Anfang"}
    add(ProposalVersion, [{**place, **author, "proposal_id": move.id, "number": 1}])
    link = {"created_by_id": administrator.id}
    hall = gatherings.build(
        tx,
        count,
        moderator_id=people[Role.MODERATOR].id,
        people=[people[role].id for role in (Role.MODERATOR, Role.PARTNER, Role.ATTENDEE)],
        field_id=section.field_id,
    )
    add(
        ProposalContribution,
        [
            {"proposal_id": one, "contribution_id": item, "topic_id": None, "by_id": partner.id, "at": now}
            for one in (number, drafts[1].id)
            for item in hall["accepted"]
        ],
    )
    said = talking.build(
        tx,
        count,
        section_id=section.id,
        proposal_id=number,
        contribution_ids=hall["accepted"],
        author_id=partner.id,
        other_id=people[Role.ATTENDEE].id,
    )
    told.build(tx, count, people=[person.id for person in people.values()], proposal_id=number)
    return (
        hall
        | said
        | {
            "hall": hall["forum_slug"],
            "table_code": gatherings.TABLE_CODE,
            "conflict": conflict.id,
            "leaf": leaf,
            "move": move.id,
            "proposal": number,
            "next_proposal": number + 1,
            "draft": drafts[0].id,
            "draft_with_contributions": drafts[1].id,
            "measure": measure_id,
            "person": partner.id,
            "organisation": organisations[0],
            "invitation": keys[0],
            "reset": accounts.make_token(tx, partner.id, TokenPurpose.PASSWORD_RESET, **link),
            "email_change": accounts.make_token(
                tx, partner.id, TokenPurpose.EMAIL_CHANGE, new_email="neu@example.org", **link
            ),
        }
    )


@pytest.fixture(scope="module")
def installations(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Installation, Installation]]:
    """The small installation and the one with ten times as many rows."""
    few, many = tmp_path_factory.mktemp("few"), tmp_path_factory.mktemp("many")
    with install(sqlite_template, few, FEW) as one, install(sqlite_template, many, FEW * TIMES) as other:
        yield one, other


# ------------------------------------------------------------------------------------------------- reading


def test_every_page_has_a_budget(installations: tuple[Installation, Installation]) -> None:
    app = installations[0].app
    pages = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert pages - NO_ROWS - set(PAGES) == set(), "pages without a line in PAGES"
    assert set(PAGES) - pages == set(), "lines of PAGES without a page"


@pytest.mark.parametrize("endpoint", PAGES)
def test_a_page_keeps_its_budget_whatever_the_number_of_rows(
    endpoint: str, installations: tuple[Installation, Installation]
) -> None:
    few, many = installations
    opened = 0
    for path in PAGES[endpoint]:
        for role in ROLES:
            one, other = few.fetch(role, path), many.fetch(role, path)
            assert one.status == other.status, f"{path} {role}: {one.status} and {other.status}"
            assert one.status < 500, f"{path} {role}: {one.status}"
            opened += one.status == (303 if endpoint in LEADS_ON else 200)
            assert other.statements <= READ, f"{path} {role}: {other.statements}"
            assert len(one.statements) == len(other.statements), (
                f"{path} {role}: {len(one.statements)} with a few rows, with many {other.statements}"
            )
            if other.tag:
                assert other.again == 304, f"{path} {role}: {other.again}"
                assert other.again_statements is not None
                assert other.again_statements <= NOT_MODIFIED, f"{path} {role}: {other.again_statements}"
            else:
                assert endpoint not in TAGGED or other.status != 200, f"{path} {role} has no ETag"
    assert opened, f"nobody could open {PAGES[endpoint]}"


# Pages that readers open to type something.
WITH_A_FORM = {
    "accounts.sign_in", "accounts.forgot_password", "accounts.accept_invitation", "accounts.reset_password",
    "accounts.confirm_email", "web.language", "accounts.keep", "forums.join", "forums.register",
    "forums.registration", "forums.join_registered", "forums.invitation", "contributions.show",
    "contributions.notify", "contributions.received", "contributions.subscription",
    "contributions.unsubscribe", "forums.enter_code", "watching.unsubscribe",
}  # fmt: skip


@pytest.mark.parametrize("endpoint", sorted(set(PAGES) - WITH_A_FORM))
def test_readers_get_no_cookie_by_reading(
    endpoint: str, installations: tuple[Installation, Installation]
) -> None:
    few = installations[0]
    for path in PAGES[endpoint]:
        response = few.client(Role.READER).get(path.format(**few.names))
        assert "Set-Cookie" not in response.headers or response.status_code != 200, path


# ------------------------------------------------------------------------------------------------- writing


@pytest.fixture
def installation(sqlite_template: Path, tmp_path: Path) -> Iterator[Installation]:
    """A small installation to write into."""
    with install(sqlite_template, tmp_path, FEW) as made:
        yield made


def token(client: FlaskClient) -> str:
    """Return the form token of this browser."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sprache").get_data(as_text=True))
    assert found
    return found[1]


def cost_of(client: FlaskClient, path: str, status: int, **values: object) -> Statements:
    """Send a form and return its statements; what follows a redirect is not counted."""
    data = {"csrf_token": token(client), **values}
    headers = {"Accept": "application/json"} if status == 200 else {}
    forget()
    with count_statements() as counted:
        response = client.post(path, data=data, headers=headers)
    assert response.status_code == status, f"{response.status_code}: {response.get_data(as_text=True)[:3000]}"
    return counted


def test_saving_while_typing_is_a_simple_write(installation: Installation) -> None:
    client = installation.client(Role.PARTNER)
    path = "/vorschlaege/{draft}/bearbeiten".format(**installation.names)
    page = client.get(path).get_data(as_text=True)
    title, text = (
        re.search(r'name="title"[^>]*value="([^"]*)"', page),
        "Ein anderer Text, während des Tippens.\n",
    )
    assert title
    counted = cost_of(
        client, path, 200, title=title[1], body=text, summary="Anders", seen_edit=0, page_key="a" * 32
    )
    assert counted <= SIMPLE_WRITE, counted
    assert any("proposal_draft" in statement for statement in counted.writes), counted


def test_supporting_is_a_simple_write(installation: Installation) -> None:
    path = "/vorschlaege/{conflict}/unterstuetzen".format(**installation.names)
    counted = cost_of(installation.client(Role.ATTENDEE), path, 303)
    assert counted <= SIMPLE_WRITE, counted
    assert any("proposal_support" in statement for statement in counted.writes), counted


def test_signing_in_is_a_simple_write(installation: Installation) -> None:
    with installation.app.app_context(), transaction() as tx:
        person = tx.session.scalars(select(Person).where(Person.role == Role.PARTNER).limit(1)).one()
        person.password_hash = passwords.hash_password("ein langes Kennwort")
        email = person.email
    counted = cost_of(
        installation.client(Role.READER), "/anmelden", 303, email=email, password="ein langes Kennwort"
    )
    assert counted <= SIMPLE_WRITE, counted
    assert any("user_session" in statement for statement in counted.writes), counted


@pytest.mark.parametrize(
    "draft, extra", [("draft", 0), ("draft_with_contributions", TELLING)], ids=["plain", "takes up"]
)
def test_handing_in_costs_no_more_than_saving_and_deciding(
    draft: str, extra: int, sqlite_template: Path, tmp_path: Path
) -> None:
    counts = []
    for number in (FEW, FEW * TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        with install(sqlite_template, folder, number) as made:
            client = made.client(Role.PARTNER)
            path = f"/vorschlaege/{made.names[draft]}/bearbeiten"
            body = "Ein ganz neuer Text für diesen Abschnitt.\n"
            values = {"title": "Titel", "body": body, "summary": "Anders", "reason": "Weil.", "seen_edit": 0}
            counted = cost_of(client, path, 303, **values, page_key="a" * 32, tun="submit")
        # The form is saved before it is handed in: two commands.
        assert counted <= SIMPLE_WRITE + DECISION + extra, counted
        counts.append(counted)
    assert len(counts[0]) == len(counts[1]), counts


# Deeds of the hall and of the desk: who, where, what is sent, what it may cost.
DEEDS: dict[str, tuple[Role, str, int, dict[str, object]]] = {
    "join": (Role.ADMINISTRATOR, "/f/{join_code}", SIMPLE_WRITE, {"group": ""}),
    "hand in": (
        Role.ATTENDEE,
        "/foren/{hall}/beitrag",
        SIMPLE_WRITE + 1,  # the log counts with three
        {"text": "Wir brauchen Lotsen.", "field_id": "", "kind": "", "public_name": "none", "once_key": "x"},
    ),
    "support": (Role.MODERATOR, "/b/{unsupported}/unterstuetzen", SIMPLE_WRITE, {}),
    "accept": (
        Role.MODERATOR,
        "/moderation/beitraege/{contribution_id}",
        DECISION,
        {"seen": 1, "tat": "aufnehmen", "field": "", "kind": "", "title": ""},
    ),
    "merge": (
        Role.MODERATOR,
        "/moderation/beitraege/{contribution_id}/zusammenlegen",
        DECISION,
        {"seen": 1, "mit": "{first_accepted}"},
    ),
    "answer a poll": (
        Role.ATTENDEE,
        "/foren/{hall}/umfragen/{poll_id}/antwort",
        SIMPLE_WRITE,
        {"umfrage{poll_id}-choices": "1"},
    ),
    "stop a poll": (
        Role.MODERATOR,
        "/foren/{hall}/umfragen/{poll_id}/tat",
        SIMPLE_WRITE,
        {"tat": "beenden"},
    ),
    "start a poll": (
        Role.MODERATOR,
        "/foren/{hall}/umfragen/{ready_poll_id}/tat",
        DECISION,
        {"tat": "starten"},
    ),
    "answer a topic": (
        Role.MODERATOR,
        "/moderation/themen/{topic_id}/antwort",
        DECISION,
        {"seen": 1, "answer": "Wird vorgeschlagen."},
    ),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_in_hall_and_desk_keeps_its_budget_whatever_the_number_of_rows(
    deed: str, sqlite_template: Path, tmp_path: Path
) -> None:
    role, path, budget, values = DEEDS[deed]
    counts = []
    for number in (FEW, FEW * TIMES):
        folder = tmp_path / str(number)
        folder.mkdir()
        with install(sqlite_template, folder, number) as made:
            sent = {
                name.format(**made.names): value.format(**made.names) if isinstance(value, str) else value
                for name, value in values.items()
            }
            counted = cost_of(made.client(role), path.format(**made.names), 303, **sent)
        assert counted <= budget, counted
        assert counted.writes
        counts.append(counted)
    assert len(counts[0]) == len(counts[1]), counts


DECISIONS = {
    "approve": {"decision": "approve"},
    "reject": {"decision": "reject", "reason": "Das passt nicht."},
    "request_changes": {"decision": "request_changes", "reason": "Bitte kürzer."},
}


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_decision_keeps_its_budget_however_many_others_are_open(
    decision: str, sqlite_template: Path, tmp_path: Path
) -> None:
    counts = []
    for others in (2, 20):
        folder = tmp_path / str(others)
        folder.mkdir()
        copyfile(sqlite_template, folder / "charta.db")
        with databases.application(f"sqlite:///{folder / 'charta.db'}", folder) as app:
            with app.app_context():
                seeded = seed(Amount(people=10, sections=3, revisions=3, proposals=others + 1, sessions=4))
                head = session.get_one(Section, seeded.section_id).head_number
                # All others stand on the wording that the decision replaces: each is merged anew.
                number = session.scalars(
                    select(Proposal.id).where(
                        Proposal.id >= seeded.first_proposal, Proposal.merge_state == "clean"
                    )
                ).first()
                db.session.remove()
            client = Installation(app, seeded, {}).client(Role.MODERATOR)
            path = f"/vorschlaege/{number}/entscheiden"
            counted = cost_of(client, path, 303, **DECISIONS[decision], seen_version=1, seen_head=head)
        assert counted <= DECISION, counted
        counts.append(counted)
    assert len(counts[0]) == len(counts[1]), counts


def test_marking_notices_as_read_is_a_simple_write(installation: Installation) -> None:
    path = "/mein-bereich/nachrichten/gelesen"
    counted = cost_of(installation.client(Role.PARTNER), path, 303, bis=10**9)
    assert counted <= SIMPLE_WRITE, counted
    assert sum("notice" in statement for statement in counted.writes) == 1, counted
