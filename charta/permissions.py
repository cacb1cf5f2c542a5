# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Who may do what: one table, one question, one answer with a reason. Pure: no Flask, no database.

Templates ask `may`, services call `require`; nobody else names a role. State rules live in the features'
`rules.py`; visibility of lists lives as SQL in their `queries.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol, runtime_checkable

from charta.errors import NotPermitted


class Role(StrEnum):
    """What a person is in this installation; a visitor who is not signed in is a reader."""

    READER = "reader"
    ATTENDEE = "attendee"
    PARTNER = "partner"
    MODERATOR = "moderator"
    ADMINISTRATOR = "administrator"


class Reason(StrEnum):
    """Why the answer is what it is; `charta.web.words` puts each into a sentence."""

    ALLOWED = "allowed"
    SIGN_IN = "sign_in"
    DEACTIVATED = "deactivated"
    ROLE = "role"
    OWN_PROPOSAL = "own_proposal"
    NOT_OWN = "not_own"
    NOT_OWN_ORGANISATION = "not_own_organisation"
    ROUND_CLOSED = "round_closed"
    ROUND_NOT_FOR_ROLE = "round_not_for_role"
    OWN_ACCOUNT = "own_account"
    NOT_ON_ROLL = "not_on_roll"


class Permission(StrEnum):
    """Every deed and every guarded page; the value is the stable name in docs and snapshot."""

    READ_PUBLIC = "read_public"
    READ_DRAFT = "read_draft"
    SIGN_IN = "sign_in"
    USE_ACCOUNT = "use_account"
    PROPOSE = "propose"
    EDIT_DRAFT = "edit_draft"
    SHARE_DRAFT = "share_draft"
    SUBMIT_PROPOSAL = "submit_proposal"
    WITHDRAW_PROPOSAL = "withdraw_proposal"
    SUPPORT_PROPOSAL = "support_proposal"
    ANSWER_ADAPTATION = "answer_adaptation"
    RESOLVE_OVERLAP = "resolve_overlap"
    READ_QUEUE = "read_queue"
    TAKE_ON_PROPOSAL = "take_on_proposal"
    APPROVE_PROPOSAL = "approve_proposal"
    ADAPT_PROPOSAL = "adapt_proposal"
    REQUEST_CHANGES = "request_changes"
    REJECT_PROPOSAL = "reject_proposal"
    EDIT_MEASURE = "edit_measure"
    MANAGE_SOURCES = "manage_sources"
    IMPORT_TEXT = "import_text"
    REGISTER_FOR_FORUM = "register_for_forum"
    JOIN_FORUM = "join_forum"
    HAND_IN = "hand_in"
    SUPPORT_CONTRIBUTION = "support_contribution"
    REPLY_TO_QUESTION = "reply_to_question"
    SUBSCRIBE = "subscribe"
    MANAGE_FORUMS = "manage_forums"
    INVITE_TO_FORUM = "invite_to_forum"
    RUN_FORUM = "run_forum"
    READ_ATTENDANCE = "read_attendance"
    RECORD_CONTRIBUTION = "record_contribution"
    READ_SCREENING = "read_screening"
    SCREEN_CONTRIBUTION = "screen_contribution"
    ANSWER_TOPIC = "answer_topic"
    COMMENT = "comment"
    EDIT_COMMENT = "edit_comment"
    RESOLVE_COMMENT = "resolve_comment"
    REPORT_COMMENT = "report_comment"
    HIDE_COMMENT = "hide_comment"
    WATCH = "watch"
    READ_BALLOT = "read_ballot"
    MANAGE_BALLOTS = "manage_ballots"
    CAST_FOR_PARTNER = "cast_for_partner"
    CAST_VOTE = "cast_vote"
    RUN_POLL = "run_poll"
    ANSWER_POLL = "answer_poll"
    NOTE_DISSENT = "note_dissent"
    COMPOSE_EDITION = "compose_edition"
    PUBLISH_EDITION = "publish_edition"
    MANAGE_ROUNDS = "manage_rounds"
    MANAGE_PEOPLE = "manage_people"
    CHANGE_ROLE = "change_role"
    MANAGE_ORGANISATIONS = "manage_organisations"
    MANAGE_SITE = "manage_site"
    READ_ACTIVITY = "read_activity"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a snapshot that services re-read inside the lock; `ANONYMOUS` has no id."""

    id: int | None
    role: Role
    organisation_id: int | None = None
    is_active: bool = True
    organisation_is_partner: bool = False


ANONYMOUS = Actor(id=None, role=Role.READER)


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that permissions depend on; the defaults are the strict ones."""

    four_eyes: bool = True
    draft_is_public: bool = False
    attendees_may_propose: bool = False
    attendees_may_comment: bool = False
    partners_may_propose: bool = True
    round_is_open: bool = False


STRICT = Policy()


@runtime_checkable
class Written(Protocol):
    """A subject that somebody wrote."""

    @property
    def author_id(self) -> int: ...


@runtime_checkable
class Authored(Written, Protocol):
    """A proposal: `adapted_by_id` names a moderator who changed the wording."""

    @property
    def organisation_id(self) -> int | None: ...
    @property
    def is_shared(self) -> bool: ...
    @property
    def adapted_by_id(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to `may`: true or false, with the reason that pages show."""

    allowed: bool
    reason: Reason

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(True, Reason.ALLOWED)

Condition = Callable[[Actor, object, Policy], Reason | None]


def _is_author(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    del policy
    if isinstance(subject, Written) and subject.author_id == actor.id:
        return None
    return Reason.NOT_OWN


def _is_author_or_colleague(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    if _is_author(actor, subject, policy) is None:
        return None
    if not isinstance(subject, Authored) or not subject.is_shared:
        return Reason.NOT_OWN
    if actor.organisation_id is None or subject.organisation_id != actor.organisation_id:
        return Reason.NOT_OWN_ORGANISATION
    return None


def _four_eyes(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    if not policy.four_eyes or not isinstance(subject, Authored):
        return None
    return Reason.OWN_PROPOSAL if actor.id in {subject.author_id, subject.adapted_by_id} else None


def _author_or_moderator(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    return None if actor.role is Role.MODERATOR else _is_author(actor, subject, policy)


def _round_allows(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    del subject
    if actor.role is Role.MODERATOR:
        return None  # the editorial office works between rounds too
    if not policy.round_is_open:
        return Reason.ROUND_CLOSED
    allowed = policy.partners_may_propose if actor.role is Role.PARTNER else policy.attendees_may_propose
    return None if allowed else Reason.ROUND_NOT_FOR_ROLE


def _round_lets_comment(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    """Partners and moderators talk at any time; attendees while a round is open that lets them."""
    del subject
    if actor.role is not Role.ATTENDEE:
        return None
    if not policy.round_is_open:
        return Reason.ROUND_CLOSED
    return None if policy.attendees_may_comment else Reason.ROUND_NOT_FOR_ROLE


def _own_comment(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    return _is_author(actor, subject, policy)


def _author_or_partner(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    """Whoever began a thread may call it settled, and those who work on the text."""
    return None if actor.role is not Role.ATTENDEE else _is_author(actor, subject, policy)


def _of_partner(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    del subject, policy
    return None if actor.organisation_is_partner else Reason.NOT_OWN_ORGANISATION


def _draft_is_readable(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    del subject
    return None if actor.id is not None or policy.draft_is_public else Reason.SIGN_IN


def _not_own_account(actor: Actor, subject: object, policy: Policy) -> Reason | None:
    del policy
    return Reason.OWN_ACCOUNT if getattr(subject, "id", None) == actor.id else None


@dataclass(frozen=True, slots=True)
class Rule:
    """Which roles may, and under which further condition."""

    roles: frozenset[Role]
    condition: Condition | None = None


_EVERYBODY = frozenset(Role)
_SIGNED_IN = _EVERYBODY - {Role.READER}
_WRITERS = frozenset({Role.ATTENDEE, Role.PARTNER, Role.MODERATOR})
_PARTNERS = frozenset({Role.PARTNER, Role.MODERATOR})  # a partner may lend the moderation a voting member
_ATTENDEES = frozenset({Role.ATTENDEE})
_MODERATION = frozenset({Role.MODERATOR})
_ADMINISTRATION = frozenset({Role.ADMINISTRATOR})
_OFFICE = _MODERATION | _ADMINISTRATION

TABLE: Mapping[Permission, Rule] = {
    Permission.READ_PUBLIC: Rule(_EVERYBODY),
    Permission.READ_DRAFT: Rule(_EVERYBODY, _draft_is_readable),
    Permission.SIGN_IN: Rule(_EVERYBODY),
    Permission.USE_ACCOUNT: Rule(_SIGNED_IN),
    Permission.PROPOSE: Rule(_WRITERS, _round_allows),
    Permission.EDIT_DRAFT: Rule(_WRITERS, _is_author_or_colleague),
    Permission.SHARE_DRAFT: Rule(_WRITERS, _is_author),
    Permission.SUBMIT_PROPOSAL: Rule(_WRITERS, _is_author),
    Permission.WITHDRAW_PROPOSAL: Rule(_WRITERS, _is_author),
    Permission.SUPPORT_PROPOSAL: Rule(_WRITERS),
    Permission.ANSWER_ADAPTATION: Rule(_WRITERS, _is_author),
    Permission.RESOLVE_OVERLAP: Rule(_WRITERS, _author_or_moderator),
    Permission.READ_QUEUE: Rule(_MODERATION),
    Permission.TAKE_ON_PROPOSAL: Rule(_MODERATION),
    Permission.APPROVE_PROPOSAL: Rule(_MODERATION, _four_eyes),
    Permission.ADAPT_PROPOSAL: Rule(_MODERATION, _four_eyes),
    Permission.REQUEST_CHANGES: Rule(_MODERATION, _four_eyes),
    Permission.REJECT_PROPOSAL: Rule(_MODERATION, _four_eyes),
    Permission.EDIT_MEASURE: Rule(_MODERATION),
    Permission.MANAGE_SOURCES: Rule(_MODERATION),
    Permission.IMPORT_TEXT: Rule(_MODERATION),
    Permission.REGISTER_FOR_FORUM: Rule(_EVERYBODY),
    Permission.JOIN_FORUM: Rule(_EVERYBODY),
    Permission.HAND_IN: Rule(_WRITERS),
    Permission.SUPPORT_CONTRIBUTION: Rule(_WRITERS),
    Permission.REPLY_TO_QUESTION: Rule(_EVERYBODY),  # who holds the link of the mail, or wrote it
    Permission.SUBSCRIBE: Rule(_EVERYBODY),
    Permission.MANAGE_FORUMS: Rule(_MODERATION),
    Permission.INVITE_TO_FORUM: Rule(_MODERATION),
    Permission.RUN_FORUM: Rule(_MODERATION),
    Permission.READ_ATTENDANCE: Rule(_MODERATION),
    Permission.RECORD_CONTRIBUTION: Rule(_MODERATION),
    Permission.READ_SCREENING: Rule(_MODERATION),
    Permission.SCREEN_CONTRIBUTION: Rule(_MODERATION),
    Permission.ANSWER_TOPIC: Rule(_MODERATION),
    Permission.COMMENT: Rule(_WRITERS, _round_lets_comment),
    Permission.EDIT_COMMENT: Rule(_WRITERS, _own_comment),
    Permission.RESOLVE_COMMENT: Rule(_WRITERS, _author_or_partner),
    Permission.REPORT_COMMENT: Rule(_SIGNED_IN),
    Permission.HIDE_COMMENT: Rule(_MODERATION),
    Permission.WATCH: Rule(_SIGNED_IN),
    Permission.READ_BALLOT: Rule(_EVERYBODY),  # what of it is shown follows `votes.queries`
    Permission.MANAGE_BALLOTS: Rule(_MODERATION),
    # The frozen roll says who: also for an organisation that is no partner any more since it was opened.
    Permission.CAST_FOR_PARTNER: Rule(_PARTNERS),
    Permission.CAST_VOTE: Rule(_ATTENDEES),  # and the frozen roll says who
    Permission.RUN_POLL: Rule(_MODERATION),
    Permission.ANSWER_POLL: Rule(_WRITERS),  # and who is at the forum
    Permission.NOTE_DISSENT: Rule(_PARTNERS, _of_partner),
    Permission.COMPOSE_EDITION: Rule(_MODERATION),
    Permission.PUBLISH_EDITION: Rule(_MODERATION),
    Permission.MANAGE_ROUNDS: Rule(_OFFICE),
    Permission.MANAGE_PEOPLE: Rule(_ADMINISTRATION),
    Permission.CHANGE_ROLE: Rule(_ADMINISTRATION, _not_own_account),
    Permission.MANAGE_ORGANISATIONS: Rule(_ADMINISTRATION),
    Permission.MANAGE_SITE: Rule(_ADMINISTRATION),
    Permission.READ_ACTIVITY: Rule(_OFFICE),
}


def may(actor: Actor, permission: Permission, subject: object = None, *, policy: Policy = STRICT) -> Answer:
    """Say whether `actor` may do `permission` on `subject`, with the reason.

    Without a subject a condition about the subject answers as if the subject were somebody else's, except
    that the role alone decides when the caller only wants to know whether the kind of deed is open at all:
    use `role_may` for that.
    """
    if not actor.is_active:
        return Answer(False, Reason.DEACTIVATED)
    rule = TABLE[permission]
    if actor.role not in rule.roles:
        return Answer(False, Reason.SIGN_IN if actor.id is None else Reason.ROLE)
    refusal = rule.condition(actor, subject, policy) if rule.condition else None
    return YES if refusal is None else Answer(False, refusal)


def role_may(actor: Actor, permission: Permission) -> Answer:
    """Say whether the actor's role alone opens this kind of deed (menus, guards of whole pages)."""
    if not actor.is_active:
        return Answer(False, Reason.DEACTIVATED)
    if actor.role in TABLE[permission].roles:
        return YES
    return Answer(False, Reason.SIGN_IN if actor.id is None else Reason.ROLE)


def require(actor: Actor, permission: Permission, subject: object = None, *, policy: Policy = STRICT) -> None:
    """Raise `NotPermitted` with the reason unless `may` says yes."""
    answer = may(actor, permission, subject, policy=policy)
    if not answer:
        raise NotPermitted(answer.reason, permission=permission.value)


def may_propose_on(actor: Actor, *, is_covered: bool, policy: Policy = STRICT) -> Answer:
    """Say whether `actor` may propose changes to a text that the round in force covers, or does not.

    The editorial office works on every field, also between rounds.
    """
    answer = may(actor, Permission.PROPOSE, policy=policy)
    if answer and not is_covered and actor.role is not Role.MODERATOR:
        return Answer(False, Reason.ROUND_CLOSED)
    return answer


def require_propose_on(actor: Actor, *, is_covered: bool, policy: Policy = STRICT) -> None:
    """Raise `NotPermitted` with the reason unless `may_propose_on` says yes."""
    answer = may_propose_on(actor, is_covered=is_covered, policy=policy)
    if not answer:
        raise NotPermitted(answer.reason, permission=Permission.PROPOSE.value)
