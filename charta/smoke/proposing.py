# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of the trial run: a partner proposes a change of the Charta, a moderator approves it."""

import re
from urllib.parse import urlsplit

from charta.smoke.browser import Deviation, Page, expect
from charta.smoke.job import AUTHOR, MODERATOR, Job


def home_and_assets(job: Job) -> str:
    """Open the home page; each style and script it names is served by this installation."""
    page = job.reader.get("/")
    expect(bool(page.h1), "the home page has a heading")
    expect(bool(page.assets), "the home page names its stylesheet")
    for url in page.assets:
        answer = job.reader.get(url)
        expect(not answer.content_type.startswith("text/html"), f"{url} is a file")
    return f"{page.h1} ({len(page.assets)} files)"


def sign_in(job: Job) -> str:
    """Sign in as a partner and open the working draft."""
    job.author.sign_in(AUTHOR)
    return AUTHOR


def open_section(job: Job) -> str:
    """Find a section of the Charta that may be changed and has words of its own."""
    charta = job.author.get("/charta")
    paths = dict.fromkeys(
        found.group(0)
        for url, _ in charta.links
        if (found := re.match(r"/abschnitte/\d+", urlsplit(url).path))
    )
    expect(bool(paths), "the Charta links to its sections")
    for path in paths:
        page = job.author.get(path)
        if edit_address(page):
            job.section = path
            return f"{path} {page.h1}"
    raise Deviation("no section offers a change")


def edit_address(page: Page) -> str | None:
    """Return where a change of the whole section begins."""
    return next((url for url, _ in page.links if re.search(r"/abschnitte/\d+/aendern$", url)), None)


def propose(job: Job) -> str:
    """Start an edit, change one word of one sentence, hand it in."""
    page = job.author.get(edit_address(job.author.get(job.section)) or "")
    form = page.form("body", "summary")
    sentences = re.split(r"(?<=[.!?])\s+", form.value("body").strip())
    plain = [
        words for s in sentences if len(words := s.split()) > 4 and words[0].isalpha() and words[1].isalpha()
    ]
    expect(bool(plain), f"the text has a plain sentence: {form.value('body')[:200]}")
    first, job.old_word = plain[0][:2]
    body = re.sub(rf"{first}(\s+){job.old_word}\b", rf"{first}\1{job.marker}", form.value("body"), count=1)
    values = {"body": body, "summary": f"Probelauf {job.marker}", "reason": "Probelauf über HTTP."}
    page = job.author.submit(form, values, button="einreichen")
    job.proposal = proposal_address(page)
    return f"{job.proposal}: {job.old_word} -> {job.marker}"


def proposal_address(page: Page) -> str:
    """Return the path of the proposal that handing in leads to."""
    found = re.match(r"/vorschlaege/(\d+)$", urlsplit(page.url).path)
    if not found:
        raise Deviation(f"handing in leads to the proposal, not to {page.url}: {page.words()[:400]}")
    return found.group(0)


def see_difference(job: Job) -> str:
    """The proposal shows the new word as inserted and the old one as struck."""
    page = job.author.get(job.proposal)
    expect(any(job.marker in words for words in page.marks["ins"]), "the new word is marked as inserted")
    expect(any(job.old_word in words for words in page.marks["del"]), "the old word is marked as struck")
    return f"{len(page.marks['ins'])} inserted, {len(page.marks['del'])} struck"


def refuse_own_approval(job: Job) -> str:
    """The author is offered no decision, and one sent all the same is refused (four eyes)."""
    page = job.author.get(job.proposal)
    expect(not any(form.action.endswith("/entscheiden") for form in page.forms), "no decision is offered")
    token = next(form.value("csrf_token") for form in page.forms if "csrf_token" in form.kinds)
    values = {"csrf_token": token, "decision": "approve", "seen_version": "1", "seen_head": "1"}
    answer = job.author.fetch(f"{job.proposal}/entscheiden", list(values.items()))
    expect(answer.status == 403, f"the author's decision is answered with {answer.status}, not 403")
    return "403"


def approve(job: Job) -> str:
    """A moderator reads the same difference and approves."""
    job.moderator.sign_in(MODERATOR)
    decide_yes(job, job.proposal)
    return MODERATOR


def decide_yes(job: Job, proposal: str) -> None:
    """Let the signed-in moderator see what is new in a proposal, and approve it."""
    page = job.moderator.get(proposal)
    expect(any(job.marker in words for words in page.marks["ins"]), "the moderator sees the difference")
    form = page.form("decision", "seen_version", action=r"/entscheiden$")
    page = job.moderator.submit(form, {"decision": "approve"})
    expect("übernommen" in page.words(), f"the proposal is approved: {page.words()[:400]}")


def read_new_text(job: Job) -> str:
    """Everybody reads the new text, and the history names the proposal."""
    page = job.reader.get(job.section)
    expect(job.marker in page.words(), "the section shows the new text")
    history = page.link(r"^/abschnitte/\d+/entstehung$") or ""
    expect(bool(history), "the section links to its history")
    page = job.reader.get(history)
    expect(f"Probelauf {job.marker}" in page.words(), "the history names the change")
    expect(page.link(f"^{job.proposal}$") is not None, "the history leads to the proposal")
    return urlsplit(history).path


def look_around(job: Job) -> str:
    """The other addresses answer; unknown ones say so."""
    for path in (
        "/charta",
        "/foren",
        "/beitraege",
        "/themen",
        "/termine",
        "/massnahmen",
        "/vorschlaege",
        "/wer-darf-was",
        "/impressum",
        "/healthz",
        "/readyz",
    ):
        job.reader.get(path)
    job.moderator.get("/moderation")
    job.moderator.get("/moderation/themen")
    job.reader.get("/gibt-es-nicht", status=404)
    return "ok"
