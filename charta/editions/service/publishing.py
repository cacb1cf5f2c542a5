# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Publishing an edition: from then on it never changes."""

from charta import events
from charta.activity import service as activity
from charta.db import transaction
from charta.editions.rules import REASON_MAX, Decision, EditionState, clean_words
from charta.editions.service import steps
from charta.editions.service.composing import in_force, require_next
from charta.errors import InvalidInput, WrongState
from charta.permissions import Actor, Permission


def publish(actor: Actor, edition_id: int, *, seen_version: int, reason: str = "") -> None:
    """Put an edition in force; the reason is published where the partners have not adopted exactly this text.

    Raises `NotFound`; `WrongState("publish", "held" | "published" | "discarded" | "overtaken")`, the last
    when an edition with a higher number is in force; `EditConflict`;
    `InvalidInput("reason", "required" | "too_long")`.
    """
    clean_reason = clean_words(reason, "reason", REASON_MAX)
    with transaction() as tx:
        actor = steps.composer(tx, actor, Permission.PUBLISH_EDITION)
        edition = steps.locked(tx, edition_id)
        steps.require_free(edition, "publish")
        steps.check_seen(edition, seen_version)
        if edition.decision is not Decision.ADOPTED and not clean_reason:
            raise InvalidInput("reason", "required")
        try:
            require_next(tx, edition.name)
        except InvalidInput as error:
            raise WrongState("publish", "overtaken", edition=edition.name, **error.data) from None
        edition.previous_id = in_force(tx)
        # Before it is published: the notes that stand now are printed with it, and none after that.
        events.publish(tx, events.EditionFrozen(edition.id))
        edition.state = EditionState.PUBLISHED
        edition.published_at, edition.published_by_id = tx.now, actor.id
        edition.release_reason = clean_reason
        edition.version += 1
        tx.session.flush()
        activity.record(
            tx,
            actor,
            "publish_edition",
            "edition",
            edition.id,
            number=edition.name,
            content_hash=edition.content_hash,
            decision=edition.decision.value,
            ballot=edition.decided_by_ballot,
        )
