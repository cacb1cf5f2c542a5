# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The mails about proposals say what happened, carry the reason, and lead to the proposal."""

import pytest
from flask import Flask
from sqlalchemy import select

from charta.db import session
from charta.notifications.models import OutboxMail
from charta.proposals import service
from charta.proposals.rules import MergeState
from charta.watching.service import watching
from charta.web import mails
from tests import proposing

REASON = "Weil es so besser zu lesen ist.\n\nUnd kürzer."


def newest() -> OutboxMail:
    session.rollback()
    return session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()


@pytest.mark.parametrize("locale", ["de", "en"])
@pytest.mark.parametrize(
    "deed", ["approve", "reject", "request_changes", "adapt", "agree", "refuse", "needs_help"]
)
def test_every_deed_has_a_mail_in_words_and_html(app: Flask, deed: str, locale: str) -> None:
    world = proposing.world()
    number = proposing.submitted(world.author, world.section, summary="Arbeit soll <b>besser</b> werden")
    seen = proposing.seen(number)
    match deed:
        case "approve":
            service.approve(world.moderator.actor, number, reason=REASON, **seen)
        case "reject" | "request_changes":
            getattr(service, deed)(world.moderator.actor, number, reason=REASON, **seen)
        case "needs_help":
            proposing.rewrite(world.section, "gute Arbeit", "ganz andere Arbeit")
        case _:
            text = proposing.head(world.section)
            service.adapt(
                world.moderator.actor,
                number,
                title=text.title,
                body=text.body.replace("gute Arbeit", "ausgezeichnete Arbeit"),
                reason=REASON,
                **seen,
            )
            if deed == "agree":
                service.agree(world.author.actor, number, seen_version=2)
            elif deed == "refuse":
                service.refuse(world.author.actor, number, seen_version=2, reason=REASON)
    mail = newest()
    made = mails.render(mail.template, locale=locale, recipient="Anna", secret=None, data=dict(mail.data))
    assert str(number) in made.subject
    assert f"/vorschlaege/{number}" in made.text
    assert f"/vorschlaege/{number}" in made.html
    assert "Arbeit soll <b>besser</b> werden" in made.text
    assert "Arbeit soll &lt;b&gt;besser&lt;/b&gt; werden" in made.html
    if deed not in {"agree", "needs_help"}:
        assert "> Und kürzer." in made.text
        assert "<p>Und kürzer.</p>" in made.html


def test_nobody_gets_a_mail_about_the_own_deed(app: Flask) -> None:
    world = proposing.world()
    number = proposing.submitted(world.author, world.section)
    service.withdraw(world.author.actor, number)
    assert session.scalars(select(OutboxMail)).all() == []


def test_an_author_gets_one_mail_about_all_proposals_that_need_help(app: Flask) -> None:
    world = proposing.world()
    numbers = [
        proposing.submitted(world.author, world.section, new=f"{word} Arbeit", summary=f"<b>{word}</b>")
        for word in ("tolle", "feine", "schöne")
    ]
    taken = proposing.submitted(world.stranger, world.section, new="faire Arbeit")
    service.approve(world.moderator.actor, taken, **proposing.seen(taken))
    [mail] = session.scalars(select(OutboxMail).where(OutboxMail.person_id == world.author.id))
    for locale in ("de", "en"):
        made = mails.render(mail.template, locale=locale, recipient="Anna", secret=None, data=dict(mail.data))
        for number, word in zip(numbers, ("tolle", "feine", "schöne"), strict=True):
            assert f"/vorschlaege/{number}" in made.text
            assert f"/vorschlaege/{number}" in made.html
            assert f"<b>{word}</b>" in made.text
            assert f"&lt;b&gt;{word}&lt;/b&gt;" in made.html


def test_who_muted_a_proposal_gets_no_mail_about_it(app: Flask) -> None:
    world = proposing.world()
    decided = proposing.submitted(world.author, world.section)
    helpless = proposing.submitted(world.author, world.section, new="tolle Arbeit")
    for number in (decided, helpless):
        watching.mute(world.author.actor, "proposal", number)
    service.approve(world.moderator.actor, decided, **proposing.seen(decided))
    assert proposing.stored(helpless).merge_state is MergeState.CONFLICT
    assert session.scalars(select(OutboxMail)).all() == []
