# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The button „Beobachten“ of a page: what its template needs, in one statement.

For views only: it knows the viewer of the request. It stands outside `views` because the pages of sections,
measures, fields, proposals, contributions, topics, forums and comments use it too.
"""

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import ScalarSelect, literal

from charta.notifications.subscriptions import watch_state
from charta.watching.queries import watched
from charta.watching.rules import WatchKind, WatchState
from charta.web.viewer import actor


@dataclass(frozen=True, slots=True)
class Button:
    """How the viewer stands to the subject of a page, and where the deed leads back to.

    It belongs into the entity tag of its page.
    """

    kind: WatchKind
    id: int
    state: WatchState
    back: str


def of(kind: WatchKind, subject_id: int) -> Button | None:
    """Return the button for a subject; None, without a statement, for who is not signed in."""
    if actor().id is None:
        return None
    return known(kind, subject_id, watched.state(actor(), kind, subject_id))


def column(kind: WatchKind, subject_id: Any) -> ScalarSelect[Any]:
    """Return the column that says how the viewer stands to a subject: for a statement made anyway."""
    ident = literal(subject_id) if isinstance(subject_id, int) else subject_id
    return watch_state(actor().id, kind.value, ident)


def known(kind: WatchKind, subject_id: int, state: str | None) -> Button | None:
    """Return the button for a subject whose state was read with the page; None for who is not signed in."""
    if actor().id is None:
        return None
    back = request.full_path if request.query_string else request.path
    return Button(kind, subject_id, WatchState(state or WatchState.NONE), back)
