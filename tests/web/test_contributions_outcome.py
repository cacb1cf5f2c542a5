# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of a contribution: its page, who sees it, the sentence in the Charta, lists, news by mail."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from charta.accounts.rules import Group, PublicName
from charta.contributions.models import Contribution, ContributionCard
from charta.contributions.rules import GAP, State
from charta.contributions.service import merging, redacting, screening
from charta.contributions.service.subscribing import CONFIRMATIONS_PER_DAY
from charta.db import session, transaction
from charta.notifications import worker
from charta.notifications.models import OutboxMail, Subscription
from charta.proposals import service as proposals
from charta.proposals.rules import ProposalKind
from tests import contributing, proposing
from tests.contributing import accepted, again, received, version
from tests.databases import Statements
from tests.factories import Account
from tests.inspecting import InspectingClient, Page

NAME, HOUSE = "Antonia Anders", "Gießerei Anders"


def code(ident: int) -> str:
    return again(ident).code


def has(page: Page, *wanted: str) -> bool:
    """Whether a page shows all of these words."""
    return all(page.has_text(words) for words in wanted)


def mails(template: str = "") -> list[OutboxMail]:
    session.rollback()
    found = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    session.expunge_all()  # they keep their values whatever the session does
    return [mail for mail in found if not template or mail.template == template]


@pytest.fixture
def author(make: ModuleType) -> Account:
    return make.attendee(name=NAME, email="anders@example.org")  # type: ignore[no-any-return]


def put(author: Account, **details: Any) -> int:
    [ident] = received(
        "Wir brauchen Lotsen für kleine Betriebe.",
        author_id=author.id,
        organisation_name=HOUSE,
        group=Group.COMPANY,
        **details,
    )
    return ident


# ---------------------------------------------------------------------------------------------- visibility


def test_by_its_code_everybody_reads_it_before_screening_and_lists_leave_it_out(
    client: InspectingClient, new_client: Callable[[], InspectingClient], make: ModuleType, author: Account
) -> None:
    ident = put(author)
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "Wir brauchen Lotsen", "Eingegangen", "Ohne Namen eingereicht, Gruppe Unternehmen")
    assert not has(page, NAME)
    assert not has(page, HOUSE)
    assert not has(client.get("/beitraege"), "Lotsen")
    for who, sees in ((make.partner(), False), (author, False), (make.moderator(), False)):
        other = new_client()
        other.sign_in(who)
        assert has(other.get("/beitraege"), "Lotsen") is sees
        assert has(other.get(f"/b/{code(ident)}"), "Wir brauchen Lotsen")


@pytest.mark.parametrize(
    "chosen, public",
    [
        (PublicName.NONE, "Ohne Namen eingereicht"),
        (PublicName.ORGANISATION, HOUSE),
        (PublicName.NAME, NAME),
    ],
)
def test_only_the_chosen_name_is_shown_to_others(
    new_client: Callable[[], InspectingClient],
    make: ModuleType,
    author: Account,
    chosen: PublicName,
    public: str,
) -> None:
    ident = put(author, public_name=chosen)
    screening.accept(make.moderator().actor, ident, seen=1)
    for who in (None, make.partner(), make.attendee()):
        browser = new_client()
        if who is not None:
            browser.sign_in(who)
        for address in (f"/b/{code(ident)}", "/beitraege"):
            page = browser.get(address)
            assert has(page, public)
            assert has(page, NAME) is (chosen is PublicName.NAME)
    moderator = new_client()
    moderator.sign_in(make.moderator())
    assert has(moderator.get(f"/b/{code(ident)}"), NAME)


def test_a_declined_one_says_why_and_stands_only_in_the_list_that_asks_for_it(
    client: InspectingClient, new_client: Callable[[], InspectingClient], make: ModuleType, author: Account
) -> None:
    ident = put(author)
    screening.decline(make.moderator().actor, ident, seen=1, reason="Das liegt beim Bund.")
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "Nicht aufgenommen", "Das liegt beim Bund.", "Wir brauchen Lotsen")
    assert not has(client.get("/beitraege"), "Lotsen")
    assert has(client.get("/beitraege?stand=nicht-aufgenommen"), "Lotsen")
    with transaction() as tx:
        tx.session.get_one(Contribution, ident).is_hidden = True
    assert not has(client.get(f"/b/{code(ident)}"), "Lotsen")
    assert not has(client.get("/beitraege?stand=nicht-aufgenommen"), "Lotsen")
    assert has(client.get("/beitraege?stand=nicht-aufgenommen&suche=Lotsen"), "Nichts gefunden")
    for who in (author, make.moderator()):
        browser = new_client()
        browser.sign_in(who)
        assert has(browser.get(f"/b/{code(ident)}"), "Wir brauchen Lotsen", "Das liegt beim Bund.")


def test_a_question_is_read_by_the_author_and_moderators_only(
    client: InspectingClient, new_client: Callable[[], InspectingClient], make: ModuleType, author: Account
) -> None:
    ident = put(author)
    screening.ask(make.moderator().actor, ident, seen=1, reason="Meinen Sie Lotsen im Betrieb?")
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "Rückfrage gestellt")
    assert not has(page, "Meinen Sie")
    client.post(f"/b/{code(ident)}/antworten", {"reply": "Ja."}, status=403)
    own = new_client()
    own.sign_in(author)
    page = own.get(f"/b/{code(ident)}")
    assert has(page, "Meinen Sie Lotsen im Betrieb?", "Die Moderation fragt nach")
    page = own.submit(page.form(button="Antwort senden"), "Antwort senden", reply="Ja, im Betrieb.")
    assert has(page, "Ihre Antwort ist bei der Moderation", "Ja, im Betrieb.")
    assert contributing.state(ident) is State.RECEIVED
    assert not has(client.get(f"/b/{code(ident)}"), "Ja, im Betrieb.")


def test_the_link_of_the_question_mail_answers_without_signing_in(
    client: InspectingClient, make: ModuleType, author: Account
) -> None:
    ident = put(author)
    screening.ask(make.moderator().actor, ident, seen=1, reason="Wo genau?")
    [mail] = mails("contribution_asked")
    assert mail.address == author.email
    page = client.get(f"/b/{code(ident)}?schluessel={mail.secret}")
    assert has(page, "Wo genau?")
    assert page.headers["Cache-Control"] == "no-store"
    page = client.submit(page.form(button="Antwort senden"), "Antwort senden", reply="In Zwickau.")
    assert has(page, "Ihre Antwort ist bei der Moderation")
    again_page = client.get(f"/b/{code(ident)}?schluessel={mail.secret}")
    assert not has(again_page, "Antwort senden")
    client.get(f"/b/{code(ident)}?schluessel=falsch", status=200)


# --------------------------------------------------------------------------------------------- looking up


def test_a_code_is_found_however_it_is_typed(client: InspectingClient, author: Account) -> None:
    right = code(put(author))
    for typed in (right.lower(), f" {right[:3]}-{right[3:]} "):
        page = client.get("/b", query_string={"code": typed})
        assert has(page, "Wir brauchen Lotsen")
    answer = client.get(f"/b/{right.lower()}", follow=False)
    assert answer.status == 301
    assert answer.headers["Location"].endswith(f"/b/{right}")
    client.get("/b?code=A7K", status=422)
    page = client.get("/b/AAAAAA", status=404)
    assert has(page, "Einen Beitrag AAAAAA gibt es nicht")


def test_a_printed_card_says_that_it_is_not_typed_in_yet(client: InspectingClient, make: ModuleType) -> None:
    moderator, forum_id = make.moderator(), contributing.forum()
    with transaction() as tx:
        tx.session.add(
            ContributionCard(
                code="KARTE2", forum_id=forum_id, number=7, printed_at=tx.now, printed_by_id=moderator.id
            )
        )
    page = client.get("/b/karte2")
    assert has(page, "Diese Karte ist noch nicht erfasst", "Karte 7", "Zukunftsforum Zwickau")


def test_a_gap_is_marked_and_said_aloud(client: InspectingClient, make: ModuleType, author: Account) -> None:
    ident = put(author)
    redacting.redact(make.moderator().actor, ident, seen=1, phrases=["Lotsen"], reason="Zum Beispiel.")
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "[hier hat die Moderation Worte entfernt]", "Zum Beispiel.")
    assert GAP not in page.text
    assert "Lotsen" not in page.text


def test_a_merged_one_says_where_it_went(client: InspectingClient, make: ModuleType, author: Account) -> None:
    old, target = put(author), accepted("Lotsen für alle kleinen Betriebe.")[0]
    moderator = make.moderator().actor
    merging.merge(moderator, old, seen=1, into_id=target)
    page = client.get(f"/b/{code(old)}")
    assert has(page, "Zusammengelegt", code(target), "Wir brauchen Lotsen")
    assert has(client.get(f"/b/{code(target)}"), "Hier zusammengelegt", code(old))


# ------------------------------------------------------------------------------------- into the Charta


def taken_over(world: proposing.World, author: Account) -> tuple[int, int]:
    """Let a proposal take a contribution up and be approved; return both."""
    ident = put(author)
    screening.accept(world.moderator.actor, ident, seen=1)
    number = proposals.start_from(
        world.author.actor, kind=ProposalKind.CHANGE, codes=[code(ident)], section_id=world.section
    )
    text = proposing.head(world.section)
    body = text.body.replace("Sie helfen Betrieben früh.", "Lotsen helfen kleinen Betrieben früh.")
    proposals.save_draft(
        world.author.actor, number, title=text.title, body=body, summary="Lotsen nennen", seen_edit=0
    )
    proposals.submit(world.author.actor, number)
    return ident, number


def test_the_page_leads_to_the_sentence_also_after_others_edited_around_it(
    client: InspectingClient,
    new_client: Callable[[], InspectingClient],
    make: ModuleType,
    author: Account,
    statements: Callable[[], AbstractContextManager[Statements]],
) -> None:
    world = proposing.world()
    make.settings(draft_is_public=True)
    ident, number = taken_over(world, author)
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "Wird vorgeschlagen", "Ein Änderungsvorschlag greift ihn auf")
    assert not has(page, "Lotsen nennen")  # who may not see it yet does not learn which
    proposals.approve(world.moderator.actor, number, reason="Das fehlte.", **proposing.seen(number))
    other = proposing.submitted(world.stranger, world.section, "gute Arbeit in", "gute Arbeit und Wissen in")
    proposals.approve(world.moderator.actor, other, **proposing.seen(other))
    client.get(f"/b/{code(ident)}")  # what the process remembers of texts is read
    with statements() as counted:
        page = client.get(f"/b/{code(ident)}")
    assert counted <= 8, counted
    moderator = new_client()
    moderator.sign_in(world.moderator)
    moderator.get(f"/b/{code(ident)}")
    address = f"/b/{code(ident)}"
    with statements() as counted:
        moderator.get(address)
    assert counted <= 8, counted
    assert has(
        page,
        "Steht in der Charta, Randnummer 1",
        f"Vorschlag {number} greift ihn auf",
        f"Vorschlag {number} ist übernommen",
        "Das fehlte.",
        "gute Arbeit und Wissen in der Region",
    )
    marked = " ".join("".join(mark.itertext()) for mark in page.elements("mark"))
    assert marked == "Lotsen kleinen (aus dem Vorschlag zu diesem Beitrag)"
    assert has(client.get(f"/vorschlaege/{number}"), "Greift auf", code(ident))


def test_words_replaced_since_are_said_to_be_gone_with_the_comparison(
    client: InspectingClient, make: ModuleType, author: Account
) -> None:
    world = proposing.world()
    make.settings(draft_is_public=True)
    ident, number = taken_over(world, author)
    proposals.approve(world.moderator.actor, number, **proposing.seen(number))
    proposing.rewrite(world.section, "Lotsen helfen kleinen Betrieben früh.", "Das regelt ein Gesetz.")
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "Die Worte des Vorschlags wurden seitdem weiter geändert.")
    assert "Vergleichen, was sich seitdem geändert hat" in page.links


def test_the_draft_text_stays_closed_where_the_setting_says_so(
    client: InspectingClient, make: ModuleType, author: Account
) -> None:
    world = proposing.world()
    ident, number = taken_over(world, author)
    proposals.approve(world.moderator.actor, number, **proposing.seen(number))
    make.settings(draft_is_public=False)
    page = client.get(f"/b/{code(ident)}")
    assert has(page, "Steht in der Arbeitsfassung der Charta")
    assert not has(page, "Lotsen helfen kleinen")


def test_a_topic_becomes_a_measure_on_the_pages(
    client: InspectingClient, make: ModuleType, author: Account
) -> None:
    from charta.contributions.service import topics

    make.open_round()
    field = make.field_of_action("Arbeit")
    moderator = make.moderator()
    ids = accepted(["Lotsen für kleine Betriebe.", "Eine Sprechstunde für Betriebe."], field_id=field)
    topic_id, _outcomes = topics.create(
        moderator.actor, title="Begleitung kleiner Betriebe", items=contributing.seen(ids)
    )
    client.sign_in(moderator)
    assert has(client.get("/themen"), "Begleitung kleiner Betriebe", "2 Beiträge")
    page = client.get(f"/themen/{topic_id}")
    assert has(page, "Lotsen für kleine", "Antwort steht aus")
    assert has(client.get(f"/b/{code(ids[0])}"), "Mit einem anderen Beitrag zum Thema gebündelt")
    page = client.get(f"/vorschlaege/aus-beitrag?thema={topic_id}")
    page = client.submit(page.form(button="Entwurf beginnen"), kind="new_measure", field_id=str(field))
    assert has(page, code(ids[0]), code(ids[1]))
    form = page.form(button="Einreichen")
    assert form.fields["title"] == ["Begleitung kleiner Betriebe"]
    page = client.submit(form, "Einreichen", body="Betriebe werden begleitet.")
    assert has(page, "ist eingereicht", "Greift auf", code(ids[1]))
    assert has(client.get(f"/themen/{topic_id}"), "Was die Beiträge aufgreift")


def test_the_edit_page_searches_links_and_lets_go_without_script(
    client: InspectingClient, make: ModuleType
) -> None:
    world = proposing.world()
    first, second = accepted(["Lotsen für kleine Betriebe.", "Kinderbetreuung in Schichten."])
    number = proposing.draft(world.author, world.section)
    client.sign_in(world.author)
    page = client.get(f"/vorschlaege/{number}/bearbeiten")
    page = client.submit(page.form(button="Einreichen"), "Suchen oder verbinden", codes="Schichten")
    assert has(page, "Kinderbetreuung in Schichten")
    page = client.submit(page.form(button="Einreichen"), "Aufgreifen")
    assert has(page, "Der Vorschlag greift den Beitrag jetzt auf.", code(second))
    page = client.submit(page.form(button="Einreichen"), "Suchen oder verbinden", codes=code(first).lower())
    assert has(page, code(first))
    page = client.submit(page.form(button="Einreichen"), "Suchen oder verbinden", codes="A7K2Q9", status=422)
    assert has(page, "ist keine Nummer eines aufgenommenen Beitrags")
    page = client.submit(page.form(button="Einreichen"), "Lösen")
    assert not has(page, "Lotsen für kleine") or not has(page, "Kinderbetreuung")


# ------------------------------------------------------------------------------------------------- news


def test_an_address_hears_after_it_was_confirmed_and_not_after_it_ended(
    app: Flask, client: InspectingClient, make: ModuleType
) -> None:
    [ident] = received()
    page = client.get(f"/b/{code(ident)}/benachrichtigen")
    page = client.submit(
        page.form(button="Beitrag beobachten"), "Beitrag beobachten", email=" Anna@Example.org "
    )
    assert has(page, "Wir haben Ihnen eine E-Mail geschickt")
    [mail] = mails("subscription_confirm")
    assert mail.address == "anna@example.org"
    confirm = f"/nachrichten/{mail.secret}"
    page = client.get(confirm)
    screening.accept(make.moderator().actor, ident, seen=1)
    assert mails("contribution_accepted") == []  # opening the link confirmed nothing
    page = client.submit(page.form(button="Nachrichten bestätigen"))
    assert has(page, "Ihre Adresse ist bestätigt")
    screening.decline(make.moderator().actor, ident, seen=version(ident), reason="Doch nicht.")
    [mail] = mails("contribution_declined")
    message = worker.compose(claim(mail))
    ends_at = message["List-Unsubscribe"].strip("<>")
    assert ends_at.endswith(f"/nachrichten/{mail.secret}/abbestellen")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = client.get(f"/nachrichten/{mail.secret}/abbestellen")
    session.rollback()
    assert session.scalars(select(Subscription.ended_at)).all() == [None]
    for _twice in range(2):
        answer = app.test_client().post(
            f"/nachrichten/{mail.secret}/abbestellen", data={"List-Unsubscribe": "One-Click"}
        )
        assert answer.status_code == 200
    screening.reopen(make.moderator().actor, ident, seen=version(ident))
    screening.accept(make.moderator().actor, ident, seen=version(ident))
    assert mails("contribution_accepted") == []
    assert has(client.get(f"/nachrichten/{mail.secret}/abbestellen"), "keine Nachrichten mehr")
    client.get("/nachrichten/unbekannt/abbestellen", status=404)


def claim(mail: OutboxMail) -> worker.Claim:
    return worker.Claim(
        id=mail.id,
        attempts=1,
        address=mail.address,
        recipient="",
        template=mail.template,
        locale=mail.locale,
        data=dict(mail.data),
        secret=mail.secret,
        created_at=mail.created_at,
        subscription_id=mail.subscription_id,
    )


def test_the_pages_button_ends_news_too(client: InspectingClient, make: ModuleType, author: Account) -> None:
    ident = put(author)
    screening.accept(make.moderator().actor, ident, seen=1)
    [mail] = mails("contribution_accepted")
    page = client.get(f"/nachrichten/{mail.secret}/abbestellen")
    for _twice in range(2):
        page = client.submit(page.form(), page.form().buttons[0][0])
        assert has(page, "keine Nachrichten mehr")
    screening.decline(make.moderator().actor, ident, seen=version(ident), reason="Doch nicht.")
    assert mails("contribution_declined") == []


@pytest.mark.parametrize(
    "typed", ["a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "a"]
)
def test_an_address_cannot_carry_more_than_an_address(client: InspectingClient, typed: str) -> None:
    [ident] = received()
    page = client.get(f"/b/{code(ident)}/benachrichtigen")
    page = client.submit(
        page.form(button="Beitrag beobachten"), "Beitrag beobachten", email=typed, status=422
    )
    assert page.status == 422
    assert has(page, "Das ist keine vollständige E-Mail-Adresse.")
    assert mails() == []


def test_nobodys_inbox_is_filled_with_confirmations(client: InspectingClient) -> None:
    ids = received([f"Beitrag {number} über Lotsen." for number in range(CONFIRMATIONS_PER_DAY + 2)])
    for ident in ids[:CONFIRMATIONS_PER_DAY]:
        page = client.get(f"/b/{code(ident)}/benachrichtigen")
        client.submit(page.form(button="Beitrag beobachten"), "Beitrag beobachten", email="a@example.org")
    page = client.get(f"/b/{code(ids[-1])}/benachrichtigen")
    page = client.submit(
        page.form(button="Beitrag beobachten"), "Beitrag beobachten", email="a@example.org", status=429
    )
    assert len(mails("subscription_confirm")) == CONFIRMATIONS_PER_DAY


def test_with_an_account_news_are_one_click(client: InspectingClient, make: ModuleType) -> None:
    reader = make.attendee(email="leserin@example.org")
    [ident] = received()
    client.sign_in(reader)
    page = client.get(f"/b/{code(ident)}")
    page = client.submit(page.form(button="Beitrag beobachten"))
    assert has(page, "Sie beobachten diesen Beitrag: Neues steht in Ihren Nachrichten.")
    screening.accept(make.moderator().actor, ident, seen=1)
    assert mails("contribution_accepted") == []  # at once only to authors; who watches has notices
    page = client.get(f"/b/{code(ident)}")
    page = client.submit(page.form("/beobachten"), "Nicht mehr beobachten")
    assert has(page, "Sie beobachten das nicht mehr.")


def test_the_page_is_not_sent_again_unchanged(client: InspectingClient, make: ModuleType) -> None:
    [ident] = accepted()
    client.get(f"/b/{code(ident)}")
    tag = client.get(f"/b/{code(ident)}").headers["ETag"]
    address = f"/b/{code(ident)}"
    assert client.get(address, headers={"If-None-Match": tag}).status == 304
    contributing.supported(ident, make.attendee().id)
    assert client.get(address, headers={"If-None-Match": tag}).status == 200
