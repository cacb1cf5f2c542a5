# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who is told what became of contributions, once and in words; and proposals that take them up."""

from types import ModuleType
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta.contributions.models import Contribution
from charta.contributions.queries import page
from charta.contributions.rules import Words
from charta.contributions.service import merging, screening, splitting, telling
from charta.contributions.service.replying import may_reply
from charta.contributions.service.splitting import Part
from charta.contributions.service.subscribing import end_all, follow, unfollow
from charta.db import Transaction, session, transaction
from charta.errors import InvalidInput, NotFound, NotPermitted, WrongState
from charta.notifications.models import OutboxMail, Subscription
from charta.notifications.subscriptions import make_link, subscribe_address, subscribe_person
from charta.permissions import ANONYMOUS
from charta.proposals import queries as proposal_queries
from charta.proposals import service as proposals
from charta.proposals.models import ProposalContribution, ProposalSource
from charta.proposals.queries import taken_up
from charta.proposals.rules import ProposalKind
from charta.web import mails
from tests import contributing, proposing
from tests.contributing import accepted, again, received, version
from tests.databases import count_statements


def sent(template: str = "") -> list[OutboxMail]:
    session.rollback()
    found = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    session.expunge_all()
    return [mail for mail in found if not template or mail.template == template]


def read(tx: Transaction, ids: list[int]) -> list[Contribution]:
    return list(
        tx.session.scalars(select(Contribution).where(Contribution.id.in_(ids)).order_by(Contribution.id))
    )


def tell(ids: list[int], step: str = "accepted", **more: Any) -> int:
    with transaction() as tx:
        return telling.tell(tx, step, read(tx, ids), **({"once": "deed:1"} | more))


def subscribed(address: str, *ids: int) -> None:
    with transaction() as tx:
        for ident in ids:
            subscribe_address(tx, address, "contribution", ident, locale="de")
        tx.session.flush()
        for found in tx.session.scalars(select(Subscription).where(Subscription.address == address)):
            found.confirmed_at = tx.now


def test_one_mail_per_recipient_and_deed_whatever_the_number_of_contributions(
    app: Flask, make: ModuleType
) -> None:
    author = make.attendee(email="anna@example.org")
    ids = received([f"Beitrag {number} über Lotsen." for number in range(30)], author_id=author.id)
    subscribed("leser@example.org", *ids[:2])
    subscribed("anna@example.org", ids[0])  # the same mailbox twice
    with count_statements() as counted:
        assert tell(ids) == 2
    assert len(counted) <= 10, counted
    to_author, to_reader = sorted(sent(), key=lambda mail: mail.address)
    assert (to_author.address, to_author.data["count"], len(to_author.data["items"])) == (
        "anna@example.org", 30, telling.LISTED_MAX,
    )  # fmt: skip
    assert to_reader.data["count"] == 2
    assert tell(ids) == 0  # the same deed again
    assert tell(ids, once="deed:2") == 2


def test_who_ended_it_and_who_did_it_hear_nothing(app: Flask, make: ModuleType) -> None:
    author = make.attendee(email="anna@example.org")
    [ident] = received(author_id=author.id)
    subscribed("ben@example.org", ident)
    assert tell([ident], besides=author.id) == 1
    unfollow(author.actor, again(ident).code)
    assert tell([ident], once="deed:2") == 1
    mail = sent()[-1]
    assert mail.address == "ben@example.org"
    assert mail.secret is not None
    assert end_all(mail.secret) == 1
    assert end_all(mail.secret) == 0
    assert tell([ident], once="deed:3") == 0
    with pytest.raises(NotFound):
        end_all("falsch")


def test_without_an_address_nobody_can_be_told(make: ModuleType) -> None:
    someone = make.attendee()
    with transaction() as tx:
        from charta.accounts.models import Person

        tx.session.get_one(Person, someone.id).email = None
    [ident] = received(author_id=someone.id)
    assert tell([ident]) == 0


def test_an_account_that_only_watches_has_notices_and_no_mail_at_once(make: ModuleType) -> None:
    author, reader = make.attendee(email="anna@example.org"), make.attendee(email="ben@example.org")
    [ident] = received(author_id=author.id)
    for _click in range(2):
        follow(reader.actor, again(ident).code)
    assert tell([ident]) == 1
    with transaction() as tx:
        for found in tx.session.scalars(select(Subscription)):
            assert found.is_own is (found.person_id == author.id)
            found.muted_at = tx.now
    assert tell([ident], once="deed:2") == 0  # muted
    with pytest.raises(NotPermitted):
        follow(ANONYMOUS, again(ident).code)


def test_a_question_goes_to_the_author_and_to_nobody_who_came_later(make: ModuleType) -> None:
    moderator = make.moderator().actor
    [ident] = received()
    subscribed("anna@example.org", ident)
    screening.accept(moderator, ident, seen=1)
    subscribed("spaeter@example.org", ident)
    screening.reopen(moderator, ident, seen=version(ident))
    screening.ask(moderator, ident, seen=version(ident), reason="Wo?")
    assert [mail.address for mail in sent("contribution_asked")] == ["anna@example.org"]


def test_who_comes_by_the_list_of_what_was_declined_is_not_taken_for_the_author(make: ModuleType) -> None:
    moderator = make.moderator().actor
    [ident] = received()
    screening.decline(moderator, ident, seen=1, reason="Nennt einen Namen.", words=Words.HIDDEN)
    subscribed("spaeter@example.org", ident)
    screening.reopen(moderator, ident, seen=version(ident))
    screening.ask(moderator, ident, seen=version(ident), reason="Darf der Name weg?")
    assert sent("contribution_asked") == []
    with transaction() as tx:
        key = make_link(tx, "subscription", tx.session.scalars(select(Subscription.id)).one())
    assert not may_reply(ANONYMOUS, ident, None, key)
    screening.decline(moderator, ident, seen=version(ident), reason="Nein.", words=Words.HIDDEN)
    [mail] = sent("contribution_declined")
    assert not mail.data["is_author"]
    assert [item["title"] for item in mail.data["items"]] == [""]


def test_who_comes_by_a_merged_one_is_not_taken_for_its_author(make: ModuleType) -> None:
    moderator = make.moderator().actor
    [double], [target] = received(), accepted("Lotsen für alle Betriebe.")
    merging.merge(moderator, double, seen=1, into_id=target)
    subscribed("spaeter@example.org", double)
    merging.unmerge(moderator, double, seen=version(double))
    screening.reopen(moderator, double, seen=version(double))
    screening.ask(moderator, double, seen=version(double), reason="Wo?")
    assert sent("contribution_asked") == []


def test_subscribers_of_a_merged_one_hear_about_the_one_it_went_into(make: ModuleType) -> None:
    moderator, supporter = make.moderator().actor, make.attendee(email="carl@example.org")
    old, target = accepted(["Lotsen für kleine Betriebe.", "Lotsen für alle Betriebe."])
    subscribed("anna@example.org", old)
    contributing.supported(old, supporter.id)
    merging.merge(moderator, old, seen=version(old), into_id=target)
    [moved] = sent("contribution_support_moved")
    assert (moved.address, moved.data["other"]["code"]) == ("carl@example.org", again(target).code)
    assert tell([target], "answered", reason="Kommt.") == 1
    [mail] = sent("contribution_answered")
    assert mail.address == "anna@example.org"
    assert mail.data["items"][0] | {"title": ""} == {
        "code": again(target).code, "title": "", "was": again(old).code,
    }  # fmt: skip


@pytest.mark.sqlite_only
@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize("step", sorted(telling.STEPS))
def test_every_step_has_a_mail_in_words_and_html(
    app: Flask, make: ModuleType, step: str, locale: str
) -> None:
    first, second = received(["Lotsen <b>für</b> Betriebe.", "Andere Lotsen."])
    subscribed("anna@example.org", first)
    data = {"number": 12, "summary": "Lotsen", "verb": "reject", "section_id": 3}
    with transaction() as tx:
        item, other = read(tx, [first, second])
        topic = None
        if step in {"bundled", "answered"}:
            from charta.contributions.models import Topic

            topic = Topic(id=7, title="Begleitung", answer="Kommt.")
        telling.tell(
            tx,
            step,
            [item],
            once="x",
            reason="Weil es so ist.",
            topic=topic,
            other=other,
            parts=[other],
            data=data,
        )
    mail = sent()[-1]
    made = mails.render(mail.template, locale=locale, recipient="", secret=mail.secret, data=dict(mail.data))
    code = again(first).code
    assert code in made.text
    assert f"/b/{code}" in made.text
    assert f"/b/{code}" in made.html
    assert f"/nachrichten/{mail.secret}/abbestellen" in made.text
    assert f"/nachrichten/{mail.secret}/abbestellen" in made.html
    assert "<b>für</b>" in made.text
    assert "&lt;b&gt;für&lt;/b&gt;" in made.html
    if step not in {"accepted", "bundled", "taken_up"}:
        assert "Weil es so ist." in made.text
        assert "Weil es so ist." in made.html


# ------------------------------------------------------------------------------------------ taking up


def test_a_proposal_tells_whom_its_contributions_concern_when_it_is_handed_in_and_decided(
    make: ModuleType,
) -> None:
    world = proposing.world()
    source = make.source("Zukunftsforum Zwickau", number=2)
    first, second = accepted(["Lotsen für kleine Betriebe.", "Wege zur Arbeit."], source_id=source)
    subscribed("anna@example.org", first, second)
    number = proposing.draft(world.author, world.section)
    codes = [again(first).code.lower(), again(second).code]
    assert proposals.take_up(world.author.actor, number, codes) == 2
    assert proposals.take_up(world.author.actor, number, codes) == 0
    assert sent("contribution_taken_up") == []  # a draft is nobody's news
    proposals.submit(world.author.actor, number)
    [mail] = sent("contribution_taken_up")
    assert (mail.data["number"], mail.data["count"]) == (number, 2)
    found = proposal_queries.version(number, 1)
    assert found is not None
    named = select(ProposalSource.source_id).where(ProposalSource.version_id == found.id)
    assert session.scalars(named).all() == [source]
    proposals.approve(world.moderator.actor, number, reason="Gut.", **proposing.seen(number))
    [mail] = sent("contribution_in_charta")
    assert (mail.data["section_id"], mail.data["reason"]) == (world.section, "Gut.")
    assert set(taken_up.outcomes([first, second])) == {first, second}
    with pytest.raises(WrongState):  # the link of a decided proposal is kept for good
        proposals.leave_out(world.author.actor, number, first)


def test_a_rejection_is_told_with_its_reason(make: ModuleType) -> None:
    world = proposing.world()
    [ident] = accepted()
    subscribed("anna@example.org", ident)
    number = proposing.draft(world.author, world.section)
    proposals.take_up(world.author.actor, number, [again(ident).code])
    proposals.submit(world.author.actor, number)
    proposals.reject(world.moderator.actor, number, reason="Das regelt der Bund.", **proposing.seen(number))
    [mail] = sent("contribution_decided")
    assert (mail.data["verb"], mail.data["reason"]) == ("reject", "Das regelt der Bund.")


def test_only_who_writes_a_draft_links_and_the_moderation_once_it_is_handed_in(make: ModuleType) -> None:
    world = proposing.world()
    [ident] = accepted()
    code = again(ident).code
    number = proposing.draft(world.author, world.section)
    with pytest.raises(NotFound):
        proposals.take_up(world.moderator.actor, number, [code])
    proposals.submit(world.author.actor, number)
    with pytest.raises(NotPermitted):
        proposals.take_up(world.stranger.actor, number, [code])
    assert proposals.take_up(world.moderator.actor, number, [code]) == 1
    proposals.leave_out(world.moderator.actor, number, ident)
    assert taken_up.of_proposals([number]) == {}


def test_only_accepted_contributions_are_taken_up_and_a_merged_one_stands_for_its_target(
    make: ModuleType,
) -> None:
    world = proposing.world()
    [waiting] = received("Noch nicht gelesen.")
    old, target = accepted(["Lotsen für kleine Betriebe.", "Lotsen für alle Betriebe."])
    merging.merge(world.moderator.actor, old, seen=version(old), into_id=target)
    number = proposing.draft(world.author, world.section)
    for wrong in (again(waiting).code, "AAAAAA", "quatsch"):
        with pytest.raises(InvalidInput) as caught:
            proposals.take_up(world.author.actor, number, [wrong])
        assert (caught.value.field, caught.value.data["wanted"]) == ("codes", wrong)
    proposals.take_up(world.author.actor, number, [again(old).code])
    session.rollback()
    assert [one.id for one in taken_up.of_proposals([number])[number]] == [target]


def test_a_code_stands_for_the_end_of_a_chain_of_merges(make: ModuleType) -> None:
    world = proposing.world()
    first, second, last = accepted(["Lotsen.", "Lotsen für kleine Betriebe.", "Lotsen für alle Betriebe."])
    merging.merge(world.moderator.actor, first, seen=version(first), into_id=second)
    merging.merge(world.moderator.actor, second, seen=version(second), into_id=last)
    number = proposing.draft(world.author, world.section)
    proposals.take_up(world.author.actor, number, [again(first).code])
    session.rollback()
    assert [one.id for one in taken_up.of_proposals([number])[number]] == [last]


def test_what_waits_for_screening_again_is_named_by_no_page_meanwhile(make: ModuleType) -> None:
    world = proposing.world()
    [ident] = accepted()
    [whole] = accepted("Lotsen. Und Busse.")
    codes = splitting.split(
        world.moderator.actor, whole, seen=version(whole), parts=[Part("Lotsen."), Part("Busse.")]
    )
    number = proposing.draft(world.author, world.section)
    proposals.take_up(world.author.actor, number, [again(ident).code])
    part = session.scalars(select(Contribution.id).where(Contribution.code == codes[0])).one()
    for one in (ident, part):
        screening.reopen(world.moderator.actor, one, seen=version(one))
    session.rollback()
    assert taken_up.of_proposals([number]) == {}
    found = page.detail(ANONYMOUS, again(whole).code)
    assert found is not None
    assert [other.code for other in page.relatives(found).parts] == codes[1:]
    screening.accept(world.moderator.actor, ident, seen=version(ident))
    session.rollback()
    assert len(taken_up.of_proposals([number])[number]) == 1, "the link was kept"


def test_beginning_twice_from_the_same_page_makes_one_proposal_and_discarding_drops_its_links(
    make: ModuleType,
) -> None:
    world = proposing.world()
    [ident] = accepted()
    code = again(ident).code
    begin: dict[str, Any] = {
        "kind": ProposalKind.NEW_MEASURE,
        "codes": [code],
        "field_id": make.field_of_action("Energie"),
        "prefilled": proposals.Prefilled(title="Lotsen", summary="Lotsen", reason="Gewünscht."),
        "once_key": "seite-1",
    }
    number = proposals.start_from(world.author.actor, **begin)
    assert proposals.start_from(world.author.actor, **begin) == number
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ProposalContribution)) == 1
    proposals.discard_draft(world.author.actor, number)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(ProposalContribution)) == 0
    assert session.get(Contribution, ident) is not None
    with pytest.raises(InvalidInput):
        proposals.start_from(world.author.actor, **(begin | {"codes": [], "once_key": "seite-2"}))


def test_a_person_is_subscribed_once(make: ModuleType) -> None:
    reader = make.attendee(email="ben@example.org")
    [ident] = received()
    for _twice in range(2):
        with transaction() as tx:
            subscribe_person(tx, reader.id, "contribution", ident, locale="de")
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Subscription)) == 1


def test_addresses_that_follow_a_contribution_are_not_taken_for_a_visitor(app: Flask) -> None:
    [ident] = received()
    subscribed("anna@example.org", ident)
    subscribed("bert@example.org", ident)
    session.rollback()
    found = page.detail(ANONYMOUS, again(ident).code)
    assert found is not None
    assert found.watch_state is None
