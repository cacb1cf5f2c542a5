# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""One step of the timeline of a contribution."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from charta.contributions.queries.page import Relative
from charta.contributions.views.timeline_text import Sentence
from charta.proposals.queries.taken_up import MeasureRef


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `quote` is what somebody wrote, `pending` one that is still to come."""

    title: str
    icon: str
    when: datetime | None = None
    when_text: str = ""
    text: str = ""
    url: str = ""
    link: str = ""
    quote: str = ""
    others: Sequence[Relative] = ()
    sentence: Sentence | None = None
    measure: MeasureRef | None = None
    pending: bool = False
