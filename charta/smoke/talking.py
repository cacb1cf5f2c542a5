# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Steps of the trial run: a comment on words that change, an answer, and the notice of it."""

import re
import time
from urllib.parse import urlsplit

from charta.smoke.browser import expect
from charta.smoke.job import Job

# As long as a busy worker may take to tell people of a deed.
PATIENCE_SECONDS = 60


def comment(job: Job) -> str:
    """Comment on the first paragraph of the section, before its words change."""
    page = job.author.get(job.section)
    numbered = next((url for url, _ in page.links if re.search(r"\?rn=\d+#rn\d+$", url)), "")
    expect(bool(numbered), "the paragraphs of a section are numbered")
    page = job.author.get(numbered.partition("#")[0])
    page = job.author.submit(page.form("body", "absatz"), {"body": f"Probelauf {job.marker}: was heißt das?"})
    expect(f"Probelauf {job.marker}" in page.words(), "the comment stands beside its paragraph")
    thread = page.link(r"^/kommentare/\d+$")
    expect(thread is not None, "the comment has a page of its own")
    job.thread = urlsplit(thread or "").path
    return job.thread


def answer(job: Job) -> str:
    """The text has changed meanwhile: the comment is still there with its words; a moderator answers."""
    page = job.moderator.get(job.thread)
    expect(f"Probelauf {job.marker}" in page.words(), "the comment is still there")
    expect(bool(re.search("Zu diesen Worten|Sie lauteten", page.words())), "it names the words it stands on")
    page = job.moderator.submit(page.form("body", "antwort_auf"), {"body": f"Antwort {job.marker}."})
    expect(f"Antwort {job.marker}" in page.words(), "the answer stands below the comment")
    ids = [int(found[1]) for url, _ in page.links if (found := re.search(r"#k(\d+)$", url))]
    job.answer = f"/kommentare/{max(ids)}"
    return job.answer


def hear_of_it(job: Job) -> str:
    """Whoever began the thread finds the answer among the notices."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (page := job.author.get("/mein-bereich/nachrichten")).link(f"^{job.answer}$") is None:
        expect(time.monotonic() < deadline, f"the answer is among the notices: {page.words()[:400]}")
        time.sleep(1)
    return "told"


def watch(job: Job) -> str:
    """Watch the section, ending that of an earlier trial; it stands in the list of what is watched."""
    page = job.author.get(job.section)
    name = page.h1
    form = page.form("art", "nr", action=r"/beobachten$")
    if any(words == "Nicht mehr beobachten" for _, _, words, _ in form.buttons):
        page = job.author.submit(form, {}, button="^Nicht mehr beobachten")
        form = page.form("art", "nr", action=r"/beobachten$")
    job.author.submit(form, {}, button="^Beobachten")
    page = job.author.get("/mein-bereich/beobachtet")
    expect(name in page.words(), "what is watched stands in the list")
    return name
