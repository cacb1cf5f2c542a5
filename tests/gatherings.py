# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A forum whose hall is open now, with few or many rows of everything: for tests that walk over all pages."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import insert, select

from charta.contributions.models import (
    CannedAnswer,
    Contribution,
    ContributionCard,
    ContributionEvent,
    ContributionSupport,
    ImportDraft,
    Topic,
)
from charta.contributions.rules import CODE_ALPHABET, CODE_LENGTH, CannedFor, Origin, State, Verb
from charta.contributions.service import handing_in
from charta.contributions.service.handing_in import NewContribution
from charta.contributions.service.paper import DRAFT as CARDS
from charta.db import Transaction
from charta.forums.models import (
    Attendance,
    Forum,
    ForumSeries,
    ForumTable,
    Invitation,
    InvitationWave,
    JoinCode,
    Registration,
)
from charta.forums.rules import ForumState, InvitationState, LinkKind, RegistrationState
from charta.notifications import subscriptions
from charta.notifications.models import Subscription
from charta.votes.models import Poll, PollAnswer, RecurringQuestion
from charta.votes.poll_keys import voter_key
from charta.votes.rules import PollMethod, PollState

TEXT = "Kleine Betriebe brauchen {n} Menschen, die sie bei der Umstellung begleiten."
INVITATIONS = "invitations"
SLUG, JOIN_CODE, TABLE_CODE = "zukunftsforum-im-saal", "SAAL24", "SAAL24A"


def build(
    tx: Transaction,
    count: int,
    *,
    moderator_id: int,
    people: Sequence[int],
    field_id: int | None = None,
    source_id: int | None = None,
) -> dict[str, Any]:
    """Store `count` rows of everything around a forum, and return what addresses name.

    `people` are in the hall and hand in; the first of them wrote contribution `code`.
    """
    forum = _forums(tx, count, source_id)
    tables = _tables(tx, forum, count, field_id)
    guests = _guests(tx, forum, count, moderator_id)
    invitations = _invitations(tx, forum, count, moderator_id)
    _add(
        tx,
        Attendance,
        [
            {"forum_id": forum.id, "person_id": one, "table_id": tables[0], "joined_at": tx.now}
            for one in people
        ],
    )
    topics = _topics(tx, count, moderator_id, field_id)
    waiting, accepted, unsupported = _contributions(tx, forum, count, people, topics[0], field_id)
    _cards(tx, forum, count, moderator_id)
    polls = _polls(tx, forum, count, people)
    canned = [
        CannedAnswer(
            purpose=list(CannedFor)[n % 3], title=f"Antwort {n}", text="Danke.", position=n, changed_at=tx.now
        )
        for n in range(count)
    ]
    tx.session.add_all(canned)
    tx.session.flush()
    return {
        "forum": forum.id,
        "forum_slug": forum.slug,
        "join_code": JOIN_CODE,
        "series_id": forum.series_id,
        "table_id": tables[-1],
        "registration_id": guests[0],
        "invitation_id": invitations[0],
        "wave": 2,
        "topic_id": topics[0],
        "open_topic_id": topics[-1],
        "contribution_id": waiting[0].id,
        "waiting_code": waiting[0].code,
        "code": accepted[0].code,
        "accepted": [item.id for item in accepted],
        "first_accepted": accepted[0].id,
        "unsupported": unsupported,
        "canned_id": canned[0].id,
        "cards_draft": _draft(tx, forum, CARDS, count, moderator_id),
        "done_draft": _draft(tx, forum, CARDS, count, moderator_id, is_done=True),
        "invitations_draft": _draft(tx, forum, INVITATIONS, count, moderator_id),
        "registration_key": subscriptions.make_link(tx, LinkKind.REGISTRATION, guests[0]),
        "invitation_key": subscriptions.make_link(tx, LinkKind.INVITATION, invitations[0]),
        "subscription_key": _subscription(tx, accepted[0].id, people, count),
        **polls,
    }


def by_endpoint(ids: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the parts of addresses that mean something else there than elsewhere.

    A name that ends with a dot is all pages of a feature.
    """
    return {
        "forums.": {"slug": ids["forum_slug"], "number": ids["wave"]},
        "contributions.": {
            "slug": ids["forum_slug"],
            "draft_id": ids["cards_draft"],
            "key": ids["subscription_key"],
        },
        **{
            f"votes.{name}": {"slug": ids["forum_slug"]}
            for name in (
                "poll_stand",
                "poll_answer",
                "poll_deed",
                "poll_edit",
                "poll_moderate",
                "poll_online",
                "poll_results",
                "poll_results_csv",
                "poll_results_xlsx",
                "polls_prepare",
            )
        },
        "votes.poll_edit": {"slug": ids["forum_slug"], "poll_id": ids["ready_poll_id"]},
        "votes.poll_moderate": {"slug": ids["forum_slug"], "poll_id": ids["words_poll_id"]},
        "forums.join": {"code": ids["join_code"]},
        "forums.invitations_preview": {"draft_id": ids["invitations_draft"]},
        **{
            f"forums.{name}": {"key": ids["registration_key"]}
            for name in ("registration", "cancel_registration", "confirm_registration", "join_registered")
        },
        **{
            f"forums.invitation{name}": {"key": ids["invitation_key"]}
            for name in ("", "_decline", "_refuse", "_substitute", "_accept")
        },
    }


def _add(tx: Transaction, model: type, rows: list[dict[str, Any]]) -> None:
    if rows:
        tx.session.execute(insert(model), rows)


def _forums(tx: Transaction, count: int, source_id: int | None) -> Forum:
    """Return the forum that runs now; `count` others have other dates, or none."""
    series = [
        ForumSeries(title=f"Reihe {n}", text="Fünf Foren.", position=n, created_at=tx.now)
        for n in range(1, count + 1)
    ]
    tx.session.add_all(series)
    tx.session.flush()
    states = (ForumState.HELD, ForumState.CONFIRMED, ForumState.PLANNED)
    days = (-30, 30, None)
    common = {"created_at": tx.now, "changed_at": tx.now, "source_id": source_id, "version": 1}
    for n in range(count):
        day = days[n % 3]
        begins_at = None if day is None else tx.now + timedelta(days=day, hours=n)
        tx.session.add(
            Forum(
                series_id=series[n].id, slug=f"forum-{n}", title=f"Zukunftsforum {n}", state=states[n % 3],
                starts_at=begins_at, ends_at=begins_at and begins_at + timedelta(hours=4), **common,
            )
        )  # fmt: skip
    forum = Forum(
        series_id=series[0].id, slug=SLUG, title="Zukunftsforum im Saal", state=ForumState.CONFIRMED,
        place="Zwickau", starts_at=tx.now - timedelta(hours=1), ends_at=tx.now + timedelta(hours=3),
        text="Was fehlt?", agenda="- 14:00 Beginn", capacity=10 * count, has_competition_notice=True,
        documentation_text="Danke an alle.", documentation_at=tx.now, **common,
    )  # fmt: skip
    tx.session.add(forum)
    tx.session.flush()
    return forum


def _tables(tx: Transaction, forum: Forum, count: int, field_id: int | None) -> list[int]:
    tables = [
        ForumTable(forum_id=forum.id, number=n, name=f"Tisch {n}", field_id=field_id, people=8)
        for n in range(1, min(count, 50) + 1)
    ]
    tx.session.add_all(tables)
    tx.session.flush()
    codes = [{"code": JOIN_CODE, "forum_id": forum.id, "table_id": None}]
    codes += [
        {"code": TABLE_CODE if n == 0 else f"TISCH{n}", "forum_id": forum.id, "table_id": table.id}
        for n, table in enumerate(tables)
    ]
    _add(tx, JoinCode, codes)
    return [table.id for table in tables]


def _guests(tx: Transaction, forum: Forum, count: int, moderator_id: int) -> list[int]:
    states = (RegistrationState.REGISTERED, RegistrationState.WAITING, RegistrationState.CANCELLED)
    guests = [
        Registration(
            forum_id=forum.id, email=f"gast{n}@example.org", name=f"Gast {n}", state=states[n % 3],
            organisation_name=f"Betrieb {n}", created_at=tx.now, confirmed_at=tx.now,
            waiting_since=tx.now if n % 3 == 1 else None, cancelled_at=tx.now if n % 3 == 2 else None,
            checked_in_at=tx.now if n and n % 3 == 0 else None,
            checked_in_by_id=moderator_id if n and n % 3 == 0 else None,
        )
        for n in range(count)
    ]  # fmt: skip
    tx.session.add_all(guests)
    tx.session.flush()
    return [guest.id for guest in guests]


def _invitations(tx: Transaction, forum: Forum, count: int, moderator_id: int) -> list[int]:
    """Make two waves on the list, the first of them sent, the second in preparation."""
    del moderator_id
    sent, planned = (
        InvitationWave(
            forum_id=forum.id, number=n, subject="Einladung", letter="Bitte kommen Sie.", created_at=tx.now,
            sent_at=tx.now if n == 1 else None,
        )
        for n in (1, 2)
    )  # fmt: skip
    tx.session.add_all([sent, planned])
    tx.session.flush()
    made = [
        Invitation(
            forum_id=forum.id, wave_id=planned.id if n % 2 else sent.id, name=f"Eingeladen {n}",
            email=f"leitung{n}@example.org", company=f"Betrieb {n}", district=f"Kreis {n % 5}",
            state=InvitationState.DRAFT if n % 2 else InvitationState.SENT, created_at=tx.now,
            sent_at=None if n % 2 else tx.now,
        )
        for n in range(count)
    ]  # fmt: skip
    tx.session.add_all(made)
    tx.session.flush()
    return [one.id for one in made]


def _topics(tx: Transaction, count: int, moderator_id: int, field_id: int | None) -> list[int]:
    """Return topics, the first with an answer."""
    topics = [
        Topic(
            title=f"Begleitung {n}", text="Wer hilft kleinen Betrieben?", field_id=field_id,
            answer="" if n else "Das wird vorgeschlagen.", answered_at=None if n else tx.now,
            answered_by_id=None if n else moderator_id, created_by_id=moderator_id, created_at=tx.now,
            changed_at=tx.now,
        )
        for n in range(count)
    ]  # fmt: skip
    tx.session.add_all(topics)
    tx.session.flush()
    return [topic.id for topic in topics]


def _contributions(
    tx: Transaction, forum: Forum, count: int, people: Sequence[int], topic_id: int, field_id: int | None
) -> tuple[list[Contribution], list[Contribution], str]:
    """Return those that wait, accepted ones, and the code of one of the second person nobody supports.

    The accepted ones are of a topic and supported; others are merged into the first.
    """

    def some(state: State, topic: int | None) -> list[Contribution]:
        return handing_in.add_all(
            tx,
            [
                NewContribution(
                    forum_id=forum.id, text=TEXT.format(n=n), origin=Origin.PHONE, state=state,
                    author_id=people[n % len(people)], field_id=field_id, topic_id=topic,
                    source_id=forum.source_id,
                )
                for n in range(count)
            ],
        )  # fmt: skip

    waiting, accepted = some(State.RECEIVED, None), some(State.ACCEPTED, topic_id)
    single = some(State.ACCEPTED, None)
    declined, merged = some(State.DECLINED, None), some(State.ACCEPTED, None)
    for item in merged:
        item.state, item.merged_into_id = State.MERGED, accepted[0].id
    for item in [*accepted, *declined, *merged]:
        item.screened_at = tx.now
    event: dict[str, Any] = {"at": tx.now, "by_id": people[0], "reason": "", "other_id": None}
    events = [{**event, "contribution_id": item.id, "verb": Verb.ACCEPT} for item in accepted]
    events += [
        {**event, "contribution_id": item.id, "verb": Verb.DECLINE, "reason": "Nein."} for item in declined
    ]
    events += [
        {**event, "contribution_id": accepted[0].id, "verb": verb, "reason": "Warum?"}
        for _ in range(count)
        for verb in (Verb.ASK, Verb.REPLY)
    ]
    _add(tx, ContributionEvent, events)
    supports = [
        {"contribution_id": item.id, "person_id": person, "at": tx.now}
        for item in accepted
        for person in people
        if person != item.author_id
    ]
    _add(tx, ContributionSupport, supports)
    for item in accepted:
        item.supporters = len(people) - 1
    tx.session.flush()
    return waiting, accepted, single[1].code


def _cards(tx: Transaction, forum: Forum, count: int, moderator_id: int) -> None:
    known = set(tx.session.scalars(select(Contribution.code)))
    size = len(CODE_ALPHABET)
    codes = [CODE_ALPHABET[n // size] + CODE_ALPHABET[n % size] + "XYZ2"[:4] for n in range(count)]
    assert all(len(code) == CODE_LENGTH for code in codes)
    _add(
        tx,
        ContributionCard,
        [
            {
                "code": code,
                "forum_id": forum.id,
                "number": n,
                "printed_at": tx.now,
                "printed_by_id": moderator_id,
                "contribution_id": None,
            }
            for n, code in enumerate(codes, 1)
            if code not in known
        ],
    )


def _draft(
    tx: Transaction, forum: Forum, kind: str, count: int, moderator_id: int, *, is_done: bool = False
) -> int:
    """Keep an uploaded table of the moderator; of one that was taken in the refused rows are left."""
    is_cards = kind == CARDS
    mapping: dict[str, Any] = {"columns": {"text": 0}} if is_cards else {"email": 0, "name": 1}
    if is_done:
        mapping |= {"taken": 7, "reasons": [["text", "required", {}]] * count}
    made = ImportDraft(
        kind=kind,
        forum_id=forum.id,
        created_by_id=moderator_id,
        file_name="liste.csv",
        columns=["Text"] if is_cards else ["E-Mail", "Name"],
        rows=[
            [n + 1, TEXT.format(n=n)] if is_cards else [n + 1, f"neu{n}@example.org", f"Neu {n}"]
            for n in range(1, count + 1)
        ],
        mapping=mapping,
        done_at=tx.now if is_done else None,
        created_at=tx.now,
        expires_at=tx.now + timedelta(days=1),
    )
    tx.session.add(made)
    tx.session.flush()
    return made.id


def _subscription(tx: Transaction, contribution_id: int, people: Sequence[int], count: int) -> str:
    """Let many hear about a contribution; return the key of a link of the first."""
    del people
    made = [
        Subscription(
            subject_kind="contribution", subject_id=contribution_id, address=f"hoert{n}@example.org",
            locale="de", created_at=tx.now, confirmed_at=tx.now,
        )
        for n in range(count)
    ]  # fmt: skip
    tx.session.add_all(made)
    tx.session.flush()
    return subscriptions.make_link(tx, "subscription", made[0].id)


def _polls(tx: Transaction, forum: Forum, count: int, people: Sequence[int]) -> dict[str, int]:
    """Ask the hall: one poll runs and stands on the wall, others are over, online, in words or to come."""
    asked = [
        RecurringQuestion(text=f"Wie bereit sind wir, {n}?", method=PollMethod.SCALE, created_at=tx.now)
        for n in range(count)
    ]
    tx.session.add_all(asked)
    tx.session.flush()
    known = {"forum_id": forum.id, "created_at": tx.now, "version": 1, "key": "ab" * 32}
    over = {"launched_at": tx.now - timedelta(days=1), "stopped_at": tx.now, "tally": [9, 0, 0, 0, 0]}
    made = [
        Poll(
            position=n, question=f"Wie bereit, {n}?", method=PollMethod.SCALE, recurring_id=asked[0].id,
            state=PollState.STOPPED, tally_answers=9, follow_up_until=tx.now if n % 2 else None,
            **known, **over,
        )
        for n in range(min(count, 40))
    ]  # fmt: skip
    words = Poll(
        position=count, question="Ein Wort?", method=PollMethod.WORDS, state=PollState.STOPPED,
        tally_answers=count, **known, **(over | {"tally": []}),
    )  # fmt: skip
    online = Poll(
        position=count + 1, question="Und danach?", method=PollMethod.SINGLE, options=["Ja", "Nein"],
        state=PollState.FOLLOW_UP, follow_up_until=tx.now + timedelta(days=5), tally_answers=9,
        **known, **(over | {"tally": [9, 0]}),
    )  # fmt: skip
    running = Poll(
        position=count + 2, question="Was zuerst?", method=PollMethod.SINGLE, options=["Strom", "Wege"],
        state=PollState.RUNNING, launched_at=tx.now, tally=[count, 0], tally_answers=count, **known,
    )  # fmt: skip
    ready = Poll(
        position=count + 3, question="Und sonst?", method=PollMethod.WORDS, forum_id=forum.id,
        created_at=tx.now, version=1,
    )  # fmt: skip
    tx.session.add_all([*made, words, online, running, ready])
    tx.session.flush()
    forum.projector_poll_id = running.id
    common = {"is_follow_up": False, "is_hidden": False, "words": "", "choices": [0]}
    rows = [
        common
        | {
            "id": f"{poll.id:08x}{n:024x}",
            "poll_id": poll.id,
            "voter_key": voter_key("ab" * 32, people[n] if n < len(people) else -1 - n),
            "words": TEXT.format(n=n) if poll is words else "",
            "choices": [] if poll is words else [0],
            "is_hidden": poll is running or (poll is words and n % 2 == 0),
            "is_follow_up": poll in made,
        }
        for poll in (words, running, *made[:2])
        for n in range(count)
    ]
    _add(tx, PollAnswer, rows)
    return {
        "poll_id": running.id,
        "stopped_poll_id": made[0].id,
        "words_poll_id": words.id,
        "ready_poll_id": ready.id,
        "recurring_id": asked[0].id,
    }
