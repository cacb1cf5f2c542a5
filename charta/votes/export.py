# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The file of a ballot: what anyone needs to recount it, and nothing that names a participant.

`recount` counts it; the stored tally is what came out at closing. The same ballot gives the same bytes at any
later time: everything in it is frozen at opening or at closing.
"""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from charta.votes import anonymity, recount
from charta.votes.anonymity import NO_GROUP, Voter
from charta.votes.models import Ballot, ParticipantSeat, PartnerSeat


def build(read: Session, ballot: Ballot, *, closed_at: datetime) -> dict[str, Any]:
    """Return the sealed export of an opened ballot (two statements); `closed_at` is when it ended."""
    assert ballot.rules is not None
    k = ballot.rules["k"]
    found = read.execute(
        select(
            PartnerSeat.name,
            PartnerSeat.choices,
            PartnerSeat.reasons,
            PartnerSeat.receipt,
            PartnerSeat.reservation_until,
        ).where(PartnerSeat.ballot_id == ballot.id)
    ).all()
    partners = sorted(found, key=lambda seat: seat.name)  # databases sort differently: the bytes may not
    seats = read.execute(
        select(ParticipantSeat.group, ParticipantSeat.choices, ParticipantSeat.receipt).where(
            ParticipantSeat.ballot_id == ballot.id
        )
    ).all()
    cast = sorted((seat.receipt, seat.choices) for seat in seats if seat.choices is not None)
    is_shown = len(cast) >= k
    groups: list[dict[str, Any]] = []
    if ballot.tally is not None:
        groups = _published(json.loads(ballot.tally))
    elif is_shown:
        voters = (Voter(seat.group.value if seat.group else NO_GROUP, seat.choices) for seat in seats)
        groups = anonymity.tables(voters, ballot.rules["questions"], k)
    return recount.sealed(
        {
            "format": recount.FORMAT,
            "ballot": {
                "number": ballot.id,
                "title": ballot.title,
                "intro": ballot.intro,
                "is_test": ballot.is_test,
                "text": {"title": ballot.text_title, "body": ballot.text_body},
            },
            "rules": ballot.rules,
            "rules_hash": ballot.rules_hash,
            "opened_at": moment(ballot.opened_at),
            "closed_at": moment(closed_at),
            "roll": {
                "partners": [
                    {
                        "organisation": seat.name,
                        "voted": seat.choices is not None,
                        "reservation_until": seat.reservation_until and seat.reservation_until.isoformat(),
                    }
                    for seat in partners
                ],
                "participants": {"entitled": len(seats), "voted": len(cast)},
            },
            "partners": [
                {
                    "organisation": seat.name,
                    "choices": seat.choices,
                    "reasons": seat.reasons,
                    "receipt": seat.receipt,
                }
                for seat in partners
                if seat.choices is not None
            ],
            # Of fewer than k votes nobody may read who said what: the receipts show that each is counted.
            "participants": [
                {"receipt": receipt, "choices": choices if is_shown else None} for receipt, choices in cast
            ],
            "groups": groups,
        }
    )


def _published(tally: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tables by group as they were published: how they are made may have changed since."""
    columns = [question["groups"] for question in tally["questions"]]
    return [
        {name: row[0][name] for name in ("group", "entitled", "voted")}
        | {"cells": [one["cell"] for one in row]}
        for row in zip(*columns, strict=True)
    ]


def moment(value: datetime | None) -> str | None:
    """Return a moment as it stands in rules and exports."""
    return value.isoformat(timespec="microseconds") if value is not None else None
