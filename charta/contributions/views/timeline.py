# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What became of a contribution as a timeline: read from events and proposals, never kept by hand."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.comments.talking import Talk
from charta.comments.talking import author as comment_author
from charta.contributions import words
from charta.contributions.queries.page import Detail, EventRow, Relative, Relatives
from charta.contributions.rules import Origin, State, Verb, first_words
from charta.db import utcnow
from charta.measures import words as measure_words
from charta.proposals import words as proposal_words
from charta.proposals.queries.taken_up import MeasureRef, TakingUp
from charta.proposals.rules import CLOSED, TEXT_KINDS, ProposalKind
from charta.proposals.rules import State as ProposalState
from charta.sections import queries as sections
from charta.sections.origins import Provenance
from charta.sections.queries import Outline
from charta.sections.texts import RenderedParagraph
from charta.text import render
from charta.votes import decided_words
from charta.votes.queries import decided
from charta.web.dates import day

# Paragraphs of one proposal that are shown whole; the rest stands in the Charta.
SHOWN_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True)
class Sentence:
    """The words of the Charta that came from a proposal, where they stand now.

    `is_replaced`: others have changed them since, `compare_url` shows how. Without blocks and without that,
    the proposal brought no words of its own (it only took some out).
    """

    blocks: Sequence[tuple[int, RenderedParagraph]]
    more: int
    place: str
    url: str
    is_measure: bool
    is_replaced: bool
    compare_url: str


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


def steps(
    found: Detail,
    events: Sequence[EventRow],
    relatives: Relatives,
    takings: Sequence[TakingUp],
    sentences: dict[int, Sentence],
    *,
    may_read_draft: bool,
    talk: Talk | None = None,
) -> list[Step]:
    """Return the steps of a contribution, the oldest first, what is still to come last.

    `talk` is what people say about it, as the page lists it below: one step, however much that is.
    """
    dated = [*_from_events(found, events, relatives), *_from_comments(talk)]
    dated += _from_votes(takings)
    for taking in takings:
        dated += _from_proposal(taking, sentences.get(taking.row.number), may_read_draft=may_read_draft)
    ordered = sorted(dated, key=lambda step: step.when or utcnow())
    return [*ordered, *_to_come(found, takings)]


# ------------------------------------------------------------------------------------------- from its events


def _from_events(found: Detail, events: Sequence[EventRow], relatives: Relatives) -> Iterator[Step]:
    row = found.row
    bundled = [entry for entry in events if entry.verb is Verb.BUNDLE and not entry.is_about_topic]
    last_bundle = bundled[-1] if bundled else None
    about_topic = [entry for entry in events if entry.verb is Verb.ANSWER and entry.is_about_topic]
    for entry in events:
        if entry.is_about_topic and entry.verb is not Verb.ANSWER:
            continue
        if entry.is_about_topic and (entry is not about_topic[-1] or row.topic is None):
            continue  # what was answered anew counts as it stands now
        step = _step(found, entry, relatives, is_present=entry is last_bundle)
        if step is not None:
            if entry.is_about_topic and last_bundle is not None:
                step = replace(step, when=max(entry.at, last_bundle.at))
            yield step


def _step(found: Detail, entry: EventRow, relatives: Relatives, *, is_present: bool) -> Step | None:
    title, icon = words.verb(entry.verb), words.VERB_ICONS[entry.verb]
    plain = Step(title, icon, when=entry.at, quote=entry.reason)
    match entry.verb:
        case Verb.RECEIVE:
            return _received(found, entry)
        case Verb.ACCEPT:
            return replace(
                plain, text=_("Die Moderation hat den Beitrag gelesen. Er ist jetzt für alle lesbar.")
            )
        case Verb.MERGE:
            return replace(
                plain,
                text=_("Derselbe Gedanke steht auch dort; die Unterstützungen zählen dort mit."),
                url=url_for("contributions.show", code=entry.other_code),
                link=_("Beitrag %(code)s", code=entry.other_code),
            )
        case Verb.SPLIT:
            if entry.other_code:
                return None  # said where it was received
            return replace(plain, others=relatives.parts)
        case Verb.BUNDLE:
            return _bundled(found, entry, relatives, is_present=is_present)
        case Verb.UNBUNDLE:
            return replace(plain, text=entry.topic_title)
        case Verb.ANSWER:
            return _answered(found, entry)
        case _:
            return plain


def _received(found: Detail, entry: EventRow) -> Step:
    row = found.row
    said = []
    if row.table_number is not None and row.people:
        said.append(
            ngettext(
                "Tisch %(table)s, %(num)s Person.",
                "Tisch %(table)s, %(num)s Personen.",
                row.people,
                table=row.table_number,
            )
        )
    elif row.table_number is not None:
        said.append(_("Tisch %(table)s.", table=row.table_number))
    if row.origin is not Origin.PHONE:
        said.append(_("%(how)s.", how=words.origin(row.origin)))
    step = Step(
        _("Eingereicht: %(forum)s", forum=row.forum.title),
        words.VERB_ICONS[Verb.RECEIVE],
        when=row.received_at,
        text=" ".join(said),
    )
    if found.split_from:
        step = replace(
            step,
            url=url_for("contributions.show", code=found.split_from),
            link=_("Hervorgegangen aus Beitrag %(code)s", code=found.split_from),
        )
    del entry
    return step


def _bundled(found: Detail, entry: EventRow, relatives: Relatives, *, is_present: bool) -> Step:
    topic = found.row.topic
    icon = words.VERB_ICONS[Verb.BUNDLE]
    if not is_present or topic is None or topic.id != entry.topic_id:
        return Step(words.verb(Verb.BUNDLE), icon, when=entry.at, text=entry.topic_title)
    title = words.verb(Verb.BUNDLE)
    if relatives.in_topic:
        title = ngettext(
            "Mit einem anderen Beitrag zum Thema gebündelt",
            "Mit %(num)s anderen Beiträgen zum Thema gebündelt",
            relatives.in_topic,
        )
    return Step(
        title,
        icon,
        when=entry.at,
        url=url_for("contributions.topic", topic_id=topic.id),
        link=topic.title,
    )


def _answered(found: Detail, entry: EventRow) -> Step:
    topic = found.row.topic
    if entry.is_about_topic and topic is not None:
        return Step(
            _("Antwort der Moderation zum Thema"),
            words.VERB_ICONS[Verb.ANSWER],
            when=entry.at,
            quote=topic.answer or entry.reason,
            url=url_for("contributions.topic", topic_id=topic.id),
            link=topic.title,
        )
    return Step(_("Antwort der Moderation"), words.VERB_ICONS[Verb.ANSWER], when=entry.at, quote=entry.reason)


# ------------------------------------------------------------------------------------------- from comments


def _from_comments(talk: Talk | None) -> Iterator[Step]:
    """Return the step that says how many comments there are, at the time of the newest, with its words."""
    threads = talk.page.items if talk is not None else []
    shown = [
        row for one in threads for row in (one.first, *one.answers) if not row.is_gap and not row.is_hidden
    ]
    if talk is None or not shown or talk.is_continued:
        return
    count = len(shown) + sum(one.more for one in threads)
    newest = max(shown, key=lambda row: (row.created_at, row.id))
    title = ngettext("%(num)s Kommentar", "%(num)s Kommentare", count)
    if talk.page.next_key:
        title = _("Mehr als %(number)s Kommentare", number=count)
    yield Step(
        title,
        "comment",
        when=newest.created_at,
        url="#kommentare",
        link=first_words(render.to_plain(newest.body)),
        text=_("von %(author)s", author=comment_author(newest.byline)),
    )


# ------------------------------------------------------------------------------------------ from proposals


def _from_proposal(taking: TakingUp, sentence: Sentence | None, *, may_read_draft: bool) -> Iterator[Step]:
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


def _from_votes(takings: Sequence[TakingUp]) -> Iterator[Step]:
    """Return what ballots on the proposals came to (one statement, none without proposals)."""
    seen = {taking.row.number for taking in takings if taking.is_visible}
    for number, ballot in decided.of_proposals(seen).items():
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


def _to_come(found: Detail, takings: Sequence[TakingUp]) -> Iterator[Step]:
    """Return what is still to come, with the day that was promised."""
    row = found.row
    open_ones = [taking for taking in takings if taking.row.is_open]
    if open_ones:
        until = min(
            (taking.row.decide_until for taking in open_ones if taking.row.decide_until), default=None
        )
        yield Step(_("Entscheidung über den Vorschlag"), "", when_text=_until(until), pending=True)
    elif row.state in {State.RECEIVED, State.ASKED, State.ACCEPTED} and not row.is_answered and not takings:
        yield Step(_("Antwort der Moderation"), "", when_text=_until(row.answer_until), pending=True)


def _until(moment: datetime | None) -> str:
    return _("bis %(day)s", day=day(moment)) if moment is not None and moment > utcnow() else ""


# ------------------------------------------------------------------------------- where it stands in the text


def sentences(takings: Sequence[TakingUp], *, log: int) -> dict[int, Sentence]:
    """Return where the words of approved proposals stand now, by number (one statement, or none).

    `log` is the head of the log, for the tree.
    """
    wanted = [
        taking
        for taking in takings
        if taking.is_visible
        and taking.row.state is ProposalState.APPROVED
        and taking.row.kind in TEXT_KINDS
        and taking.head_id is not None
    ]
    if not wanted:
        return {}
    idents = {taking.head_id for taking in wanted} | {taking.revision_id for taking in wanted}
    stored = sections.origins_of([ident for ident in idents if ident is not None])
    outline = {entry.id: entry for entry in sections.tree(with_measures=True, at=sections.version_at(log))}
    found = {}
    for taking in wanted:
        entry = outline.get(taking.section_id or 0)
        head = stored.get(taking.head_id or 0)
        if entry is None or head is None:
            continue  # the section was taken out since: the proposal's own page says so
        number = taking.row.number
        blocks = Provenance(head, ()).passages({number}, _("aus dem Vorschlag zu diesem Beitrag"))
        written = stored.get(taking.revision_id or 0)
        brought = written is not None and any(
            origin.get("proposal_id") == number for origin in written.origins.values()
        )
        found[number] = _sentence(taking, entry, [block for block in blocks if block.index >= 0], brought)
    return found


def _sentence(
    taking: TakingUp, entry: Outline, blocks: Sequence[RenderedParagraph], brought: bool
) -> Sentence:
    numbered = [(entry.first_rn + block.index, block) for block in blocks]
    anchor: dict[str, Any] = {"rn": numbered[0][0], "_anchor": f"rn{numbered[0][0]}"} if numbered else {}
    url = (
        url_for("measures.show", measure_id=taking.measure.id, **anchor)
        if taking.measure is not None
        else url_for("sections.show", section_id=entry.id, **anchor)
    )
    is_newer = taking.revision_number is not None and taking.revision_number < entry.head_number
    return Sentence(
        blocks=numbered[:SHOWN_PARAGRAPHS],
        more=max(0, len(numbered) - SHOWN_PARAGRAPHS),
        place=f"{entry.number} {entry.title}".strip(),
        url=url,
        is_measure=taking.measure is not None,
        is_replaced=brought and not numbered and is_newer,
        compare_url=url_for(
            "sections.compare", section_id=entry.id, von=taking.revision_number, bis=entry.head_number
        )
        if is_newer
        else "",
    )
