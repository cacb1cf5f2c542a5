# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Charta 1.0 as an edition of the demonstration: the texts as they stood on the day it was published.

An older demonstration gets it too: composing takes the texts and places of that moment, whatever came after.
"""

from datetime import datetime, timedelta
from functools import partial

from charta.db import session
from charta.demo.keys import MODERATION, PUBLISHED, Step, actor
from charta.editions import queries, service
from charta.editions.queries import EditionRow
from charta.editions.rules import EditionState

_NAME = "1.0"
_NOTE = (
    "Diese erste Fassung entstand aus dem Förderantrag, dem 1. Zukunftsforum in Zwickau, dem 1. Kongress und "
    "den Gesprächen der Partner in der Region."
)
_REASON = "Vom Konsortium veröffentlicht am 30. September 2023, vor der Einführung dieser Plattform."


def steps(started_at: datetime) -> list[Step]:
    """Return the steps of this part."""
    del started_at  # Charta 1.0 has its real date
    return [
        Step(PUBLISHED, _compose, partial(_stands_at, EditionState.COMPOSED, EditionState.PUBLISHED)),
        Step(PUBLISHED + timedelta(hours=2), _publish, partial(_stands_at, EditionState.PUBLISHED)),
    ]


def _found() -> EditionRow | None:
    rows = queries.living(queries.editions(actor(MODERATION)))
    session.rollback()
    return next((row for row in rows if row.name == _NAME), None)


def _stands_at(*states: EditionState) -> bool:
    row = _found()
    return row is not None and row.state in states


def _compose() -> None:
    service.compose(actor(MODERATION), name=_NAME, title=f"Charta {_NAME}", note=_NOTE)


def _publish() -> None:
    row = _found()
    assert row is not None
    service.publish(actor(MODERATION), row.id, seen_version=row.version, reason=_REASON)
