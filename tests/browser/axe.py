# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""axe on every page: WCAG 2.2 A and AA, best practice, targets of 24 px; light and dark; wide and narrow.

Four looks (two widths, two schemes) in two languages are eight runs of axe for each page. What a look can
break that no other shows decides what is asked in it:

* German, wide, light: every rule. The structure and names of what is shown on wide windows only.
* German, narrow, dark: colours and the size of targets. Dark colours, and German words on a phone.
* German, wide, dark: the colours of what looks different from the narrow page.
* English, narrow, light: every rule. What is shown on phones only, and words that are missing or longer.

Not asked: the structure in the dark (the elements and their names are the same, the scheme changes colours
only), German narrow light (its elements are those of English narrow light, its words those of German narrow
dark), English on a wide window (words are broken by narrow ones first). Both languages are also measured for
sideways scrolling at 390 and 320 px.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select, update

from charta.accounts import service as accounts
from charta.accounts.models import Organisation, Person, Token, UserSession
from charta.accounts.rules import TokenPurpose
from charta.db import session, transaction
from charta.fields.models import FieldOfAction
from charta.measures.models import Measure
from charta.notifications.rules import Unsubscribe
from charta.permissions import Permission
from charta.proposals.models import Proposal
from charta.proposals.rules import DECIDED, MergeState, ProposalKind, State
from charta.sections.models import Section
from charta.site.models import CalendarDate, NewsItem, Round
from charta.web.access import declared_access
from charta.web.mail_keys import unsubscribe_key
from tests.browser import comment_samples, edition_samples, gathering_samples, voting_samples
from tests.browser.conftest import DESK, PHONE, Site, Visit, Visitor

SCRIPT = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "rules": {"target-size": {"enabled": True}}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
TOUCH = {"runOnly": {"type": "rule", "values": [*COLOURS["runOnly"]["values"], "target-size"]}}
OTHER = "data-looks-other"
# The size of the window, the scheme, the rules, and whether only what looks different from before is asked.
Look = tuple[tuple[int, int], Literal["light", "dark"], dict[str, Any], bool]
EVERY_LOOK: Sequence[Look] = (
    (DESK, "light", EVERYTHING, False),
    (PHONE, "dark", TOUCH, False),
    (DESK, "dark", COLOURS, True),
)
OTHER_WORDS: Sequence[Look] = ((PHONE, "light", EVERYTHING, False),)
# Remembers what decides the contrast of each element and marks those in which it changed since the last call.
MARK_OTHERS = """name => {
    const before = window.chartaLooks, now = new Map();
    let count = 0;
    for (const element of document.documentElement.querySelectorAll('*')) {
        element.removeAttribute(name);
        if (!element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
        const style = getComputedStyle(element), size = parseFloat(style.fontSize);
        const look = [
            style.color, style.backgroundColor, style.backgroundImage, style.opacity, style.textShadow,
            style.fontWeight, style.textDecorationLine, size >= 24, size >= 18.66, style.position,
        ].join('|');
        now.set(element, look);
        if (before && before.get(element) !== look) { element.setAttribute(name, ''); count += 1; }
    }
    window.chartaLooks = now;
    return count;
}"""


def violations(page: Page, options: dict[str, Any] | None = None, within: str = "") -> list[str]:
    """Return what axe finds, one line for each element; `within` asks only what this selector finds."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(SCRIPT)
    # Only what was found comes back: the list of all that passed takes longer to send than to make.
    found = page.evaluate(
        "([within, options]) => axe.run(within ? {include: [[within]]} : document, options)"
        ".then(result => result.violations)",
        [within, {**(options or EVERYTHING), "resultTypes": ["violations"]}],
    )
    return [
        f"{rule['id']} ({rule['help']}): {node['target']} {node['html'][:160]} "
        f"{' '.join(check['message'] for check in node['any'][:1])}"
        for rule in found
        for node in rule["nodes"]
    ]


def pages(app: Flask) -> Iterator[tuple[str, str]]:
    """Yield (who, address) of every page of the demonstration: each endpoint once, by who may see most of it.

    Pages with states worth a look of their own (proposals, overlaps) are there once for each state.
    """
    samples = _samples()
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if "GET" not in (rule.methods or ()) or rule.endpoint in _NO_PAGES:
            continue
        permission = declared_access(app, rule.endpoint)
        assert permission is not None
        who = _WHO.get(rule.endpoint, _BY_PERMISSION.get(permission, "partner"))
        common = [{name: samples["*"][0].get(name) for name in rule.arguments}]
        for values in samples.get(rule.endpoint, common):
            assert None not in values.values(), f"no sample for {rule.endpoint}: {values}"
            yield values.pop("who", who), adapter.build(rule.endpoint, values)


PEOPLE = {
    "": "",
    "partner": "ihk@example.org",
    "attendee": "teilnahme1@example.org",
    "moderator": "moderation@example.org",
    "administrator": "admin@example.org",
}
_NO_PAGES = {
    "static", "web.healthz", "web.readyz", "web.version", "site.news_feed", "site.calendar_file",
    "contributions.cards_pdf", "contributions.import_refused", "contributions.import_template",
    "contributions.projector_state", "forums.calendar_file", "forums.documentation_pdf",
    "forums.guests_csv", "forums.guests_xlsx", "forums.invitations_csv", "forums.invitations_xlsx",
    "forums.table_sheets", "forums.wall_sheet", "comments.wording", "watching.activity_feed",
    "watching.activity_feed_of_field", "votes.poll_numbers", "votes.poll_stand", "votes.poll_results_csv",
    "votes.poll_results_xlsx", "votes.poll_trend_csv", "votes.poll_trend_xlsx",
    "forums.invitation_unsubscribe", "votes.calendar_file", "votes.export_file", "votes.tally_file",
    "votes.program", "votes.board_pdf", "votes.turnout", "editions.wording",
}  # fmt: skip
_BY_PERMISSION = {
    Permission.READ_PUBLIC: "",
    Permission.READ_DRAFT: "",
    Permission.SIGN_IN: "",
    Permission.READ_QUEUE: "moderator",
    Permission.TAKE_ON_PROPOSAL: "moderator",
    Permission.APPROVE_PROPOSAL: "moderator",
    Permission.ADAPT_PROPOSAL: "moderator",
    Permission.EDIT_MEASURE: "moderator",
    Permission.REGISTER_FOR_FORUM: "",
    Permission.JOIN_FORUM: "attendee",
    Permission.HAND_IN: "attendee",
    Permission.SUBSCRIBE: "",
    Permission.MANAGE_FORUMS: "moderator",
    Permission.INVITE_TO_FORUM: "moderator",
    Permission.RUN_FORUM: "moderator",
    Permission.READ_ATTENDANCE: "moderator",
    Permission.RECORD_CONTRIBUTION: "moderator",
    Permission.READ_SCREENING: "moderator",
    Permission.COMMENT: "attendee",
    Permission.EDIT_COMMENT: "attendee",
    Permission.REPORT_COMMENT: "attendee",
    Permission.HIDE_COMMENT: "moderator",
    Permission.RUN_POLL: "moderator",
    Permission.ANSWER_POLL: "attendee",
    Permission.COMPOSE_EDITION: "moderator",
    Permission.PUBLISH_EDITION: "moderator",
    Permission.MANAGE_ROUNDS: "administrator",
    Permission.MANAGE_PEOPLE: "administrator",
    Permission.MANAGE_ORGANISATIONS: "administrator",
    Permission.MANAGE_SITE: "administrator",
    Permission.READ_ACTIVITY: "administrator",
}
_WHO = {"proposals.overlap": "moderator", "pages.queue": "moderator"}


def _samples() -> dict[str, list[dict[str, Any]]]:
    """Return values for the parts of addresses, read from the stored demonstration."""
    states = [
        {"number": number, "who": "" if state in DECIDED else "partner"}
        for state in State
        if state is not State.DRAFT
        and (number := session.scalar(select(Proposal.id).where(Proposal.state == state).limit(1)))
    ]
    conflict = session.scalar(
        select(Proposal.id).where(
            Proposal.state == State.SUBMITTED, Proposal.merge_state == MergeState.CONFLICT
        )
    )
    draft = session.execute(
        select(Proposal.id, Person.email)
        .join(Person, Person.id == Proposal.author_id)
        .where(Proposal.state == State.DRAFT)
        .limit(1)
    ).first()
    submitted = session.scalar(
        select(Proposal.id)
        .where(
            Proposal.state == State.SUBMITTED,
            Proposal.merge_state == MergeState.CLEAN,
            Proposal.kind == ProposalKind.CHANGE,
            Proposal.adapted_version.is_(None),
        )
        .limit(1)
    )
    keys = {purpose: _link(purpose) for purpose in TokenPurpose}
    longest = session.scalar(select(Section.id).order_by(Section.head_number.desc()).limit(1))
    common = {
        "section_id": longest,
        "measure_id": session.scalar(select(Measure.id).limit(1)),
        "field_id": session.scalar(select(FieldOfAction.id).limit(1)),
        "number": submitted,
        "news_id": session.scalar(select(NewsItem.id).limit(1)),
        "date_id": session.scalar(select(CalendarDate.id).limit(1)),
        "round_id": session.scalar(select(Round.id).limit(1)),
        "organisation_id": session.scalar(select(Organisation.id).limit(1)),
        "person_id": session.scalar(select(Person.id).limit(1)),
        "session_id": session.scalar(select(UserSession.id).limit(1)),
        "slug": "impressum",
        "locale": "de",
    }
    samples: dict[str, list[dict[str, Any]]] = {
        "*": [common],
        "fields.show": [{"slug": _first_field()}],
        "watching.activity_of_field": [{"slug": _first_field()}],
        "web.help_page": [{"slug": file.stem.partition("-")[2]} for file in _help_files()],
        "accounts.accept_invitation": [{"key": keys[TokenPurpose.INVITATION]}],
        "accounts.reset_password": [{"key": keys[TokenPurpose.PASSWORD_RESET]}],
        "accounts.confirm_email": [{"key": keys[TokenPurpose.EMAIL_CHANGE]}],
        "sections.revision": [{"section_id": longest, "number": 1}],
        "watching.unsubscribe": [{"key": unsubscribe_key(common["person_id"], what)} for what in Unsubscribe],
        "proposals.show": [*states, *({**state, "who": "moderator"} for state in states)],
    }
    samples |= gathering_samples.read()
    samples |= comment_samples.read()
    samples |= voting_samples.read()
    samples |= edition_samples.read()
    if conflict:
        samples["proposals.overlap"] = [{"number": conflict}]
    if draft:
        samples["proposals.edit"] = [{"number": draft[0], "who": draft[1]}]
    return samples


def _help_files() -> list[Path]:
    return sorted((Path(__file__).parents[2] / "docs" / "help" / "de").glob("*.md"))


def _link(purpose: TokenPurpose) -> str:
    """Make a link of a mail for somebody of the demonstration."""
    with transaction() as tx:
        person_id = tx.session.scalar(select(Person.id).where(Person.email == "teilnahme8@example.org"))
        assert person_id is not None
        key = accounts.make_token(tx, person_id, purpose, created_by_id=None)
        if purpose is TokenPurpose.EMAIL_CHANGE:
            tx.session.flush()
            tx.session.execute(
                update(Token)
                .where(Token.person_id == person_id, Token.purpose == purpose, Token.used_at.is_(None))
                .values(new_email="neu@example.org")
            )
        return key


def _first_field() -> str | None:
    return session.scalar(select(FieldOfAction.slug).order_by(FieldOfAction.number).limit(1))


def inspect(visitor: Visitor, path: str, looks: Sequence[Look] = EVERY_LOOK) -> list[str]:
    """Open a page and return what is wrong with it in these looks, and whether it scrolls sideways."""
    page = visitor.page
    page.set_viewport_size({"width": looks[0][0][0], "height": looks[0][0][1]})
    page.emulate_media(color_scheme=looks[0][1])
    answer = page.goto(visitor.site.url + path)
    assert answer is not None
    if answer.status >= 400:
        return [f"{path}: {answer.status}"]
    found = []
    for (width, height), scheme, rules, others_only in looks:
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        others = page.evaluate(MARK_OTHERS, OTHER) if len(looks) > 1 else 0
        if others_only and not others:
            continue
        within = f"[{OTHER}]" if others_only else ""
        found += [f"{path} {width} {scheme}: {text}" for text in violations(page, rules, within)]
    for width in (390, 320):  # 320: a window of 1280 px enlarged four times
        page.set_viewport_size({"width": width, "height": 800})
        if visitor.scrolls_sideways():
            found.append(f"{path}: wider than a window of {width} px")
    return found


def check_every_page(
    site: Site,
    visit: Visit,
    locale: str,
    *,
    looks: Sequence[Look] = EVERY_LOOK,
    part: tuple[int, int] = (0, 1),
) -> None:
    """Fail with everything that is wrong on any page in this language.

    `part` (k, n) takes every n-th page from the k-th on: several processes share the work.
    """
    with site.app.app_context():
        addresses = list(pages(site.app))
    assert len(addresses) > 30, "the walk has lost its way"
    found: list[str] = []
    visitors: dict[str, Visitor] = {}
    for who, path in addresses[part[0] :: part[1]]:
        if who not in visitors:
            visitors[who] = visit(site).carry(PEOPLE.get(who, who), locale)
            visitors[who].context.add_init_script(SCRIPT)
        found += inspect(visitors[who], path, looks)
    assert not found, f"{len(found)} flaws:\n" + "\n".join(found)
