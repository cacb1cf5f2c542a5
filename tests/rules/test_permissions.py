# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what, and why not. `permissions.snapshot` makes every change of the table visible."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from charta import permissions
from charta.errors import NotPermitted
from charta.permissions import (
    ANONYMOUS,
    STRICT,
    TABLE,
    Actor,
    Authored,
    Permission,
    Policy,
    Reason,
    Role,
    may,
    require,
    role_may,
)
from charta.web import words
from tests import snapshots

P = Permission
SNAPSHOT = Path(__file__).with_name("permissions.snapshot")

AUTHOR_ID, COLLEAGUE_ID, STRANGER_ID = 1, 2, 3
OURS, THEIRS = 10, 20
OPEN = Policy(round_is_open=True)


@dataclass(frozen=True)
class Subject:
    """A proposal as permissions see one."""

    author_id: int = AUTHOR_ID
    organisation_id: int | None = OURS
    is_shared: bool = False
    adapted_by_id: int | None = None


@dataclass(frozen=True)
class SomebodysAccount:
    id: int


def actor(role: Role, ident: int = STRANGER_ID, organisation_id: int | None = THEIRS, **more: bool) -> Actor:
    return Actor(id=ident, role=role, organisation_id=organisation_id, **more)


def reason(who: Actor, permission: Permission, subject: object = None, policy: Policy = OPEN) -> Reason:
    answer = may(who, permission, subject, policy=policy)
    assert bool(answer) is (answer.reason is Reason.ALLOWED)
    return answer.reason


# ----------------------------------------------------------------------------------------------- the table


def test_table_is_as_reviewed() -> None:
    width = max(len(permission.value) for permission in Permission)
    lines = [f"{'':{width}}  " + "  ".join(f"{role.value:13}" for role in Role)]
    for permission, rule in TABLE.items():
        condition = rule.condition.__name__.strip("_") if rule.condition else ""
        marks = ["yes" if role in rule.roles else "-" for role in Role]
        lines.append(
            f"{permission.value:{width}}  " + "  ".join(f"{mark:13}" for mark in marks) + f"  {condition}"
        )
    snapshots.check(SNAPSHOT, "\n".join(line.rstrip() for line in lines) + "\n")


def test_every_permission_has_one_rule_and_a_name_for_people() -> None:
    assert set(TABLE) == set(Permission)
    assert set(words.PERMISSIONS) == set(Permission)


def test_every_condition_reason_and_role_has_words() -> None:
    assert {rule.condition.__name__ for rule in TABLE.values() if rule.condition} == set(words.CONDITIONS)
    assert set(words.REASONS) == set(Reason)
    assert set(words.ROLES) == set(Role)


def test_nothing_is_open_to_nobody() -> None:
    assert [permission for permission, rule in TABLE.items() if not rule.roles] == []


def test_a_reader_can_only_read_sign_in_come_to_a_forum_and_hear_about_a_contribution() -> None:
    """And answer a question by the personal link of a mail; nothing that needs somebody known."""
    open_to_readers = {permission for permission, rule in TABLE.items() if Role.READER in rule.roles}
    assert open_to_readers == {
        P.READ_PUBLIC, P.READ_DRAFT, P.READ_BALLOT, P.SIGN_IN,
        P.REGISTER_FOR_FORUM, P.JOIN_FORUM, P.SUBSCRIBE, P.REPLY_TO_QUESTION,
    }  # fmt: skip


def test_an_administrator_has_no_say_in_the_text() -> None:
    """Those who keep the accounts decide nothing about the wording."""
    deeds = {
        P.APPROVE_PROPOSAL, P.ADAPT_PROPOSAL, P.REQUEST_CHANGES, P.REJECT_PROPOSAL, P.SUBMIT_PROPOSAL,
        P.EDIT_DRAFT, P.PROPOSE, P.RESOLVE_OVERLAP, P.EDIT_MEASURE,
    }  # fmt: skip
    assert [deed for deed in deeds if Role.ADMINISTRATOR in TABLE[deed].roles] == []


# -------------------------------------------------------------------------------------- deactivated, roles


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_a_deactivated_account_may_nothing(role: Role, permission: Permission) -> None:
    gone = actor(role, AUTHOR_ID, OURS, is_active=False)
    assert reason(gone, permission, Subject()) is Reason.DEACTIVATED
    assert role_may(gone, permission).reason is Reason.DEACTIVATED


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("permission", list(Permission))
def test_the_role_comes_before_any_condition(role: Role, permission: Permission) -> None:
    if role in TABLE[permission].roles:
        assert role_may(actor(role), permission)
        assert reason(actor(role), permission) is not Reason.ROLE
    else:
        assert role_may(actor(role), permission).reason is Reason.ROLE
        assert reason(actor(role), permission) is Reason.ROLE


def test_visitors_are_asked_to_sign_in_instead_of_being_told_about_roles() -> None:
    assert reason(ANONYMOUS, P.PROPOSE) is Reason.SIGN_IN
    assert role_may(ANONYMOUS, P.READ_QUEUE).reason is Reason.SIGN_IN


def test_require_raises_with_reason_and_permission() -> None:
    with pytest.raises(NotPermitted) as refused:
        require(actor(Role.PARTNER), P.APPROVE_PROPOSAL, Subject())
    assert refused.value.reason == Reason.ROLE
    assert refused.value.data["permission"] == "approve_proposal"


def test_require_is_silent_when_it_is_allowed() -> None:
    require(actor(Role.MODERATOR), P.APPROVE_PROPOSAL, Subject())


def test_without_a_policy_the_strict_one_holds() -> None:
    assert Policy() == STRICT
    assert STRICT.four_eyes
    assert not STRICT.draft_is_public
    assert not STRICT.round_is_open
    assert not may(actor(Role.PARTNER), P.PROPOSE)


# -------------------------------------------------------------------------------------------- the author


AUTHORS_ONLY = (P.SHARE_DRAFT, P.SUBMIT_PROPOSAL, P.WITHDRAW_PROPOSAL, P.ANSWER_ADAPTATION)


@pytest.mark.parametrize("permission", AUTHORS_ONLY)
@pytest.mark.parametrize(
    "who, expected",
    [
        (actor(Role.PARTNER, AUTHOR_ID, OURS), Reason.ALLOWED),
        (actor(Role.ATTENDEE, AUTHOR_ID, None), Reason.ALLOWED),
        (actor(Role.MODERATOR, AUTHOR_ID, None), Reason.ALLOWED),  # as author, not as moderator
        (actor(Role.PARTNER, COLLEAGUE_ID, OURS), Reason.NOT_OWN),  # a colleague edits but does not hand in
        (actor(Role.PARTNER, STRANGER_ID, THEIRS), Reason.NOT_OWN),
        (actor(Role.MODERATOR, STRANGER_ID, None), Reason.NOT_OWN),
        (actor(Role.ADMINISTRATOR, AUTHOR_ID, None), Reason.ROLE),  # a former partner
    ],
)
def test_deeds_of_the_author(permission: Permission, who: Actor, expected: Reason) -> None:
    assert reason(who, permission, Subject(is_shared=True)) is expected


@pytest.mark.parametrize("permission", AUTHORS_ONLY)
def test_without_a_subject_nobody_is_its_author(permission: Permission) -> None:
    assert reason(actor(Role.PARTNER, AUTHOR_ID, OURS), permission, None) is Reason.NOT_OWN


@pytest.mark.parametrize(
    "who, is_shared, expected",
    [
        (actor(Role.PARTNER, AUTHOR_ID, OURS), False, Reason.ALLOWED),
        (actor(Role.PARTNER, AUTHOR_ID, THEIRS), False, Reason.ALLOWED),  # has changed the organisation
        (actor(Role.PARTNER, COLLEAGUE_ID, OURS), True, Reason.ALLOWED),
        (actor(Role.PARTNER, COLLEAGUE_ID, OURS), False, Reason.NOT_OWN),
        (actor(Role.PARTNER, STRANGER_ID, THEIRS), True, Reason.NOT_OWN_ORGANISATION),
        (actor(Role.PARTNER, STRANGER_ID, None), True, Reason.NOT_OWN_ORGANISATION),
        (actor(Role.MODERATOR, STRANGER_ID, None), True, Reason.NOT_OWN_ORGANISATION),
    ],
)
def test_editing_a_draft(who: Actor, is_shared: bool, expected: Reason) -> None:
    assert reason(who, P.EDIT_DRAFT, Subject(is_shared=is_shared)) is expected


def test_two_people_without_organisation_are_no_colleagues() -> None:
    shared = Subject(organisation_id=None, is_shared=True)
    assert reason(actor(Role.ATTENDEE, COLLEAGUE_ID, None), P.EDIT_DRAFT, shared) is (
        Reason.NOT_OWN_ORGANISATION
    )


@pytest.mark.parametrize(
    "who, expected",
    [
        (actor(Role.PARTNER, AUTHOR_ID, OURS), Reason.ALLOWED),
        (actor(Role.MODERATOR, STRANGER_ID, None), Reason.ALLOWED),
        (actor(Role.PARTNER, COLLEAGUE_ID, OURS), Reason.NOT_OWN),
    ],
)
def test_resolving_an_overlap(who: Actor, expected: Reason) -> None:
    assert reason(who, P.RESOLVE_OVERLAP, Subject(is_shared=True)) is expected


# ------------------------------------------------------------------------------------------------ four eyes


DECISIONS = (P.APPROVE_PROPOSAL, P.ADAPT_PROPOSAL, P.REQUEST_CHANGES, P.REJECT_PROPOSAL)
MODERATOR = actor(Role.MODERATOR, STRANGER_ID, None)


@pytest.mark.parametrize("permission", DECISIONS)
@pytest.mark.parametrize(
    "subject, expected",
    [
        (Subject(), Reason.ALLOWED),
        (Subject(author_id=STRANGER_ID), Reason.OWN_PROPOSAL),
        (Subject(adapted_by_id=STRANGER_ID), Reason.OWN_PROPOSAL),  # changed the wording: counts as author
        (Subject(adapted_by_id=COLLEAGUE_ID), Reason.ALLOWED),
    ],
)
def test_nobody_decides_about_the_own_words(
    permission: Permission, subject: Subject, expected: Reason
) -> None:
    assert reason(MODERATOR, permission, subject) is expected


@pytest.mark.parametrize("permission", DECISIONS)
def test_four_eyes_can_be_switched_off(permission: Permission) -> None:
    two_eyes = Policy(four_eyes=False)
    assert reason(MODERATOR, permission, Subject(author_id=STRANGER_ID), two_eyes) is Reason.ALLOWED


@pytest.mark.parametrize("permission", DECISIONS)
@pytest.mark.parametrize("role", [Role.READER, Role.ATTENDEE, Role.PARTNER, Role.ADMINISTRATOR])
def test_only_moderators_decide(permission: Permission, role: Role) -> None:
    assert reason(actor(role), permission, Subject()) is Reason.ROLE


# ------------------------------------------------------------------------------------------------ the round


@pytest.mark.parametrize(
    "role, policy, expected",
    [
        (Role.PARTNER, Policy(round_is_open=True), Reason.ALLOWED),
        (Role.PARTNER, Policy(round_is_open=False), Reason.ROUND_CLOSED),
        (
            Role.PARTNER,
            Policy(round_is_open=True, partners_may_propose=False),
            Reason.ROUND_NOT_FOR_ROLE,
        ),
        (Role.ATTENDEE, Policy(round_is_open=True), Reason.ROUND_NOT_FOR_ROLE),
        (Role.ATTENDEE, Policy(round_is_open=True, attendees_may_propose=True), Reason.ALLOWED),
        (Role.ATTENDEE, Policy(round_is_open=False, attendees_may_propose=True), Reason.ROUND_CLOSED),
        # the editorial office works between rounds too
        (Role.MODERATOR, Policy(round_is_open=False), Reason.ALLOWED),
        (Role.ADMINISTRATOR, Policy(round_is_open=True), Reason.ROLE),
        (Role.READER, Policy(round_is_open=True), Reason.ROLE),
    ],
)
def test_the_round_says_who_may_propose(role: Role, policy: Policy, expected: Reason) -> None:
    assert reason(actor(role), P.PROPOSE, None, policy) is expected


# -------------------------------------------------------------------------------------- draft and accounts


@pytest.mark.parametrize(
    "who, is_public, expected",
    [
        (ANONYMOUS, False, Reason.SIGN_IN),
        (ANONYMOUS, True, Reason.ALLOWED),
        (actor(Role.READER), False, Reason.ALLOWED),  # has an account
        (actor(Role.ATTENDEE), False, Reason.ALLOWED),
        (actor(Role.ADMINISTRATOR), False, Reason.ALLOWED),
    ],
)
def test_reading_the_working_draft(who: Actor, is_public: bool, expected: Reason) -> None:
    assert reason(who, P.READ_DRAFT, None, Policy(draft_is_public=is_public)) is expected


@pytest.mark.parametrize(
    "account_id, expected", [(STRANGER_ID, Reason.OWN_ACCOUNT), (AUTHOR_ID, Reason.ALLOWED)]
)
def test_nobody_changes_the_own_role(account_id: int, expected: Reason) -> None:
    assert reason(actor(Role.ADMINISTRATOR), P.CHANGE_ROLE, SomebodysAccount(account_id)) is expected


def test_the_stored_proposal_is_a_subject() -> None:
    """The conditions ask the model itself; a renamed column would make every author a stranger."""
    from charta.proposals.models import Proposal

    assert isinstance(Proposal(author_id=1, organisation_id=None, is_shared=False), Authored)


@pytest.mark.parametrize(
    "role, is_open, is_covered, allowed",
    [
        (Role.PARTNER, True, True, True),
        (Role.PARTNER, True, False, False),  # the round is about other fields
        (Role.PARTNER, False, True, False),  # no round is open
        (Role.MODERATOR, True, False, True),  # the editorial office works anywhere
        (Role.MODERATOR, False, False, True),
        (Role.READER, True, True, False),
    ],
)
def test_a_round_that_covers_other_fields_closes_this_one(
    role: Role, is_open: bool, is_covered: bool, allowed: bool
) -> None:
    somebody = permissions.Actor(id=None if role is Role.READER else 7, role=role)
    policy = permissions.Policy(round_is_open=is_open)
    answer = permissions.may_propose_on(somebody, is_covered=is_covered, policy=policy)
    assert bool(answer) is allowed
