# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""A real Chromium before a real server: one browser per test process, one context per test.

Every request of every page is watched: one to another host fails the test, and so does an error in the
console or a script that breaks.
"""

import ctypes
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from waitress import create_server

from charta.db import db
from tests import databases, factories
from tests.serving import serving

PASSWORD = "charta-demo"
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # Nobody but ourselves has an address; which page asked for another is noted by `_watch`.
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
DESK, PHONE = (1280, 900), (390, 844)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The installed Chromium; nothing is downloaded."""
    program = next(
        (found for found in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if found),
        None,
    )
    if program is None:
        pytest.skip("no Chromium on this machine")
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        pytest.skip("no libatomic1, which the Playwright driver needs")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=CHROMIUM_OPTIONS)
        yield chromium
        chromium.close()


# ------------------------------------------------------------------------------------------------ server


@dataclass
class Site:
    """A running server with its application."""

    app: Flask
    url: str

    def cookie(self, email: str, locale: str) -> str:
        """Open a session for a person past the password ("": nobody); return the value of the cookie."""
        values: dict[str, Any] = {"locale": locale}
        if email:
            with self.app.app_context():
                key = factories.open_browser(factories.account(email))
            values |= {"_user_id": key, "_fresh": True, "_permanent": True}
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        return str(serializer.dumps(values))


def _serve(app: Flask) -> Iterator[Site]:
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    with serving(server) as port:
        yield Site(app, f"http://127.0.0.1:{port}")
    with app.app_context():
        db.engine.dispose()


@pytest.fixture(scope="session")
def read_only_site(
    demonstration_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Site]:
    """The demonstration, for tests that only look at pages."""
    folder = tmp_path_factory.mktemp("site")
    shutil.copyfile(demonstration_file, folder / "charta.db")
    with databases.application(f"sqlite:///{folder / 'charta.db'}", folder, compiled_templates) as app:
        yield from _serve(app)


@pytest.fixture
def site(
    demonstration_file: Path, tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[Site]:
    """A fresh copy of the demonstration, for tests that change something."""
    shutil.copyfile(demonstration_file, tmp_path / "charta.db")
    with databases.application(f"sqlite:///{tmp_path / 'charta.db'}", tmp_path, compiled_templates) as app:
        yield from _serve(app)


# ---------------------------------------------------------------------------------------------- visitors


@dataclass
class Visitor:
    """One person before one browser window."""

    site: Site
    context: BrowserContext
    page: Page
    troubles: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the site; anything but a good answer fails."""
        answer = self.page.goto(self.site.url + path)
        assert answer is not None
        assert answer.ok, f"{path}: {answer.status}"
        return self.page

    def sign_in(self, email: str) -> "Visitor":
        """Sign in as people do: by the form."""
        self.go("/anmelden")
        self.page.get_by_label("E-Mail-Adresse").fill(email)
        self.page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        self.page.locator("main").get_by_role("button", name="Anmelden").click()
        self.page.wait_for_url(lambda url: "/anmelden" not in url)
        return self

    def carry(self, email: str, locale: str = "de") -> "Visitor":
        """Be signed in already: put the cookie into the browser."""
        name = self.site.app.config["SESSION_COOKIE_NAME"]
        value = self.site.cookie(email, locale)
        self.context.add_cookies([{"name": name, "value": value, "url": self.site.url}])
        return self

    @property
    def path(self) -> str:
        """The path of the page that is open."""
        return urlsplit(self.page.url).path

    def scrolls_sideways(self) -> bool:
        """Whether the page is wider than the window."""
        return bool(
            self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )


Visit = Callable[..., Visitor]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open a window: `visit(site, size=PHONE, scheme="dark", scripts=False)`."""
    visitors: list[Visitor] = []

    def visit(
        site: Site,
        *,
        size: tuple[int, int] = DESK,
        scheme: str = "light",
        scripts: bool = True,
        touch: bool = False,
        **options: Any,
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
            has_touch=touch,
            locale="de-DE",
            timezone_id="Europe/Berlin",
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(15_000)
        visitor = Visitor(site, context, context.new_page())
        _watch(visitor)
        visitors.append(visitor)
        return visitor

    yield visit
    troubles = [trouble for visitor in visitors for trouble in visitor.troubles]
    for visitor in visitors:
        visitor.context.close()
    assert not troubles, "\n".join(troubles)


def _watch(visitor: Visitor) -> None:
    """Note requests to other hosts, errors in the console and scripts that break."""
    ours = urlsplit(visitor.site.url).netloc

    def note(request: Request) -> None:
        if urlsplit(request.url).netloc != ours and not request.url.startswith(("data:", "blob:")):
            visitor.troubles.append(f"a request to {request.url}")

    # Not by a route: that sends every file through this process and forbids the browser's cache.
    visitor.context.on("request", note)
    visitor.page.on("pageerror", lambda error: visitor.troubles.append(f"a script broke: {error}"))
    visitor.page.on(
        "console",
        lambda message: (
            visitor.troubles.append(f"console: {message.text} {message.location}")
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )
    visitor.page.on(
        "response",
        lambda answer: (
            visitor.troubles.append(f"{answer.url}: {answer.status}") if answer.status >= 500 else None
        ),
    )
