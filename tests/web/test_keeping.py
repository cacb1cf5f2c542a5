# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""The embedded server keeps the connection of a reader who has the page already."""

import http.client
from collections.abc import Iterator

import pytest
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.server import create_server

from charta.web.keeping import KeepingTask
from tests.serving import serving


@pytest.fixture
def port(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A real server of this process."""
    monkeypatch.setattr(HTTPChannel, "task_class", KeepingTask)
    server = create_server(app, host="127.0.0.1", port=0, threads=1)
    with serving(server) as port:
        yield port


def fetch(connection: http.client.HTTPConnection, **headers: str) -> http.client.HTTPResponse:
    connection.request("GET", "/", headers={name.replace("_", "-"): text for name, text in headers.items()})
    response = connection.getresponse()
    response.read()
    return response


def test_unchanged_pages_come_over_one_connection(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    tag = fetch(connection).headers["ETag"]
    socket = connection.sock
    for _ in range(3):
        answer = fetch(connection, If_None_Match=tag)
        assert answer.status == 304
        assert answer.headers["Connection"] is None
        assert connection.sock is socket, "the same connection"
    assert fetch(connection).status == 200
    assert connection.sock is socket
    connection.close()


def test_a_client_that_asks_for_it_is_hung_up_on(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    tag = fetch(connection).headers["ETag"]
    answer = fetch(connection, If_None_Match=tag, Connection="close")
    assert answer.status == 304
    assert answer.headers["Connection"] == "close"
    assert connection.sock is None
