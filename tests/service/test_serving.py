# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""What the server settles before it listens."""

import pytest
from flask import Flask

from charta import server
from charta.paths import data_root

pytestmark = pytest.mark.sqlite_only


def test_links_in_mails_lead_to_the_port_that_is_served(app: Flask) -> None:
    app.config["BASE_URL"] = "http://127.0.0.1:8080"
    server.follow_port(app, 8123)
    assert app.config["BASE_URL"] == "http://127.0.0.1:8123"


def test_an_address_that_was_set_stays(app: Flask) -> None:
    app.config["BASE_URL"] = "https://charta.example.org"
    server.follow_port(app, 8123)
    assert app.config["BASE_URL"] == "https://charta.example.org"


def test_the_default_address_is_the_one_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BASE_URL", raising=False)
    app = Flask("settings")
    app.config.from_pyfile(str(data_root() / "config.py"))
    assert app.config["BASE_URL"] == server.DEFAULT_ADDRESS
