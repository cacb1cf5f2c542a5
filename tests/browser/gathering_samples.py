# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Parts of the addresses of forums and contributions, from the demonstration: the states worth a look."""

from typing import Any

from sqlalchemy import select

from charta.accounts import queries as accounts
from charta.contributions.card_rows import Taking
from charta.contributions.models import Contribution, Topic
from charta.contributions.service import drafts, paper
from charta.db import session, transaction
from charta.forums.models import Forum, ForumSeries, Invitation, Registration
from charta.forums.rules import LinkKind, RegistrationState
from charta.notifications import subscriptions
from charta.permissions import Actor, Permission
from charta.votes.models import Poll, RecurringQuestion
from charta.votes.rules import PollMethod, PollState

Samples = dict[str, list[dict[str, Any]]]

HELD, COMING, PLANNED, OPEN = "zwickau", "chemnitz", "plauen", "demonstration"
MODERATOR = "moderation@example.org"
AUTHOR, GUEST = "teilnahme3@example.org", "teilnahme1@example.org"
# In the Charta, merged, redacted, declined with and without its words, split, received.
CODES = ("A7K2QF", "K5V2WD", "Z4N6VJ", "C9V4NX", "U4H8YP", "B5X7GD", "F3J8YR")
# One whose author is asked a question.
ASKED = "J8K3TC"
CARDS = "Text;Art\nWir brauchen Lotsen.;Bedarf\n;Bedarf\n"
LIST = (["E-Mail", "Name"], [["neu@example.org", "Neu"], ["keine Adresse", "Falsch"]])


def read() -> Samples:
    """Return values for the parts of each address; writes links of mails and uploaded tables."""
    samples: Samples = {
        f"{feature}.{page}": [{"slug": slug} for slug in slugs]
        for feature, pages in _BY_FORUM.items()
        for slugs, names in pages.items()
        for page in names
    }
    of_forum = {"slug": COMING}
    registered = _registration(RegistrationState.REGISTERED)
    waiting = _registration(RegistrationState.WAITING)
    samples |= {
        "forums.register": [{"slug": slug} for slug in (COMING, PLANNED)],
        "forums.registration": [{"key": _link(LinkKind.REGISTRATION, one)} for one in (registered, waiting)],
        "forums.join_registered": [{"key": _link(LinkKind.REGISTRATION, registered), "who": ""}],
        "forums.invitation": [
            {"key": _link(LinkKind.INVITATION, one)}
            for one in session.scalars(select(Invitation.id)).all()[:3]
        ],
        "forums.enter_code": [{"who": ""}],
        "forums.join": [{"code": "DEMO24", "who": ""}, {"code": "CHE24", "who": ""}],
        "forums.edit_series": [{"series_id": session.scalar(select(ForumSeries.id).limit(1))}],
        "forums.guest": [of_forum | {"registration_id": registered}],
        "forums.link_phone": [{"slug": HELD, "registration_id": _registration(None, HELD)}],
        "forums.wave": [of_forum | {"number": 1}],
        "contributions.show": [
            *({"code": code} for code in CODES),
            {"code": ASKED, "who": AUTHOR},
            {"code": "Z4N6VJ", "who": "moderator"},
            {"code": "H3W9TC", "who": "attendee"},
        ],
        "contributions.received": [{"code": "F3J8YR", "who": GUEST}],
        "contributions.notify": [{"code": "A7K2QF"}],
        "contributions.mine": [{"who": GUEST}],
        "contributions.topic": [{"topic_id": one} for one in _topics()],
        "contributions.topic_desk": [{"topic_id": one} for one in _topics()],
        "contributions.screening_desk": [
            {},
            {"stand": "offen"},
            {"stand": "nicht"},
            *({"nr": _id(code)} for code in ("K5V2WD", "H9B6VM")),
        ],
        "contributions.split_form": [{"contribution_id": _id("F3J8YR")}],
        "contributions.redact_form": [{"contribution_id": _id("Z4N6VJ")}],
        "proposals.from_contributions": [{"beitrag": "M4R8XN"}, {"thema": _topics()[0]}],
    }
    cards, done = _cards(is_done=False), _cards(is_done=True)
    samples |= {
        "contributions.import_columns": [{"slug": HELD, "draft_id": cards}],
        "contributions.import_preview": [{"slug": HELD, "draft_id": cards}],
        "contributions.import_report": [{"slug": HELD, "draft_id": done}],
        "forums.invitations_preview": [of_forum | {"draft_id": _list()}],
    }
    with transaction() as tx:
        key = subscriptions.subscribe_address(
            tx, "axe@example.org", "contribution", _id(CODES[0]), locale="de"
        )
    samples |= _polls()
    samples["contributions.subscription"] = samples["contributions.unsubscribe"] = [{"key": key}]
    return samples


_BY_FORUM: dict[str, dict[tuple[str, ...], tuple[str, ...]]] = {
    "forums": {
        (HELD, COMING, PLANNED, OPEN): ("show",),
        (HELD, COMING): ("lead",),
        (COMING,): (
            "register_sent", "move", "cancel", "guests", "print_guests", "invitations", "invitation_add",
            "invitations_upload", "wave_new", "edit",
        ),
        (OPEN,): ("hall", "table", "tables"),
        (HELD,): ("documentation", "documentation_write"),
    },
    "contributions": {
        (OPEN,): ("hand_in", "in_hall"),
        (HELD,): ("cards", "record_card", "import_upload", "projector", "projector_control"),
    },
}  # fmt: skip


def _moderator() -> Actor:
    person = accounts.person_by_email(MODERATOR)
    assert person is not None
    return person.as_actor()


def _forum_id(slug: str) -> int:
    return session.scalars(select(Forum.id).where(Forum.slug == slug)).one()


def _registration(state: RegistrationState | None, slug: str = COMING) -> int:
    found = select(Registration.id).where(Registration.forum_id == _forum_id(slug)).limit(1)
    return session.scalars(found if state is None else found.where(Registration.state == state)).one()


def _link(kind: LinkKind, subject_id: int) -> str:
    with transaction() as tx:
        return subscriptions.make_link(tx, kind, subject_id)


def _id(code: str) -> int:
    return session.scalars(select(Contribution.id).where(Contribution.code == code)).one()


def _topics() -> list[int]:
    """Return a topic with an answer and one without."""
    answered = session.scalar(select(Topic.id).where(Topic.answer != "").limit(1))
    waiting = session.scalar(select(Topic.id).where(Topic.answer == "").limit(1))
    assert answered is not None
    assert waiting is not None
    return [answered, waiting]


def _cards(*, is_done: bool) -> int:
    """Upload a table with a good row and a bad one; return its draft."""
    lines = [line.split(";") for line in CARDS.splitlines()]
    ident = drafts.keep(
        _moderator(),
        permission=Permission.RECORD_CONTRIBUTION,
        kind=paper.DRAFT,
        forum_id=_forum_id(HELD),
        file_name="karten.csv",
        columns=lines[0],
        rows=lines[1:],
        numbers=[2, 3],
        mapping={"columns": {"text": 0, "kind": 1}},
    )
    if is_done:
        paper.import_draft(_moderator(), ident, taking=Taking.GOOD)
    return ident


def _list() -> int:
    return drafts.keep(
        _moderator(),
        permission=Permission.INVITE_TO_FORUM,
        kind="invitations",
        forum_id=_forum_id(COMING),
        file_name="liste.csv",
        columns=LIST[0],
        rows=LIST[1],
        numbers=[2, 3],
        mapping={"email": 0, "name": 1},
    )


def _polls() -> Samples:
    """Return polls of each kind and state: one that runs, one in words, results, a trend."""
    rows = session.execute(select(Poll, Forum.slug).join(Forum, Forum.id == Poll.forum_id)).all()
    samples: Samples = {
        "votes.polls_prepare": [{"slug": OPEN}],
        "votes.poll_results": [{"slug": HELD}, {"slug": "zwickau-2025"}, {"slug": PLANNED}],
        "votes.poll_trend": [{"recurring_id": session.scalar(select(RecurringQuestion.id).limit(1))}],
    }
    for poll, slug in rows:
        one = {"slug": slug, "poll_id": poll.id}
        if poll.state is PollState.READY and slug == OPEN:
            samples.setdefault("votes.poll_edit", [one])
        if poll.state is PollState.RUNNING:
            samples["votes.poll_answer"] = [one | {"who": GUEST}]
        if poll.state is PollState.STOPPED:
            samples.setdefault("votes.poll_online", [one])
            if poll.method is PollMethod.WORDS:
                samples["votes.poll_moderate"] = [one]
    return samples
