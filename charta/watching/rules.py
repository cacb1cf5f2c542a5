# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What can be watched, who hears of which deed, and which of several reasons counts. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from charta.notifications.rules import NoticeReason


class WatchKind(StrEnum):
    """What can be watched, from the nearest to the farthest; a measure is a section.

    The value is the kind of a subscription; of a conversation the id is that of its first comment.
    """

    COMMENT = "comment"
    BALLOT = "ballot"
    PROPOSAL = "proposal"
    CONTRIBUTION = "contribution"
    TOPIC = "topic"
    FORUM = "forum"
    SECTION = "section"
    FIELD = "field"


class WatchState(StrEnum):
    """How somebody stands to a subject."""

    NONE = "none"
    WATCHED = "watched"
    MUTED = "muted"


Ref = tuple[WatchKind, int]

_NEARNESS = {kind: place for place, kind in enumerate(WatchKind)}
_REASONS = {reason: place for place, reason in enumerate(NoticeReason)}

_C, _V, _P, _B, _T, _F, _S, _A = WatchKind

# Who hears of a deed. A whole field hears what changes it or stands in it, not each step on the way there.
HEARD: Mapping[str, frozenset[WatchKind]] = {
    "submit_proposal": frozenset({_P, _S, _A, _B, _C}),
    "resubmit_proposal": frozenset({_P, _S, _C}),
    "withdraw_proposal": frozenset({_P, _S, _B, _C}),
    "request_changes_proposal": frozenset({_P, _S}),
    "adapt_proposal": frozenset({_P, _S}),
    "refuse_proposal": frozenset({_P, _S}),
    "approve_proposal": frozenset({_P, _S, _A, _B, _C}),
    "agree_proposal": frozenset({_P, _S, _A, _B, _C}),
    "reject_proposal": frozenset({_P, _S, _A, _B, _C}),
    "take_up_comment": frozenset({_P, _C}),
    "import_section": frozenset({_S, _A}),
    "import_measure": frozenset({_S, _A}),
    "change_measure": frozenset({_S, _A}),
    "accept_contribution": frozenset({_B, _T, _A}),
    "decline_contribution": frozenset({_B}),
    "ask_contribution": frozenset({_B}),  # of these two hears whose it is, and nobody else
    "hide_comment": frozenset({_C}),
    "merge_contribution": frozenset({_B}),
    "answer_contribution": frozenset({_B, _T, _F, _A}),
    "answer_topic": frozenset({_T, _B, _F, _A}),
    "write_comment": frozenset({_C, _P, _B, _S, _A}),
    "answer_comment": frozenset({_C, _P, _B, _S}),
    "resolve_comment": frozenset({_C}),
    "confirm_forum": frozenset({_F}),
    "move_forum": frozenset({_F}),
    "cancel_forum": frozenset({_F}),
    "publish_documentation": frozenset({_F}),
    "open_ballot": frozenset({_V, _P, _S, _A}),
    "close_ballot": frozenset({_V, _P, _S, _A}),
    "cancel_ballot": frozenset({_V, _P, _S}),
    "state_outcome": frozenset({_V, _P, _S, _A}),
    "note_dissent": frozenset({_S, _A}),
    "withdraw_note": frozenset({_S}),
    "publish_edition": frozenset({_S, _A}),  # of every text that stands in it
}

# What somebody did makes this their own, and they watch it from then on.
OWN: Mapping[str, WatchKind] = {
    "submit_proposal": WatchKind.PROPOSAL,
    "hand_in": WatchKind.CONTRIBUTION,
    "write_comment": WatchKind.COMMENT,
    "answer_comment": WatchKind.COMMENT,
}


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody's subscription to one of the subjects of a deed."""

    kind: WatchKind
    id: int
    is_own: bool = False
    is_muted: bool = False

    @property
    def reason(self) -> NoticeReason:
        """Why something about this subject is told."""
        if not self.is_own:
            return NoticeReason.WATCHED
        return NoticeReason.ANSWERED if self.kind is WatchKind.COMMENT else NoticeReason.OWN


Chosen = tuple[NoticeReason, WatchKind, int]


def choose(
    watches: Iterable[Watch], mentioned_in: int | None = None, *, votes_in: int | None = None
) -> Chosen | None:
    """Return why somebody hears of a deed and of what they watch it comes; None: they do not.

    `watches` are theirs on the subjects of the deed, `mentioned_in` is the conversation that names them,
    `votes_in` the ballot in which they vote for their organisation.
    Muting the nearest quiets the farther ones as well: who mutes a conversation does not hear of it because
    of its field. A mention is heard all the same.

    >>> field, talk = Watch(WatchKind.FIELD, 3), Watch(WatchKind.COMMENT, 9, is_own=True)
    >>> choose([field, talk])
    (<NoticeReason.ANSWERED: 'answered'>, <WatchKind.COMMENT: 'comment'>, 9)
    >>> choose([field, Watch(WatchKind.COMMENT, 9, is_own=True, is_muted=True)]) is None
    True
    """
    near = sorted(watches, key=lambda one: (_NEARNESS[one.kind], one.is_muted, not one.is_own, one.id))
    found: list[Chosen] = []
    if near and not near[0].is_muted:
        heard = (one for one in near if not one.is_muted)
        best = min(heard, key=lambda one: _REASONS[one.reason])  # of equal ones the nearest: min keeps order
        found.append((best.reason, best.kind, best.id))
    if votes_in is not None and not any(one.is_muted for one in near if one.kind is WatchKind.BALLOT):
        found.append((NoticeReason.ORGANISATION, WatchKind.BALLOT, votes_in))
    if mentioned_in is not None:
        found.append((NoticeReason.MENTIONED, WatchKind.COMMENT, mentioned_in))
    return min(found, key=lambda one: _REASONS[one[0]]) if found else None
