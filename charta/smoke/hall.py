# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of the trial run: from the hall to the text, and back to the person who said it."""

import re
from urllib.parse import urlsplit

from charta.smoke.browser import expect
from charta.smoke.job import JOIN_CODE, Job
from charta.smoke.proposing import decide_yes, proposal_address


def join(job: Job) -> str:
    """Join the forum that always runs, by the code on the wall and with a name alone."""
    page = job.guest.get("/f")
    page = job.guest.submit(page.form("code"), {"code": JOIN_CODE})
    page = job.guest.submit(page.form("name", action=f"/f/{JOIN_CODE}$"), {"name": "Demo Probelauf"})
    job.hall = urlsplit(page.url).path
    expect(job.hall.startswith("/foren/"), f"joining leads into the hall, not to {page.url}")
    return f"{JOIN_CODE} -> {job.hall}"


def hand_in(job: Job) -> str:
    """Hand in one text; the receipt names the number under which everybody finds it."""
    page = job.guest.get(job.guest.get(job.hall).link(r"/beitrag$") or "")
    text = f"Im Probelauf {job.marker} wünschen wir uns einen Satz über Rückmeldungen."
    page = job.guest.submit(page.form("text", action=r"/beitrag$"), {"text": text}, button="einreichen")
    found = re.match(r"/b/([A-Z0-9]{6})/danke$", urlsplit(page.url).path)
    expect(found is not None, f"handing in leads to a receipt, not to {page.url}: {page.words()[:400]}")
    assert found is not None
    job.contribution = found.group(1)
    expect(job.contribution in page.words(), "the receipt shows the number")
    return job.contribution


def wait_for_screening(job: Job) -> str:
    """Lists do not show it before the moderators have read it; the number opens its page."""
    page = job.reader.get(f"/b/{job.contribution}")
    expect(job.marker in page.words(), "the page of the contribution shows its text")
    expect(job.contribution not in job.reader.get("/beitraege").words(), "it is not listed yet")
    return f"/b/{job.contribution}"


def screen(job: Job) -> str:
    """A moderator finds it among the new ones and accepts it."""
    page = job.moderator.get(f"/moderation/beitraege?suche={job.contribution}")
    expect(job.marker in page.words(), "the contribution waits for the moderators")
    form = page.form("seen", "title", action=r"/moderation/beitraege/\d+$")
    job.moderator.submit(form, {}, button="aufnehmen")
    expect(job.contribution in job.reader.get("/beitraege").words(), "it is listed now")
    return "accepted"


def propose_from_it(job: Job) -> str:
    """A partner makes a proposal of it: the link is kept, the sentence comes at the end of a section."""
    page = job.author.get(f"/vorschlaege/aus-beitrag?beitrag={job.contribution}")
    values = {"kind": "change", "section_id": job.section.rpartition("/")[2]}
    page = job.author.submit(page.form("kind", "section_id"), values)
    form = page.form("body", "summary")
    body = f"{form.value('body').rstrip()} {sentence(job)}\n"
    values = {"body": body, "summary": f"Beitrag {job.marker}", "reason": "Probelauf über HTTP."}
    job.proposal = proposal_address(job.author.submit(form, values, button="einreichen"))
    expect(job.contribution in job.author.get(job.proposal).words(), "the proposal names the contribution")
    decide_yes(job, job.proposal)
    return job.proposal


def sentence(job: Job) -> str:
    """Return the sentence that the contribution leads to."""
    return f"Wer etwas beigetragen hat, erfährt, was daraus wurde ({job.marker})."


def see_what_became_of_it(job: Job) -> str:
    """Its public page shows the sentence where it stands now."""
    page = job.reader.get(f"/b/{job.contribution}")
    expect(page.link(f"^{job.proposal}$") is not None, "the page leads to the proposal")
    expect(sentence(job) in page.words(), f"the page shows the sentence: {page.words()[:1500]}")
    return f"/b/{job.contribution}"
