# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""An edition as one text with its own Randnummern, and its exact wording to be checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from charta.editions import change_words, queries, rules, words
from charta.editions.models import EditionNote
from charta.editions.queries import EditionPage
from charta.editions.views.blueprint import blueprint
from charta.editions.wording import Entry
from charta.errors import NotFound
from charta.permissions import Permission, may
from charta.sections.frames import toc
from charta.sections.rules import SectionKind
from charta.sections.texts import RenderedParagraph
from charta.votes import decided_words
from charta.votes.queries.on_edition import on_edition
from charta.web.access import access
from charta.web.headers import etag, not_modified, tagged
from charta.web.viewer import actor, policy, site_settings


@dataclass(frozen=True, slots=True)
class Chapter:
    """One text as the page shows it; `notes` by paragraph, -1 for those on the whole text.

    `prefix` begins the ids of its paragraphs: measures count their own from 1.
    """

    entry: Entry
    blocks: Sequence[RenderedParagraph]
    notes: Mapping[int, Sequence[EditionNote]]
    facts: Mapping[str, str]
    prefix: str

    @property
    def is_measure(self) -> bool:
        """Whether it is a measure."""
        return self.entry.kind is SectionKind.MEASURE


@blueprint.get("/charta/<name>")
@access(Permission.READ_PUBLIC)
def show(name: str) -> ResponseReturnValue:
    """Show an edition as one text; published ones to everybody, composed ones to who may read the draft."""
    rows = _known(name)
    row, following = queries.among(rows, name)
    reads_draft = may(actor(), Permission.READ_DRAFT, policy=policy())
    # What is published has its decision in its own row.
    vote = on_edition(actor(), row.id, row.content_hash) if row.published_at is None else None
    tag = etag("edition", rows, vote, site_settings(), actor(), bool(reads_draft), name)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    page = queries.read(row, following)
    chapters = [_chapter(page, entry) for entry in page.entries]
    # A ballot in progress is for those it concerns.
    knows_ballot = vote is None or vote.open is not None or bool(may(actor(), Permission.MANAGE_BALLOTS))
    html = render_template(
        "editions/show.html",
        edition=row,
        following=following,
        chapters=chapters,
        toc=toc([entry for entry in page.entries if entry.kind is SectionKind.SECTION]),
        choices=queries.living(rows),
        standing=words.standing(row, following),
        next_step=words.next_step(row, following, knows_ballot=knows_ballot),
        reads_draft=reads_draft,
        vote=vote,
        vote_line=decided_words.line,
        draft_name=rules.DRAFT_NAME,
    )
    return tagged(html, tag)


@blueprint.get("/charta/<name>/wortlaut.txt")
@access(Permission.READ_PUBLIC)
def wording(name: str) -> ResponseReturnValue:
    """Send the whole text as it is hashed, so that everybody can check it."""
    row, _following = queries.among(_known(name), name)
    tag = etag("wording", row.id, row.version)
    unchanged = not_modified(tag)
    if unchanged is not None:
        return unchanged
    response = Response(queries.text_of(row.id), mimetype="text/plain")
    response.headers["Content-Disposition"] = f'inline; filename="charta-{row.name}.txt"'
    response.set_etag(tag, weak=True)
    return response


def _known(name: str) -> Sequence[queries.EditionRow]:
    """Return the editions the viewer may read; raise `NotFound` for what is no name of one."""
    if not rules.is_name(name):
        raise NotFound(kind="edition", name=request.path)
    return queries.editions(actor(), policy=policy())


def _chapter(page: EditionPage, entry: Entry) -> Chapter:
    blocks = page.blocks[entry.section_id]
    notes: dict[int, list[EditionNote]] = {}
    for note in page.notes.get(entry.section_id, ()):
        notes.setdefault(_paragraph_of(note, blocks), []).append(note)
    is_measure = entry.kind is SectionKind.MEASURE
    return Chapter(
        entry=entry,
        blocks=blocks,
        notes=notes,
        facts=change_words.told(entry.facts or {}) if is_measure else {},
        prefix=f"m{entry.section_id}-" if is_measure else "rn",
    )


def _paragraph_of(note: EditionNote, blocks: Sequence[RenderedParagraph]) -> int:
    if note.start_at is None:
        return -1
    return next((block.index for block in blocks if block.start <= note.start_at < block.end), -1)
