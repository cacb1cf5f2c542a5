# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The trial run reads pages as a browser without scripts does, and notices what deviates."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import pytest

from charta import smoke

PAGE = """<!doctype html><title>T</title>
<link rel="stylesheet" href="/static/a.css"><h1>Über <em>uns</em></h1>
<a href="/abschnitte/7">Sieben</a> <p>alt <del>rot</del><ins>grün</ins></p><script>var hidden;</script>
<form action="/senden" method="post"><input type="hidden" name="csrf_token" value="t&amp;1">
<input name="title" value="Titel"><textarea name="body">
Erste Zeile
&lt;zweite&gt;</textarea>
<select name="field"><option value="1">a<option value="2" selected>b</select>
<select name="group"><option value="">keine<option value="x">x</select>
<input type="checkbox" name="yes" checked><input type="checkbox" name="no">
<input type="radio" name="r" value="x">
<button name="do" value="save">Speichern</button>
<button formaction="/anders">Anders <b>senden</b></button></form>"""


class Handler(BaseHTTPRequestHandler):
    """A server of three addresses that tells what it was sent."""

    def answer(self, status: int, body: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body.encode())

    def do_GET(self) -> None:
        if self.path == "/":
            self.answer(200, PAGE)
        elif self.path == "/kaputt":
            self.answer(500, "")
        elif self.path == "/fort":
            self.answer(302, "", Location="http://charta.invalid/")
        else:
            self.answer(404, "<h1>Nicht gefunden</h1>")

    def do_POST(self) -> None:
        sent = parse_qsl(
            self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True
        )
        self.answer(200, f"<h1>{self.path}</h1>\n<p>{sent!r}</p>".replace("<zweite>", "&lt;zweite&gt;"))

    def log_message(self, *_: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture(scope="module")
def browser() -> Iterator[smoke.Browser]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield smoke.Browser(f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join()
    server.server_close()


def test_reads_headings_links_marks_and_files(browser: smoke.Browser) -> None:
    page = browser.get("/")
    assert page.h1 == "Über uns"
    assert page.link(r"^/abschnitte/\d+$") == f"{browser.base}/abschnitte/7"
    assert page.marks == {"ins": ["grün"], "del": ["rot"]}
    assert page.assets == [f"{browser.base}/static/a.css"]
    assert "hidden" not in page.words()


def test_sends_what_a_browser_would_send(browser: smoke.Browser) -> None:
    form = browser.get("/").form("title", "body", action="^/senden$")
    assert form.value("body") == "Erste Zeile\n<zweite>"
    words = browser.submit(form, {"title": "Neu"}, button="speichern").words()
    expected = [
        ("csrf_token", "t&1"),
        ("body", "Erste Zeile\r\n<zweite>"),
        ("field", "2"),
        ("group", ""),
        ("yes", "on"),
        ("title", "Neu"),
        ("do", "save"),
    ]
    assert words == f"/senden {expected!r}"


def test_a_button_may_lead_elsewhere(browser: smoke.Browser) -> None:
    assert browser.submit(browser.get("/").form("title"), {}, button="anders senden").h1 == "/anders"


def test_deviations_are_noticed(browser: smoke.Browser) -> None:
    page = browser.get("/")
    for deed in (
        lambda: browser.get("/kaputt"),  # an error of the server
        lambda: browser.get("/fehlt"),  # another status than expected
        lambda: browser.get("http://charta.invalid/"),  # another host
        lambda: page.form("missing"),  # a form that is not there
        lambda: browser.submit(page.form("title"), {}, button="löschen"),  # a button that is not there
    ):
        with pytest.raises(smoke.Deviation):
            deed()
    assert browser.get("/fehlt", status=404).h1 == "Nicht gefunden"


def test_the_command_fails_at_the_first_deviation(
    browser: smoke.Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    assert smoke.main([browser.base]) == 1
    assert capsys.readouterr().out.startswith("FAIL home and assets")


def test_redirects_to_another_host_are_refused(browser: smoke.Browser) -> None:
    with pytest.raises(smoke.Deviation, match="another host"):
        browser.get("/fort")
