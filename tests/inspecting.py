# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A browser without scripts that inspects every page it fetches.

    page = client.get("/anmelden")
    page = client.submit(page.form(button="Anmelden"), email="…", password="…")
    assert page.has_text("Mein Bereich")

What `inspect` finds wrong on any page fails the test that fetched it. A GET that writes fails as well.
"""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from charta.db import session
from tests import factories
from tests.databases import Statements, count_statements

_REDIRECTS = {301, 302, 303, 307, 308}
_CONTROLS = {"input", "select", "textarea"}
_UNLABELLED_INPUTS = {"hidden", "submit", "reset", "button", "image"}
_REFERENCES = ("for", "list", "form", "aria-describedby", "aria-labelledby", "aria-controls", "aria-owns",
               "aria-details", "aria-errormessage", "aria-activedescendant", "headers")  # fmt: skip
_LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src",
           "embed": "src", "track": "src", "object": "data"}  # fmt: skip
_LINKS_THAT_LOAD = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "manifest",
    "preconnect",
    "dns-prefetch",
}
_CSP_PARTS = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'",
              "base-uri 'none'", "frame-ancestors 'none'")  # fmt: skip


@dataclass
class Form:
    """A form found on a page: its address and the values a browser would send."""

    method: str
    action: str
    fields: dict[str, list[str]]
    buttons: list[tuple[str, str, str]]  # (words, name, value)
    names: set[str]
    element: Element = field(repr=False)

    def data(self, button: str | None, values: Mapping[str, Any]) -> dict[str, list[str]]:
        """Return what is sent when `values` were typed and the button with these words was pressed."""
        unknown = set(values) - self.names
        assert not unknown, f"the form has no field {sorted(unknown)}; it has {sorted(self.names)}"
        data = {name: list(entries) for name, entries in self.fields.items()}
        for name, value in values.items():
            if value is None or value is False:
                data.pop(name, None)
            else:
                data[name] = [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)]
        if button is not None:
            _, name, value = self._button(button)
            if name:
                data[name] = [value]
        return data

    def target(self, button: str | None) -> str | None:
        """Return the formaction of a button, when it has one."""
        if button is None:
            return None
        for element in self.element.iter("button"):
            if button in _words(element):
                return element.get("formaction")
        return None

    def _button(self, wanted: str) -> tuple[str, str, str]:
        for words, name, value in self.buttons:
            if wanted in (words, value) or wanted in words:
                return words, name, value
        raise AssertionError(f"no button {wanted!r}; there are {[words for words, _, _ in self.buttons]}")


class Page:
    """An answer of the application, parsed when it is HTML."""

    def __init__(
        self, response: TestResponse, url: str, statements: Statements, *, parsed: bool = True
    ) -> None:
        self.response = response
        self.url = url
        self.statements = statements
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.get_data(as_text=True) if not _is_binary(response) else ""
        self.is_html = response.mimetype == "text/html" and bool(self.body)
        self.problems: list[str] = []
        self.root: Element = Element("nothing")
        if self.is_html and parsed:
            parser = html5lib.HTMLParser(namespaceHTMLElements=False)
            self.root = parser.parse(self.body)
            for (line, column), code, data in parser.errors:
                self.problems.append(f"line {line}, column {column}: {code} {data or ''}")

    def __repr__(self) -> str:
        return f"<Page {self.url} {self.status} {self.title!r}>"

    @property
    def path(self) -> str:
        """The path of the address."""
        return urlsplit(self.url).path

    @property
    def json(self) -> Any:
        """The decoded answer, when it is JSON."""
        return self.response.get_json()

    @property
    def title(self) -> str:
        """The words of the title element."""
        return " ".join(_words(element) for element in self.root.iter("title") if element.text)

    @property
    def h1(self) -> str:
        """The words of the main heading."""
        return next((_words(element) for element in self.root.iter("h1")), "")

    @property
    def main(self) -> Element:
        """The element `main`, or the whole page."""
        return next(self.root.iter("main"), self.root)

    @property
    def text(self) -> str:
        """All words a person reads, with single blanks."""
        body = next(self.root.iter("body"), self.root)
        return _words(body)

    @property
    def main_text(self) -> str:
        """The words of the main part, without menus."""
        return _words(self.main)

    def has_text(self, wanted: str) -> bool:
        """Whether these words stand on the page (blanks and line breaks count as one blank)."""
        return " ".join(wanted.split()) in self.text

    def elements(self, tag: str, **attributes: str) -> list[Element]:
        """Return the elements of this name; `class_="x"` asks for one class, `data_x` for data-x."""
        return [element for element in self.root.iter(tag) if _matches(element, attributes)]

    def by_id(self, ident: str) -> Element:
        """Return the element of this id."""
        found = next((element for element in _elements(self.root) if element.get("id") == ident), None)
        assert found is not None, f"no element with the id {ident!r} on {self.url}"
        return found

    def words(self, element: Element) -> str:
        """Return the words inside an element."""
        return _words(element)

    @property
    def links(self) -> dict[str, str]:
        """Addresses of links by their words (the first of equal ones)."""
        found: dict[str, str] = {}
        for element in self.root.iter("a"):
            found.setdefault(_name(element, self.root), element.get("href", ""))
        return found

    @property
    def errors(self) -> list[str]:
        """The sentences of the error summary."""
        return [
            _words(item)
            for box in _elements(self.root)
            if box.get("role") == "alert"
            for item in box.iter("li")
        ]

    @property
    def forms(self) -> list[Form]:
        """All forms of the page."""
        return [_read_form(element, self) for element in self.root.iter("form")]

    def form(self, action: str | None = None, *, button: str | None = None, field: str | None = None) -> Form:
        """Return the one form with this part in its address, or this button, or this field.

        Without a hint: the only form inside `main` that is posted.
        """
        inside = set(self.main.iter("form"))
        found = [
            form
            for form in self.forms
            if (action is None or action in form.action)
            and (button is None or any(button in words for words, _, _ in form.buttons))
            and (field is None or field in form.names)
        ]
        if action is button is field is None:
            found = [form for form in found if form.element in inside and form.method == "post"]
        assert found, (
            f"no such form on {self.url}; there are "
            f"{[(form.method, form.action, [words for words, _, _ in form.buttons]) for form in self.forms]}"
        )
        assert len(found) == 1 or (action is not None or button is not None or field is not None), (
            f"several forms on {self.url}: {[form.action for form in found]}"
        )
        return found[0]


class InspectingClient:
    """A browser of one person: keeps cookies, follows redirects after posts, inspects every page."""

    def __init__(self, app: Flask, *, inspects: bool = True) -> None:
        self.app = app
        self.inspects = inspects  # False: only no server error, for walks over everything
        self.browser: FlaskClient = app.test_client()
        self.account: factories.Account | None = None
        self.page: Page | None = None

    # --- who

    def sign_in(self, who: "factories.Account | str") -> "InspectingClient":
        """Sign a person in without the work of hashing: an account or an e-mail address."""
        if isinstance(who, str):
            who = factories.account(who)
        self.use_session(factories.open_browser(who))
        self.account = who
        return self

    def use_session(self, key: str) -> "InspectingClient":
        """Hold the key of a session in the cookie."""
        with self._fresh_context(), self.browser.session_transaction() as cookie:
            cookie["_user_id"] = key
            cookie["_fresh"] = True
            cookie.permanent = True
        return self

    def use_language(self, locale: str) -> "InspectingClient":
        """Choose the language of this browser."""
        with self._fresh_context(), self.browser.session_transaction() as cookie:
            cookie["locale"] = locale
        return self

    # --- fetching

    def get(self, url: str, *, status: int | None = None, follow: bool = True, **options: Any) -> Page:
        """Fetch a page; redirects are followed, `status` is asserted when given, else it is below 400."""
        page = self.open("GET", url, **options)
        while follow and page.status in _REDIRECTS:
            page = self.open("GET", urljoin(page.url, page.headers["Location"]))
        _assert_status(page, status)
        return page

    def head(self, url: str, **options: Any) -> Page:
        """Ask for the headers only."""
        return self.open("HEAD", url, **options)

    def post(
        self,
        url: str,
        data: Mapping[str, Any] | None = None,
        *,
        status: int | None = None,
        follow: bool = True,
        with_token: bool = True,
        **options: Any,
    ) -> Page:
        """Post values to an address, with this browser's CSRF token unless `with_token` says no."""
        values = dict(data or {})
        if with_token and "csrf_token" not in values:
            values["csrf_token"] = self.token()
        page = self.open("POST", url, data=values, **options)
        while follow and page.status in _REDIRECTS:
            assert page.status == 303, f"POST {url} answers {page.status}, not 303"
            page = self.open("GET", urljoin(page.url, page.headers["Location"]))
        _assert_status(page, status)
        return page

    def submit(
        self,
        form: Form,
        button: str | None = None,
        /,
        *,
        status: int | None = None,
        follow: bool = True,
        **values: Any,
    ) -> Page:
        """Send a form of the page as a browser would; `values` are what was typed."""
        assert self.page is not None
        address = urljoin(self.page.url, form.target(button) or form.action)
        data = form.data(button, values)
        if form.method == "get":
            return self.get(address.split("?")[0], status=status, query_string=data)
        return self.post(address, data, status=status, follow=follow, with_token=False)

    def click(self, words: str, *, status: int | None = None) -> Page:
        """Follow the link with these words on the present page."""
        assert self.page is not None
        links = self.page.links
        found = links.get(words) or next((links[key] for key in links if words in key), None)
        assert found, f"no link {words!r} on {self.page.url}; there are {sorted(links)}"
        return self.get(urljoin(self.page.url, found), status=status)

    def token(self) -> str:
        """Return a valid CSRF token of this browser, as Flask-WTF signs them."""
        with self._fresh_context(), self.browser.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        return str(URLSafeTimedSerializer(self.app.secret_key, salt="wtf-csrf-token").dumps(raw))

    def open(self, method: str, url: str, **options: Any) -> Page:
        """Send one request and inspect the answer; no redirect is followed."""
        # A request has a context and a database session of its own, as on the server. What the test itself
        # has read is let go: it would hold an old snapshot.
        session.expunge_all()
        session.rollback()
        with count_statements() as counted, self._fresh_context():
            response = self.browser.open(url, method=method, **options)
        page = Page(response, url, counted, parsed=self.inspects)
        if method in {"GET", "HEAD"}:
            assert not counted.writes, f"GET {url} writes: {counted.writes}"
        if self.inspects:
            inspect(page)
        else:
            assert page.status < 500 or page.status == 503, f"{method} {url}: {page.status}"
        self.page = page
        return page

    def _fresh_context(self) -> Any:
        return self.app.app_context()


def _assert_status(page: Page, wanted: int | None) -> None:
    if wanted is not None:
        assert page.status == wanted, (
            f"{page.url}: {page.status} instead of {wanted}\n{page.main_text[:2000]}"
        )
    else:
        assert page.status < 400, f"{page.url}: {page.status}\n{page.main_text[:2000]}"


# ---------------------------------------------------------------------------------------------- inspection


def inspect(page: Page) -> None:
    """Fail when anything about the answer breaks a promise of every page."""
    assert page.status < 500 or page.status == 503, f"{page.url}: {page.status}\n{page.main_text[:3000]}"
    problems = [*_header_problems(page)]
    if page.is_html and page.status not in _REDIRECTS:
        problems += page.problems
        for check in _CHECKS:
            problems += check(page)
    assert not problems, f"{page.url} ({page.status}):\n  " + "\n  ".join(problems)


def _header_problems(page: Page) -> Iterator[str]:
    policy = page.headers.get("Content-Security-Policy", "")
    for part in _CSP_PARTS:
        if part not in policy:
            yield f"Content-Security-Policy lacks {part}"
    if "unsafe" in policy:
        yield f"Content-Security-Policy is unsafe: {policy}"
    if page.headers.get("X-Content-Type-Options") != "nosniff":
        yield "X-Content-Type-Options is missing"
    if page.headers.get("Referrer-Policy") not in {"same-origin", "no-referrer"}:
        yield "Referrer-Policy is missing"
    if "Cache-Control" not in page.headers:
        yield "Cache-Control is missing"
    if page.is_html and "Cookie" not in page.headers.get("Vary", ""):
        yield "Vary: Cookie is missing"


def _frame(page: Page) -> Iterator[str]:
    html = page.root if page.root.tag == "html" else next(page.root.iter("html"), page.root)
    if html.get("lang") not in {"de", "en"}:
        yield f"html has the language {html.get('lang')!r}"
    titles = [_words(element) for element in page.root.iter("title") if element in _head(page)]
    if len(titles) != 1 or not titles[0].strip(" ·"):
        yield f"title: {titles}"
    headings = [_words(element) for element in page.root.iter("h1")]
    if len(headings) != 1 or not headings[0]:
        yield f"one h1 is wanted, there are {headings}"
    if len(list(page.root.iter("main"))) != 1:
        yield "one element main is wanted"


def _ids(page: Page) -> Iterator[str]:
    seen: set[str] = set()
    for element in _elements(page.root):
        ident = element.get("id")
        if ident is None:
            continue
        if ident in seen:
            yield f"the id {ident!r} stands twice"
        if not ident or " " in ident:
            yield f"bad id {ident!r}"
        seen.add(ident)
    for element in _elements(page.root):
        for name in _REFERENCES:
            for target in (element.get(name) or "").split():
                if target not in seen:
                    yield f"<{element.tag} {name}={target!r}> points nowhere"
        href = element.get("href") or ""
        if element.tag == "a" and href.startswith("#") and href[1:] not in seen | {"", "top"}:
            yield f"link to {href} points nowhere"


def _labels(page: Page) -> Iterator[str]:
    for element in _elements(page.root):
        if element.tag in _CONTROLS:
            if element.tag == "input" and element.get("type", "text") in _UNLABELLED_INPUTS:
                if element.get("type") in {"submit", "button"} and not element.get("value"):
                    yield "an input button without words"
                continue
            if not _name(element, page.root):
                yield f"<{element.tag} name={element.get('name')!r}> has no label"
        elif element.tag in {"button", "summary"} and not _name(element, page.root):
            yield f"a {element.tag} without words: {element.attrib}"
        elif element.tag == "a" and element.get("href") is not None and not _name(element, page.root):
            yield f"a link without words: {element.get('href')}"
        elif element.tag == "img" and element.get("alt") is None:
            yield f"img {element.get('src')} has no alt"
        if element.tag == "fieldset" and element.find("legend") is None:
            yield "a fieldset without legend"
        if element.get("tabindex", "0").isdigit() and int(element.get("tabindex", "0")) > 0:
            yield f"<{element.tag}> has a positive tabindex"


def _forms(page: Page) -> Iterator[str]:
    for element in page.root.iter("form"):
        method = element.get("method", "get").lower()
        tokens = [item.get("value") for item in element.iter("input") if item.get("name") == "csrf_token"]
        if method == "post" and not (len(tokens) == 1 and tokens[0]):
            yield f"the form to {element.get('action')!r} has {len(tokens)} CSRF tokens"
        if method == "get" and tokens:
            yield f"the GET form to {element.get('action')!r} puts a CSRF token into an address"
        action = element.get("action", "")
        if urlsplit(action).netloc:
            yield f"a form goes to {action}"


def _inline(page: Page) -> Iterator[str]:
    for element in _elements(page.root):
        if element.tag == "style":
            yield "a style element"
        if element.tag == "script" and not element.get("src") and element.get("type") != "application/json":
            yield "an inline script"
        for name, value in element.attrib.items():
            if name == "style":
                yield f"<{element.tag} style={value!r}>"
            elif name.startswith("on") or value.strip().lower().startswith("javascript:"):
                yield f"<{element.tag} {name}={value!r}>"


def _third_parties(page: Page) -> Iterator[str]:
    for element in _elements(page.root):
        addresses = []
        if element.tag in _LOADED:
            addresses.append(element.get(_LOADED[element.tag]))
        if element.tag == "link" and set(element.get("rel", "").split()) & _LINKS_THAT_LOAD:
            addresses.append(element.get("href"))
        if element.get("srcset"):
            addresses += [part.split()[0] for part in element.get("srcset", "").split(",")]
        for address in addresses:
            if address and urlsplit(address).netloc:
                yield f"<{element.tag}> loads {address}"


_CHECKS = (_frame, _ids, _labels, _forms, _inline, _third_parties)


# ------------------------------------------------------------------------------------------------- reading


def _is_binary(response: TestResponse) -> bool:
    return not (
        (response.mimetype or "text/").startswith("text/")
        or "json" in response.mimetype
        or response.mimetype.endswith("xml")
    )


def _elements(root: Element) -> Iterator[Element]:
    return (element for element in root.iter() if isinstance(element.tag, str))


def _head(page: Page) -> set[Element]:
    head = next(page.root.iter("head"), None)
    return set(head.iter()) if head is not None else set()


def _words(element: Element) -> str:
    return " ".join("".join(_texts(element)).split())


def _texts(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in {"script", "style", "template"}:
        return
    blank = element.tag in _BLOCKS
    if blank:
        yield " "
    yield element.text or ""
    for child in element:
        yield from _texts(child)
        yield child.tail or ""
    if blank:
        yield " "


_BLOCKS = {
    "p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "td", "th", "table", "section",
    "article", "header", "footer", "nav", "main", "form", "fieldset", "legend", "label", "button", "option",
    "dt", "dd", "dl", "br", "summary", "details", "blockquote", "textarea", "input", "select", "caption",
    "aside", "figure", "figcaption", "pre",
}  # fmt: skip


def _name(element: Element, root: Element) -> str:
    """Return the accessible name: aria-labelledby, aria-label, label, words, alt of a picture, title."""
    for ident in (element.get("aria-labelledby") or "").split():
        for target in _elements(root):
            if target.get("id") == ident and _words(target):
                return _words(target)
    if element.get("aria-label"):
        return str(element.get("aria-label")).strip()
    if element.tag in _CONTROLS:
        ident = element.get("id")
        for label in root.iter("label"):
            if (ident and label.get("for") == ident) or any(child is element for child in label.iter()):
                words = _words(label)
                if words:
                    return words
    else:
        words = _words(element)
        alternatives = [child.get("alt", "") for child in element.iter("img")]
        titles = [_words(child) for child in _elements(element) if child.tag.endswith("title")]
        labels = [child.get("aria-label", "") for child in _elements(element) if child is not element]
        words = " ".join(part for part in (words, *alternatives, *titles, *labels) if part)
        if words:
            return words if _words(element) == "" else _words(element)
    return str(element.get("title") or "").strip()


def _matches(element: Element, attributes: Mapping[str, str]) -> bool:
    for name, wanted in attributes.items():
        value = element.get(name.rstrip("_").replace("_", "-"))
        if name == "class_":
            if wanted not in (value or "").split():
                return False
        elif value != wanted:
            return False
    return True


def _submits(item: Element) -> bool:
    return (item.tag == "button" and item.get("type", "submit") == "submit") or (
        item.tag == "input" and item.get("type") == "submit"
    )


def _values(item: Element) -> list[str]:
    """Return what a browser sends for an untouched control."""
    if item.tag == "textarea":
        # A browser drops the first line break after the tag; html5lib has done so already.
        return ["".join(item.itertext())]
    if item.tag == "select":
        options = list(item.iter("option"))
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and item.get("multiple") is None:
            chosen = options[:1]
        return [option.get("value", _words(option)) for option in chosen]
    kind = item.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return [item.get("value", "on")] if item.get("checked") is not None else []
    return [] if kind in {"button", "reset", "image", "file"} else [item.get("value", "")]


def _read_form(element: Element, page: Page) -> Form:
    fields: dict[str, list[str]] = {}
    buttons: list[tuple[str, str, str]] = []
    names: set[str] = set()
    ident = element.get("id")
    controls = list(_elements(element))
    if ident:
        inside = set(controls)
        controls += [
            item for item in _elements(page.root) if item.get("form") == ident and item not in inside
        ]
    for item in controls:
        if _submits(item):
            words = _name(item, page.root) or item.get("value", "")
            buttons.append((words, item.get("name", ""), item.get("value", "")))
        elif item.tag in _CONTROLS and item.get("name") and item.get("disabled") is None:
            names.add(item.get("name", ""))
            for value in _values(item):
                fields.setdefault(item.get("name", ""), []).append(value)
    return Form(
        method=element.get("method", "get").lower(),
        action=element.get("action") or page.url,
        fields=fields,
        buttons=buttons,
        names=names,
        element=element,
    )
