# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Mass data keeps what the services promise: texts, counters, tree, merge states, log."""

from collections.abc import Callable
from itertools import pairwise
from random import Random

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.cli import ScriptInfo
from sqlalchemy import func, select

from charta.activity import queries as activity
from charta.cli import main
from charta.db import session, transaction
from charta.demo.seed import Amount, Seeded, seed, words
from charta.proposals import fitting
from charta.proposals.models import Proposal, ProposalSupport
from charta.proposals.rules import OPEN, MergeState
from charta.sections import queries as sections
from charta.sections import service as sections_service
from charta.sections import texts
from charta.sections.models import Revision, RevisionProvenance, Section
from charta.text import markdown
from charta.text.hashing import content_hash
from tests import factories
from tests.inspecting import InspectingClient

SMALL = Amount(people=12, sections=12, revisions=5, proposals=8, measures=6, sessions=4, characters=700)


@pytest.fixture
def seeded(app: Flask) -> Seeded:
    return seed(SMALL)


# -------------------------------------------------------------------------------------------------- texts


@pytest.mark.sqlite_only
def test_the_texts_are_canonical_whatever_the_number() -> None:
    random = Random(7)
    for _ in range(60):
        text = words.text(random, 900)
        for body in (words.body(text), words.body(words.edited(random, text))):
            assert markdown.canonical(body) == body


def test_every_revision_carries_the_hash_of_its_canonical_text(seeded: Seeded) -> None:
    revisions = session.scalars(select(Revision)).all()
    assert len(revisions) == 12 + 4 + 6
    for revision in revisions:
        assert markdown.canonical(revision.body) == revision.body
        assert revision.content_hash == content_hash(revision.title, revision.body)


def test_every_edit_changes_the_text(seeded: Seeded) -> None:
    revisions = session.scalars(select(Revision).where(Revision.section_id == seeded.section_id)).all()
    assert len({revision.content_hash for revision in revisions}) == 5
    assert [revision.parent_id for revision in revisions] == [None, *[r.id for r in revisions[:-1]]]


def test_heads_and_paragraphs_are_counted_right(seeded: Seeded) -> None:
    for section in session.scalars(select(Section)).all():
        head = session.get(Revision, section.head_id)
        assert head is not None
        assert (head.section_id, head.number, head.title) == (section.id, section.head_number, section.title)
        blocks = texts.rendered(head.content_hash, head.body)
        assert section.paragraph_count == sum(block.index >= 0 for block in blocks) > 0


def test_the_provenance_covers_the_head(seeded: Seeded) -> None:
    section = session.get(Section, seeded.section_id)
    assert section is not None
    head = session.get(Revision, section.head_id)
    found = session.get(RevisionProvenance, section.head_id)
    assert head is not None
    assert found is not None
    runs = [tuple(run) for run in found.runs]
    assert runs[0][0] == 0
    assert runs[-1][1] == len(head.body)
    assert all(end == start for (_, end, _), (start, _, _) in pairwise(runs))
    assert {origin for _, _, origin in runs} <= set(found.origins)
    assert len({origin for _, _, origin in runs}) > 1, "words of several revisions"


def test_the_services_go_on_from_the_seeded_head(seeded: Seeded) -> None:
    with transaction() as tx:
        section = tx.lock(Section, seeded.section_id)
        assert section is not None
        head = session.get(Revision, section.head_id)
        assert head is not None
        made = sections_service.write_revision(
            tx,
            section,
            author_id=head.author_id,
            title=head.title,
            body=f"{head.body}\nEin Satz kommt dazu.\n",
            cause=head.cause,
        )
        assert made.number == 6


# --------------------------------------------------------------------------------------- tree and counters


def test_the_tree_is_numbered_as_the_services_number_it(seeded: Seeded) -> None:
    outline = sections.tree(with_measures=True)
    assert len(outline) == 18
    stored = {section.id: section.number for section in session.scalars(select(Section))}
    assert {entry.id: entry.number for entry in outline} == stored
    assert outline[0].number == "1"
    assert outline[0].depth == 0
    assert outline[1].number == "1.1"


def test_a_second_run_adds_to_the_first(seeded: Seeded) -> None:
    again = seed(SMALL, number=2)
    assert again.section_id != seeded.section_id
    outline = sections.tree(with_measures=True)
    assert len(outline) == 36
    assert len({(entry.kind, entry.number) for entry in outline}) == 36
    assert activity.verify()


def test_open_proposals_are_counted_on_their_section(seeded: Seeded) -> None:
    counted = session.execute(
        select(Proposal.section_id, func.count())
        .where(Proposal.state.in_(OPEN))
        .group_by(Proposal.section_id)
    )
    counts = {row[0]: row[1] for row in counted}
    stored = {section.id: section.open_proposals for section in session.scalars(select(Section))}
    assert {ident: count for ident, count in stored.items() if count} == counts == {seeded.section_id: 8}


def test_supporters_are_counted_on_their_proposal(seeded: Seeded) -> None:
    for proposal in session.scalars(select(Proposal)):
        counted = session.scalar(select(func.count()).where(ProposalSupport.proposal_id == proposal.id))
        assert proposal.supporters == counted


def test_merge_states_are_what_the_services_would_say(seeded: Seeded) -> None:
    found = fitting.candidates(session(), Proposal.section_id == seeded.section_id)
    assert len(found) == 8
    assert fitting.restated(found, {}) == []
    assert {item.merge_state for item in found} != {MergeState.CLEAN}


def test_every_revision_after_the_first_comes_from_an_approved_proposal(seeded: Seeded) -> None:
    revisions = session.scalars(
        select(Revision).where(Revision.section_id == seeded.section_id, Revision.number > 1)
    ).all()
    for revision in revisions:
        proposal = session.get(Proposal, revision.proposal_id)
        assert proposal is not None
        assert proposal.state == "approved"
        assert proposal.author_id == revision.author_id


# ------------------------------------------------------------------------------------------ log and people


def test_the_log_holds(seeded: Seeded) -> None:
    verified = activity.verify()
    assert verified, verified
    assert verified.entries == 1 + 4 + 8


def test_ready_sessions_are_signed_in(
    app: Flask, seeded: Seeded, new_client: Callable[[], InspectingClient]
) -> None:
    assert [ready.role for ready in seeded.sessions] == ["moderator", "partner", "attendee", "administrator"]
    client = new_client()
    client.browser.set_cookie(app.config["SESSION_COOKIE_NAME"], seeded.sessions[0].cookie)
    page = client.get("/wer-darf-was")
    assert page.has_text("Abmelden"), page.main_text


def test_the_same_number_makes_the_same_data(app: Flask, seeded: Seeded, tmp_path) -> None:  # type: ignore[no-untyped-def]
    first = words.text(Random(3), 500)
    assert first == words.text(Random(3), 500)
    hashes = list(session.scalars(select(Revision.content_hash).order_by(Revision.id)))
    again = seed(SMALL)
    repeated = select(Revision.content_hash).where(Revision.section_id >= again.section_id)
    assert sorted(session.scalars(repeated)) == sorted(hashes)


# ----------------------------------------------------------------------------------------------- refusals


def test_production_refuses_mass_data(make_app: Callable[..., Flask]) -> None:
    app = make_app(CHARTA_MODE="production")
    with app.app_context(), pytest.raises(RuntimeError, match="production"):
        seed(SMALL)


def test_an_installation_with_real_people_refuses_mass_data(app: Flask) -> None:
    factories.person("attendee")
    with pytest.raises(RuntimeError, match="real accounts"):
        seed(SMALL)
    assert session.scalar(select(func.count()).select_from(Section)) == 0


@pytest.mark.sqlite_only
def test_the_command_prints_what_a_load_generator_needs(app: Flask) -> None:
    arguments = ["seed", "--people", "4", "--sections", "2", "--revisions", "2", "--proposals", "1"]
    result = CliRunner().invoke(
        main, [*arguments, "--sessions", "1", "--characters", "200"], obj=ScriptInfo(create_app=lambda: app)
    )
    assert result.exit_code == 0, result.output
    assert '"cookie"' in result.output
