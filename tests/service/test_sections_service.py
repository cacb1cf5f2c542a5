# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Revisions: immutable, numbered, hashed, each passage with its origin; what is read back from the caches."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from charta import events
from charta.db import session, transaction
from charta.errors import InvalidInput, NotPermitted
from charta.permissions import ANONYMOUS
from charta.sections import queries, service, texts
from charta.sections.models import ComparisonCache, RenderedText, Revision, RevisionProvenance, Section
from charta.sections.rules import BODY_MAX, Cause, SourceKind
from charta.text.hashing import content_hash
from tests import factories
from tests.databases import count_statements


def write(section_id: int, body: str, *, title: str = "Gute Arbeit", **more: Any) -> Revision:
    values = {"cause": Cause.PROPOSAL} | more
    values.setdefault("author_id", more.get("author_id") or factories.partner().id)
    with transaction() as tx:
        section = tx.lock(Section, section_id)
        assert section is not None
        return service.write_revision(tx, section, title=title, body=body, **values)


def provenance(section_id: int) -> list[tuple[str, list[int], int | None]]:
    """Return the head as [(text, source ids, proposal)]."""
    section = queries.section(section_id)
    assert section is not None
    head = queries.head(section)
    assert head is not None
    stored = queries.origins_of([head.id])[head.id]
    return [
        (head.body[start:end], stored.origins[key]["source_ids"], stored.origins[key]["proposal_id"])
        for start, end, key in stored.runs
    ]


# -------------------------------------------------------------------------------------------------- revisions


def test_a_new_revision_becomes_the_head(app: Flask) -> None:
    section_id = factories.section()
    first = queries.revision(section_id, 1)
    assert first is not None
    written = write(
        section_id, "Neu.\n\nZweiter Absatz.", title="  Gute\nArbeit ", proposal_id=7, summary=" a  b "
    )
    section = queries.section(section_id)
    assert section is not None
    assert (written.number, written.parent_id, written.proposal_id) == (2, first.id, 7)
    assert (written.title, written.body, written.summary) == (
        "Gute Arbeit",
        "Neu.\n\nZweiter Absatz.\n",
        "a b",
    )
    assert written.content_hash == content_hash("Gute Arbeit", "Neu.\n\nZweiter Absatz.\n")
    assert (section.head_id, section.head_number, section.paragraph_count) == (written.id, 2, 2)
    assert first.body == factories.BODY  # the old wording stays


def test_the_same_content_is_no_new_revision_and_no_error(app: Flask) -> None:
    section_id = factories.section()
    again = write(section_id, factories.BODY.replace("\n", "\r\n") + "\n\n\n")
    assert again.number == 1
    assert session.scalar(select(func.count(Revision.id))) == 1


def test_equal_content_has_an_equal_hash_whatever_the_spelling(app: Flask) -> None:
    one = queries.revision(factories.section("Ziel", "* **Fachkra\u0308fte** halten"), 1)
    two = queries.revision(factories.section(" Ziel ", "- __Fachkräfte__ halten\r\n\r\n"), 1)
    other = queries.revision(factories.section("Ziele", "- **Fachkräfte** halten\n"), 1)
    assert one is not None
    assert two is not None
    assert other is not None
    assert one.content_hash == two.content_hash != other.content_hash


def test_an_earlier_wording_may_come_back(app: Flask) -> None:
    section_id = factories.section()
    write(section_id, "Ganz anders.")
    back = write(section_id, factories.BODY)
    first = queries.revision(section_id, 1)
    assert first is not None
    assert back.number == 3
    assert back.content_hash == first.content_hash


@pytest.mark.parametrize(
    "changes, field, code",
    [
        ({"title": ""}, "title", "required"),
        ({"title": "x" * 201}, "title", "too_long"),
        ({"body": "x" * (BODY_MAX + 1)}, "body", "too_long"),
        ({"body": "x" * (3 * BODY_MAX)}, "body", "too_long"),
        ({"body": "a\x00b"}, "body", "forbidden_character"),
        ({"summary": "x" * 201}, "summary", "too_long"),
    ],
)
def test_text_that_breaks_a_limit_is_refused_and_nothing_written(
    app: Flask, changes: dict[str, str], field: str, code: str
) -> None:
    section_id = factories.section()
    with pytest.raises(InvalidInput) as caught:
        write(section_id, **({"body": "Neu."} | changes))
    assert (caught.value.field, caught.value.code) == (field, code)
    if code == "too_long":
        assert caught.value.data["length"] > caught.value.data["limit"]
    assert session.scalar(select(func.count(Revision.id))) == 1


def test_a_body_at_the_limit_is_stored(app: Flask) -> None:
    written = write(factories.section(), "x" * (BODY_MAX - 1))
    assert len(written.body) == BODY_MAX


def test_handlers_learn_of_the_new_head_inside_the_transaction(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Any] = []
    monkeypatch.setattr(
        events, "_handlers", [(events.RevisionCreated, lambda tx, event: heard.append(event))]
    )
    section_id = factories.section()
    first = queries.revision(section_id, 1)
    assert first is not None
    written = write(section_id, "Neu.")
    assert heard == [
        events.RevisionCreated(section_id, first.id, None),
        events.RevisionCreated(section_id, written.id, first.id),
    ]


def test_a_revision_takes_few_statements_however_long_the_history(app: Flask) -> None:
    section_id, author = factories.section(), factories.partner().id
    counts = []
    for number in range(12):
        body = f"Satz {number}.\n\n" * (number + 1)
        with count_statements() as counted:
            write(section_id, body, author_id=author)
        counts.append(len(counted))
    assert counts[1] == counts[-1] <= 12, counts


# ------------------------------------------------------------------------------------------------- provenance


def test_passages_of_an_import_carry_their_sources(app: Flask) -> None:
    a, b = factories.source("Antrag"), factories.source("Forum")
    section_id = service.import_section(
        factories.moderator().actor,
        title="Ziel",
        body="Erster Satz. Zweiter Satz.\n\n> Wie weiter?\n\nDritter Satz.",
        passages=[("Erster Satz.", a), ("Zweiter Satz.", b), ("> Wie weiter?", a), ("Dritter Satz.", b)],
    )
    assert provenance(section_id) == [
        ("Erster Satz. ", [a], None),
        ("Zweiter Satz.\n\n", [b], None),
        ("> Wie weiter?\n\n", [a], None),
        ("Dritter Satz.\n", [b], None),
    ]


def test_words_without_a_passage_come_from_the_import_itself(app: Flask) -> None:
    a = factories.source()
    section_id = service.import_section(
        factories.moderator().actor, title="Ziel", body="Vorne. Mitte. Hinten.", passages=[("Mitte.", a)]
    )
    assert provenance(section_id) == [
        ("Vorne. ", [], None),
        ("Mitte. ", [a], None),  # the blank after a sentence belongs to it
        ("Hinten.\n", [], None),
    ]


def test_equal_passages_are_found_in_their_order(app: Flask) -> None:
    a, b = factories.source(), factories.source()
    section_id = service.import_section(
        factories.moderator().actor, title="Ziel", body="Ja. Ja.", passages=[("Ja.", a), ("Ja.", b)]
    )
    assert provenance(section_id) == [("Ja. ", [a], None), ("Ja.\n", [b], None)]


def test_a_passage_that_is_not_in_the_text_is_refused(app: Flask) -> None:
    with pytest.raises(InvalidInput) as caught:
        service.import_section(
            factories.moderator().actor, title="Z", body="Ja.", passages=[("Ja.", 1), ("Nein.", 1)]
        )
    assert (caught.value.code, caught.value.data["number"]) == ("passage_missing", 2)
    assert session.scalar(select(func.count(Section.id))) == 0


def test_new_words_come_from_the_proposal_and_old_ones_keep_their_source(app: Flask) -> None:
    a, b = factories.source(), factories.source()
    section_id = service.import_section(
        factories.moderator().actor,
        title="Ziel",
        body="Die Partner sorgen gemeinsam für gute Arbeit.",
        passages=[("Die Partner sorgen gemeinsam für gute Arbeit.", a)],
    )
    write(
        section_id,
        "Die Partner sorgen gemeinsam für gute Arbeit. Sie berichten jedes Jahr.",
        title="Ziel",
        proposal_id=12,
        origins=service.Origins(source_ids=(b,)),
    )
    found = provenance(section_id)
    assert found[0][1:] == ([a], None)
    assert found[0][0].startswith("Die Partner sorgen gemeinsam für gute Arbeit.")
    assert found[-1][1:] == ([b], 12)
    assert "Sie berichten jedes Jahr." in found[-1][0]
    assert "".join(text for text, _, _ in found) == queries.revision(section_id, 2).body  # type: ignore[union-attr]


def test_words_that_come_back_come_back_with_their_source(app: Flask) -> None:
    a = factories.source()
    sentence = "Die Agenturen für Arbeit beraten Betriebe, bevor Arbeitsplätze in Gefahr geraten."
    section_id = service.import_section(
        factories.moderator().actor, title="Ziel", body=sentence, passages=[(sentence, a)]
    )
    write(section_id, "Etwas ganz anderes steht hier für eine Weile.", title="Ziel", proposal_id=3)
    write(section_id, sentence, title="Ziel", proposal_id=4)
    assert [sources for _, sources, _ in provenance(section_id)] == [[a]]


def test_only_the_head_keeps_the_state_of_the_engine(app: Flask) -> None:
    section_id = factories.section()
    for number in range(3):
        write(section_id, f"Satz {number}.")
    states = session.scalars(select(RevisionProvenance.state).order_by(RevisionProvenance.revision_id)).all()
    assert [bool(state) for state in states] == [False, False, False, True]


# ----------------------------------------------------------------------------------------------------- caches


def forget() -> None:
    """Empty the memory of the process, as a new one begins."""
    for memo in (texts._prepared, texts._rendered, texts._compared):
        memo._items.clear()


def test_html_is_stored_with_the_revision_and_read_by_another_process(app: Flask) -> None:
    section_id = factories.section(body="Ein *Satz*.[^1]\n\n[^1]: Eine Note.")
    first = queries.revision(section_id, 1)
    assert first is not None
    here = list(queries.rendered(first))
    assert session.scalar(select(func.count()).select_from(RenderedText)) == 1
    forget()
    assert list(queries.rendered(first)) == here
    assert "<em>Satz</em>" in here[0].html
    assert [block.index for block in here] == [0, -1]  # footnotes carry no number


def test_html_without_a_cache_row_is_made_anew(app: Flask) -> None:
    section_id = factories.section()
    first = queries.revision(section_id, 1)
    assert first is not None
    here = list(queries.rendered(first))
    with transaction() as tx:
        tx.session.query(RenderedText).delete()
    forget()
    assert list(queries.rendered(first)) == here
    assert session.scalar(select(func.count()).select_from(RenderedText)) == 0  # a read never writes


def test_a_comparison_that_was_looked_at_is_stored_with_the_revision(app: Flask) -> None:
    section_id = factories.section(body="Die Frist endet 2030.")
    first = queries.revision(section_id, 1)
    assert first is not None
    ready = service.prepare("Gute Arbeit", "Die Frist endet 2035.")
    texts.compared(first.content_hash, first.body, ready.content_hash, ready.body)
    second = write(section_id, "Die Frist endet 2035.")
    assert session.scalar(select(func.count()).select_from(ComparisonCache)) == 1
    here = queries.comparison(first, second)
    forget()
    assert queries.comparison(first, second) == here
    assert (here.words_inserted, here.words_deleted) == (1, 1)


# ---------------------------------------------------------------------------------------------------- history


def test_history_comes_newest_first_in_pages_of_fifty(app: Flask) -> None:
    section_id, author = factories.section(), factories.partner().id
    for number in range(2, 61):
        write(section_id, f"Satz {number}.", author_id=author)
    page = queries.history(ANONYMOUS, section_id)
    assert [item.number for item in page] == list(range(60, 9, -1))  # one more than a page
    rest = queries.history(ANONYMOUS, section_id, before_number=11)
    assert [item.number for item in rest] == list(range(10, 0, -1))


def test_attendees_are_named_only_where_they_chose_it(app: Flask) -> None:
    attendee, moderator = factories.attendee(name="Erika Muster"), factories.moderator()
    section_id = factories.section()
    write(section_id, "Neu.", author_id=attendee.id, approved_by_id=moderator.id)
    assert queries.history(ANONYMOUS, section_id)[0].author.name == ""
    assert queries.history(factories.partner().actor, section_id)[0].author.name == ""
    assert queries.history(attendee.actor, section_id)[0].author.name == "Erika Muster"
    seen = queries.history(moderator.actor, section_id)[0]
    assert (seen.author.name, seen.approver_name) == ("Erika Muster", moderator.name)


# --------------------------------------------------------------------------------------------------- commands


@pytest.mark.parametrize("role", ["attendee", "partner", "administrator"])
def test_only_moderators_take_text_in(app: Flask, role: str) -> None:
    with pytest.raises(NotPermitted):
        service.import_section(factories.person(role).actor, title="Ziel", body="Text.")
    with pytest.raises(NotPermitted):
        service.add_source(factories.person(role).actor, number=1, kind=SourceKind.FORUM, name="F", short="F")


def test_a_source_number_or_name_is_taken_once(app: Flask) -> None:
    moderator = factories.moderator().actor
    service.add_source(moderator, number=1, kind=SourceKind.FORUM, name="Forum", short="F")
    for number, name, field in ((1, "Anders", "number"), (2, "Forum", "name")):
        with pytest.raises(InvalidInput) as caught:
            service.add_source(moderator, number=number, kind=SourceKind.FORUM, name=name, short="F")
        assert (caught.value.field, caught.value.code) == (field, "taken")
