# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The life of a proposal through its commands: success, not permitted, wrong state, conflict, double call."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from charta.activity import queries as activity
from charta.db import session, transaction
from charta.errors import EditConflict, InvalidInput, NotFound, NotPermitted, WrongState
from charta.measures.models import Measure
from charta.notifications.models import OutboxMail
from charta.proposals import queries, service, worker
from charta.proposals.models import (
    Proposal,
    ProposalDecision,
    ProposalDraft,
    ProposalSource,
    ProposalVersion,
)
from charta.proposals.rules import MergeState, ProposalKind, State, Verb
from charta.sections import queries as sections
from charta.sections.models import Section
from charta.sections.rules import SectionKind, SourceKind
from charta.sections.service import add_source
from charta.site.rules import SiteSettings
from tests import factories, proposing
from tests.databases import Statements
from tests.proposing import BODY, World, draft, head, seen, stored, submitted


@pytest.fixture
def world(app: Flask) -> World:
    return proposing.world()


def decisions(number: int) -> list[tuple[Verb, int]]:
    session.rollback()
    rows = session.execute(
        select(ProposalDecision.verb, ProposalDecision.version)
        .where(ProposalDecision.proposal_id == number)
        .order_by(ProposalDecision.id)
    )
    return [(row[0], row[1]) for row in rows]


def open_count(section_id: int) -> int:
    session.rollback()
    found = session.scalar(select(Section.open_proposals).where(Section.id == section_id))
    assert found is not None
    return found


def mails() -> list[str]:
    session.rollback()
    return list(session.scalars(select(OutboxMail.template).order_by(OutboxMail.id)))


# ------------------------------------------------------------------------------------------------- drafts


def test_a_draft_begins_with_the_present_text(world: World) -> None:
    number = service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    found = session.get(ProposalDraft, number)
    assert found is not None
    assert (found.title, found.body, found.edit_number) == ("Gute Arbeit", BODY, 0)
    assert stored(number).state is State.DRAFT


def test_the_own_draft_on_a_section_is_opened_again(world: World) -> None:
    first = service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    assert service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section) == first
    assert service.start(world.stranger.actor, kind=ProposalKind.CHANGE, section_id=world.section) != first


def test_a_page_sent_twice_makes_one_proposal_even_when_it_is_handed_in_between(world: World) -> None:
    start: dict[str, Any] = {"kind": ProposalKind.CHANGE, "section_id": world.section, "once_key": "k1"}
    number = service.start(world.author.actor, **start)
    typed = {"title": "Gute Arbeit", "body": BODY + "\nNeu.\n", "summary": "Neu", "seen_edit": 0}
    service.save_draft(world.author.actor, number, page_key="k1", **typed)
    assert service.submit(world.author.actor, number) == 1

    assert service.start(world.author.actor, **start) == number
    assert service.save_draft(world.author.actor, number, page_key="k1", **typed) == 0
    assert service.submit(world.author.actor, number) == 1
    assert session.scalar(select(func.count()).select_from(ProposalVersion)) == 1


def test_the_key_of_a_page_belongs_to_one_person(world: World) -> None:
    service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section, once_key="k1")
    with pytest.raises(NotFound):
        service.start(world.stranger.actor, kind=ProposalKind.CHANGE, section_id=world.section, once_key="k1")


def test_an_older_text_can_be_restored(world: World) -> None:
    proposing.rewrite(world.section, "gute Arbeit", "beste Arbeit")
    number = service.start(
        world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section, restore_number=1
    )
    found = session.get(ProposalDraft, number)
    assert found is not None
    assert "gute Arbeit" in found.body
    assert found.base_id == head(world.section).id


@pytest.mark.parametrize("who", ["attendee", "author"])
def test_outside_a_round_only_moderators_propose(app: Flask, who: str) -> None:
    factories.closed_round(attendees_may_propose=True)
    section = proposing.section()
    person = factories.attendee() if who == "attendee" else factories.partner()
    with pytest.raises(NotPermitted) as refused:
        service.start(person.actor, kind=ProposalKind.CHANGE, section_id=section)
    assert refused.value.reason == "round_closed"
    assert service.start(factories.moderator().actor, kind=ProposalKind.CHANGE, section_id=section)


def test_a_round_for_other_fields_is_closed_here(app: Flask) -> None:
    first, second = factories.field_of_action(), factories.field_of_action()
    factories.open_round(field_numbers=[1])
    author = factories.partner()
    inside, outside = proposing.section(field_id=first), proposing.section("Netze", field_id=second)
    assert service.start(author.actor, kind=ProposalKind.CHANGE, section_id=inside)
    with pytest.raises(NotPermitted):
        service.start(author.actor, kind=ProposalKind.CHANGE, section_id=outside)


def test_a_draft_cannot_be_handed_in_after_the_round(frozen: time_machine.Traveller, world: World) -> None:
    number = draft(world.author, world.section)
    frozen.shift(timedelta(days=400))
    with pytest.raises(NotPermitted):
        service.submit(world.author.actor, number)


def test_saving_the_same_text_again_is_no_new_save(world: World) -> None:
    number = draft(world.author, world.section)
    values = {"title": "Gute Arbeit", "body": BODY.replace("gute Arbeit", "sehr gute Arbeit")}
    again = service.save_draft(world.author.actor, number, summary="Besser werden", seen_edit=0, **values)
    assert again == 1


def test_a_stale_save_of_a_colleague_is_a_conflict_with_both_texts(world: World) -> None:
    number = draft(world.author, world.section)
    service.share(world.author.actor, number)
    service.save_draft(world.colleague.actor, number, title="A", body="Karl\n", seen_edit=1)
    with pytest.raises(EditConflict) as conflict:
        service.save_draft(world.author.actor, number, title="B", body="Anna\n", seen_edit=1)
    assert conflict.value.data["body"] == "Karl\n"
    assert conflict.value.data["edit_number"] == 2
    assert service.save_draft(world.author.actor, number, title="B", body="Anna\n", seen_edit=2) == 3


def test_a_save_whose_answer_was_lost_is_no_conflict_with_oneself(world: World) -> None:
    number = draft(world.author, world.section, page_key="page")
    assert (
        service.save_draft(
            world.author.actor, number, title="A", body="Weiter\n", seen_edit=0, page_key="page"
        )
        == 2
    )


@pytest.mark.parametrize(
    "field, limit", [("title", 200), ("summary", 200), ("reason", 5000), ("body", 100_000)]
)
def test_limits_hold_while_typing(world: World, field: str, limit: int) -> None:
    number = draft(world.author, world.section)
    service.save_draft(world.author.actor, number, seen_edit=1, **{field: "ä" * (limit - 1)})
    with pytest.raises(InvalidInput) as refused:
        service.save_draft(world.author.actor, number, seen_edit=2, **{field: "ä" * (limit + 1)})
    assert (refused.value.field, refused.value.code) == (field, "too_long")
    assert refused.value.data["limit"] == limit


def test_sources_are_kept_with_draft_and_version(world: World) -> None:
    source = add_source(world.moderator.actor, number=1, kind=SourceKind.FORUM, name="Forum", short="F")
    number = draft(world.author, world.section, source_ids=[source])
    written = queries.editing(world.author.actor, SiteSettings(), number)
    assert written is not None
    assert written.source_ids == (source,)
    service.submit(world.author.actor, number)
    assert session.scalars(select(ProposalSource.source_id)).all() == [source]
    with pytest.raises(InvalidInput, match="source_ids"):
        service.save_draft(world.author.actor, number, body="x", source_ids=[source, 999], seen_edit=0)


def test_a_draft_is_invisible_until_it_is_shared(world: World) -> None:
    number = draft(world.author, world.section)
    for other in (world.colleague, world.stranger, world.moderator):
        with pytest.raises(NotFound):
            service.save_draft(other.actor, number, body="Fremd\n", seen_edit=1)
    service.share(world.author.actor, number)
    service.save_draft(world.colleague.actor, number, body="Mitgeschrieben\n", seen_edit=1)
    with pytest.raises(NotPermitted):
        service.submit(world.colleague.actor, number)
    service.unshare(world.author.actor, number)
    with pytest.raises(NotFound):
        service.save_draft(world.colleague.actor, number, body="Zu spät\n", seen_edit=2)


def test_a_draft_without_organisation_cannot_be_shared(world: World) -> None:
    number = draft(world.attendee, world.section)
    with pytest.raises(NotPermitted):
        service.share(world.attendee.actor, number)


def test_a_discarded_draft_is_gone(world: World) -> None:
    number = draft(world.author, world.section)
    service.share(world.author.actor, number)
    with pytest.raises(NotPermitted):
        service.discard_draft(world.colleague.actor, number)
    service.discard_draft(world.author.actor, number)
    with pytest.raises(NotFound):
        service.discard_draft(world.author.actor, number)
    assert session.get(Proposal, number) is None


# ------------------------------------------------------------------------------------------------ handing in


def test_handing_in_makes_an_immutable_version(frozen: time_machine.Traveller, world: World) -> None:
    number = draft(world.author, world.section)
    assert service.submit(world.author.actor, number) == 1
    found = stored(number)
    assert (found.state, found.version, found.merge_state) == (State.SUBMITTED, 1, MergeState.CLEAN)
    assert found.decide_until == found.submitted_at + timedelta(days=14)  # type: ignore[operator]
    assert session.get(ProposalDraft, number) is None
    assert open_count(world.section) == 1
    assert decisions(number) == [(Verb.SUBMIT, 1)]
    assert [entry.verb for entry in activity.newest(subject=("proposal", number))] == ["submit_proposal"]


def test_the_log_holds_no_words_of_people(world: World) -> None:
    number = submitted(world.author, world.section, reason="Geheime Begründung")
    service.reject(world.moderator.actor, number, seen_version=1, reason="Vertraulicher Grund")
    lines = " ".join(entry.line for entry in activity.newest(subject=("proposal", number)))
    assert "Geheime" not in lines
    assert "Vertraulicher" not in lines
    assert activity.verify()


@pytest.mark.parametrize(
    "typed, field, code",
    [
        ({"summary": ""}, "summary", "required"),
        ({"title": " "}, "title", "required"),
        ({"body": BODY}, "body", "unchanged"),
        ({"body": BODY.replace("\n", "  \r\n")}, "body", "unchanged"),  # only blanks differ
    ],
)
def test_what_is_not_complete_is_not_handed_in(
    world: World, typed: dict[str, str], field: str, code: str
) -> None:
    number = service.start(world.author.actor, kind=ProposalKind.CHANGE, section_id=world.section)
    values = {"title": "Gute Arbeit", "body": BODY + "\nNeu.\n", "summary": "Neu"} | typed
    service.save_draft(world.author.actor, number, seen_edit=0, **values)
    with pytest.raises(InvalidInput) as refused:
        service.submit(world.author.actor, number)
    assert (refused.value.field, refused.value.code) == (field, code)
    assert stored(number).state is State.DRAFT


def test_a_text_that_stands_there_already_is_not_handed_in(world: World) -> None:
    number = draft(world.author, world.section)
    proposing.rewrite(world.section, "gute Arbeit", "sehr gute Arbeit")
    with pytest.raises(InvalidInput, match="contained"):
        service.submit(world.author.actor, number)


def test_handing_in_what_a_colleague_just_changed_is_a_conflict(world: World) -> None:
    number = draft(world.author, world.section)
    service.share(world.author.actor, number)
    service.save_draft(world.colleague.actor, number, title="A", body="Karl\n", seen_edit=1)
    with pytest.raises(EditConflict):
        service.submit(world.author.actor, number, seen_edit=1)


def test_a_new_version_replaces_the_old_one_and_keeps_it(world: World) -> None:
    number = submitted(world.author, world.section)
    body = BODY.replace("gute Arbeit", "hervorragende Arbeit")
    service.save_draft(
        world.author.actor, number, title="Gute Arbeit", body=body, summary="Besser", seen_edit=0
    )
    assert stored(number).state is State.SUBMITTED  # writing changes nothing yet
    assert service.resubmit(world.author.actor, number) == 2
    assert session.scalars(
        select(ProposalVersion.number).where(ProposalVersion.proposal_id == number)
    ).all() == [1, 2]
    assert open_count(world.section) == 1


def test_a_moderator_who_saw_the_old_version_cannot_approve_the_new_one(world: World) -> None:
    number = submitted(world.author, world.section)
    before = seen(number)
    body = BODY.replace("gute Arbeit", "hervorragende Arbeit")
    service.save_draft(
        world.author.actor, number, title="Gute Arbeit", body=body, summary="Besser", seen_edit=0
    )
    service.resubmit(world.author.actor, number)
    with pytest.raises(EditConflict):
        service.approve(world.moderator.actor, number, **before)


# --------------------------------------------------------------------------------------------- decisions


def test_approval_makes_one_revision_and_tells_the_author(world: World) -> None:
    number = submitted(world.author, world.section)
    done = service.approve(world.moderator.actor, number, reason="Gut so.", **seen(number))
    assert done.revision_number == 2
    revision = head(world.section)
    assert revision.body == BODY.replace("gute Arbeit", "sehr gute Arbeit")
    assert (revision.author_id, revision.approved_by_id) == (world.author.id, world.moderator.id)
    assert (revision.proposal_id, revision.summary) == (number, "Besser werden")
    assert stored(number).state is State.APPROVED
    assert open_count(world.section) == 0
    assert mails() == ["proposal_approved"]
    assert decisions(number) == [(Verb.SUBMIT, 1), (Verb.APPROVE, 1)]


def test_a_double_click_approves_once(world: World) -> None:
    number = submitted(world.author, world.section)
    values = seen(number)
    first = service.approve(world.moderator.actor, number, **values)
    assert service.approve(world.moderator.actor, number, **values) == first
    assert head(world.section).number == 2
    with pytest.raises(WrongState) as refused:
        service.approve(world.second.actor, number, **values)
    assert refused.value.state == "approved"


def test_nobody_approves_the_own_proposal(world: World) -> None:
    number = submitted(world.moderator, world.section)
    values = seen(number)
    for decide in (service.approve, service.reject, service.request_changes):
        with pytest.raises(NotPermitted) as refused:
            decide(world.moderator.actor, number, reason="Ich selbst", **values)
        assert refused.value.reason == "own_proposal"
    assert service.approve(world.second.actor, number, **values).revision_number == 2


def test_without_four_eyes_a_moderator_may(world: World) -> None:
    factories.settings(four_eyes=False)
    number = submitted(world.moderator, world.section)
    assert service.approve(world.moderator.actor, number, **seen(number)).revision_number == 2


@pytest.mark.parametrize("who", ["author", "stranger", "attendee"])
def test_only_moderators_decide(world: World, who: str) -> None:
    number = submitted(world.author, world.section)
    with pytest.raises(NotPermitted):
        service.approve(getattr(world, who).actor, number, **seen(number))
    with pytest.raises(NotPermitted):
        service.reject(getattr(world, who).actor, number, reason="Nein", **seen(number))


def test_a_changed_text_round_about_has_to_be_seen_first(world: World) -> None:
    number = submitted(world.author, world.section)
    before = seen(number)
    proposing.rewrite(world.section, "Junge Menschen", "Viele junge Menschen")
    assert stored(number).merge_state is MergeState.MOVED
    with pytest.raises(EditConflict) as conflict:
        service.approve(world.moderator.actor, number, **before)
    assert conflict.value.data["head"] == 2
    service.approve(world.moderator.actor, number, **seen(number))
    text = head(world.section).body
    assert "sehr gute Arbeit" in text
    assert "Viele junge Menschen" in text


def test_an_overlap_cannot_be_approved(world: World) -> None:
    number = submitted(world.author, world.section)
    proposing.rewrite(world.section, "gute Arbeit", "ganz andere Arbeit")
    with pytest.raises(WrongState) as refused:
        service.approve(world.moderator.actor, number, **seen(number))
    assert refused.value.state == "conflict"
    assert stored(number).state is State.SUBMITTED
    assert head(world.section).number == 2


def test_what_stands_there_already_is_approved_without_a_new_revision(world: World) -> None:
    number = submitted(world.author, world.section)
    proposing.rewrite(world.section, "gute Arbeit", "sehr gute Arbeit")
    assert stored(number).merge_state is MergeState.ALREADY_CONTAINED
    done = service.approve(world.moderator.actor, number, **seen(number))
    assert done.revision_number is None
    assert head(world.section).number == 2


@pytest.mark.parametrize(
    "deed, state, mail",
    [
        ("reject", State.REJECTED, "proposal_rejected"),
        ("request_changes", State.CHANGES_REQUESTED, "proposal_changes_requested"),
    ],
)
def test_turning_down_needs_a_reason_and_is_mailed(world: World, deed: str, state: State, mail: str) -> None:
    number = submitted(world.author, world.section)
    with pytest.raises(InvalidInput, match="reason_required"):
        getattr(service, deed)(world.moderator.actor, number, seen_version=1, reason=" ")
    getattr(service, deed)(world.moderator.actor, number, seen_version=1, reason="Noch nicht klar genug.")
    assert stored(number).state is state
    assert mails() == [mail]
    assert open_count(world.section) == (0 if state is State.REJECTED else 1)
    with pytest.raises(WrongState):
        getattr(service, deed)(world.moderator.actor, number, seen_version=1, reason="Noch einmal")


def test_after_requested_changes_a_new_version_comes(world: World) -> None:
    number = submitted(world.author, world.section)
    service.request_changes(world.moderator.actor, number, seen_version=1, reason="Bitte genauer.")
    with pytest.raises(InvalidInput, match="unchanged"):
        service.resubmit(world.author.actor, number)
    service.save_draft(
        world.author.actor,
        number,
        title="Gute Arbeit",
        body=BODY.replace("gute Arbeit", "gut bezahlte Arbeit"),
        summary="Genauer",
        seen_edit=0,
    )
    assert service.resubmit(world.author.actor, number) == 2
    assert stored(number).state is State.SUBMITTED
    assert decisions(number) == [(Verb.SUBMIT, 1), (Verb.REQUEST_CHANGES, 1), (Verb.RESUBMIT, 2)]


def test_a_withdrawn_proposal_is_over(world: World) -> None:
    number = submitted(world.author, world.section)
    with pytest.raises(NotPermitted):
        service.withdraw(world.stranger.actor, number)
    service.withdraw(world.author.actor, number)
    service.withdraw(world.author.actor, number)
    assert decisions(number) == [(Verb.SUBMIT, 1), (Verb.WITHDRAW, 1)]
    assert open_count(world.section) == 0
    for late in (service.approve, service.reject):
        with pytest.raises(WrongState):
            late(world.moderator.actor, number, seen_version=1, seen_head=1, reason="Zu spät")


def test_a_ballot_holds_its_proposal(world: World) -> None:
    number = submitted(world.author, world.section)
    with transaction() as tx:
        service.hold(tx, number)
    for deed in (service.approve, service.reject):
        with pytest.raises(WrongState) as refused:
            deed(world.moderator.actor, number, reason="Jetzt", **seen(number))
        assert refused.value.state == "held"
    with pytest.raises(WrongState):
        service.withdraw(world.author.actor, number)
    with transaction() as tx, pytest.raises(WrongState):
        service.hold(tx, number)
    with transaction() as tx:
        service.release(tx, number)
    assert service.approve(world.moderator.actor, number, **seen(number)).revision_number == 2


# --------------------------------------------------------------------------------------------- adaptations


def adapted(world: World, number: int) -> int:
    return service.adapt(
        world.moderator.actor,
        number,
        title="Gute Arbeit",
        body=BODY.replace("gute Arbeit", "gute und sichere Arbeit"),
        reason="Sicherheit gehört dazu.",
        **seen(number),
    )


def test_an_adapted_version_waits_for_its_author(world: World) -> None:
    number = submitted(world.author, world.section)
    assert adapted(world, number) == 2
    found = stored(number)
    assert (found.state, found.version, found.candidate) == (State.SUBMITTED, 1, 2)
    assert found.adapted_by_id == world.moderator.id
    assert mails() == ["proposal_adapted"]
    for decide in (service.approve, service.reject):
        with pytest.raises(WrongState) as refused:
            decide(world.second.actor, number, reason="Schneller", **seen(number))
        assert refused.value.state == "awaits_author"


def test_an_adaptation_has_to_change_something(world: World) -> None:
    number = submitted(world.author, world.section)
    body = BODY.replace("gute Arbeit", "sehr gute Arbeit")
    common: dict[str, Any] = {"title": "Gute Arbeit", "reason": "Weil.", **seen(number)}
    with pytest.raises(InvalidInput, match="unchanged"):
        service.adapt(world.moderator.actor, number, body=body, **common)
    with pytest.raises(InvalidInput, match="contained"):
        service.adapt(world.moderator.actor, number, body=BODY, **common)
    with pytest.raises(InvalidInput, match="reason_required"):
        service.adapt(world.moderator.actor, number, **(common | {"body": "Neu.\n", "reason": ""}))


def test_the_authors_agreement_takes_effect_at_once(world: World) -> None:
    number = submitted(world.author, world.section)
    adapted(world, number)
    with pytest.raises(NotPermitted):
        service.agree(world.stranger.actor, number, seen_version=2)
    with pytest.raises(EditConflict):
        service.agree(world.author.actor, number, seen_version=1)
    done = service.agree(world.author.actor, number, seen_version=2)
    assert done.revision_number == 2
    revision = head(world.section)
    assert "gute und sichere Arbeit" in revision.body
    assert (revision.author_id, revision.approved_by_id) == (world.author.id, world.moderator.id)
    assert (stored(number).version, stored(number).adapted_version) == (2, None)
    assert mails()[-1] == "proposal_adaptation_agreed"
    with pytest.raises(WrongState):
        service.agree(world.author.actor, number, seen_version=2)


def test_a_refused_adaptation_brings_the_authors_version_back(world: World) -> None:
    number = submitted(world.author, world.section)
    adapted(world, number)
    with pytest.raises(InvalidInput, match="reason_required"):
        service.refuse(world.author.actor, number, seen_version=2, reason="")
    service.refuse(world.author.actor, number, seen_version=2, reason="Das war nicht gemeint.")
    assert stored(number).candidate == 1
    assert mails()[-1] == "proposal_adaptation_refused"
    service.approve(world.moderator.actor, number, **seen(number))
    assert "sehr gute Arbeit" in head(world.section).body


def test_the_number_of_a_refused_adaptation_is_not_given_again(world: World) -> None:
    number = submitted(world.author, world.section)
    adapted(world, number)
    service.refuse(world.author.actor, number, seen_version=2, reason="Nein.")
    assert adapted(world, number) == 3


def test_after_seven_days_the_adapted_version_takes_effect(
    frozen: time_machine.Traveller, world: World
) -> None:
    number = submitted(world.author, world.section)
    adapted(world, number)
    frozen.shift(timedelta(days=6, hours=23))
    assert worker.run_due() == 0
    frozen.shift(timedelta(hours=2))
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    assert stored(number).state is State.APPROVED
    assert head(world.section).approved_by_id == world.moderator.id
    assert decisions(number)[-1] == (Verb.AGREE, 2)
    assert session.scalars(select(ProposalDecision.by_id).order_by(ProposalDecision.id)).all()[-1] is None
    assert mails()[-1] == "proposal_approved"


def test_an_adapted_version_that_no_longer_fits_does_not_take_effect(
    frozen: time_machine.Traveller, world: World
) -> None:
    number = submitted(world.author, world.section)
    adapted(world, number)
    proposing.rewrite(world.section, "gute Arbeit", "ganz andere Arbeit")
    frozen.shift(timedelta(days=8))
    assert worker.run_due() == 0
    found = stored(number)
    assert (found.state, found.adapted_until) == (State.SUBMITTED, None)
    with pytest.raises(WrongState):
        service.agree(world.author.actor, number, seen_version=2)


def test_a_new_version_of_the_author_ends_the_question(world: World) -> None:
    number = submitted(world.author, world.section)
    adapted(world, number)
    service.save_draft(
        world.author.actor, number, title="Gute Arbeit", body="Ganz neu.\n", summary="Neu", seen_edit=0
    )
    assert service.resubmit(world.author.actor, number) == 3
    assert stored(number).adapted_version is None


# --------------------------------------------------------------------------------------------------- tree


def new_section(world: World, **place: Any) -> int:
    number = service.start(world.author.actor, kind=ProposalKind.NEW_SECTION, **place)
    target = {f"target_{name}": value for name, value in place.items()}
    service.save_draft(
        world.author.actor,
        number,
        title="Sicherheit",
        body="Arbeit ist sicher.\n",
        summary="Sicherheit ergänzen",
        seen_edit=0,
        **target,
    )
    return number


def test_a_new_section_stands_where_it_was_proposed(world: World) -> None:
    number = new_section(world, parent_id=world.section)
    service.submit(world.author.actor, number)
    done = service.approve(world.moderator.actor, number, **seen(number))
    outline = {entry.id: entry for entry in sections.tree()}
    assert done.section_id is not None
    assert outline[done.section_id].parent_id == world.section
    assert outline[done.section_id].title == "Sicherheit"
    assert stored(number).section_id == done.section_id


def test_a_new_section_needs_a_place_that_exists(world: World) -> None:
    number = new_section(world)
    with pytest.raises(InvalidInput) as refused:
        service.submit(world.author.actor, number)
    assert (refused.value.field, refused.value.code) == ("target", "required")
    with pytest.raises(InvalidInput, match="not_found"):
        service.start(world.author.actor, kind=ProposalKind.NEW_SECTION, parent_id=999)


def test_attendees_propose_measures_in_a_short_form(world: World) -> None:
    field = factories.field_of_action()
    number = service.start(world.attendee.actor, kind=ProposalKind.NEW_MEASURE, field_id=field)
    service.save_draft(
        world.attendee.actor,
        number,
        title="Lotsen ausbilden",
        body="Zwanzig im Jahr.\n",
        summary="Lotsen ausbilden",
        target_field_id=field,
        seen_edit=0,
    )
    service.submit(world.attendee.actor, number)
    done = service.approve(world.moderator.actor, number, **seen(number))
    section = session.get(Section, done.section_id)
    assert section is not None
    assert (section.kind, section.field_id) == (SectionKind.MEASURE, field)
    assert session.scalar(select(Measure.section_id)) == section.id


def test_a_deletion_takes_the_section_out(world: World) -> None:
    number = service.start(world.author.actor, kind=ProposalKind.DELETION, section_id=world.section)
    service.save_draft(world.author.actor, number, summary="Streichen", reason="Doppelt.", seen_edit=0)
    service.submit(world.author.actor, number)
    service.approve(world.moderator.actor, number, **seen(number))
    assert world.section not in {entry.id for entry in sections.tree()}


def test_a_section_with_others_below_is_not_deleted(world: World) -> None:
    proposing.section("Darunter", parent_id=world.section)
    number = service.start(world.author.actor, kind=ProposalKind.DELETION, section_id=world.section)
    service.save_draft(world.author.actor, number, summary="Streichen", seen_edit=0)
    with pytest.raises(WrongState, match="has_children"):
        service.submit(world.author.actor, number)


def move(world: World, section: int, **target: int | None) -> int:
    number = service.start(world.author.actor, kind=ProposalKind.MOVE, section_id=section)
    service.save_draft(world.author.actor, number, summary="Umstellen", seen_edit=0, **target)
    return number


def test_a_move_puts_the_section_elsewhere(world: World) -> None:
    other = proposing.section("Netze")
    number = move(world, other, target_parent_id=world.section)
    service.submit(world.author.actor, number)
    service.approve(world.moderator.actor, number, **seen(number))
    assert next(entry for entry in sections.tree() if entry.id == other).parent_id == world.section


def test_a_section_does_not_move_below_itself(world: World) -> None:
    below = proposing.section("Darunter", parent_id=world.section)
    number = move(world, world.section, target_parent_id=below)
    with pytest.raises(InvalidInput, match="cycle"):
        service.submit(world.author.actor, number)


def test_a_move_to_the_own_place_is_none(world: World) -> None:
    first = proposing.section("Erster", parent_id=world.section)
    second = proposing.section("Zweiter", parent_id=world.section)
    number = move(world, second, target_parent_id=world.section, target_after_id=first)
    with pytest.raises(InvalidInput, match="unchanged"):
        service.submit(world.author.actor, number)


# ------------------------------------------------------------------------------------- around a proposal


def test_supporting_counts_each_person_once(world: World) -> None:
    number = submitted(world.author, world.section)
    assert service.support(world.stranger.actor, number) == 1
    assert service.support(world.stranger.actor, number) == 1
    assert service.support(world.attendee.actor, number) == 2
    assert service.withdraw_support(world.stranger.actor, number) == 1
    assert service.withdraw_support(world.stranger.actor, number) == 1
    with pytest.raises(WrongState, match="own"):
        service.support(world.author.actor, number)
    service.withdraw(world.author.actor, number)
    with pytest.raises(WrongState):
        service.support(world.stranger.actor, number)


def test_who_is_on_a_proposal(world: World) -> None:
    number = submitted(world.author, world.section)
    service.take_on(world.moderator.actor, number)
    assert stored(number).assignee_id == world.moderator.id
    service.take_on(world.second.actor, number)
    assert stored(number).assignee_id == world.second.id
    service.hand_back(world.second.actor, number)
    assert stored(number).assignee_id is None
    with pytest.raises(NotPermitted):
        service.take_on(world.author.actor, number)


def test_a_deactivated_moderator_decides_nothing(world: World) -> None:
    number = submitted(world.author, world.section)
    gone = factories.moderator(is_active=False)
    with pytest.raises(NotPermitted) as refused:
        service.approve(gone.actor, number, **seen(number))
    assert refused.value.reason == "deactivated"


# ------------------------------------------------------------------------------------------- in bulk


def test_bulk_approval_takes_what_fits_and_tells_the_rest(world: World) -> None:
    other = proposing.section("Netze")
    fits = submitted(world.author, world.section)
    fits_too = submitted(world.author, other)
    overlaps = submitted(world.stranger, other, "Bis 2030", "Bis 2035")
    proposing.rewrite(other, "Bis 2030", "Bis 2028")
    own = submitted(world.moderator, world.section, "Junge Menschen", "Alle Menschen")
    items = [
        (number, seen(number)["seen_version"], seen(number)["seen_head"])
        for number in (fits, overlaps, own, fits_too)
    ]
    items.insert(3, (999, 1, 1))
    results = service.approve_clean(world.moderator.actor, items)
    assert [type(result.error) for result in results] == [
        type(None),
        WrongState,
        NotPermitted,
        NotFound,
        type(None),
    ]
    assert [stored(number).state for number in (fits, overlaps, own, fits_too)] == [
        State.APPROVED,
        State.SUBMITTED,
        State.SUBMITTED,
        State.APPROVED,
    ]


# --------------------------------------------------------------------------------------------- budgets


def test_a_decision_costs_the_same_with_one_and_with_ten_others(
    world: World, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    counts = []
    for others in (1, 10):
        section = proposing.section(f"Abschnitt {others}")
        for _ in range(others):
            submitted(factories.partner(), section)  # each becomes an overlap and mails its author
        number = submitted(world.author, section, new="beste Arbeit")
        values = seen(number)
        with statements() as counted:
            service.approve(world.moderator.actor, number, **values)
        counts.append(counted)
    assert counts[0] == counts[1], counts
    assert counts[1] <= 25, counts[1]


def test_saving_a_draft_stays_cheap(
    world: World, statements: Callable[[], AbstractContextManager[Statements]]
) -> None:
    source = add_source(world.moderator.actor, number=1, kind=SourceKind.FORUM, name="Forum", short="F")
    number = draft(world.author, world.section)
    with statements() as counted:
        service.save_draft(
            world.author.actor, number, title="A", body="B\n", source_ids=[source], seen_edit=1
        )
    assert counted <= 11, counted
    with statements() as counted:
        service.save_draft(
            world.author.actor, number, title="A", body="C\n", source_ids=[source], seen_edit=2
        )
    assert counted <= 9, counted


def test_the_settings_decide_nothing_about_the_authors_own(world: World) -> None:
    number = submitted(world.attendee, world.section)
    factories.settings(attendees_see_proposals=False)
    session.rollback()
    hidden = SiteSettings(attendees_see_proposals=False)
    assert queries.by_number(world.attendee.actor, hidden, number) is not None
