# SPDX-FileCopyrightText: 2026 Charta contributors
# SPDX-License-Identifier: EUPL-1.2
"""Settings: each documented where it stands, and in `.env.example` and docs/permissions.md as generated."""

import importlib.util
from pathlib import Path

import pytest
from flask import Flask

from charta.app import create_app
from charta.web.permission_table import as_markdown
from charta.web.settings_example import env_example, settings_with_comments
from tests import databases
from tests.inspecting import InspectingClient

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "config.py").read_text(encoding="utf-8")
SETTINGS = settings_with_comments(SOURCE)


@pytest.mark.parametrize("name, comment, variables", SETTINGS, ids=[entry[0] for entry in SETTINGS])
def test_every_setting_has_a_comment_and_a_variable(
    name: str, comment: str, variables: list[tuple[str, str]]
) -> None:
    assert len(comment) > 10
    assert variables, "each setting comes from one environment variable"
    assert name in {variable for variable, _ in variables} | {v.removeprefix("CHARTA_") for v, _ in variables}


def test_env_example_is_generated() -> None:
    expected = env_example(SOURCE)
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == expected, (
        "run: charta settings --write .env.example"
    )


def test_env_example_sets_nothing() -> None:
    """Copied as it is, it changes nothing."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == []


def test_the_table_of_permissions_is_generated(app: Flask) -> None:
    file = ROOT / "docs" / "permissions.md"
    assert file.read_text(encoding="utf-8") == as_markdown(), (
        "run: charta permissions --write docs/permissions.md"
    )


def test_settings_are_loaded_by_path_not_as_a_module() -> None:
    """A module `config` in site-packages would collide with other people's."""
    spec = importlib.util.find_spec("charta.config")
    assert spec is None
    assert create_app.__module__ == "charta.app"


def test_production_refuses_to_start_without_a_secret_key(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="SECRET_KEY"):
        create_app({"CHARTA_MODE": "production", "SECRET_KEY": "", "CHARTA_DATA_DIR": str(tmp_path)})


def test_embedded_makes_one_secret_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    settings = databases.settings("", tmp_path) | {"SECRET_KEY": ""}
    first, second = create_app(settings), create_app(settings)
    assert first.config["SECRET_KEY"] == second.config["SECRET_KEY"]
    assert len(first.config["SECRET_KEY"]) >= 32
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_cookie_is_secure_when_the_address_is(make_app: object) -> None:
    app = make_app(BASE_URL="https://charta.example.org")  # type: ignore[operator]
    assert app.config["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert app.config["SESSION_COOKIE_SECURE"]
    assert app.config["SESSION_COOKIE_HTTPONLY"]
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"


def test_a_foreign_host_name_is_refused(make_app: object) -> None:
    app = make_app(TRUSTED_HOSTS=["charta.example.org"])  # type: ignore[operator]
    with app.app_context():
        client = InspectingClient(app)
        assert client.get("/version", headers={"Host": "charta.example.org"}, status=200)
        assert client.get("/hilfe", headers={"Host": "evil.example"}, follow=False, status=400)


def test_production_answers_only_to_its_own_name(make_app: object) -> None:
    app = make_app(CHARTA_MODE="production", BASE_URL="https://charta.example.org")  # type: ignore[operator]
    with app.app_context():
        client = InspectingClient(app)
        client.get("/version", base_url="https://charta.example.org", status=200)
        client.get("/version", base_url="https://evil.example", status=400)
