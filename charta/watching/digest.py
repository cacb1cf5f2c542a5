# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The worker's step that writes digests: what happened to the things one watches, by field of action.

At seven in Germany a pass begins: people in order of their id, a few a round. Each digest is worked out
before the lock and stored in a small transaction of its own, once for a person and day. A process remembers
how far its pass has come; a new one begins again and finds only who was left.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import force_locale

from charta.db import session, utcnow
from charta.notifications.rules import Digest, NoticeReason, last_digest_at
from charta.permissions import Permission, may
from charta.site import queries as site
from charta.watching import words
from charta.watching.addresses import Thing, thing, thing_url, url_of
from charta.watching.queries import digests as queries
from charta.watching.queries.deeds import Deed
from charta.watching.queries.digests import Reader
from charta.watching.queries.notices import Line
from charta.watching.reasons import why, why_of
from charta.watching.rules import WatchKind
from charta.watching.service import digesting
from charta.web.i18n import DEFAULT, LOCALES
from charta.web.urls import external

log = logging.getLogger(__name__)

# People of one round, so that other work of the same worker is not kept waiting.
ROUND = 20
# Lines of one mail; what is more is a number and a link.
LINES_MAX = 60


@dataclass(slots=True)
class _Pass:
    """How far this process has come with the digests of one morning."""

    moment: datetime
    after_id: int = 0
    is_over: bool = False


_passes: dict[str, _Pass] = {}


def run_due() -> int:
    """Write digests that are due, `ROUND` at most, and return how many people and notices were handled."""
    now = utcnow()
    daily, weekly = last_digest_at(Digest.DAILY, now), last_digest_at(Digest.WEEKLY, now)
    assert daily is not None
    assert weekly is not None
    key = repr(session.get_bind())
    current = _passes.get(key)
    if current is None or current.moment != daily:
        current = _passes[key] = _Pass(daily)
    if current.is_over:
        return 0
    readers = queries.due_readers(daily, weekly, after_id=current.after_id, limit=ROUND)
    settings, round_ = site.in_force()
    policy = site.policy(settings, round_)
    for reader in readers:
        current.after_id = reader.id
        try:
            found, count = queries.news(
                reader,
                settings,
                reads_text=bool(may(reader.actor, Permission.READ_DRAFT, policy=policy)),
            )
            data = contents(reader, found, count) if found else None
            digesting.store(reader, data)
        except Exception:
            # One person's digest that cannot be made holds up no other; it is tried the next morning.
            log.exception("the digest of person %d could not be made", reader.id)
            session.rollback()
    if readers:
        return len(readers)
    session.rollback()
    put_aside = digesting.put_aside(daily)
    current.is_over = put_aside == 0
    return put_aside


def contents(reader: Reader, found: list[Line], count: int) -> dict[str, Any]:
    """Return what fills the mail, in the person's language: fields, in them subjects, in them lines.

    Shape: {count, rest, is_weekly, until, groups: [{field, why, subjects: [{title, more, url, why, lines:
    [{text, url, at, times}]}]}]}.
    """
    with force_locale(reader.locale if reader.locale in LOCALES else DEFAULT):
        sentences = _sentences(found)[:LINES_MAX]
        near: dict[Thing, Line] = {}
        for sentence in reversed(sentences):  # the nearest reason comes first, so that it is the last to stay
            near[thing(sentence.deed)] = sentence.line
        groups: dict[int, dict[str, Any]] = {}
        subjects: dict[Thing, dict[str, Any]] = {}
        for sentence in sorted(sentences, key=lambda one: (_place(one.deed), one.deed.seq)):
            deed, key = sentence.deed, thing(sentence.deed)
            group = groups.setdefault(_place(deed), {"field": deed.field_name, "why": "", "subjects": []})
            if key not in subjects:
                reason, is_of_field = _why(near[key], deed), near[key].watched_kind == WatchKind.FIELD
                if is_of_field:  # said once, below the field's name
                    group["why"] = reason
                subjects[key] = {
                    "title": words.subject(deed),
                    "more": " ".join(words.more(deed).split()),
                    "url": thing_url(deed, external),
                    "why": "" if is_of_field else reason,
                    "lines": [],
                }
                group["subjects"].append(subjects[key])
            subjects[key]["lines"].append(sentence.as_data(subjects[key]["url"]))
        return {
            "count": count,
            "rest": count - sum(sentence.times for sentence in sentences),
            "is_weekly": reader.digest is Digest.WEEKLY,
            "until": reader.until.isoformat(),
            "groups": list(groups.values()),
        }


def _place(deed: Deed) -> int:
    """Return the number of the field; what belongs to none comes after the fields."""
    return deed.field_number or 1_000


def _why(line: Line, deed: Deed) -> str:
    """Return why the person hears of a subject, naming what is watched where that is another thing."""
    kind, ident = line.watched_kind, line.watched_id
    is_here = kind == WatchKind.FIELD or thing(deed) in {(kind, ident), (kind, line.watched_name)}
    if kind == WatchKind.SECTION and thing(deed)[0] in {"section", "measure"} and deed.section_id == ident:
        is_here, kind = True, "measure" if line.is_measure else kind
    return why(line.reason, kind) if is_here else why_of(line)


_NEAR = {reason: place for place, reason in enumerate(NoticeReason)}


@dataclass(slots=True)
class _Sentence:
    """One sentence; the same deed of the same doer on the same thing again counts `times`."""

    text: str
    line: Line
    deed: Deed
    newest: Deed
    times: int = 0

    def as_data(self, subject_url: str) -> dict[str, Any]:
        """Return it for the template; its link only where it leads elsewhere than the subject's."""
        url = url_of(self.newest, external)
        return {
            "text": self.text,
            "url": "" if url == subject_url else url,
            "at": self.newest.at.isoformat(),
            "times": self.times,
        }


def _sentences(found: list[Line]) -> list[_Sentence]:
    """Return the sentences, nearest reasons first and newest first among them."""
    made: dict[tuple[Thing, str], _Sentence] = {}
    for line in found:
        if line.deed is None:
            continue
        text = words.plain(line.deed)
        one = made.setdefault((thing(line.deed), text), _Sentence(text, line, line.deed, line.deed))
        one.newest, one.times = line.deed, one.times + 1
    return sorted(made.values(), key=lambda one: (_NEAR[one.line.reason], -one.newest.seq))
