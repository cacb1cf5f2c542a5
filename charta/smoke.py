# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The main job end to end over HTTP, as two people do it: `python -m charta.smoke http://127.0.0.1:8080`.

Standard library only and nothing of the application, so it can be pointed at any installation that carries
the demonstration. It reads pages as a browser without scripts does: links, forms and their hidden fields.
It writes: one proposal is made and approved. The exit code is 0 when every step held.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPException, HTTPMessage
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

PASSWORD = "charta-demo"  # noqa: S105 - printed in the README, exists in demonstrations only
AUTHOR = "ihk@example.org"
MODERATOR = "moderation@example.org"
TIMEOUT_SECONDS = 30
VOID_BLOCKS = frozenset({"script", "style", "template"})


class Deviation(Exception):
    """A step did not go as it should."""


@dataclass
class Form:
    """One form of a page: where it goes and what a browser would send."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str, str]] = field(default_factory=list)  # name, value, words, own action

    def value(self, name: str) -> str:
        """Return the value a field has on the page."""
        return next((value for key, value in self.values if key == name), "")


@dataclass
class Page:
    """What one answer said."""

    url: str
    status: int
    content_type: str
    forms: list[Form] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    marks: dict[str, list[str]] = field(default_factory=lambda: {"ins": [], "del": []})
    text: str = ""
    h1: str = ""

    def link(self, pattern: str) -> str | None:
        """Return the first link whose path matches."""
        found = (url for url, _ in self.links if re.search(pattern, urlsplit(url).path))
        return next(found, None)

    def form(self, *names: str, action: str = "") -> Form:
        """Return the form that has these fields and goes to a matching address."""
        for form in self.forms:
            if set(names) <= set(form.kinds) and re.search(action, urlsplit(form.action).path):
                return form
        raise Deviation(f"no form with {names or 'any field'} to {action or 'anywhere'} on {self.url}")

    def words(self) -> str:
        """Return the text of the page with single spaces."""
        return " ".join(self.text.split())


class Reader(HTMLParser):
    """Collect links, forms, marks and text of a page."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page = page
        self.open: list[str] = []
        self.form: Form | None = None
        self.select: str | None = None
        self.area: str | None = None
        self.caught: dict[str, list[str]] = {}
        self.href = ""
        self.button: tuple[str, str, str] = ("", "", "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag says; elements with text are caught until they end."""
        at = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.page.url, at.get("action", ""))
            self.form = Form(action, at.get("method", "get").lower())
            self.page.forms.append(self.form)
        elif tag == "a" and "href" in at:
            self.href = urljoin(self.page.url, at["href"])
        elif tag == "button":
            self.button = (at.get("name", ""), at.get("value", ""), at.get("formaction", ""))
        elif tag == "input":
            self._input(at)
        elif tag == "select":
            self.select = at.get("name")
        elif tag == "option" and "selected" in at and self.select:
            self._put(self.select, at.get("value", ""), "select")
        elif tag == "textarea":
            self.area = at.get("name", "")
        elif (tag == "script" and at.get("src")) or (
            tag == "link" and at.get("rel") in {"stylesheet", "icon"}
        ):
            self.page.assets.append(urljoin(self.page.url, at.get("src") or at.get("href", "")))
        if tag in {"a", "button", "textarea", "ins", "del", "h1", *VOID_BLOCKS}:
            self.caught[tag] = []

    def _input(self, at: dict[str, str]) -> None:
        kind, name = at.get("type", "text"), at.get("name", "")
        if kind in {"submit", "image"}:
            if self.form:
                self.form.buttons.append(
                    (name, at.get("value", ""), at.get("value", ""), at.get("formaction", ""))
                )
        elif kind in {"checkbox", "radio"}:
            if "checked" in at:
                self._put(name, at.get("value", "on"), kind)
            elif self.form and name:
                self.form.kinds.setdefault(name, kind)
        else:
            self._put(name, at.get("value", ""), kind)

    def _put(self, name: str, value: str, kind: str) -> None:
        if self.form and name:
            self.form.values.append((name, value))
            self.form.kinds[name] = kind

    def handle_endtag(self, tag: str) -> None:
        """Take what was caught in an element."""
        words = "".join(self.caught.pop(tag, []))
        if tag == "form":
            self.form = None
        elif tag == "a":
            self.page.links.append((self.href, " ".join(words.split())))
        elif tag == "button" and self.form:
            name, value, action = self.button
            target = urljoin(self.page.url, action) if action else ""
            self.form.buttons.append((name, value, " ".join(words.split()), target))
        elif tag == "textarea":
            # The parser of a browser drops one newline after the tag.
            self._put(self.area or "", words.removeprefix("\n"), "textarea")
        elif tag in self.page.marks:
            self.page.marks[tag].append(words)
        elif tag == "h1":
            self.page.h1 = " ".join(words.split())

    def handle_data(self, data: str) -> None:
        """Give text to every element that is being caught."""
        for words in self.caught.values():
            words.append(data)
        if not VOID_BLOCKS & set(self.caught):
            self.page.text += data


class StayHere(HTTPRedirectHandler):
    """Follows redirects inside the installation only."""

    def __init__(self, base: str) -> None:
        self.base = base

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """Refuse the way out before anything is asked there."""
        refuse_other_hosts(self.base, newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def refuse_other_hosts(base: str, url: str) -> None:
    """Raise `Deviation` when the address does not belong to the installation."""
    expect(urlsplit(url)[:2] == urlsplit(base)[:2], f"leads to another host: {url}")


class Browser:
    """One person's browser: keeps cookies, follows redirects, refuses to leave the installation."""

    def __init__(self, base: str) -> None:
        self.base = base.rstrip("/")
        self.opener: OpenerDirector = build_opener(HTTPCookieProcessor(CookieJar()), StayHere(self.base))

    def fetch(self, url: str, data: Sequence[tuple[str, str]] | None = None) -> Page:
        """Fetch a page whatever its status; a server error is always a deviation."""
        url = urljoin(self.base + "/", url)
        refuse_other_hosts(self.base, url)
        body = None if data is None else urlencode(data).encode()
        request = Request(url, data=body, headers={"Accept": "text/html", "Accept-Language": "de"})
        try:
            with self.opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                return self._page(answer.url, answer.status, answer.headers, answer.read())
        except HTTPError as error:
            if error.code >= 500:
                raise Deviation(f"{error.code} at {url}") from error
            return self._page(error.url or url, error.code, error.headers, error.read())

    @staticmethod
    def _page(url: str, status: int, headers: object, body: bytes) -> Page:
        get: Callable[[str, str], str] = headers.get  # type: ignore[attr-defined]
        page = Page(url, status, get("Content-Type", ""))
        if page.content_type.startswith("text/html"):
            reader = Reader(page)
            reader.feed(body.decode("utf-8"))
            reader.close()
        return page

    def get(self, url: str, *, status: int = 200) -> Page:
        """Fetch a page that has to answer with this status."""
        page = self.fetch(url)
        expect(page.status == status, f"{url} answered {page.status} instead of {status}")
        return page

    def submit(self, form: Form, values: Mapping[str, str], *, button: str = "", status: int = 200) -> Page:
        """Fill the named fields and press the button whose words or value match."""
        data = [(name, value) for name, value in form.values if name not in values]
        data += list(values.items())
        target = form.action
        if button:
            for name, value, words, action in form.buttons:
                if re.search(button, f"{words} {value}", re.IGNORECASE):
                    data += [(name, value)] if name else []
                    target = action or target
                    break
            else:
                raise Deviation(f"no button {button!r} in the form to {form.action}")
        # A browser sends the line ends of the network, whatever stood in the page.
        data = [(name, re.sub(r"\r?\n", "\r\n", value)) for name, value in data]
        page = (
            self.fetch(target, data) if form.method == "post" else self.fetch(f"{target}?{urlencode(data)}")
        )
        expect(
            page.status == status,
            f"{target} answered {page.status} instead of {status}: {page.words()[:400]}",
        )
        return page

    def sign_in(self, address: str) -> Page:
        """Sign in with the demonstration password."""
        page = self.get("/anmelden")
        form = next((form for form in page.forms if "password" in form.kinds.values()), None)
        if form is None:
            raise Deviation("no form with a password on /anmelden")
        password = next(name for name, kind in form.kinds.items() if kind == "password")
        email = next(name for name, kind in form.kinds.items() if kind in {"email", "text"})
        page = self.submit(form, {email: address, password: PASSWORD})
        expect(
            any("abmelden" in form.action for form in page.forms),
            f"{address} is signed in: {page.words()[:300]}",
        )
        return page


def expect(holds: bool, what: str) -> None:
    """Raise `Deviation` unless it holds."""
    if not holds:
        raise Deviation(what)


# ------------------------------------------------------------------------------------------------- the steps


@dataclass
class Job:
    """What the steps hand to each other."""

    base: str
    reader: Browser
    author: Browser
    moderator: Browser
    marker: str
    section: str = ""
    proposal: str = ""
    old_word: str = ""


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
    found = re.match(r"/vorschlaege/(\d+)$", urlsplit(page.url).path)
    if not found:
        raise Deviation(f"handing in leads to the proposal, not to {page.url}: {page.words()[:400]}")
    job.proposal = found.group(0)
    return f"{job.proposal}: {job.old_word} -> {job.marker}"


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
    page = job.moderator.get(job.proposal)
    expect(any(job.marker in words for words in page.marks["ins"]), "the moderator sees the difference")
    form = page.form("decision", "seen_version", action=r"/entscheiden$")
    page = job.moderator.submit(form, {"decision": "approve"})
    expect("übernommen" in page.words(), f"the proposal is approved: {page.words()[:400]}")
    return MODERATOR


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
        "/massnahmen",
        "/vorschlaege",
        "/wer-darf-was",
        "/impressum",
        "/healthz",
        "/readyz",
    ):
        job.reader.get(path)
    job.moderator.get("/moderation")
    job.reader.get("/gibt-es-nicht", status=404)
    return "ok"


STEPS: tuple[Callable[[Job], str], ...] = (
    home_and_assets,
    sign_in,
    open_section,
    propose,
    see_difference,
    refuse_own_approval,
    approve,
    read_new_text,
    look_around,
)


def run(base: str) -> Iterator[tuple[str, str, bool]]:
    """Do the steps in order, yielding name, result and whether it held; ends at the first deviation."""
    marker = f"Probe{time.time_ns() % 10**9:09d}"
    job = Job(base, Browser(base), Browser(base), Browser(base), marker)
    for step in STEPS:
        name = step.__name__.replace("_", " ")
        try:
            yield name, step(job), True
        except (Deviation, URLError, HTTPException, OSError) as error:
            yield name, f"{type(error).__name__}: {error}", False
            return


def wait_for(base: str, seconds: float) -> bool:
    """Wait until the installation answers."""
    deadline = time.monotonic() + seconds
    browser = Browser(base)
    while True:
        try:
            if browser.fetch("/healthz").status == 200:
                return True
        except (Deviation, URLError, HTTPException, OSError):
            pass
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the trial and print one line for each step; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m charta.smoke", description=__doc__.splitlines()[0])
    parser.add_argument("base", help="address of the installation, for example http://127.0.0.1:8080")
    parser.add_argument("--wait", type=float, default=0, metavar="SECONDS", help="wait for its first answer")
    options = parser.parse_args(arguments)
    if options.wait and not wait_for(options.base, options.wait):
        print(f"no answer from {options.base} within {options.wait:.0f} s")
        return 1
    for name, result, held in run(options.base):
        print(f"{'ok  ' if held else 'FAIL'} {name:22} {result}", flush=True)
        if not held:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
