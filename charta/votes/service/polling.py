# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Preparing and running polls from the moderator's device: what is asked, when, and what the wall shows."""

import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select, update

from charta.db import Transaction, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, WrongState
from charta.forums.models import Forum
from charta.forums.rules import ForumState
from charta.permissions import Actor
from charta.votes import poll_rules
from charta.votes.models import Poll, PollAnswer, RecurringQuestion
from charta.votes.poll_rules import PollVerb, Question
from charta.votes.rules import PollMethod, PollState
from charta.votes.service import poll_steps as steps


def prepare(
    actor: Actor,
    forum_id: int,
    asked: Question | None,
    *,
    recurring_id: int | None = None,
    shows_results: bool = True,
    is_recurring: bool = False,
) -> int:
    """Put a question on the list of a forum and return its id: one's own, or a recurring one unchanged.

    `is_recurring` keeps one's own question for other forums. `asked` comes from `poll_rules.question`. A
    second tap puts no second question there. Raises `InvalidInput` (recurring_id: not_found; question:
    required, taken, too_many_polls).
    """
    with transaction() as tx:
        actor, forum = steps.forum_run_by(tx, actor, forum_id)
        count = tx.session.scalar(select(func.count()).where(Poll.forum_id == forum.id)) or 0
        if count >= poll_rules.POLLS_MAX:
            raise InvalidInput("question", "too_many_polls", limit=poll_rules.POLLS_MAX)
        if recurring_id is not None:
            known = tx.session.get(RecurringQuestion, recurring_id)
            if known is None:
                raise InvalidInput("recurring_id", "not_found")
            asked = Question(known.text, known.method, tuple(known.options), known.points)
        elif asked is None:
            raise InvalidInput("question", "required")
        elif is_recurring:
            recurring_id = _keep(tx, asked)
        known_id = _waiting(tx, forum.id, asked, shows_results=shows_results)
        if known_id is not None:
            return known_id
        last = tx.session.scalar(select(func.max(Poll.position)).where(Poll.forum_id == forum.id)) or 0
        made = Poll(
            forum_id=forum.id,
            recurring_id=recurring_id,
            position=last + 1,
            question=asked.text,
            method=asked.method,
            options=list(asked.options),
            points=asked.points,
            shows_results=shows_results,
            created_at=tx.now,
        )
        tx.session.add(made)
        tx.session.flush()
        steps.record(tx, actor, "prepare_poll", made)
        return made.id


def change(actor: Actor, poll_id: int, asked: Question, *, shows_results: bool, seen_version: int) -> None:
    """Change a question that nobody has seen yet; that of a recurring one stays as it is everywhere.

    Raises `WrongState` once it was launched, `EditConflict`.
    """
    with transaction() as tx:
        actor, _forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is not PollState.READY:
            raise WrongState("change_poll", poll.state.value)
        if poll.version != seen_version:
            raise EditConflict(subject="poll", version=poll.version)
        if poll.recurring_id is None:
            poll.question, poll.method = asked.text, asked.method
            poll.options, poll.points = list(asked.options), asked.points
        poll.shows_results = shows_results
        poll.version += 1
        tx.session.flush()
        steps.record(tx, actor, "change_poll", poll)


def remove(actor: Actor, poll_id: int) -> None:
    """Take a question off the list; `WrongState` once it was launched: answers are never thrown away."""
    with transaction() as tx:
        actor, _forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is not PollState.READY:
            raise WrongState("remove_poll", poll.state.value)
        tx.session.delete(poll)
        tx.session.flush()
        steps.record(tx, actor, "remove_poll", poll)


def launch(actor: Actor, poll_id: int) -> None:
    """Ask the hall and put the question on the wall; another one that runs is stopped.

    A stopped one goes on with its answers. Twice changes nothing. Raises `WrongState` for a forum that was
    cancelled, after an online follow-up, and when the key of the answers is destroyed.
    """
    with transaction() as tx:
        actor, forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is PollState.RUNNING:
            return
        state = poll_rules.after(poll.state, PollVerb.LAUNCH)
        is_first = poll.state is PollState.READY
        if forum.state is ForumState.CANCELLED or poll.follow_up_until is not None:
            raise WrongState("launch_poll", poll.state.value)
        if not is_first and poll.key is None:
            raise WrongState("launch_poll", "forgotten")
        _stop_running(tx, forum.id)
        poll.state = state
        if is_first:
            poll.key, poll.launched_at = secrets.token_hex(32), tx.now
        poll.stopped_at = None
        poll.version += 1
        _on_the_wall(forum, poll.id)
        tx.session.flush()
        steps.record(tx, actor, "launch_poll", poll)


def stop(actor: Actor, poll_id: int) -> None:
    """End a poll in the hall; the wall keeps the result. Twice changes nothing.

    All answers are shown, unless that would add fewer than five to what was shown before.
    """
    with transaction() as tx:
        actor, forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is PollState.STOPPED:
            return
        steps.stop(tx, poll)
        forum.projector_version += 1
        steps.record(
            tx, actor, "stop_poll", poll, answers=poll.tally_answers, tally_hash=steps.tally_hash(poll)
        )


def reveal(actor: Actor, poll_id: int) -> None:
    """Show the results of a running poll that were held back until its end."""
    with transaction() as tx:
        actor, forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.shows_results:
            return
        poll.shows_results = True
        if poll.state is PollState.RUNNING:
            steps.move_on(tx, poll)
        poll.version += 1
        forum.projector_version += 1
        steps.record(tx, actor, "reveal_poll", poll)


def show(actor: Actor, poll_id: int) -> None:
    """Put a poll that runs or has run on the wall; `WrongState` for one that was never launched."""
    with transaction() as tx:
        actor, forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is PollState.READY:
            raise WrongState("show_poll", poll.state.value)
        if forum.projector_poll_id == poll.id:
            return
        _on_the_wall(forum, poll.id)
        steps.record(tx, actor, "show_poll", poll)


def take_down(actor: Actor, poll_id: int) -> None:
    """Take a poll off the wall; whether it runs does not change."""
    with transaction() as tx:
        actor, forum, poll = steps.run_by(tx, actor, poll_id)
        if forum.projector_poll_id != poll.id:
            return
        _on_the_wall(forum, None)
        steps.record(tx, actor, "take_down_poll", poll)


def open_online(actor: Actor, poll_id: int, *, until: datetime | None) -> None:
    """Let those who came and have not answered answer online; the end can be moved.

    Raises `InvalidInput` (until: required, in_the_past, too_late) and `WrongState` while it runs, and later
    than two weeks after its end: then nobody is recognised any more.
    """
    with transaction() as tx:
        actor, _forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is not PollState.FOLLOW_UP:
            poll_rules.after(poll.state, PollVerb.OPEN_ONLINE)
        if until is None:
            raise InvalidInput("until", "required")
        if until <= tx.now:
            raise InvalidInput("until", "in_the_past")
        if until > tx.now + poll_rules.FOLLOW_UP_MAX:
            raise InvalidInput("until", "too_far", limit=poll_rules.FOLLOW_UP_MAX.days)
        if poll.key is None:
            raise WrongState("open_poll_online", "forgotten")
        steps.settle_online(tx, poll)
        poll.state, poll.follow_up_until = PollState.FOLLOW_UP, until
        poll.version += 1
        steps.record(tx, actor, "open_poll_online", poll, until=until.isoformat())


def close_online(actor: Actor, poll_id: int) -> None:
    """End the online follow-up now. Twice changes nothing."""
    with transaction() as tx:
        actor, _forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.state is PollState.STOPPED:
            return
        poll.state = poll_rules.after(poll.state, PollVerb.CLOSE_ONLINE)
        poll.follow_up_until = min(poll.follow_up_until or tx.now, tx.now)
        steps.settle_online(tx, poll)
        poll.version += 1
        steps.record(tx, actor, "close_poll_online", poll)


def let_through(actor: Actor, poll_id: int, *, answer_ids: Collection[str]) -> int:
    """Show these words on the wall and in the results; return how many were not shown before."""
    return _turn(actor, poll_id, answer_ids, is_hidden=False)


def hide(actor: Actor, poll_id: int, *, answer_ids: Collection[str]) -> int:
    """Take these words away from the wall and the results; return how many stood there."""
    return _turn(actor, poll_id, answer_ids, is_hidden=True)


def forget_keys() -> int:
    """Destroy the keys of polls that ended two weeks ago; return of how many. For the worker."""
    with transaction() as tx:
        before = tx.now - poll_rules.FOLLOW_UP_WITHIN
        ids = tx.session.scalars(
            select(Poll.id).where(
                Poll.key.is_not(None),
                Poll.state.in_([PollState.STOPPED, PollState.FOLLOW_UP]),
                Poll.stopped_at < before,
                func.coalesce(Poll.follow_up_until, Poll.stopped_at) < before,
            )
        ).all()
        if ids:
            tx.session.execute(update(Poll).where(Poll.id.in_(ids)).values(key=None))
        return len(ids)


# --------------------------------------------------------------------------------------------------- steps


def _waiting(tx: Transaction, forum_id: int, asked: Question, *, shows_results: bool) -> int | None:
    """Return the same question on the list of a forum when it was not asked yet."""
    found = tx.session.scalars(
        select(Poll).where(
            Poll.forum_id == forum_id,
            Poll.state == PollState.READY,
            Poll.question == asked.text,
            Poll.method == asked.method,
            Poll.points == asked.points,
            Poll.shows_results.is_(shows_results),
        )
    )
    return next((poll.id for poll in found if tuple(poll.options) == asked.options), None)


def _keep(tx: Transaction, asked: Question) -> int:
    """Store a question for other forums; the same one again is the same."""
    found = tx.session.scalar(select(RecurringQuestion).where(RecurringQuestion.text == asked.text))
    if found is not None:
        same = (found.method, tuple(found.options), found.points)
        if same != (asked.method, asked.options, asked.points):
            raise InvalidInput("question", "recurring_differs")
        return found.id
    made = RecurringQuestion(
        text=asked.text,
        method=asked.method,
        options=list(asked.options),
        points=asked.points,
        created_at=tx.now,
    )
    tx.session.add(made)
    tx.session.flush()
    return made.id


def _stop_running(tx: Transaction, forum_id: int) -> None:
    running = tx.session.scalar(
        select(Poll)
        .where(Poll.forum_id == forum_id, Poll.state == PollState.RUNNING)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if running is not None:
        steps.stop(tx, running)


def _on_the_wall(forum: Forum, poll_id: int | None) -> None:
    forum.projector_poll_id = poll_id
    forum.projector_version += 1


def _turn(actor: Actor, poll_id: int, answer_ids: Collection[str], *, is_hidden: bool) -> int:
    with transaction() as tx:
        actor, forum, poll = steps.run_by(tx, actor, poll_id)
        if poll.method is not PollMethod.WORDS:
            raise NotFound(kind="words", id=poll_id)
        changed = tx.session.execute(
            update(PollAnswer)
            .where(
                PollAnswer.poll_id == poll.id,
                PollAnswer.id.in_(answer_ids),
                PollAnswer.is_hidden.is_not(is_hidden),
            )
            .values(is_hidden=is_hidden)
            .returning(PollAnswer.id)
        ).all()
        if changed:
            poll.version += 1
            forum.projector_version += 1
            verb = "hide_poll_words" if is_hidden else "let_poll_words_through"
            steps.record(tx, actor, verb, poll, count=len(changed))
        return len(changed)
