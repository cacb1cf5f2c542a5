# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of a timeline that come from the contribution itself: its events, its topic, what people say."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from charta.comments.talking import Talk
from charta.comments.talking import author as comment_author
from charta.contributions import words
from charta.contributions.queries.page import Detail, EventRow, Relatives
from charta.contributions.rules import Origin, Verb, first_words
from charta.contributions.views.timeline_step import Step
from charta.text import render


def from_events(found: Detail, events: Sequence[EventRow], relatives: Relatives) -> Iterator[Step]:
    """Return a step for each deed of the contribution, and the answer to its topic as it stands now."""
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
            return _received(found)
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


def _received(found: Detail) -> Step:
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


def from_comments(talk: Talk | None) -> Iterator[Step]:
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
