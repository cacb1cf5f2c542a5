# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of a timeline that come from the proposals that take a contribution up, and from votes on them."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.contributions.views.timeline_step import Step
from charta.contributions.views.timeline_text import Sentence
from charta.measures import words as measure_words
from charta.proposals import words as proposal_words
from charta.proposals.queries.taken_up import MeasureRef, TakingUp
from charta.proposals.rules import CLOSED, TEXT_KINDS, ProposalKind
from charta.proposals.rules import State as ProposalState
from charta.votes import decided_words
from charta.votes.queries import decided


def from_proposal(taking: TakingUp, sentence: Sentence | None, *, may_read_draft: bool) -> Iterator[Step]:
    """Return what became of one proposal, and where its words stand; of a hidden one that it is there."""
    row = taking.row
    if not taking.is_visible:
        yield Step(
            _("Ein Änderungsvorschlag greift ihn auf"),
            "edit",
            when=taking.at,
            text=_("Lesen können Sie den Vorschlag, sobald darüber entschieden ist."),
        )
        return
    text = _("von %(author)s", author=proposal_words.author(row.author))
    if row.version > 1:
        text = f"{text} · {proposal_words.version_title(row.version)}"
    yield Step(
        _("Vorschlag %(number)s greift ihn auf", number=row.number),
        "edit",
        when=taking.at,
        text=text,
        url=url_for("proposals.show", number=row.number),
        link=row.summary,
    )
    if row.state not in CLOSED:
        return
    yield _decision(taking)
    if row.state is not ProposalState.APPROVED or row.kind not in TEXT_KINDS:
        return
    if not may_read_draft:
        yield Step(
            _("Steht in der Arbeitsfassung der Charta"),
            "document",
            when=row.decided_at,
            text=_("Lesen können Sie sie nach der Anmeldung, und für alle mit der nächsten Fassung."),
        )
    elif sentence is not None:
        yield _in_charta(taking, sentence)
    if taking.measure is not None:
        yield _measure(taking.measure, taking.row.decided_at)


def from_votes(takings: Sequence[TakingUp]) -> Iterator[Step]:
    """Return what ballots on the proposals came to; they were read with `decided.of_proposal`."""
    for taking in takings:
        number, ballot = taking.row.number, decided.decided_in(taking.more)
        if ballot is None or not taking.is_visible:
            continue
        yield Step(
            decided_words.line(ballot),
            "ballot",
            when=ballot.closed_at,
            text=_("Über Vorschlag %(number)s wurde abgestimmt.", number=number),
            url=url_for("votes.result", ballot_id=ballot.id),
            link=ballot.title,
        )


def _decision(taking: TakingUp) -> Step:
    row = taking.row
    match row.state:
        case ProposalState.APPROVED:
            title, icon = _("Vorschlag %(number)s ist übernommen", number=row.number), "check"
            if row.kind is ProposalKind.DELETION:
                return Step(title, icon, when=row.decided_at, text=_("Der Abschnitt ist gestrichen."))
        case ProposalState.REJECTED:
            title, icon = _("Vorschlag %(number)s ist nicht übernommen", number=row.number), "cross"
        case _:
            title, icon = _("Vorschlag %(number)s wurde zurückgezogen", number=row.number), "undo"
    return Step(title, icon, when=row.decided_at, quote=taking.reason)


def _in_charta(taking: TakingUp, sentence: Sentence) -> Step:
    when = taking.row.decided_at
    if sentence.is_measure:
        title = _("Steht in der Maßnahme %(place)s", place=sentence.place)
    elif sentence.blocks:
        numbers = [rn for rn, _block in sentence.blocks]
        title = ngettext(
            "Steht in der Charta, Randnummer %(first)s",
            "Steht in der Charta, ab Randnummer %(first)s",
            len(numbers),
            first=numbers[0],
        )
    else:
        title = _("Steht in der Charta, Abschnitt %(place)s", place=sentence.place)
    text = ""
    if not sentence.blocks:
        text = (
            _("Die Worte des Vorschlags wurden seitdem weiter geändert.")
            if sentence.is_replaced
            else _("Der Vorschlag hat Worte gestrichen und keine neuen hinzugefügt.")
        )
    return Step(title, "document", when=when, text=text, sentence=sentence)


def _measure(measure: MeasureRef, when: datetime | None) -> Step:
    return Step(
        _(
            "Maßnahme %(number)s: %(status)s",
            number=measure.number,
            status=measure_words.STATUS[measure.status],
        ),
        "flag",
        when=when,
        url=url_for("measures.show", measure_id=measure.id),
        link=measure.title,
        text=_("verantwortlich: %(name)s", name=measure.responsible_name) if measure.responsible_name else "",
        measure=measure,
    )
