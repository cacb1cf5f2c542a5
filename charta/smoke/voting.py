# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of the trial run: a rehearsal in which both electorates vote, its end, and the recount."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from charta.smoke.browser import Browser, expect
from charta.smoke.job import PARTICIPANT, Job
from charta.votes import recount


def rehearse(job: Job) -> str:
    """A moderator prepares a ballot and tries it out: nobody gets a mail, nothing follows from it."""
    page = job.moderator.get("/abstimmungen/vorbereiten")
    form = page.form("title", "closes_at")
    ends = datetime.now(UTC) + timedelta(days=2)
    values = {
        "title": f"Probelauf {job.marker}",
        "questions-0-text": "Hält der Probelauf?",
        "closes_at": ends.strftime("%d.%m.%Y 18:00"),
    }
    page = job.moderator.submit(form, values, button="speichern")
    expect(f"Probelauf {job.marker}" in page.h1, f"the draft is there: {page.words()[:400]}")
    trial = next(form for form in page.forms if any(value == "probe" for _, value, _, _ in form.buttons))
    page = job.moderator.submit(trial, {}, button="probe")
    job.ballot = urlsplit(page.url).path
    expect(bool(re.fullmatch(r"/abstimmungen/\d+", job.ballot)), f"the rehearsal runs: {page.url}")
    return job.ballot


def vote(job: Job) -> str:
    """A partner and a participant vote; each gets a receipt."""
    guest = Browser(job.base)
    guest.sign_in(PARTICIPANT)
    for browser in (job.author, guest):
        page = browser.get(job.ballot)
        page = browser.submit(page.form("fassung", action=r"/stimme$"), {"frage-1": "yes"})
        expect("Ihre Quittung:" in page.words(), f"the vote is counted: {page.words()[:400]}")
    return "two votes"


def count_again(job: Job) -> str:
    """The moderator ends the rehearsal; counting the exported file again gives the stored tally."""
    page = job.moderator.get(job.ballot)
    page = job.moderator.submit(page.form("fassung", action=r"/tat$"), {}, button="probe-beenden")
    expect("Beschluss der Partner" in page.words(), f"the result is there: {page.words()[:400]}")
    stored = job.moderator.download(f"{job.ballot}/auszaehlung.json")
    counted = recount.recount(job.moderator.download(f"{job.ballot}/stimmen.json"))
    expect(counted == stored, "a recount gives the same bytes")
    return f"{len(stored)} bytes, the same"
