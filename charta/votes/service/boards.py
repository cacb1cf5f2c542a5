# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The read-only link of a partner's own board to a ballot: for people without an account, nothing of votes.

One link per organisation and ballot. Its key is made from the ballot's own key, so that the link can be shown
again (and printed as a QR code) to those who act for the organisation; stored is the hash only.
"""

from sqlalchemy import delete, select, update

from charta.accounts import service as accounts
from charta.db import Transaction, transaction
from charta.errors import NotFound, NotPermitted, WrongState
from charta.notifications.models import MailLink
from charta.notifications.subscriptions import hash_key
from charta.permissions import Actor, Permission, Reason, require
from charta.votes.board_keys import KEPT_AFTER, key_of, kind, kind_of_any
from charta.votes.models import Ballot, PartnerSeat
from charta.votes.rules import BallotState
from charta.votes.service import steps


def share(actor: Actor, ballot_id: int) -> None:
    """Make the read-only link of the actor's organisation; one that is there stays as it is.

    It ends thirty days after the ballot. Raises `NotPermitted` for who is not on the roll,
    `WrongState("share", ...)` for a ballot that takes no votes any more.
    """
    with transaction() as tx:
        actor, ballot = _enter(tx, actor, ballot_id)
        organisation_id = actor.organisation_id
        assert organisation_id is not None
        if ballot.state is not BallotState.OPEN or ballot.key is None or ballot.closes_at <= tx.now:
            raise WrongState("share", ballot.state.value)
        known = tx.session.scalar(
            select(MailLink.id).where(
                MailLink.subject_kind == kind(organisation_id), MailLink.subject_id == ballot_id
            )
        )
        if known is not None:
            return
        tx.session.add(
            MailLink(
                key_hash=hash_key(key_of(ballot.key, organisation_id, tx.now)),
                subject_kind=kind(organisation_id),
                subject_id=ballot_id,
                created_at=tx.now,
                expires_at=ballot.closes_at + KEPT_AFTER,
            )
        )
        steps.record(tx, actor, "share_ballot", ballot, organisation_id=organisation_id)


def unshare(actor: Actor, ballot_id: int) -> None:
    """End the read-only link of the actor's organisation, wherever the ballot stands; twice is no error."""
    with transaction() as tx:
        actor = accounts.reread(tx, actor)
        require(actor, Permission.CAST_FOR_PARTNER)
        ballot = tx.session.get(Ballot, ballot_id)
        if ballot is None or ballot.state is BallotState.DRAFT:
            raise NotFound(kind="ballot", id=ballot_id)
        organisation_id = actor.organisation_id
        if organisation_id is None:
            raise NotPermitted(Reason.NOT_ON_ROLL)
        ended = tx.session.scalars(
            delete(MailLink)
            .where(MailLink.subject_kind == kind(organisation_id), MailLink.subject_id == ballot_id)
            .returning(MailLink.id)
        ).all()
        if ended:
            steps.record(tx, actor, "unshare_ballot", ballot, organisation_id=organisation_id)


def end_all(tx: Transaction, ballot: Ballot) -> None:
    """End the links of all boards to a ballot that is called off; they only say so from now on."""
    tx.session.execute(
        update(MailLink)
        .where(
            MailLink.subject_kind.startswith(kind_of_any(), autoescape=True),
            MailLink.subject_id == ballot.id,
            MailLink.expires_at > tx.now,
        )
        .values(expires_at=tx.now)
        .execution_options(synchronize_session=False)
    )


def _enter(tx: Transaction, actor: Actor, ballot_id: int) -> tuple[Actor, Ballot]:
    """Lock the seat of the actor's organisation and return both; two clicks make one link."""
    actor = accounts.reread(tx, actor)
    require(actor, Permission.CAST_FOR_PARTNER)
    ballot = tx.session.get(Ballot, ballot_id)
    if ballot is None or ballot.state is BallotState.DRAFT:
        raise NotFound(kind="ballot", id=ballot_id)
    seat = tx.session.scalar(
        select(PartnerSeat)
        .where(PartnerSeat.ballot_id == ballot_id, PartnerSeat.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    if seat is None or actor.id not in seat.member_ids:
        raise NotPermitted(Reason.NOT_ON_ROLL)
    return actor, ballot
