# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What pages of a ballot show of the text: an edition is named and linked, any other text stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from charta.editions import change_words
from charta.editions.change_words import Shown, shown_of
from charta.editions.differences import Passage
from charta.permissions import Permission, may
from charta.sections import texts
from charta.sections.rules import SectionKind
from charta.sections.texts import RenderedParagraph
from charta.votes.queries import edition_changes
from charta.votes.queries.one_ballot import BallotPage
from charta.web.viewer import actor, policy


@dataclass(frozen=True, slots=True)
class EditionText:
    """An edition that is voted on: where it can be read, and what it changes (`lines`).

    `is_other` tells that the edition was composed anew since: its page shows another text. `is_readable`:
    whether the viewer may open its page at all; whoever may not reads the voted text with the result.
    """

    name: str
    previous_name: str
    lines: Sequence[str]
    is_other: bool
    is_readable: bool


def edition_of(ballot: BallotPage) -> EditionText | None:
    """Return the edition a ballot is about; None for any other subject (three statements at most)."""
    if ballot.subject.kind != "edition" or ballot.text_hash is None:
        return None
    found = edition_changes.against(ballot.subject.id, ballot.text_hash, ballot.opened_at)
    return EditionText(
        name=ballot.subject.edition_name,
        previous_name=found.previous_name if found is not None else "",
        lines=[line for line in (change_words.totals(*one) for one in found.totals) if line] if found else [],
        is_other=ballot.subject.edition_hash != ballot.text_hash,
        is_readable=ballot.subject.edition_name != ""
        and (
            ballot.subject.edition_is_published or bool(may(actor(), Permission.READ_DRAFT, policy=policy()))
        ),
    )


@dataclass(frozen=True, slots=True)
class EditionChanges:
    """Every change of an edition that is voted on, as a board reads them; `before` and `after` by section."""

    shown: Sequence[Shown]
    before: Mapping[int, Passage]
    after: Mapping[int, Passage]


def changes_of(ballot: BallotPage) -> EditionChanges | None:
    """Return every change of the edition a ballot is about (one statement more than `edition_of`)."""
    if ballot.subject.kind != "edition" or ballot.text_hash is None:
        return None
    against = edition_changes.against(ballot.subject.id, ballot.text_hash, ballot.opened_at)
    if against is None or not against.previous_name:
        return None
    compared = edition_changes.comparisons(against)
    ordered = sorted(against.found, key=lambda one: one.here.kind is SectionKind.MEASURE)
    return EditionChanges(
        [shown_of(one, compared.get(one.here.section_id)) for one in ordered if not one.is_unchanged],
        {one.old.section_id: one.old for one in against.found if one.old is not None},
        {one.new.section_id: one.new for one in against.found if one.new is not None},
    )


def blocks_of(ballot: BallotPage) -> Sequence[RenderedParagraph]:
    """Return the exact text block by block; an edition has its own page."""
    if ballot.subject.kind == "edition" or not ballot.text_hash:
        return ()
    return texts.rendered(ballot.text_hash, ballot.text_body)
