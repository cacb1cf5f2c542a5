# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The filters of the screening desk as they stand in the address."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from charta.contributions.queries.around import Around
from charta.contributions.queries.listing import SEARCH_MAX
from charta.contributions.queries.screening import Wanted
from charta.contributions.rules import Kind, State
from charta.permissions import Actor
from charta.web.pager import key_argument

PILES: Mapping[str, Collection[State]] = {
    "neu": (State.RECEIVED,),
    "rueckfrage": (State.ASKED,),
    "offen": (State.ACCEPTED,),
    "aufgenommen": (State.ACCEPTED,),
    "nicht": (State.DECLINED,),
    "zusammen": (State.MERGED, State.SPLIT),
    "alle": tuple(State),
}
NO_FIELD = "ohne"
KINDS: Mapping[str, Collection[Kind | None]] = {kind.value: (kind,) for kind in Kind} | {"offen": (None,)}


@dataclass(frozen=True, slots=True)
class Filters:
    """The part of the contributions that is shown; unknown values mean everything."""

    pile: str = "neu"
    forum_id: int | None = None
    field: str = ""
    kind: str = ""
    unbundled: bool = False
    mine: bool = False
    search: str = ""
    order: str = "aelteste"
    after: int | None = None

    @classmethod
    def from_address(cls) -> "Filters":
        """Read the filters of this request."""
        values = request.args
        pile, order, kind = values.get("stand", ""), values.get("sortierung", ""), values.get("art", "")
        field = values.get("feld", "")
        return cls(
            pile=pile if pile in PILES else "neu",
            forum_id=key_argument("forum"),
            field=field if field == NO_FIELD or key_argument("feld") else "",
            kind=kind if kind in KINDS else "",
            unbundled=values.get("ohne") == "thema",
            mine=values.get("bei") == "mir",
            search=" ".join(values.get("suche", "").split())[:SEARCH_MAX],
            order="neueste" if order == "neueste" else "aelteste",
            after=key_argument("ab"),
        )

    def arguments(self, **more: Any) -> dict[str, Any]:
        """Return them as arguments of an address; what is preset is left out, `more` wins."""
        found: dict[str, Any] = {
            "stand": self.pile if self.pile != "neu" else None,
            "forum": self.forum_id,
            "feld": self.field or None,
            "art": self.kind or None,
            "ohne": "thema" if self.unbundled else None,
            "bei": "mir" if self.mine else None,
            "suche": self.search or None,
            "sortierung": self.order if self.order != "aelteste" else None,
            "ab": self.after,
        } | more
        return {name: value for name, value in found.items() if value is not None}

    @property
    def narrowing(self) -> int:
        """How many filters besides the first one are set."""
        found = (self.field, self.kind, self.unbundled, self.mine, self.search, self.forum_id)
        return sum(1 for value in found if value)

    def wanted(self, viewer: Actor, around: Around) -> Wanted:
        """Return what the list asks for; a field is named by its number, as on the keys."""
        number = int(self.field) if self.field.isdigit() else None
        field_id = next((item.id for item in around.fields if item.number == number), None)
        return Wanted(
            states=PILES[self.pile],
            forum_id=self.forum_id,
            field_id=0 if self.field == NO_FIELD else field_id,
            kinds=KINDS.get(self.kind),
            is_unanswered=self.pile == "offen",
            is_unbundled=self.unbundled,
            assignee_id=viewer.id if self.mine else None,
            search=self.search,
            newest_first=self.order == "neueste",
        )
