# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Waves of invitations: who is in one, its letter, when it leaves and reminds.

Nobody is written to twice: a wave leaves once, and who has registered or wants no more invitations is left
out. Lock order: forum, wave, invitations, head of the log.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from charta.accounts import service as accounts
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.models import Forum, Invitation, InvitationWave
from charta.forums.queries.invitations import may_be_written_to
from charta.forums.rules import LETTER_MAX, SUBJECT_MAX, CompanySize, InvitationState
from charta.forums.service import steps
from charta.forums.service.letters import check_coming, is_over, letter_of, write
from charta.permissions import Actor, Permission, require
from charta.text.normalise import normalise, single_line

_CHUNK = 1_000


def plan_wave(
    actor: Actor,
    forum_id: int,
    *,
    subject: str,
    letter: str,
    districts: Collection[str] = (),
    sizes: Collection[CompanySize | None] = (),
) -> int:
    """Gather everybody on the list who is in no wave yet and fits; return the number of the new wave.

    Empty filters mean everybody; None among `sizes` means those of unknown size. Raises `InvalidInput`
    (subject, letter; `districts: nobody` when the wave would be empty).
    """
    cleaned = _clean_letter(subject, letter)
    with transaction() as tx:
        actor, forum = steps.entered(tx, actor, forum_id)
        number = 1 + (
            tx.session.scalar(
                select(func.max(InvitationWave.number)).where(InvitationWave.forum_id == forum.id)
            )
            or 0
        )
        wave = InvitationWave(
            forum_id=forum.id, number=number, subject=cleaned[0], letter=cleaned[1], created_at=tx.now
        )
        tx.session.add(wave)
        tx.session.flush()
        _gather(tx, forum, wave, districts, sizes)
        activity.record(tx, actor, "plan_wave", "forum", forum.id, wave=number)
        return number


def change_wave(actor: Actor, wave_id: int, *, subject: str, letter: str) -> None:
    """Change the letter of a wave that has not left yet; raises as `plan_wave`, `WrongState`."""
    cleaned = _clean_letter(subject, letter)
    with transaction() as tx:
        actor, forum, wave = _wave(tx, actor, wave_id)
        if wave.sent_at is not None:
            raise WrongState("change_wave", "sent")
        if (wave.subject, wave.letter) == cleaned:
            return
        wave.subject, wave.letter = cleaned
        activity.record(tx, actor, "change_wave", "forum", forum.id, wave=wave.number)


def discard_wave(actor: Actor, wave_id: int) -> None:
    """Give a wave up that has not left yet: its people stay on the list. Raises `WrongState`."""
    with transaction() as tx:
        actor, forum, wave = _wave(tx, actor, wave_id)
        if wave.sent_at is not None:
            raise WrongState("discard_wave", "sent")
        tx.session.execute(update(Invitation).where(Invitation.wave_id == wave.id).values(wave_id=None))
        tx.session.execute(delete(InvitationWave).where(InvitationWave.id == wave.id))
        activity.record(tx, actor, "discard_wave", "forum", forum.id, wave=wave.number)


def send_wave(actor: Actor, wave_id: int) -> int:
    """Write to everybody of a wave, each with a personal link; return how many mails. Twice sends nothing.

    Who registered meanwhile or wants no invitations is left out and stays on the list. Raises
    `InvalidInput("wave", "nobody")`, `WrongState` once the forum has begun or is cancelled.
    """
    with transaction() as tx:
        actor, forum, wave = _wave(tx, actor, wave_id)
        if wave.sent_at is not None:
            return 0
        check_coming(tx, forum, "send_wave")
        in_wave = Invitation.wave_id == wave.id
        chosen = tx.session.scalars(
            select(Invitation).where(
                in_wave, Invitation.state == InvitationState.DRAFT, may_be_written_to(forum.id)
            )
        ).all()
        if not chosen:
            raise InvalidInput("wave", "nobody")
        ids = [one.id for one in chosen]
        tx.session.execute(
            update(Invitation)
            .where(in_wave)
            .values(wave_id=None)
            .execution_options(synchronize_session=False)
        )
        _set(tx, ids, wave_id=wave.id, state=InvitationState.SENT, sent_at=tx.now)
        write(tx, forum, chosen, "forum_invitation", once="sent", **letter_of(wave))
        wave.sent_at = tx.now
        activity.record(tx, actor, "send_wave", "forum", forum.id, wave=wave.number, count=len(chosen))
        return len(chosen)


def set_reminder(actor: Actor, wave_id: int, *, remind_at: datetime | None) -> None:
    """Set or take back when those of a wave who have not answered are reminded, once.

    Raises `InvalidInput` (remind_at: in_the_past, after_forum), `WrongState` when it has happened.
    """
    with transaction() as tx:
        actor, forum, wave = _wave(tx, actor, wave_id)
        if wave.reminded_at is not None:
            raise WrongState("set_reminder", "reminded")
        if remind_at is not None:
            check_coming(tx, forum, "set_reminder")
            if remind_at <= tx.now:
                raise InvalidInput("remind_at", "in_the_past")
            if forum.starts_at is not None and remind_at >= forum.starts_at:
                raise InvalidInput("remind_at", "after_forum")
        if wave.remind_at == remind_at:
            return
        wave.remind_at = remind_at
        activity.record(tx, actor, "set_reminder", "forum", forum.id, wave=wave.number)


def remind_now(actor: Actor, wave_id: int) -> int:
    """Remind those of a wave who have not answered; return how many. Twice sends nothing.

    Raises `WrongState` before the wave has left and once the forum has begun or is cancelled.
    """
    with transaction() as tx:
        actor, forum, wave = _wave(tx, actor, wave_id)
        if wave.reminded_at is not None:
            return 0
        if wave.sent_at is None:
            raise WrongState("remind", "planned")
        check_coming(tx, forum, "remind")
        count = _remind(tx, forum, wave)
        activity.record(tx, actor, "remind_wave", "forum", forum.id, wave=wave.number, count=count)
        return count


def remind_due(wave_id: int) -> int:
    """Remind by the date of a wave, for the worker; a forum that is over or cancelled sends nothing."""
    with transaction() as tx:
        forum, wave = _locked_wave(tx, wave_id)
        is_due = wave.remind_at is not None and wave.remind_at <= tx.now
        if not is_due or wave.sent_at is None or wave.reminded_at is not None:
            return 0
        if is_over(tx, forum):
            wave.remind_at = None
            return 0
        count = _remind(tx, forum, wave)
        activity.record(tx, None, "remind_wave", "forum", forum.id, wave=wave.number, count=count)
        return count


def _gather(
    tx: Transaction,
    forum: Forum,
    wave: InvitationWave,
    districts: Collection[str],
    sizes: Collection[CompanySize | None],
) -> None:
    waiting = [
        Invitation.forum_id == forum.id,
        Invitation.state == InvitationState.DRAFT,
        Invitation.wave_id.is_(None),
        may_be_written_to(forum.id),
    ]
    if districts:
        waiting.append(Invitation.district.in_(sorted(districts)))
    if sizes:
        named = [size.value for size in sizes if size is not None]
        fits = Invitation.size.in_(named)
        waiting.append(fits | Invitation.size.is_(None) if None in sizes else fits)
    ids = tx.session.scalars(select(Invitation.id).where(*waiting)).all()
    if not ids:
        raise InvalidInput("districts", "nobody")
    _set(tx, ids, wave_id=wave.id)


def _remind(tx: Transaction, forum: Forum, wave: InvitationWave) -> int:
    silent = tx.session.scalars(
        select(Invitation).where(
            Invitation.wave_id == wave.id,
            Invitation.state == InvitationState.SENT,
            Invitation.reminded_at.is_(None),
            may_be_written_to(forum.id),
        )
    ).all()
    _set(tx, [one.id for one in silent], reminded_at=tx.now)
    write(tx, forum, silent, "forum_reminder", once="reminder", **letter_of(wave))
    wave.reminded_at = tx.now
    return len(silent)


def _set(tx: Transaction, ids: Sequence[int], **values: Any) -> None:
    for chunk in _chunks(ids):
        tx.session.execute(
            update(Invitation)
            .where(Invitation.id.in_(chunk))
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """Split a list of ids into parts that fit into one statement."""
    return (ids[start : start + _CHUNK] for start in range(0, len(ids), _CHUNK))


def _clean_letter(subject: str, letter: str) -> tuple[str, str]:
    line = single_line(subject, "subject")
    text = normalise(letter, "letter").strip()
    for name, value, limit in (("subject", line, SUBJECT_MAX), ("letter", text, LETTER_MAX)):
        if not value:
            raise InvalidInput(name, "required")
        if len(value) > limit:
            raise InvalidInput(name, "too_long", limit=limit, length=len(value))
    return line, text


def _wave(tx: Transaction, actor: Actor, wave_id: int) -> tuple[Actor, Forum, InvitationWave]:
    actor = accounts.reread(tx, actor)
    require(actor, Permission.INVITE_TO_FORUM)
    forum, wave = _locked_wave(tx, wave_id)
    return actor, forum, wave


def _locked_wave(tx: Transaction, wave_id: int) -> tuple[Forum, InvitationWave]:
    forum_id = tx.session.scalar(select(InvitationWave.forum_id).where(InvitationWave.id == wave_id))
    forum = tx.lock(Forum, forum_id) if forum_id is not None else None
    wave = tx.lock(InvitationWave, wave_id) if forum is not None else None
    if forum is None or wave is None:
        raise NotFound(kind="invitation_wave", id=wave_id)
    return forum, wave
