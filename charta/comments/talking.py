# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What a page that shows comments needs of them: the threads, whether the viewer can write, who reads it.

For views only: it knows the viewer of the request. It stands outside `views` because the pages of sections,
proposals and contributions use it too.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from charta.accounts.rules import Byline
from charta.comments.queries import proposing
from charta.comments.queries import threads as queries
from charta.comments.queries.subjects import Subject
from charta.comments.queries.threads import Thread
from charta.comments.rules import BODY_MAX, EDIT_WITHIN, SubjectKind
from charta.db import utcnow
from charta.permissions import Permission, Reason, Role, may
from charta.site.rules import ProposalsPublic
from charta.web import words
from charta.web.pager import Page, cut, key_argument
from charta.web.viewer import actor, policy, site_settings

# The key of the address under which a list goes on; its own, for pages that page something else too.
OLDER = "kommentare_vor"


@dataclass(frozen=True, slots=True)
class Talk:
    """The comments on one thing as a page shows them.

    `back` is the page itself: deeds lead there. `can_write` or the sentence `why` not. `key` makes the form
    on this page one comment however often it is sent. Own comments after `editable_since` can be changed.
    `can_propose`: a proposal can be made from a comment. `answered` are the comments that the proposal which
    this is about answers.
    """

    subject: Subject
    page: Page[Thread]
    back: str
    can_write: bool
    why: str
    asks_to_sign_in: bool
    moderates: bool
    can_report: bool
    key: str
    who_reads: str
    editable_since: datetime
    can_propose: bool = False
    answered: Sequence[Thread] = ()
    version: int | None = None
    limit: int = BODY_MAX

    @property
    def is_continued(self) -> bool:
        """Whether this page begins with older comments."""
        return OLDER in request.args


def talk(
    subject: Subject,
    *,
    back: str,
    ids: Collection[int] | None = None,
    at: Sequence[ColumnElement[bool]] = (),
    version: int | None = None,
    is_closed: bool = False,
    answered_by: int | None = None,
) -> Talk:
    """Return the newest comments on something, older ones when the address asks for them.

    `ids` are threads, `at` conditions on where they stand; `version` is that of a proposal; `is_closed` says
    that nothing more can be written there (a section that was taken out). `answered_by` is a proposal whose
    answered comments come along in the same statement.
    """
    viewer, settings = actor(), site_settings()
    before = key_argument(OLDER) if ids is None else None
    besides = None
    if answered_by is not None:
        reads_text = bool(may(viewer, Permission.READ_DRAFT, policy=policy()))
        besides = proposing.answered(answered_by, reads_text=reads_text)
    wanted = ids is None or len(ids) > 0 or besides is not None
    read = (
        queries.threads(viewer, settings, subject, before=before, ids=ids, at=at, besides=besides)
        if wanted
        else []
    )
    found = [one for one in read if one.first.subject == subject]
    answer = may(viewer, Permission.COMMENT, policy=policy())
    return Talk(
        subject=subject,
        page=cut(found, queries.PAGE_SIZE, lambda item: item.id),
        back=back,
        can_write=bool(answer) and not is_closed,
        why=_("Hier kann nicht mehr kommentiert werden.") if is_closed else why_not(answer.reason),
        asks_to_sign_in=viewer.id is None and not is_closed,
        moderates=bool(may(viewer, Permission.HIDE_COMMENT)),
        can_report=bool(may(viewer, Permission.REPORT_COMMENT)),
        key=secrets.token_urlsafe(12),
        who_reads=who_reads(subject.kind),
        editable_since=utcnow() - EDIT_WITHIN,
        version=version,
        can_propose=not is_closed
        and subject.kind is SubjectKind.SECTION
        and bool(may(viewer, Permission.PROPOSE, policy=policy())),
        answered=[one for one in reversed(read) if one.first.subject != subject],
    )


def why_not(reason: Reason) -> str:
    """Return why the viewer cannot write a comment now, empty when that is possible."""
    if reason is Reason.ALLOWED:
        return ""
    if reason is Reason.ROUND_CLOSED:
        return _("Teilnehmende können kommentieren, solange eine Beteiligungsrunde geöffnet ist.")
    if reason is Reason.ROUND_NOT_FOR_ROLE:
        return _("In dieser Beteiligungsrunde kommentieren nur Konsortialpartner und Moderation.")
    return words.reason(reason)


def who_reads(kind: SubjectKind) -> str:
    """Return who can read what is written here, as one sentence."""
    settings = site_settings()
    if kind is SubjectKind.CONTRIBUTION:
        return _("Alle können Ihren Kommentar lesen.")
    if kind is SubjectKind.PROPOSAL:
        if settings.proposals_public is ProposalsPublic.SUBMITTED:
            return _("Alle können Ihren Kommentar lesen.")
        if settings.proposals_public is ProposalsPublic.DECIDED:
            return _(
                "Ihren Kommentar lesen alle, die diesen Vorschlag lesen können: nach der Entscheidung alle."
            )
        return _("Ihren Kommentar lesen alle, die diesen Vorschlag lesen können.")
    if settings.draft_is_public:
        return _("Alle können Ihren Kommentar lesen.")
    return _("Alle, die angemeldet sind, können Ihren Kommentar lesen.")


def author(who: Byline) -> str:
    """Return the words for whoever wrote a comment: name and organisation, else the role."""
    if who.name or who.organisation_name:
        return ", ".join(part for part in (who.name, who.organisation_name) if part)
    return _("Moderation") if who.role is Role.MODERATOR else _("Eine teilnehmende Person")
