# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A browser without scripts: reads links, forms, marks and text of pages, keeps cookies, stays at home.

Standard library only and nothing of the application.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import (
    HTTPCookieProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    build_opener,
)

PASSWORD = "charta-demo"  # noqa: S105 - printed in the README, exists in demonstrations only
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
        self.is_chosen = False
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
            self.is_chosen = "multiple" in at
        elif tag == "option" and self.select:
            self._option(self.select, at)
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

    def _option(self, name: str, at: dict[str, str]) -> None:
        """A list has its first option chosen, until one says that it is."""
        if "selected" in at and self.form and self.form.values and self.form.values[-1][0] == name:
            self.form.values.pop()
        if "selected" in at or not self.is_chosen:
            self.is_chosen = True
            self._put(name, at.get("value", ""), "select")

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

    def download(self, url: str) -> bytes:
        """Fetch a file as it is."""
        url = urljoin(self.base + "/", url)
        refuse_other_hosts(self.base, url)
        with self.opener.open(url, timeout=TIMEOUT_SECONDS) as answer:
            content: bytes = answer.read()
        return content

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
