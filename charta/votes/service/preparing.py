# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Preparing a ballot: drafts are made, changed and thrown away; nobody but the moderation sees them."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from charta.db import Transaction, transaction
from charta.editions.models import Edition
from charta.editions.rules import EditionState
from charta.errors import InvalidInput, NotFound, WrongState
from charta.forums.models import Forum
from charta.permissions import Actor
from charta.proposals.models import Proposal
from charta.proposals.rules import State
from charta.sections.models import Section
from charta.votes import rules
from charta.votes.models import Ballot, BallotQuestion
from charta.votes.rules import BallotInput, BallotState, QuestionInput, Scope
from charta.votes.service import steps

PARTNERS_MAX = 1_000


def prepare(actor: Actor, values: BallotInput) -> int:
    """Store a draft and return its id.

    Raises `InvalidInput` with the name of the field (questions as "question_1"), `NotFound` for a subject
    that is not there, `WrongState("prepare", ...)` for a proposal that awaits no decision and for an edition
    that is published or discarded.
    """
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot = Ballot(created_by_id=actor.id, created_at=tx.now, changed_at=tx.now)
        questions = _fill(tx, ballot, values)
        tx.session.add(ballot)
        tx.session.flush()
        ask(tx, ballot, questions)
        steps.record(tx, actor, "prepare_ballot", ballot)
        return ballot.id


def change(actor: Actor, ballot_id: int, values: BallotInput, *, seen_version: int) -> None:
    """Change a draft; raises like `prepare`, `EditConflict` when stale, `WrongState` when it is open."""
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        ballot = _draft(tx, ballot_id, "change")
        steps.check_seen(ballot, seen_version)
        questions = _fill(tx, ballot, values)
        ballot.version += 1
        ballot.changed_at = tx.now
        tx.session.execute(delete(BallotQuestion).where(BallotQuestion.ballot_id == ballot.id))
        ask(tx, ballot, questions)
        steps.record(tx, actor, "change_ballot", ballot, version=ballot.version)


def discard(actor: Actor, ballot_id: int) -> None:
    """Throw a draft away; one that is gone is no error."""
    with transaction() as tx:
        actor = steps.manager(tx, actor)
        try:
            ballot = _draft(tx, ballot_id, "discard")
        except NotFound:
            return
        tx.session.delete(ballot)
        steps.record(tx, actor, "discard_ballot", ballot)


def ask(tx: Transaction, ballot: Ballot, questions: Sequence[QuestionInput]) -> None:
    """Store the questions of a ballot."""
    tx.session.add_all(
        BallotQuestion(
            ballot_id=ballot.id,
            position=position,
            text=question.text,
            method=question.method,
            options=list(question.options),
            points=question.points,
        )
        for position, question in enumerate(questions, start=1)
    )
    tx.session.flush()


def _draft(tx: Transaction, ballot_id: int, action: str) -> Ballot:
    ballot = tx.lock(Ballot, ballot_id)
    if ballot is None:
        raise NotFound(kind="ballot", id=ballot_id)
    if ballot.state is not BallotState.DRAFT:
        raise WrongState(action, ballot.state.value)
    return ballot


def _fill(tx: Transaction, ballot: Ballot, values: BallotInput) -> list[QuestionInput]:
    """Check everything that was typed and put it into the draft; return the questions."""
    ballot.title = rules.clean_line(values.title, "title", rules.TITLE_MAX)
    ballot.intro = rules.clean_text(values.intro, "intro", rules.INTRO_MAX)
    if not (values.has_partners or values.has_participants):
        raise InvalidInput("electorate", "electorate_required")
    if not 0 <= values.quorum <= PARTNERS_MAX:
        raise InvalidInput("quorum", "between", minimum=0, limit=PARTNERS_MAX)
    rules.check_times(values.opens_at, values.closes_at, tx.now)
    questions = rules.clean_questions(values.questions, has_partners=values.has_partners)
    ballot.has_partners, ballot.has_participants = values.has_partners, values.has_participants
    ballot.rule, ballot.quorum = values.rule, values.quorum
    ballot.scope, ballot.forum_ids = values.scope, _forums(tx, values)
    ballot.opens_at, ballot.closes_at = values.opens_at, values.closes_at
    _set_subject(tx, ballot, values)
    return questions


def _forums(tx: Transaction, values: BallotInput) -> list[int]:
    if values.scope is not Scope.FORUMS or not values.has_participants:
        return []
    wanted = sorted(set(values.forum_ids))
    if not wanted:
        raise InvalidInput("forum_ids", "forums_required")
    known = tx.session.scalar(select(func.count()).select_from(Forum).where(Forum.id.in_(wanted)))
    if known != len(wanted):
        raise InvalidInput("forum_ids", "not_found")
    return wanted


def _set_subject(tx: Transaction, ballot: Ballot, values: BallotInput) -> None:
    subjects = {
        "section": values.section_id, "proposal": values.proposal_id, "edition": values.edition_id
    }  # fmt: skip
    given = {kind: number for kind, number in subjects.items() if number is not None}
    if len(given) > 1:
        raise InvalidInput("section_id", "invalid")
    for kind, number in given.items():
        if not 0 < number <= rules.ID_MAX:
            raise NotFound(kind=kind, id=None)
    ballot.section_id = ballot.proposal_id = ballot.proposal_version = None
    ballot.edition_id = ballot.text_hash = None
    if values.section_id is not None:
        section = tx.session.get(Section, values.section_id)
        if section is None or section.is_deleted or section.head_id is None:
            raise NotFound(kind="section", id=values.section_id)
        ballot.section_id = section.id
    if values.proposal_id is not None:
        proposal = tx.session.get(Proposal, values.proposal_id)
        if proposal is None or proposal.state is State.DRAFT:
            raise NotFound(kind="proposal", id=values.proposal_id)
        if proposal.state is not State.SUBMITTED:
            raise WrongState("prepare", proposal.state.value)
        ballot.proposal_id, ballot.proposal_version = proposal.id, proposal.version
    if values.edition_id is not None:
        edition = tx.session.get(Edition, values.edition_id)
        if edition is None:
            raise NotFound(kind="edition", id=values.edition_id)
        if edition.state is not EditionState.COMPOSED:
            raise WrongState("prepare", edition.state.value, edition=edition.name)
        # What it is prepared for: composed anew before the opening it would be another text.
        ballot.edition_id, ballot.text_hash = edition.id, edition.content_hash
