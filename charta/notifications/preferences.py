# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""How a person wants mail: choosing, ending by the link of a mail, and addresses that take none any more."""

from sqlalchemy import text, update

from charta.accounts.models import Person
from charta.accounts.service import reread
from charta.activity import service as activity
from charta.db import Transaction, transaction
from charta.errors import NotFound
from charta.notifications.models import MailPreference, Notice
from charta.notifications.rules import Digest, Unsubscribe
from charta.permissions import Actor, Permission, require


def choose(actor: Actor, *, digest: Digest, wants_own: bool) -> None:
    """Store how the actor wants mail; the same again writes nothing.

    Who wants digests again gets none about the time without: what is there already stays in the list.
    """
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        assert actor.id is not None
        found = _preference(tx, actor.id)
        if (found.digest, found.wants_own) == (digest, wants_own):
            return
        _set_digest(tx, found, digest)
        found.wants_own = wants_own
        activity.record(
            tx, actor, "choose_mails", "person", actor.id, digest=digest.value, wants_own=wants_own
        )


def address_is_fine(actor: Actor) -> None:
    """Let mails be tried again that an address refused; no error when none was refused."""
    with transaction() as tx:
        actor = reread(tx, actor)
        require(actor, Permission.USE_ACCOUNT)
        assert actor.id is not None
        if forget_bounce(tx, actor.id):
            activity.record(tx, actor, "try_address_again", "person", actor.id)


def unsubscribe(person_id: int, what: Unsubscribe) -> None:
    """End one kind of mails by the link of a mail, whoever is signed in; twice is no error.

    Raises `NotFound` when there is no such person any more.
    """
    _by_link(person_id, what, is_wanted=False)


def subscribe_again(person_id: int, what: Unsubscribe) -> None:
    """Take the ending back by the same link: a digest each day, mails at once. Raises `NotFound`."""
    _by_link(person_id, what, is_wanted=True)


def _by_link(person_id: int, what: Unsubscribe, *, is_wanted: bool) -> None:
    with transaction() as tx:
        person = tx.session.get(Person, person_id)
        if person is None:
            raise NotFound(kind="person", id=person_id)
        found = _preference(tx, person_id)
        if what is Unsubscribe.OWN:
            if found.wants_own == is_wanted:
                return
            found.wants_own = is_wanted
        else:
            if (found.digest is not Digest.NEVER) == is_wanted:
                return
            _set_digest(tx, found, Digest.DAILY if is_wanted else Digest.NEVER)
        # The key of a mail is no session: nobody is named as the doer.
        activity.record(
            tx,
            None,
            "choose_mails",
            "person",
            person_id,
            digest=found.digest.value,
            wants_own=found.wants_own,
            by_link=True,
        )


def _set_digest(tx: Transaction, preference: MailPreference, digest: Digest) -> None:
    if preference.digest is Digest.NEVER and digest is not Digest.NEVER:
        tx.session.execute(
            update(Notice)
            .where(Notice.person_id == preference.person_id, Notice.digested_at.is_(None))
            .values(digested_at=tx.now)
        )
    preference.digest = digest


# ------------------------------------------------------------------------------------------ shared steps


def _preference(tx: Transaction, person_id: int) -> MailPreference:
    """Return the locked row of a person, made when there is none: two at once make one."""
    found = tx.lock(MailPreference, person_id)
    if found is None:
        tx.session.execute(
            text(
                "INSERT INTO mail_preference (person_id, digest, wants_own) VALUES (:id, 'daily', :yes) "
                "ON CONFLICT (person_id) DO NOTHING"
            ),
            {"id": person_id, "yes": True},
        )
        found = tx.lock(MailPreference, person_id)
    assert found is not None
    return found


def note_bounce(tx: Transaction, person_id: int) -> None:
    """Note that a person's address refused a mail for good."""
    found = _preference(tx, person_id)
    found.bounced_at = found.bounced_at or tx.now


def forget_bounce(tx: Transaction, person_id: int) -> bool:
    """Let mails be tried again; return whether there was anything to forget."""
    found = tx.lock(MailPreference, person_id)
    if found is None or found.bounced_at is None:
        return False
    found.bounced_at = None
    return True
