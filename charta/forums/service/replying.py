# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Answers to personal invitations: yes, no, somebody else; by the link of the mail, without an account.

The link proves the address, so a yes is a confirmed registration at once. Answers can change until the forum
begins. Lock order: forum, invitation, registration, head of the log.
"""

from sqlalchemy import func, select

from charta.accounts.rules import Group, clean_email, clean_name
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.models import Forum, Invitation, Registration
from charta.forums.queries.forums import takes_registrations
from charta.forums.queries.invitations import NO_INVITATIONS, is_closed_to_invitations
from charta.forums.rules import (
    REASON_MAX,
    SUBSTITUTES_MAX,
    InvitationState,
    LinkKind,
    RegistrationState,
)
from charta.forums.service import letters, registering, telling
from charta.notifications.models import Subscription
from charta.notifications.subscriptions import linked_id
from charta.text.normalise import normalise


def accept(key: str) -> None:
    """Say yes: a place, the end of the queue, or interest while there is no date; twice is no error.

    Raises `NotFound`; `WrongState` once registration is closed.
    """
    with transaction() as tx:
        forum, found = _by_key(tx, key)
        letters.check_coming(tx, forum, "answer_invitation")
        registered = registering.by_address(tx, forum.id, found.email)
        if (
            found.state is InvitationState.YES
            and registered is not None
            and (registered.state in registering.FOLLOWING)
        ):
            return
        registering.enter(
            tx,
            forum,
            name=found.name or found.company,
            email=found.email,
            organisation_name=found.company,
            # The size classes are those of companies: whoever has one comes from a company.
            group=Group.COMPANY if found.size is not None else None,
            locale=found.locale,
            invitation_id=found.id,
        )
        _answer(tx, forum, found, InvitationState.YES)


def decline(key: str, *, reason: str = "") -> None:
    """Say no, if wanted with a reason that moderators read; a place taken before goes to the queue.

    Raises `NotFound`; `InvalidInput("reason", "too_long")`; `WrongState` once the forum has begun.
    """
    with transaction() as tx:
        forum, found = _by_key(tx, key)
        _decline(tx, forum, found, _clean_reason(reason))


def name_substitute(key: str, *, name: str, email: str) -> None:
    """Name somebody who comes instead: they get an invitation of their own, once.

    Nobody learns whether the address was on the list, has registered or wants no invitations: the answer is
    the same. Raises `NotFound`; `InvalidInput` (name, email: own_address, too_many); `WrongState` once
    registration is closed, and for somebody who is a substitute already.
    """
    cleaned, address = clean_name(name), clean_email(email)
    with transaction() as tx:
        forum, found = _by_key(tx, key)
        if not takes_registrations(forum, tx.now) or found.substitute_for_id is not None:
            raise WrongState("name_substitute", forum.state)
        if address == found.email:
            raise InvalidInput("email", "own_address")
        if found.state is InvitationState.SUBSTITUTE and found.substitute_email == address:
            return
        named = tx.session.scalar(
            select(func.count()).where(Invitation.substitute_for_id == found.id, Invitation.email != address)
        )
        if (named or 0) >= SUBSTITUTES_MAX:
            raise InvalidInput("email", "too_many", limit=SUBSTITUTES_MAX)
        _give_place_back(tx, forum, found)
        found.substitute_name, found.substitute_email = cleaned, address
        _invite_substitute(tx, forum, found)
        _answer(tx, forum, found, InvitationState.SUBSTITUTE)


def refuse_invitations(key: str) -> None:
    """Say no, and that no invitations to any forum are wanted any more; twice is no error."""
    with transaction() as tx:
        forum, found = _by_key(tx, key)
        known = tx.session.scalar(
            select(Subscription).where(
                Subscription.subject_kind == NO_INVITATIONS,
                Subscription.subject_id == 0,
                Subscription.address == found.email,
            )
        )
        if known is None:
            known = Subscription(
                subject_kind=NO_INVITATIONS,
                subject_id=0,
                address=found.email,
                locale=found.locale,
                created_at=tx.now,
            )
            tx.session.add(known)
        known.ended_at = known.ended_at or tx.now
        if found.state is InvitationState.SENT:
            _answer(tx, forum, found, InvitationState.NO)


def _decline(tx: Transaction, forum: Forum, found: Invitation, reason: str) -> None:
    letters.check_coming(tx, forum, "answer_invitation")
    if found.state is InvitationState.NO and found.answer_reason == reason:
        return
    _give_place_back(tx, forum, found)
    _answer(tx, forum, found, InvitationState.NO, reason=reason)


def _give_place_back(tx: Transaction, forum: Forum, found: Invitation) -> None:
    registered = registering.by_address(tx, forum.id, found.email)
    if registered is None or registered.state not in registering.FOLLOWING:
        return
    registering.leave(tx, forum, registered)
    telling.tell(tx, forum, [registered], "forum_unregistered", method="CANCEL")


def _invite_substitute(tx: Transaction, forum: Forum, found: Invitation) -> None:
    """Invite who was named, unless they are invited, registered or want no invitations."""
    address = found.substitute_email
    assert address is not None
    invited = tx.session.scalar(
        select(Invitation).where(Invitation.forum_id == forum.id, Invitation.email == address)
    )
    if invited is None:
        invited = Invitation(
            forum_id=forum.id,
            name=found.substitute_name,
            email=address,
            company=found.company,
            district=found.district,
            size=found.size,
            locale=found.locale,
            created_at=tx.now,
        )
        tx.session.add(invited)
    elif invited.state is not InvitationState.DRAFT:
        return
    is_free = not tx.session.scalar(select(is_closed_to_invitations(address))) and not tx.session.scalar(
        select(Registration.id).where(
            Registration.forum_id == forum.id,
            Registration.email == address,
            Registration.state != RegistrationState.UNCONFIRMED,
        )
    )
    invited.substitute_for_id = found.id
    if is_free:
        invited.state, invited.sent_at, invited.wave_id = InvitationState.SENT, tx.now, found.wave_id
        tx.session.flush()
        letters.write(tx, forum, [invited], "forum_substitute", once="sent", named_by=found.name)


def _answer(
    tx: Transaction, forum: Forum, found: Invitation, state: InvitationState, *, reason: str = ""
) -> None:
    found.state, found.answered_at, found.answer_reason = state, tx.now, reason
    if state is not InvitationState.SUBSTITUTE:
        found.substitute_name, found.substitute_email = "", None
    tx.session.flush()
    activity.record(tx, None, "answer_invitation", "forum", forum.id, invitation=found.id, answer=state.value)


def _clean_reason(raw: str) -> str:
    reason = normalise(raw, "reason").strip()
    if len(reason) > REASON_MAX:
        raise InvalidInput("reason", "too_long", limit=REASON_MAX, length=len(reason))
    return reason


def _by_key(tx: Transaction, key: str) -> tuple[Forum, Invitation]:
    """Lock the forum, then the invitation that the link of a mail opens."""
    ident = linked_id(LinkKind.INVITATION.value, key)
    forum_id = tx.session.scalar(select(Invitation.forum_id).where(Invitation.id == (ident or 0)))
    forum = tx.lock(Forum, forum_id) if forum_id is not None else None
    found = tx.lock(Invitation, ident) if forum is not None else None
    if forum is None or found is None:
        raise NotFound(kind="invitation", id=None)
    return forum, found
