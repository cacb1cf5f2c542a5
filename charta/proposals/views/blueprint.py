# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The blueprint and what its pages share: loading, errors in words, and what a proposal changes."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Blueprint, request
from flask_babel import gettext as _

from charta.errors import InvalidInput, NotFound, WrongState
from charta.permissions import require_propose_on
from charta.proposals import queries, words
from charta.proposals.merging import Merged, Wording, merged
from charta.proposals.queries import Detail, wording
from charta.proposals.rules import MergeState, ProposalKind
from charta.sections import texts
from charta.sections.models import Revision
from charta.sections.service import prepare
from charta.text.diff import Comparison
from charta.votes.queries import decided, on_text
from charta.web.forms import Form, catching
from charta.web.viewer import actor, current_round, policy, site_settings

blueprint = Blueprint("proposals", __name__)


def load(number: int) -> Detail:
    """Return a proposal the viewer may see; else it does not exist."""
    found = queries.detail(actor(), site_settings(), number, *decided.of_proposal(), *on_text.stamp())
    if found is None:
        raise NotFound(kind="proposal", id=number)
    return found


@contextmanager
def catching_all(form: Form) -> Iterator[None]:
    """Like `catching`, with the words of proposals for deeds that came too late."""
    with catching(form):
        try:
            yield
        except WrongState as error:
            form.refuse("", words.wrong_state(error), status_code=409)


def require_open(field_number: int | None) -> None:
    """Refuse before anything is typed what `service.start` would refuse: outside the round, or its fields."""
    round_ = current_round()
    is_covered = round_ is None or round_.covers(field_number)
    require_propose_on(actor(), is_covered=is_covered, policy=policy())


def new_key() -> str:
    """Return a key for one page: what is sent from it twice is stored once."""
    return secrets.token_urlsafe(18)


def wants_json() -> bool:
    """Whether the script of the page asks, not the person."""
    return request.accept_mimetypes.best == "application/json"


# ------------------------------------------------------------------------------------- what would change


@dataclass(frozen=True, slots=True)
class Changes:
    """What a proposal changes, as a reader sees it: two texts, their comparison, and whose texts they are."""

    old: Wording
    new: Wording
    comparison: Comparison
    state: MergeState
    old_label: str
    old_note: str
    new_label: str

    @property
    def title_changes(self) -> bool:
        """Whether the title is another one."""
        return self.old.title != self.new.title


def changes(
    base: Revision | None, head: Revision | None, proposed: Wording, *, is_open: bool = True
) -> Changes:
    """Return what a wording changes: against the present text while that is possible, else against its base.

    A new section has neither and is all new. A text that overlaps, stands there already or is decided is
    compared with the text it was written for.
    """
    old, state = wording(base), MergeState.CLEAN
    label, note = _("Text beim Einreichen"), _textstand(base)
    new = proposed
    if base is not None and head is not None and is_open:
        result = merged(wording(base), wording(head), proposed)
        state = result.state
        if state in {MergeState.CLEAN, MergeState.MOVED}:
            old, new = wording(head), Wording(result.title, result.body, result.content_hash)
            label, note = _("Aktueller Text"), _textstand(head)
    return Changes(old, new, compared(old, new), state, label, note, _("Vorschlag"))


def compared(old: Wording, new: Wording) -> Comparison:
    """Return the comparison of two wordings, from the memory of the process where it is known."""
    return texts.compared(old.content_hash, old.body, new.content_hash, new.body)


def overlap_of(found: Detail) -> Merged | None:
    """Return the merge of a change with its open questions; None for other kinds."""
    if found.row.kind is not ProposalKind.CHANGE or not (found.base and found.head and found.version):
        return None
    return merged(wording(found.base), wording(found.head), wording(found.version))


def _textstand(revision: Revision | None) -> str:
    return _("Textstand %(number)s", number=revision.number) if revision else ""


def typed_wording(title: str, body: str) -> Wording:
    """Return what was typed as a version would hold it; unfinished input is shown as far as it goes.

    Raises `InvalidInput` only for what cannot be shown: over the limits, forbidden characters.
    """
    try:
        ready = prepare(title, body)
    except InvalidInput as error:
        if error.code != "required":
            raise
        ready = prepare(title.strip() or "–", body)
    return Wording(ready.title, ready.body, ready.content_hash)
